"""What is asked, and of whom: demands with their right names, and the lines of the addressees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tocsin.core.appeal import Addressee, Channel, Demand
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import Matter, ended, is_dead
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import FREE, ContactPoint, Event, Organisation, Person, Proceeding
from tocsin.core.records import Addressee as AddresseeRecord
from tocsin.core.records import Demand as DemandRecord
from tocsin.core.vocab import gender_of_title, load

# For them no release is asked any more.
_OUT = FREE | {"expelled", "escaped"}
_SETTLED = frozenset({"met", "overtaken", "withdrawn"})
# Of these there is one in a country: the vocabulary names them as well as anybody.
_OF_ONE = frozenset(
    {
        *("head_of_state", "head_of_government", "prosecutor_general", "ombudsperson"),
        *("minister_interior", "minister_justice", "minister_foreign_affairs"),
    }
)
# Somebody of whom this is known was found.
_FOUND = FREE | {"expelled", "died_in_custody", "serving_sentence", "pretrial_detention", "house_arrest"}
_OF_PROCEEDINGS = frozenset({"drop_charges", "quash_conviction", "fair_trial"})
_ACCUSES_NOBODY = frozenset({"discontinued", "acquitted", "amnesty"})
# What is owed to those who are held alone.
_OF_DETENTION = frozenset({"release", "access_lawyer", "access_family", "humane_conditions"})
_NEEDS_NO_NAME = frozenset(
    {"respect_declaration", "respect_treaty", "respect_constitution", "reform_law", "invite_mechanism"}
)
# What is owed to the dead as well.
_FOR_THE_DEAD_TOO = frozenset({"investigate", "prosecute", "sanction", "reparation", "quash_conviction"})
_GRAVE = frozenset(
    {
        "killing",
        "attempted_killing",
        "torture",
        "ill_treatment",
        "physical_attack",
        "threat",
        "death_threat",
        "abduction",
    }
)
# What an appeal cannot leave out of a new arrest or disappearance.
_SAVES = frozenset({"release", "disclose_whereabouts"})
# What can be owed to people only; for an organisation it is asked for its members.
OF_PEOPLE_ALONE = frozenset({"guarantee_integrity", "guarantee_safety", "access_medical", "access_family"})
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


class Asks:
    """Composes demands and addressees."""

    def __init__(self, draft: Draft, cast: Cast, matter: Matter) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._matter = matter
        self._country = matter.countries()
        held = [each for each in draft.case.detentions if each.status]
        self._stands = {person: each.status.value for each in held if each.status for person in each.persons}

    def demands(self, wrongs: Sequence[Event] | None = None) -> tuple[tuple[Demand, tuple[str, ...]], ...]:
        """Give the demands in their order, each with the records that it rests on.

        Where the case has none, those are proposed that its facts call for; each of them is noted as a gap. A follow-up
        asks only for what is still open, and for what the `wrongs` that it tells call for.

        Args:
            wrongs: For a follow-up, the acts that are new.
        """
        open_only = wrongs is not None
        plan = self._draft.case.appeal
        self._cast.introduce(plan.protagonists)
        chosen = [self._draft.case.get_record(each, DemandRecord) for each in plan.demands] or list(
            self._draft.case.demands
        )
        if chosen:
            left = [record for record in chosen if not open_only or not is_settled(record)]
            worded = [self._demand(record) for record in left]
            for record, (demand, _) in zip(left, worded, strict=True):
                if not demand.text:
                    self._draft.miss(record.id, f"text_{self._book.language}", "nobody is left for whom to ask it")
            asked = [each for each in worded if each[0].text]
            first, last = self._noted(self._saves(wrongs or (), left)), self._noted(self._unasked(wrongs or (), left))
            own = not (first or last) and len(asked) == len(chosen)
            return tuple(self._numbered([*first, *asked, *last], own=own))
        proposed = self._noted(self._proposed(kind, people) for kind, people in self._called_for())
        return tuple(self._numbered(proposed, own=False))

    def _noted(self, proposed: Iterable[tuple[Demand, tuple[str, ...]]]) -> list[tuple[Demand, tuple[str, ...]]]:
        """Give the demands that could be worded, and note that nobody has made them yet."""
        found = [each for each in proposed if each[0].text]
        for each in found:
            self._draft.miss(self._draft.case.appeal.id, "demands", f"proposed from the facts: {each[0].types[0]}")
        return found

    def _saves(self, wrongs: Sequence[Event], left: Sequence[DemandRecord]) -> Iterator[tuple[Demand, tuple[str, ...]]]:
        """Give what protects those to whom something new was done, where no demand of the case asks it for them."""
        hurt = {each for event in wrongs for each in event.victims}
        for kind, people in self._called_for():
            asked = {each for record in left if kind in record.types for each in record.beneficiaries}
            new = [each for each in people if each in hurt and each not in asked]
            if kind in _SAVES and new:
                yield self._proposed(kind, new)

    def _unasked(
        self, wrongs: Sequence[Event], left: Sequence[DemandRecord]
    ) -> Iterator[tuple[Demand, tuple[str, ...]]]:
        """Ask that grave acts which are new are investigated, where no demand of the case rests on them."""
        known = {each for record in left if "investigate" in record.types for each in record.based_on}
        grave = [each for each in wrongs if each.act_type in _GRAVE and each.id not in known]
        if grave:
            people = list(dict.fromkeys(each for event in grave for each in event.victims))
            yield self._proposed("investigate", people, [each.id for each in grave])

    def _numbered(
        self, demands: Sequence[tuple[Demand, tuple[str, ...]]], *, own: bool
    ) -> Iterator[tuple[Demand, tuple[str, ...]]]:
        """Number the demands: by the ordinals of their records, or anew where one of them could not be worded."""
        for number, (demand, records) in enumerate(demands):
            end = "." if number == len(demands) - 1 else self._book.grammar.separator
            counted = _ROMAN[number] if number < len(_ROMAN) else str(number + 1)
            ordinal = (demand.ordinal if own else None) or counted
            yield replace(demand, ordinal=ordinal, text=ended(demand.text, end)), records

    def _demand(self, record: DemandRecord) -> tuple[Demand, tuple[str, ...]]:
        named = [each for each in record.beneficiaries if not each.startswith("class:")]
        text, types = self._draft.own_words(record.id, "text", record.text), record.types
        if text and any(self._has_come(kind, named) for kind in types):
            self._draft.miss(record.id, f"text_{self._book.language}", "it asks for what has come: it was composed")
            text = None
        if text is None:
            text, types = self._composed(record.types, named, record.based_on)
            named = self._asked_for(types, named)
        names = tuple(name for each in named if (name := self._named(each)))
        return Demand(record.ordinal, text, types, names), (record.id, *record.based_on)

    def _composed(
        self, kinds: Sequence[str], people: Sequence[str], about: Sequence[str]
    ) -> tuple[str, tuple[str, ...]]:
        """Put the types of a demand into one text; give it, and the types that it says: some formulae ask for more."""
        also = self._book.grammar.demands_ask_also
        covered = {each for kind in kinds for each in also.get(kind, ())}
        parts: list[str] = []
        said: list[str] = []
        wanted = [kind for kind in kinds if kind not in covered]
        for kind in wanted:
            form = "again" if parts else "joined" if len(wanted) > 1 else None
            if part := self._worded(kind, people, about, form):
                parts.append(_small(part) if parts else part)
                said += [kind, *also.get(kind, ())]
        return self._book.names(parts), tuple(dict.fromkeys(said)) or tuple(kinds)

    def _proposed(self, kind: str, people: Sequence[str], about: Sequence[str] = ()) -> tuple[Demand, tuple[str, ...]]:
        text, types = self._composed([kind], people, about)
        names = tuple(name for each in self._asked_for(types, people) if (name := self._named(each)))
        return Demand(None, text, types, names), (*people, *about)

    def _asked_for(self, kinds: Sequence[str], people: Sequence[str]) -> list[str]:
        """Give those whom the words of a demand name: the dead only for what is owed to them."""
        if set(kinds) <= _NEEDS_NO_NAME:
            return []
        return [each for each in people if any(self._is_asked(kind, each) for kind in kinds)]

    def _is_asked(self, kind: str, person: str) -> bool:
        """Whether a demand is still to be made for somebody: of the dead, and of what has come, nothing is asked."""
        if self._has_come(kind, [person]):
            return False
        return kind in _FOR_THE_DEAD_TOO or not self._is_dead(person)

    def _has_come(self, kind: str, people: Sequence[str]) -> bool:
        """Whether what a demand asks for has come for all of them: they are free, found, or accused no more."""
        if not people:
            return False
        if kind in _OF_PROCEEDINGS:
            return all(self._ended_cases(each) for each in people)
        done = _OUT if kind in _OF_DETENTION else _FOUND if kind == "disclose_whereabouts" else frozenset()
        return all(self._stands.get(each) in done for each in people)

    def _ended_cases(self, person: str) -> bool:
        of_person = [each.status for each in self._draft.case.proceedings if person in each.defendants]
        return bool(of_person) and all(each is not None and each.value in _ACCUSES_NOBODY for each in of_person)

    def _worded(self, kind: str, people: Sequence[str], about: Sequence[str], form: str | None) -> str | None:
        """Put a type of demand into words for those who are alive to have it met.

        Args:
            kind: The type.
            people: For whom it is asked.
            about: The records that it rests on.
            form: `joined` where another type follows in the same sentence, `again` where one came before that has named
                them; a formula may have a shorter form for it.
        """
        living = [each for each in people if self._is_asked(kind, each)]
        name = self._cast.name(living, whole=True, members=kind in OF_PEOPLE_ALONE)
        if kind in _NEEDS_NO_NAME:
            return self._book.say(f"demand-{kind}", country=self._country)
        if name is None or (people and not [each for each in living if not each.startswith("class:")]):
            formula = f"demand-{kind}.nobody"
            return self._book.say(formula, country=self._country) if self._book.has(formula) else None
        if kind == "investigate" and form == "again" and len(living) == len(people):
            return self._book.say("demand-investigate.again", people=name)
        if kind == "investigate":
            acts = self._matter.named_acts(about, people)
            return self._book.say("demand-investigate", acts=acts) if acts else self._into_what_was_done(name)
        formula = f"demand-{kind}.{form}" if form and self._book.has(f"demand-{kind}.{form}") else f"demand-{kind}"
        return self._book.say(formula, people=name, country=self._country)

    def _into_what_was_done(self, people: Phrase) -> str:
        return self._book.say("demand-investigate.people", people=people)

    def _called_for(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Give the demands that the facts call for: what protects people first, then what they are owed."""
        case = self._draft.case
        everybody = [*case.appeal.protagonists, *case.appeal.protagonist_orgs]
        latest = self._stands
        done = {(victim, event.act_type) for event in case.events for victim in event.victims}
        taken = {victim for victim, act in done if act == "enforced_disappearance"}
        gone = [each for each in everybody if latest.get(each) == "unacknowledged" or each in taken]
        held = [each for each in everybody if each in latest and latest[each] not in _OUT and each not in gone]
        accused = [each for each in everybody if any(self._accuses(each, case_) for case_ in case.proceedings)]
        harmed = {victim for victim, act in done if act in _GRAVE}
        hurt = [each for each in everybody if each in harmed]
        yield "guarantee_integrity", everybody
        if gone:
            yield "disclose_whereabouts", gone
        if held:
            yield "release", held
        if accused:
            yield "drop_charges", accused
        if hurt:
            yield "investigate", hurt
        yield "end_harassment", everybody
        yield "respect_declaration", everybody

    def _accuses(self, person: str, proceeding: Proceeding) -> bool:
        status = proceeding.status.value if proceeding.status else None
        return person in proceeding.defendants and status is not None and status not in _ACCUSES_NOBODY

    def _named(self, record_id: str) -> str | None:
        record = self._draft.public(record_id)
        if isinstance(record, Person):
            return self._cast.named(record)
        return record.preferred_name(self._book.language) if isinstance(record, Organisation) else None

    def _is_dead(self, record_id: str) -> bool:
        person = self._draft.case.find_record(record_id, Person)
        return person is not None and is_dead(person)

    def addressees(self) -> tuple[Addressee, ...]:
        """Give the lines of those to whom readers are asked to write."""
        case = self._draft.case
        chosen = [case.get_record(each, AddresseeRecord) for each in case.appeal.addressees] or case.addressees
        if not chosen:
            self._draft.miss(case.appeal.id, "addressees", "nobody is named to whom readers may write")
        return tuple(self._addressee(record) for record in chosen if may_print(record))

    def _addressee(self, record: AddresseeRecord) -> Addressee:
        post = self._post(record)
        channels = tuple(self._channel(each) for each in record.channels if each.rc in {None, "P"})
        style, title = self._style(record), self._title(record.title)
        name = " ".join(filter(None, (style, title, record.person)))
        location = record.location if record.location != "in_country" else None
        parts = (name, post, location, *(self._line(each) for each in channels))
        printed = record.as_printed or ", ".join(filter(None, parts))
        return Addressee(
            as_printed=printed,
            style=style,
            title=title,
            name=record.person,
            post=post,
            channels=channels,
            location=location,
            copy=bool(record.copy),
        )

    def _style(self, record: AddresseeRecord) -> str | None:
        """Give `H.E.` as the language has it; what no rank of the vocabulary is addressed by stays as it is."""
        rank = str(load("posts")[record.post].properties.get("letter_form"))
        styles = load("letter_forms")[rank].properties.get("style")
        if isinstance(styles, Mapping) and record.honorific in styles.values():
            return str(styles.get(self._book.language, record.honorific))
        return record.honorific

    def _title(self, title: str | None) -> str | None:
        """Give `Ms.` as the language has it; the directory has each title once, in the language of who typed it."""
        gender = gender_of_title(title or "", but=self._book.language)
        return self._book.say(f"title-m{'s' if gender == 'f' else 'r'}") if gender else title

    def _post(self, record: AddresseeRecord) -> str:
        say = self._draft.own_words if record.post in _OF_ONE else self._draft.words
        if label := say(record.id, "post_label", record.post_label):
            return label
        if record.as_printed:
            return _post_in(record)
        terms = load("posts")
        post = self._book.typeset(str(terms[record.post].label(self._book.language)))
        body = self._draft.case.find_record(record.body, Organisation) if record.body else None
        if body is not None and record.post in _OF_ONE and not body.is_named_in(self._book.language):
            return post
        if body is None:
            return f"{post}, {record.body}" if record.body else post
        return f"{post}, {body.preferred_name(self._book.language)}"

    def _channel(self, channel: ContactPoint) -> Channel:
        return Channel(channel.type, channel.value, channel.display or channel.value)

    def _line(self, channel: Channel) -> str:
        label = str(load("channel_types")[channel.kind].label(self._book.language))
        return f"{label}: {channel.display}"


def is_settled(record: DemandRecord) -> bool:
    """Whether a demand was met, or has no object any more, for all for whom it was made."""
    latest: dict[str | None, str] = {}
    for status in sorted(record.statuses, key=lambda each: each.as_of):
        latest[status.beneficiary] = status.value
    named = {each for each in record.beneficiaries if not each.startswith("class:")}
    everybody = None in latest or named <= set(latest)
    return bool(latest) and everybody and set(latest.values()) <= _SETTLED


def _post_in(record: AddresseeRecord) -> str:
    """Give the post out of a printed line: what stands between the name and the first channel."""
    text = record.as_printed or ""
    if record.person and record.person in text:
        text = text.partition(record.person)[2]
    ends = [at for each in record.channels if (at := text.find(each.display or each.value)) > 0]
    if ends:
        text = text[: min(ends)].rpartition(", ")[0]
    if record.location and record.location != "in_country":
        text = text.replace(f" in {record.location}", "").removesuffix(f", {record.location}")
    return text.strip(" ,")


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
