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
_RELEASES = tuple(Kind(each, is_step=True) for each in ("release", "conditional_release"))
_OUTCOMES = (
    *_RELEASES,
    *(Kind(each, is_step=True) for each in ("release_ordered", "acquittal")),
    Kind("sentencing"),
    Kind("investigation_closed", is_step=True),
)
_MOST = 2
_FOR = ("investigation_opened_for", "charge_for", "trial_for", "investigation_closed_for", "acquittal_for")
_STAGES = tuple(Kind(each, is_step=True) for each in ("charge", "trial", "hunger_strike", "transfer", "hearing", *_FOR))

Told = tuple[Kind, tuple[str, ...], str]


class Developments:
    """Tells as things what is new since the last appeal: `the release of A`, `the sentencing of B and C`."""

    def __init__(self, draft: Draft, matter: Matter) -> None:
        self._draft = draft
        self._matter = matter
        plan = draft.case.appeal
        self._wanted = {*plan.protagonists, *plan.protagonist_orgs}

    def tell(self, news: News, *, most: int = _MOST) -> ToldActs:
        """Give what is new, `most` kinds of things: the violation line names all."""
        great = self._great(news)
        victims: dict[Kind, dict[str, None]] = {}
        for kind, people, _record in great:
            victims.setdefault(kind, {}).update(dict.fromkeys(people))
        named = dict(list(victims.items())[:most])
        return self._matter.told(named, once(record for kind, _people, record in great if kind in named))

    def kinds(self, news: News) -> tuple[Kind, ...]:
        """Give the kinds of what is new but the stages of a case, which are no violations."""
        return tuple(dict.fromkeys(kind for kind, _people, _record in self._great(news) if kind not in _STAGES))

    def freed(self, news: News) -> tuple[str, ...]:
        """Give those of whom it is new that they are free again."""
        told = [people for kind, people, _record in self._great(news) if kind in _RELEASES]
        free = self._matter.freed()
        return tuple(dict.fromkeys(each for people in told for each in people if each in free))

    def wrongs(self, news: News) -> tuple[Event, ...]:
        """Give the acts against the protagonists that are new."""
        case = self._draft.case
        acts = [each for each in chronology(case) if each.id in news.fresh and each.act_type and may_print(each)]
        return tuple(each for each in acts if self._wanted.intersection(each.victims))

    def _great(self, news: News) -> list[Told]:
        """Give what is new, deaths and what was decided first; a stage of a case only where nothing else is new."""
        case = self._draft.case
        fresh = [each for each in chronology(case) if each.id in news.fresh and may_print(each)]
        held: tuple[Detention | Proceeding, ...] = (*case.detentions, *case.proceedings)
        records = [each for each in held if each.id in news.fresh and may_print(each)]
        told = list(self._of_events(fresh))
        out = {person for kind, people, _record in told if kind in _RELEASES for person in people}
        # An event says it better than a status: of one release only one is told.
        told += [each for each in self._of_statuses(records) if not (each[0] in _RELEASES and out.issuperset(each[1]))]
        places = {kind: at for at, kind in enumerate((*_DEATHS, *_OUTCOMES))}
        great = [each for each in told if each[0] not in _STAGES] or told
        return sorted(great, key=lambda each: places.get(each[0], len(places)))

    def _of_events(self, events: Iterable[Event]) -> Iterator[Told]:
        for event in events:
            if event.kind == "plan":
                continue  # what is foreseen has not happened
            if event.act_type:
                hurt = tuple(each for each in event.victims if each in self._wanted) or event.victims
                yield Kind(event.act_type, event.mode if event.mode in UNDONE else None), hurt, event.id
            elif event.procedure and (victims := self._done_to(event)):
                yield Kind(f"{event.procedure}_for", is_step=True), victims, event.id
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

    def _done_to(self, event: Event) -> tuple[str, ...]:
        """Give the protagonists for what was done to whom a step of a case against others was taken."""
        proceeding = self._draft.proceeding_of(event)
        if proceeding is None or not self._draft.book.has(f"step-{event.procedure}_for"):
            return ()
        if self._wanted.intersection((*proceeding.defendants, *event.concerns)):
            return ()
        about = [each for each in self._draft.case.events if each.id in proceeding.about]
        return self._protagonists(victim for each in about for victim in each.victims)

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
