"""What a follow-up tells, in the few words of a title: what was done since, what prisons and courts decided."""

from collections.abc import Iterable, Iterator

from tocsin.core.compose.changes import News
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import UNDONE, Kind, Matter, ToldActs, once
from tocsin.core.records import Detention, Event, Proceeding, chronology

# Of what is known by a status alone, without an event that tells it.
_KINDS_OF_STATUS = {
    "released": Kind("release", is_step=True),
    "released_expiry": Kind("release", is_step=True),
    "released_pardon": Kind("release", is_step=True),
    "released_conditions": Kind("conditional_release", is_step=True),
    "released_pending": Kind("conditional_release", is_step=True),
    "transferred": Kind("transfer", is_step=True),
    "died_in_custody": Kind("death_in_custody"),
    "charged": Kind("charge", is_step=True),
    "at_trial": Kind("trial", is_step=True),
    "convicted": Kind("sentencing"),
    "acquitted": Kind("acquittal", is_step=True),
    "discontinued": Kind("investigation_closed", is_step=True),
}
# The first of these is the news, whatever else happened on the way to it.
_DEATHS = tuple(Kind(each) for each in ("killing", "death_in_custody", "enforced_disappearance"))
_OUTCOMES = (
    *(Kind(each, is_step=True) for each in ("release", "conditional_release", "release_ordered", "acquittal")),
    Kind("sentencing"),
    Kind("investigation_closed", is_step=True),
)
_MOST = 2
_STAGES = tuple(Kind(each, is_step=True) for each in ("charge", "trial", "hunger_strike", "transfer", "hearing"))

Told = tuple[Kind, tuple[str, ...], str]


class Developments:
    """Tells as things what is new since the last appeal: `the release of A`, `the sentencing of B and C`."""

    def __init__(self, draft: Draft, matter: Matter) -> None:
        self._draft = draft
        self._matter = matter
        plan = draft.case.appeal
        self._wanted = {*plan.protagonists, *plan.protagonist_orgs}

    def tell(self, news: News) -> ToldActs:
        """Give what is new, deaths and what was decided first; a stage of a case only where nothing else is new.

        Two kinds of things at most: the violation line names all.
        """
        case = self._draft.case
        fresh = [each for each in chronology(case) if each.id in news.fresh and may_print(each)]
        held: tuple[Detention | Proceeding, ...] = (*case.detentions, *case.proceedings)
        records = [each for each in held if each.id in news.fresh and may_print(each)]
        told = [*self._of_events(fresh), *self._of_statuses(records)]
        places = {kind: at for at, kind in enumerate((*_DEATHS, *_OUTCOMES))}
        great = [each for each in told if each[0] not in _STAGES] or told
        victims: dict[Kind, dict[str, None]] = {}
        for kind, people, _record in sorted(great, key=lambda each: places.get(each[0], len(places))):
            victims.setdefault(kind, {}).update(dict.fromkeys(people))
        named = dict(list(victims.items())[:_MOST])
        return self._matter.told(named, once(record for kind, _people, record in great if kind in named))

    def _of_events(self, events: Iterable[Event]) -> Iterator[Told]:
        for event in events:
            if event.kind == "plan":
                continue  # what is foreseen has not happened
            if event.act_type:
                hurt = tuple(each for each in event.victims if each in self._wanted) or event.victims
                yield Kind(event.act_type, event.mode if event.mode in UNDONE else None), hurt, event.id
            elif event.procedure and (people := self._concerned(event)):
                yield Kind(event.procedure, is_step=True), people, event.id

    def _concerned(self, event: Event) -> tuple[str, ...]:
        """Give the protagonists whom a step concerns; none where it has no words, or belongs to what is not public."""
        detention, proceeding = self._draft.detention_of(event), self._draft.proceeding_of(event)
        if (event.detention and not detention) or (event.proceeding and not proceeding):
            return ()
        if not self._draft.book.has(f"step-{event.procedure}"):
            return ()
        others = (detention.persons if detention else ()) or (proceeding.defendants if proceeding else ())
        return self._protagonists(event.concerns or event.victims or others)

    def _of_statuses(self, records: Iterable[Detention | Proceeding]) -> Iterator[Told]:
        """Give what statuses alone say: an event that they rest on says it better."""
        events = {each.id for each in self._draft.case.events}
        for record in records:
            status = record.status
            if status is None or status.since in events or status.value not in _KINDS_OF_STATUS:
                continue
            people = self._protagonists(record.persons if isinstance(record, Detention) else record.defendants)
            if people:
                yield _KINDS_OF_STATUS[status.value], people, record.id

    def _protagonists(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(each for each in people if each in self._wanted)
