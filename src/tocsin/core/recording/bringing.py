"""A report brought into a case that is there already: its facts beside what the case says, and the case with both.

Nothing that the case says is lost. Where both agree the claim of the case gains a source; where they differ both claims
stay and disagree, and a person says which one the record shows; what is new comes with a claim of its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.core.editing import entered, lives
from tocsin.core.recording.casting import EVIDENCE, SOURCE
from tocsin.core.recording.comparing import FieldSide, compare_records, said, with_theirs
from tocsin.core.recording.pairing import Pairing, pair_records
from tocsin.core.records import Case, Citation, Claim, ClaimStatus, LawCited, Place, TemporalExpression, release_class
from tocsin.core.records.joining import renamed

# A claim that nobody holds any more gains no source.
_GONE = frozenset({"rejected", "retracted", "superseded"})
_ORDER = "PRCN"
_SECTIONS = ("places", "organisations", "persons", "groups", "statements", "events", "detentions", "proceedings")
_PREFIXES = ("person", "place", "org", "grp", "det", "pr", "e", "s")


@dataclass(frozen=True, slots=True)
class Beside:
    """One record of a report beside that of the case.

    Attributes:
        pairing: Which record of the case it is, and why.
        theirs: The record of the report, as it would stand in the case.
        ours: That of the case; none where it is new.
        fields: Both field by field; none where it is new.
        citations: The words of the report that it rests on.
        sources: How many sources the claim of the case has that would gain one.
    """

    pairing: Pairing
    theirs: Any = field(repr=False)
    ours: Any = field(repr=False)
    fields: tuple[FieldSide, ...] = field(repr=False)
    citations: tuple[Citation, ...] = ()
    sources: int = 0

    @property
    def asked(self) -> tuple[FieldSide, ...]:
        """Give the fields of which a person has to say what is in force."""
        return tuple(each for each in self.fields if each.is_asked)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said when she brought a report in.

    Attributes:
        pairs: Which record of the case each of the report is; empty where it is new.
        fields: `ours` or `theirs` by record of the report and field, where the two differ; left out: both stay open.
        source: The source of the case that the report is from; empty for another one.
    """

    pairs: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who brings a report in, on which day, and with which words.

    Attributes:
        by: The id of the account.
        on: The day.
        word: A word that was drawn, for the ids of what is new.
        contested, superseded: Why a claim is contested, and why one stands behind another.
    """

    by: str
    on: dt.date
    word: str
    contested: str
    superseded: str


def beside(
    ours: Case, theirs: Case, said_pairs: Mapping[str, str] | None = None, *, word: str = "new"
) -> tuple[Beside, ...]:
    """Put each record of a report beside that of the case.

    Args:
        ours: The case.
        theirs: What was confirmed of the report, as `told_case` gives it.
        said_pairs: What a person said of which record is which.
        word: What the ids of new records are made with.
    """
    pairs = pair_records(ours, theirs, said_pairs or {})
    names = _names(ours, theirs, pairs, word)
    claims = {ref: each for each in theirs.claims for ref in each.about}
    return tuple(_beside(ours, theirs, each, names, claims.get(each.theirs)) for each in pairs)


def _beside(ours: Case, theirs: Case, pairing: Pairing, names: Mapping[str, str], claim: Claim | None) -> Beside:
    record = renamed(theirs.by_id[pairing.theirs], names)
    there = ours.by_id.get(pairing.ours)
    whole = _whole_claim(ours.claims, pairing.ours) if there else None
    return Beside(
        pairing,
        record,
        there,
        compare_records(there, record) if there else (),
        tuple(renamed(each, names) for each in claim.citations) if claim else (),
        len(whole.sources) if whole else 0,
    )


def _names(ours: Case, theirs: Case, pairs: Sequence[Pairing], word: str) -> dict[str, str]:
    names: dict[str, str] = {SOURCE: f"source:{word}", EVIDENCE: f"ev:{word}"}
    for number, each in enumerate(pairs, 1):
        kind = next(prefix for prefix in _PREFIXES if each.theirs.startswith(prefix))
        names[each.theirs] = each.ours or f"{kind}:{word}-{number}"
    (file,) = theirs.evidence
    same = next((each.id for each in ours.evidence if each.sha256 and each.sha256 == file.sha256), None)
    return {**names, EVIDENCE: same or names[EVIDENCE]}


def new_laws(ours: Case, theirs: Case) -> tuple[LawCited, ...]:
    """Give the laws that a report cites and a case does not."""
    known = {(each.country, each.instrument, each.article) for each in ours.law_cited}
    return tuple(each for each in theirs.law_cited if (each.country, each.instrument, each.article) not in known)


def has_file(ours: Case, theirs: Case) -> bool:
    """Tell whether the very same file is a piece of evidence of the case already."""
    return any(one.sha256 == other.sha256 for one in ours.evidence for other in theirs.evidence)


def brought_in(ours: Case, theirs: Case, choices: Choices, signed: Signed) -> Case:
    """Bring what a report says into a case.

    Raises:
        BadCase: if the case would contradict itself.
    """
    return _Bringing(ours, theirs, choices, signed).case()


class _Bringing:
    def __init__(self, ours: Case, theirs: Case, choices: Choices, signed: Signed) -> None:
        self._ours, self._theirs, self._choices, self._signed = ours, theirs, choices, signed
        self._sides = beside(ours, theirs, choices.pairs, word=signed.word)
        self._source = choices.source or f"source:{signed.word}"
        self._claims = _Claims(ours.claims, self._source, signed)
        self._episodes = self._told_episodes()

    def case(self) -> Case:
        records = {each.pairing.theirs: self._record(each) for each in self._sides}
        changes: dict[str, Any] = {}
        for section in _SECTIONS:
            there = {each.id: each for each in getattr(self._ours, section)}
            brought = [records[each.id] for each in getattr(self._theirs, section) if each.id in records]
            changes[section] = tuple((there | {each.id: each for each in brought}).values())
        names = {EVIDENCE: f"ev:{self._signed.word}", SOURCE: self._source}
        if not self._choices.source:
            source = tuple(renamed(self._dated(each), names) for each in self._theirs.sources)
            changes["sources"] = (*self._ours.sources, *source)
        if not has_file(self._ours, self._theirs):
            files = tuple(renamed(self._dated(each), names) for each in self._theirs.evidence)
            changes["evidence"] = (*self._ours.evidence, *files)
        changes["law_cited"] = (*self._ours.law_cited, *new_laws(self._ours, self._theirs))
        return replace(self._ours, **changes, claims=self._claims.all())

    def _dated(self, record: Any) -> Any:
        return replace(record, recorded_on=self._signed.on)

    def _told_episodes(self) -> dict[str, str]:
        """Give what happened in one go in the report the same name as in the case, where it has one."""
        found: dict[str, str] = {}
        for each in self._sides:
            episode = getattr(each.theirs, "episode", None)
            if episode and each.ours and each.ours.episode:
                found.setdefault(episode, each.ours.episode)
        return found

    def _record(self, each: Beside) -> Any:
        if each.ours is None:
            self._claims.support(each.theirs.id, each.citations)
            record = self._dated(each.theirs)
            episode = getattr(record, "episode", None)
            named = self._episodes.get(episode, f"{self._signed.word}-{episode}") if episode else None
            return replace(record, episode=named) if named else record
        record = each.ours
        base = _whole_claim(self._claims.all(), record.id)
        if not isinstance(record, Place):
            self._claims.support(record.id, each.citations)
        for side in each.fields:
            record = self._field(record, each, side, base)
        # Another code may begin with a class that more people may see: that is for two people to decide.
        narrower = _ORDER.index(release_class(record)) < _ORDER.index(release_class(each.ours))
        return replace(record, rc=release_class(each.ours)) if narrower else record

    def _field(self, record: Any, each: Beside, side: FieldSide, base: Claim | None) -> Any:
        is_claimed = not isinstance(record, Place) and side.predicate != "what"
        chosen = self._choices.fields.get((each.pairing.theirs, side.predicate), "") if side.is_asked else ""
        if is_claimed:
            self._claims.say(record.id, side, chosen, base, each.citations)
        return with_theirs(record, side) if side.comes or chosen == "theirs" else record


class _Claims:
    """The claims of a case while a report is brought in."""

    def __init__(self, claims: Sequence[Claim], source: str, signed: Signed) -> None:
        self._claims = {each.id: each for each in claims}
        self._source, self._signed, self._drawn = source, signed, 0

    def all(self) -> tuple[Claim, ...]:
        return tuple(self._claims.values())

    def support(self, record: str, citations: Sequence[Citation]) -> None:
        """Let the report say what the claim about the whole record says; where there is none, it is the first."""
        whole = _whole_claim(self.all(), record)
        if whole is None:
            self._new(record, citations)
        else:
            self._gain(whole, citations)

    def say(self, record: str, side: FieldSide, chosen: str, base: Claim | None, citations: Sequence[Citation]) -> None:
        """Write down what the report says of one field."""
        if side.standing == "agrees":
            # The whole record gained the source; a claim about this field alone gains it too, where there is one.
            if (known := self._find(record, side.predicate, side.ours)) is not None:
                self._gain(known, citations)
            return
        ours = None
        if side.standing == "differs" or (side.standing == "closer" and chosen == "theirs"):
            ours = self._find(record, side.predicate, side.ours) or self._old(record, side, base)
        same = self._find(record, side.predicate, side.theirs)
        theirs = self._gain(same, citations) if same else self._new(record, citations, side.predicate, side.theirs)
        if ours is not None:
            if side.standing == "differs":
                ours, theirs = self._disagree(ours, theirs)
            self._decide(ours, theirs, side, chosen)

    def _decide(self, ours: Claim, theirs: Claim, side: FieldSide, chosen: str) -> None:
        behind = {"ours": theirs, "theirs": ours}.get(chosen)
        if behind is not None:
            self._enter(behind, "superseded", self._signed.superseded)
        elif side.standing == "differs":
            for each in (ours, theirs):
                self._enter(each, "contested", self._signed.contested)

    def _old(self, record: str, side: FieldSide, base: Claim | None) -> Claim:
        """Give what the case says of a field a claim of its own, on what the claim about the record rests."""
        return self._put(
            Claim(
                id=self._id(),
                recorded_on=self._signed.on,
                about=(record,),
                predicate=side.predicate,
                value=said(side.ours),
                t=_time_of(side.ours),
                sources=base.sources if base else (),
                citations=base.citations if base else (),
                status="recorded",
                analyst=self._signed.by,
            )
        )

    def _new(self, record: str, cited: Sequence[Citation], predicate: str | None = None, value: Any = None) -> Claim:
        return self._put(
            Claim(
                id=self._id(),
                recorded_on=self._signed.on,
                about=(record,),
                predicate=predicate,
                value=said(value) if predicate else None,
                t=_time_of(value),
                sources=(self._source,),
                citations=tuple(cited),
                status="recorded",
                analyst=self._signed.by,
            )
        )

    def _gain(self, claim: Claim, citations: Sequence[Citation]) -> Claim:
        """Let a claim rest on the report too; one source counts once, however often it says so."""
        more = tuple(each for each in citations if each not in claim.citations)
        sources = tuple(dict.fromkeys((*claim.sources, self._source)))
        return self._put(replace(claim, sources=sources, citations=(*claim.citations, *more)))

    def _disagree(self, one: Claim, other: Claim) -> tuple[Claim, Claim]:
        return (
            self._put(replace(one, disagrees_with=tuple(dict.fromkeys((*one.disagrees_with, other.id))))),
            self._put(replace(other, disagrees_with=tuple(dict.fromkeys((*other.disagrees_with, one.id))))),
        )

    def _enter(self, claim: Claim, value: str, reason: str) -> None:
        if claim.status != value:
            status = ClaimStatus(value=value, as_of=self._signed.on, by=self._signed.by, reason=reason)
            self._put(entered(lives()["Claim"], claim, status, self._signed.on))

    def _find(self, record: str, predicate: str, value: Any) -> Claim | None:
        wanted = (predicate, said(value))
        fitting = (each for each in self._claims.values() if each.about == (record,) and each.status != "retracted")
        return next((each for each in fitting if (each.predicate, each.value) == wanted), None)

    def _put(self, claim: Claim) -> Claim:
        self._claims[claim.id] = claim
        return claim

    def _id(self) -> str:
        self._drawn += 1
        return f"claim:{self._signed.word}-{self._drawn}"


def _whole_claim(claims: Sequence[Claim], record: str) -> Claim | None:
    """Give the claim about a record as a whole that gains the source of another report."""
    return next(
        (each for each in claims if each.about == (record,) and each.predicate is None and each.status not in _GONE),
        None,
    )


def _time_of(value: Any) -> TemporalExpression | None:
    """Keep a time as it is beside its words, and the day on which a status held."""
    if isinstance(value, TemporalExpression):
        return value
    as_of = getattr(value, "as_of", None)
    return TemporalExpression(date=as_of.isoformat(), precision="day") if as_of else None
