"""The case that confirmed facts make: records, each with a claim that cites the words of the report."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tocsin.core import vocab
from tocsin.core.editing import lacking
from tocsin.core.errors import BadRequest
from tocsin.core.recording.decisions import Settled
from tocsin.core.recording.fields import Kind
from tocsin.core.records import (
    FREE,
    AppealPlan,
    Case,
    Charge,
    Citation,
    Claim,
    Count,
    Defender,
    Detention,
    DetentionStatus,
    Event,
    Evidence,
    Group,
    LawCited,
    Membership,
    Organisation,
    Person,
    PersonName,
    Place,
    Proceeding,
    ProceedingStatus,
    Provision,
    Source,
    Statement,
    TemporalExpression,
    Translation,
    Wording,
)

_PREFIX: Mapping[str, str] = {
    "person": "person:",
    "group": "grp:",
    "organisation": "org:",
    "place": "place:",
    "event": "e",
    "act": "e",
    "charge": "pr",
    "proceeding": "pr",
    "status": "det",
    "quotation": "s",
}
# A claim can be about neither: a place is told by what happened there, a law is what it is.
_UNCLAIMED = frozenset({"place", "law"})
_STAGES = {"announced": "announced_not_filed", "charged": "filed", "discontinued": "dropped"}
# By these acts liberty is taken; what is said of a detention goes on from there.
_TAKING = frozenset({"arbitrary_arrest", "abduction", "enforced_disappearance"})
_DAY, _MONTH = len("2021-05-29"), len("2021-05")
_PRECISIONS = frozenset("minute hour part_of_day day month year range vague before after".split())
# Nobody who is named was asked yet. Anyone may raise a class; to lower one takes two people.
_RELEASE = "C"
SOURCE, EVIDENCE, PUBLISHER = "source:report", "ev:report", "org:publisher"
_PLAN = "appeal:draft"


@dataclass(frozen=True, slots=True)
class AboutReport:
    """What is known of a report besides its facts.

    Attributes:
        language: The language of the report.
        countries: Where it happened, as alpha-3 codes.
        source_type: A code of `source_types`: who told us.
        source_identity: The name of who told us; sealed apart from the facts.
        received: When the report came, in the local time of the office.
        sha256, size, media_type: Of the file as it came.
        address: An address of the report inside the site, for the record of the evidence.
    """

    language: str
    source_type: str
    received: dt.datetime
    sha256: str
    size: int
    media_type: str
    address: str
    countries: tuple[str, ...] = ()
    source_identity: str = field(default="", repr=False)


def case_of(settled: Sequence[Settled], told: AboutReport) -> Case:
    """Make the case of those facts that were confirmed.

    Raises:
        BadRequest: if nobody was confirmed for whom it could be.
        BadCase: if the times of the facts exclude one another.
    """
    if not any(each.verdict == "confirmed" and each.fact.kind in {"person", "organisation"} for each in settled):
        raise BadRequest("confirm at least one person or organisation: a case is somebody's")
    return told_case(settled, told)


def told_case(settled: Sequence[Settled], told: AboutReport) -> Case:
    """Give what was confirmed of a report as records of their own, which another case may take; perhaps nobody's.

    Raises:
        BadCase: if the times of the facts exclude one another.
    """
    return _Cast(settled, told).case()


def status_told(each: Settled, today: dt.date) -> BadRequest | None:
    """Say what the status lacks that a fact tells, by the life cycle of the record it would make; nothing of others."""
    match each.fact.kind:
        case "status":
            as_of = dt.date.fromisoformat(each.values["as_of"])
            return lacking(
                Detention(id="det1", persons=()), DetentionStatus(value=each.values["status"], as_of=as_of), today
            )
        case "charge":
            value, as_of = each.values["status"] or "charged", dt.date.fromisoformat(each.fact.fixed["as_of"])
        case "proceeding":
            value, as_of = each.values["status"], dt.date.fromisoformat(each.values["as_of"])
        case _:
            return None
    bare = Proceeding(id="pr1", kind="criminal_or_administrative_unknown", direction="neutral")
    return lacking(bare, ProceedingStatus(value=value, as_of=as_of), today)


class _Cast:
    def __init__(self, settled: Sequence[Settled], told: AboutReport) -> None:
        self._told = told
        self._taken = _complete([each for each in settled if each.verdict == "confirmed"])
        self._by_key = {each.fact.key: each for each in self._taken}
        self._ids = dict(_ids(self._taken))

    def case(self) -> Case:
        told, persons = self._told, tuple(self._person(each) for each in self._of("person"))
        protagonists = tuple(each.id for each in persons if each.role == "defender") or tuple(
            each.id for each in persons[:1]
        )
        organisations = tuple(self._organisation(each) for each in self._of("organisation"))
        return Case(
            appeal=AppealPlan(
                id=_PLAN,
                type="urgent_appeal",
                language=told.language,
                status="draft",
                countries=told.countries,
                publisher=PUBLISHER,
                protagonists=protagonists,
                protagonist_orgs=() if protagonists else tuple(each.id for each in organisations),
            ),
            organisations=(Organisation(id=PUBLISHER, kind="other"), *organisations),
            persons=persons,
            groups=tuple(self._group(each) for each in self._of("group")),
            places=tuple(self._place(each) for each in self._of("place")),
            events=(*self._events(), *(self._saying(each) for each in self._of("quotation"))),
            statements=tuple(self._statement(each) for each in self._of("quotation")),
            detentions=tuple(self._detention(each) for each in self._of("status")),
            proceedings=(
                *(self._charged(each) for each in self._of("charge")),
                *(self._proceeding(each) for each in self._of("proceeding")),
            ),
            law_cited=tuple(self._law(each) for each in self._of("law")),
            sources=(Source(id=SOURCE, type=told.source_type, identity=told.source_identity or None),),
            claims=tuple(self._claims()),
            evidence=(self._evidence(),),
        )

    def _of(self, kind: Kind) -> list[Settled]:
        return [each for each in self._taken if each.fact.kind == kind]

    def _refs(self, each: Settled, name: str) -> tuple[str, ...]:
        """Give the ids of those that a field names, as far as they were confirmed."""
        return tuple(self._ids[key] for key in each.values[name].split() if key in self._ids)

    def _people(self, each: Settled) -> tuple[str, ...]:
        """Give the ids of the people among those a field names: a report may say of a group what it says of each."""
        people = {self._ids[person.fact.key] for person in self._of("person")}
        return tuple(ref for ref in self._refs(each, "person") if ref in people)

    def _words(self, text: str) -> Wording:
        return Wording((Translation(self._told.language, text),))

    def _person(self, each: Settled) -> Person:
        values, title = each.values, each.fact.fixed.get("title", "")
        name = PersonName(full=values["name"], use="preferred")
        return Person(
            id=self._ids[each.fact.key],
            rc=_RELEASE,
            names=(name,),
            title=self._words(title) if title else None,
            role=values["role"] or None,
            described_as=self._words(values["described_as"]) if values["described_as"] else None,
            defender=Defender(is_hrd=True) if values["role"] == "defender" else None,
            memberships=tuple(Membership(org=org) for org in self._refs(each, "organisations")),
        )

    def _organisation(self, each: Settled) -> Organisation:
        kind = each.values["kind"] or "other"
        return Organisation(id=self._ids[each.fact.key], rc=_RELEASE, name=self._words(each.values["name"]), kind=kind)

    def _group(self, each: Settled) -> Group:
        size = each.fact.fixed.get("size")
        return Group(
            id=self._ids[each.fact.key],
            rc=_RELEASE,
            label=self._words(each.values["name"]),
            size=Count(exact=int(size)) if size else None,
            actor_type=each.values["actor_type"] or None,
            existence="reported",
        )

    def _place(self, each: Settled) -> Place:
        kind = each.values["kind"] or None
        return Place(id=self._ids[each.fact.key], rc=_RELEASE, name=self._words(each.values["name"]), type=kind)

    def _events(self) -> Iterator[Event]:
        for each in self._of("event"):
            acts = [act for act in self._of("act") if act.fact.within == each.fact.key]
            if not acts:
                yield self._event(each, each.fact.key, None)
            for number, act in enumerate(acts):
                yield self._event(each, act.fact.key, act, again=number > 0)

    def _event(self, each: Settled, key: str, act: Settled | None, *, again: bool = False) -> Event:
        """Make one event of an act and the sentence that tells it; the sentence stands with the first act alone."""
        place = self._refs(each, "place")
        victims = self._refs(act, "victims") if act else ()
        code = act.values["type"] if act else ""
        is_act = bool(victims) and code in vocab.load("violation_types")
        is_step = code in vocab.load("procedure_types")
        mode = act.fact.fixed.get("mode", "occurred") if act else "occurred"
        return Event(
            id=self._ids[key],
            rc=_RELEASE,
            kind=_kind(is_act=is_act, is_step=is_step, mode=mode),
            what=None if again and (is_act or is_step) else self._words(each.values["what"]),
            act_type=code if is_act else None,
            mode=mode if is_act and mode != "occurred" else None,
            method=(act.values["method"] or None) if act and is_act else None,
            procedure=code if is_step else None,
            victims=victims if is_act else (),
            actors=self._refs(act, "actors") if act and is_act else (),
            concerns=tuple(ref for ref in victims if ref.startswith("person:")) if is_step else (),
            t=_when(each),
            place=place[0] if place else None,
            episode=each.fact.key.replace(".", "-"),
            attribution=", ".join(each.fact.hedges) or None,
        )

    def _statement(self, each: Settled) -> Statement:
        speaker = self._refs(each, "speaker")
        quote = self._words(each.values["quote"])
        return Statement(id=self._ids[each.fact.key], rc=_RELEASE, speaker=speaker, quote=quote, verbatim=True)

    def _saying(self, each: Settled) -> Event:
        """Make the event by which a statement is a part of the story: when what is told around it happened."""
        around = self._by_key.get(each.fact.fixed.get("event", ""))
        return Event(
            id=self._ids[_saying_of(each)],
            rc=_RELEASE,
            kind="statement",
            t=_when(around) if around else None,
            statement=self._ids[each.fact.key],
        )

    def _law(self, each: Settled) -> LawCited:
        values = each.values
        return LawCited(
            instrument=values["instrument"],
            article=_number_of(values["article"]) or None,
            right=each.fact.fixed.get("right") or None,
            lang=self._told.language,
        )

    def _detention(self, each: Settled) -> Detention:
        as_of = dt.date.fromisoformat(each.values["as_of"])
        status = DetentionStatus(value=each.values["status"], as_of=as_of)
        return Detention(
            id=self._ids[each.fact.key],
            rc=_RELEASE,
            persons=self._people(each),
            apprehended_in=self._taken_in(each) if status.value not in FREE else None,
            status=status,
        )

    def _taken_in(self, each: Settled) -> str | None:
        """Give the event in which the report says that the person was taken; of several nobody knows which it was."""
        person = each.values["person"]
        arrests = [
            act for act in self._of("act") if act.values["type"] in _TAKING and person in act.values["victims"].split()
        ]
        return self._ids[arrests[0].fact.key] if len(arrests) == 1 else None

    def _charged(self, each: Settled) -> Proceeding:
        values, person = each.values, self._refs(each, "person")
        provision = Provision(code=values["law"] or None, article=_number_of(values["article"]) or None)
        status = values["status"] or "charged"
        charge = Charge(
            label=self._words(values["offence"]),
            provision=provision if values["law"] or values["article"] else None,
            persons=self._people(each),
            stage=_STAGES.get(status),  # type: ignore[arg-type]
        )
        return Proceeding(
            id=self._ids[each.fact.key],
            rc=_RELEASE,
            kind="criminal_or_administrative_unknown",
            direction="against_defender",
            defendants=person,
            charges=(charge,),
            status=ProceedingStatus(value=status, as_of=dt.date.fromisoformat(each.fact.fixed["as_of"])),
        )

    def _proceeding(self, each: Settled) -> Proceeding:
        as_of = dt.date.fromisoformat(each.values["as_of"])
        return Proceeding(
            id=self._ids[each.fact.key],
            rc=_RELEASE,
            kind="criminal_or_administrative_unknown",
            direction=each.fact.fixed["direction"],  # type: ignore[arg-type]
            status=ProceedingStatus(value=each.values["status"], as_of=as_of),
        )

    def _claims(self) -> Iterator[Claim]:
        """Give each record the claim that the report makes of it, with the words where it stands."""
        told = {act.fact.within for act in self._of("act")}
        taken = [each for each in self._taken if each.fact.kind not in _UNCLAIMED and each.fact.key not in told]
        for number, each in enumerate(taken, 1):
            span = self._span(each)
            citation = Citation(evidence=EVIDENCE, start=span[0], end=span[1]) if span else Citation(evidence=EVIDENCE)
            yield Claim(
                id=f"claim{number}",
                about=(self._ids[each.fact.key],),
                sources=(SOURCE,),
                citations=(citation,),
                status="recorded",
            )

    def _span(self, each: Settled) -> tuple[int, int] | None:
        """Cite the whole sentence of an act, which says when and to whom; else the words of the fact."""
        event = self._by_key.get(each.fact.within)
        return event.fact.span if event and event.fact.span else each.fact.span

    def _evidence(self) -> Evidence:
        told = self._told
        return Evidence(
            id=EVIDENCE,
            sha256=told.sha256,
            size=told.size,
            media_type=told.media_type,
            is_original=True,
            collected_at=told.received.strftime("%Y-%m-%dT%H:%M"),
            original_url=told.address,
        )


def _complete(confirmed: Sequence[Settled]) -> list[Settled]:
    """Leave out what cannot stand without something that nobody confirmed: its event, or the person it is about."""
    keys = {each.fact.key for each in confirmed}

    def stands(each: Settled) -> bool:
        if each.fact.kind == "law":
            return bool(each.values["instrument"])
        named = {"status": "person", "quotation": "speaker"}.get(each.fact.kind)
        return each.values[named] in keys if named else not each.fact.within or each.fact.within in keys

    return [each for each in confirmed if stands(each)]


def _ids(taken: Sequence[Settled]) -> Iterator[tuple[str, str]]:
    """Number the records of each kind of id, in the order of the text: a name in an id would be in every reference."""
    counts: dict[str, int] = {}
    told = {each.fact.within for each in taken}
    for each in taken:
        if each.fact.kind == "event" and each.fact.key in told:
            continue
        keys = [(each.fact.key, _PREFIX.get(each.fact.kind))]
        keys += [(_saying_of(each), "e")] if each.fact.kind == "quotation" else []
        for key, prefix in keys:
            if prefix is not None:
                counts[prefix] = counts.get(prefix, 0) + 1
                yield key, f"{prefix}{counts[prefix]}"


def _saying_of(each: Settled) -> str:
    """Name the event of a statement beside the statement itself."""
    return f"{each.fact.key}/said"


def _kind(*, is_act: bool, is_step: bool, mode: str) -> Literal["act", "omission", "procedure", "context"]:
    if is_act:
        return "omission" if mode == "omission" else "act"
    return "procedure" if is_step else "context"


def _when(each: Settled) -> TemporalExpression | None:
    """Say when, as exactly as the fact does; a year that the text does not give stays open."""
    date, clock, until = (each.values[name] for name in ("date", "time", "until"))
    words, precision = each.fact.when
    if not date or date.startswith("X"):
        return (
            TemporalExpression(words=words or None, edtf=date or None, precision="unknown") if words or date else None
        )
    if _changed(each) or precision not in _PRECISIONS:
        precision = _precision(date, clock)
    if precision in {"before", "after"}:
        bound = {"latest" if precision == "before" else "earliest": date}
        return TemporalExpression(words=words or None, precision=precision, **bound)  # type: ignore[arg-type]
    if until and until > date:
        return TemporalExpression(words=words or None, earliest=date, latest=until, precision="range")
    if clock and len(date) == _DAY:
        return TemporalExpression(words=words or None, start=f"{date}T{clock}", precision=precision)  # type: ignore[arg-type]
    return TemporalExpression(words=words or None, date=date, precision=precision)  # type: ignore[arg-type]


def _changed(each: Settled) -> bool:
    return any(each.values[name] != each.fact.values[name] for name in ("date", "time", "until"))


def _precision(date: str, clock: str) -> str:
    if clock and len(date) == _DAY:
        return "minute"
    return {_DAY: "day", _MONTH: "month"}.get(len(date), "year")


def _number_of(article: str) -> str:
    """Give what an article is called without the word before it: "Article 214" is 214."""
    first, _, rest = article.partition(" ")
    return rest if rest and not any(letter.isdigit() for letter in first) else article
