"""Two records of a case that are one person, organisation, group or place: proposed, put into one, and taken apart.

What one of them leaves open the other fills; what they say differently stays, as claims that disagree.
Whatever named the one that goes names the other from then on. Who is who is decided by a person.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.core.editing import entered, lives
from tocsin.core.errors import BadRequest
from tocsin.core.names import NameIndex, Pair
from tocsin.core.recording.comparing import folded, names_of, said, script_of, texts_of
from tocsin.core.recording.narrowing import narrowed, narrower_form
from tocsin.core.records import (
    Case,
    Claim,
    ConsentStatus,
    Defender,
    Demand,
    Group,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    Status,
    Wording,
    release_class,
)
from tocsin.core.records.joining import renamed
from tocsin.core.records.shape import leaves, slots, slots_by_key

SECTIONS: Mapping[str, type] = {"persons": Person, "organisations": Organisation, "groups": Group, "places": Place}
_ORDER = "PRCN"
# What is put together in a way of its own, or is not a matter of which of the two is right.
_APART = frozenset({"id", "rc", "recorded_on", "claims", "names", "name", "acronym", "short", "defender", "consent"})
_ASIDE = _APART | {"risk", "identity_in_public", "statuses", "registration_status", "past_registrations"}
_NAMES: Mapping[str, Callable[[Any], Iterable[str]]] = {
    "persons": lambda each: (name.full for name in each.names),
    "organisations": names_of,
    "places": lambda each: texts_of(each.name),
}


@dataclass(frozen=True, slots=True)
class Likely:
    """Two records that may be one, with the evidence: names that are alike, and what speaks against it.

    Attributes:
        section: Where both stand.
        one, other: Their ids.
        names: The two names.
        score: How alike these are, from 0 to 1.
        pairs: The words of them that stand for each other.
        together: The records that name both, as two.
    """

    section: str
    one: str
    other: str
    names: tuple[str, str] = field(repr=False)
    score: float
    pairs: tuple[Pair, ...] = field(repr=False)
    together: tuple[str, ...] = ()

    @property
    def spelled_otherwise(self) -> tuple[Pair, ...]:
        """Give the words that are not written alike; none where the names are the same."""
        return tuple(each for each in self.pairs if each.one != each.other)


def likely_same(case: Case) -> tuple[Likely, ...]:
    """Give the pairs of records that may be one, in whatever script; first those against which nothing speaks."""
    found = (each for section in _NAMES for each in _alike(case, section))
    return tuple(sorted(found, key=lambda each: (bool(each.together), -each.score)))


def _alike(case: Case, section: str) -> Iterator[Likely]:
    records = getattr(case, section)
    index = NameIndex((each.id, name) for each in records for name in _NAMES[section](each))
    best: dict[tuple[str, str], Likely] = {}
    order = {each.id: at for at, each in enumerate(records)}
    for record in records:
        for name in _NAMES[section](record):
            for like in index.find(name):
                pair = (record.id, like.key)
                if order[record.id] < order[like.key] and (pair not in best or best[pair].score < like.likeness.score):
                    best[pair] = Likely(section, *pair, (name, like.name), like.likeness.score, like.likeness.pairs, ())
    return (replace(each, together=_naming_both(case, each.one, each.other)) for each in best.values())


def _naming_both(case: Case, one: str, other: str) -> tuple[str, ...]:
    """Give the records of the story that tell of both as of two: whoever was taken with her is not herself."""
    told = (*case.events, *case.statements, *case.detentions, *case.proceedings)
    return tuple(each.id for each in told if {one, other} <= {value for _, _, value in leaves(each)})


@dataclass(frozen=True, slots=True)
class Uniting:
    """Who says that two records are one, on which day, with a word that was drawn for ids, and why consents narrow."""

    by: str
    on: dt.date
    word: str
    narrower: str


def united(case: Case, kept_id: str, gone_id: str, uniting: Uniting) -> Case:
    """Put two records of one section into one.

    Args:
        case: The case.
        kept_id: The record that stays; where both say something else, it is in force.
        gone_id: The record that goes into it.
        uniting: Who says so.

    Raises:
        BadRequest: if these are not two records of one kind that can be one.
        BadCase: if the case would contradict itself: one is a part of the other, or was held in two places at once.
    """
    kept, gone = case.by_id.get(kept_id), case.by_id.get(gone_id)
    section = next((name for name, kind in SECTIONS.items() if isinstance(kept, kind)), None)
    if section is None or kept is None or gone is None or type(kept) is not type(gone) or kept_id == gone_id:
        raise BadRequest("choose two records of one kind")
    names = {gone.id: kept.id}
    one, claims = _Filling(case, kept, gone, uniting).filled()
    consents: Mapping[str, Any] = {}
    if isinstance(one, Person) and isinstance(kept, Person) and isinstance(gone, Person):
        status = ConsentStatus(value="limited", as_of=uniting.on, by=uniting.by, reason=uniting.narrower)
        consents, holding = narrowed(case, kept, gone, status)
        one = replace(one, consent=holding)
    changes: dict[str, Any] = {}
    for slot in slots(Case):
        if slot.nests:
            there = slot.items(getattr(case, slot.name))
            items = tuple(
                one if item is kept else consents.get(getattr(item, "id", ""), item)
                for item in there
                if item is not gone
            )
            named = tuple(_pointed(each, names) for each in items)
            changes[slot.name] = named if slot.many else next(iter(named), None)
    changes["claims"] = (*changes["claims"], *claims)
    return replace(case, **changes)


def _pointed(item: Any, names: Mapping[str, str]) -> Any:
    """Let a record name the one that stays; nobody is a relative of herself, and no body a member of itself."""
    (here,) = names.values()
    was, item = item, renamed(item, names)
    match item:
        case Person() if item.id == here:
            return replace(item, relationships=tuple(each for each in item.relationships if each.person != here))
        case Organisation() if item.id == here:
            members, founders = (tuple(ref for ref in refs if ref != here) for refs in (item.members, item.founders))
            return replace(item, members=members, founders=founders)
        case Claim(value=str(value)) if set(value.split()) & names.keys():
            return replace(item, value=" ".join(dict.fromkeys(names.get(each, each) for each in value.split())))
        case Demand() if item.statuses != was.statuses:
            return replace(item, statuses=_in_order(item.statuses))
        case _:
            return item


def _in_order(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put statuses of two records in one order by their days; a correction stays behind what it corrects."""
    blocks: list[list[Any]] = []
    for each in rows:
        if each.corrects and blocks and blocks[-1][-1].beneficiary == each.beneficiary:
            blocks[-1].append(each)
        else:
            blocks.append([each])
    return tuple(each for block in sorted(blocks, key=lambda block: block[-1].as_of) for each in block)


class _Filling:
    """One record filled with what another says."""

    def __init__(self, case: Case, kept: Any, gone: Any, uniting: Uniting) -> None:
        self._case, self._kept, self._gone, self._uniting = case, kept, gone, uniting
        self._claims: list[Claim] = []

    def filled(self) -> tuple[Any, tuple[Claim, ...]]:
        kept, gone = self._kept, self._gone
        kind: Any = type(kept)
        changes = {slot.name: self._field(slot.name, many=slot.many) for slot in slots(kind) if slot.name not in _ASIDE}
        changes["claims"] = tuple(dict.fromkeys((*kept.claims, *gone.claims)))
        rc = max(release_class(kept), release_class(gone), key=_ORDER.index)
        changes["rc"] = kept.rc if rc == release_class(kept) else rc
        changes |= _named(kept, gone)
        if isinstance(kept, Person):
            changes["defender"] = _defender(kept.defender, gone.defender)
            changes["risk"] = kept.risk or gone.risk
        if isinstance(kept, Person | Group):
            changes["identity_in_public"] = narrower_form(kept.identity_in_public, gone.identity_in_public)
        return self._stood(replace(kept, **changes)), tuple(self._claims)

    def _field(self, name: str, *, many: bool) -> Any:
        own, other = getattr(self._kept, name), getattr(self._gone, name)
        if many:
            return tuple(dict.fromkeys((*own, *other)))
        if own is None or other is None or own == other:
            return own if own is not None else other
        if isinstance(own, Wording):
            languages = {each.language for each in own.texts}
            more = tuple(each for each in other.texts if each.language not in languages)
            if len(more) == len(other.texts):
                return replace(own, texts=(*own.texts, *more))
        self._disagree(name, own, other)
        return own

    def _stood(self, record: Any) -> Any:
        """Enter where the one that goes stood among the statuses of the other; what cannot stand there is a claim."""
        life = lives().get(type(record).__name__)
        for status in life.in_force(self._gone) if life else ():
            if life is None or status in life.in_force(record):
                continue
            try:
                record = entered(life, record, status, self._uniting.on)
            except BadRequest:
                self._disagree(life.rows or life.now, life.in_force(record)[-1], status)
        return record

    def _disagree(self, predicate: str, own: Any, other: Any) -> None:
        """Keep what both say as claims of their own. Of a place nothing is claimed: what it said stays behind."""
        if isinstance(self._kept, Place):
            return
        one = self._claim(self._kept, predicate, own)
        two = self._claim(self._gone, predicate, other)
        self._claims += [replace(one, disagrees_with=(two.id,)), replace(two, disagrees_with=(one.id,))]

    def _claim(self, record: Any, predicate: str, value: Any) -> Claim:
        whole = next((each for each in self._case.claims if each.about == (record.id,) and not each.predicate), None)
        return Claim(
            id=f"claim:{self._uniting.word}-{len(self._claims) + (record is self._gone) + 1}",
            recorded_on=self._uniting.on,
            about=(self._kept.id,),
            predicate=predicate,
            value=f"{said(value)} ({value.as_of})" if isinstance(value, Status) else said(value),
            sources=whole.sources if whole else (),
            citations=whole.citations if whole else (),
            status="recorded",
            analyst=self._uniting.by,
        )


def _named(kept: Any, gone: Any) -> dict[str, Any]:
    """Give the names of both: that of the one that stays is preferred, and each is found by the other."""
    if isinstance(kept, Person):
        known = {folded(each.full) for each in kept.names}
        return {
            "names": (*kept.names, *(_other_name(kept, each) for each in gone.names if folded(each.full) not in known))
        }
    if isinstance(kept, Organisation):
        return _names_of_body(kept, gone)
    if isinstance(kept, Place):
        languages = {each.language for each in kept.name.texts}
        more = tuple(each for each in gone.name.texts if each.language not in languages)
        return {"name": replace(kept.name, texts=(*kept.name.texts, *more))}
    return {}


def _other_name(kept: Person, name: PersonName) -> PersonName:
    if name.use != "preferred":
        return name
    is_spelling = script_of(name.full) != script_of(kept.preferred.full)
    return replace(name, use="transliteration" if is_spelling else "alias")


def _names_of_body(kept: Organisation, gone: Organisation) -> dict[str, Any]:
    known = {folded(each) for each in names_of(kept)}
    languages = {each.language for each in kept.name.texts} if kept.name else set()
    others = [
        OrganisationName(
            value=each.text, lang=each.language, use="variant" if each.language in languages else "translation"
        )
        for each in (gone.name.texts if gone.name and kept.name else ())
    ]
    others += [replace(each, use="variant") if each.use == "preferred" else each for each in gone.names]
    others += [OrganisationName(value=gone.acronym, use="acronym")] if gone.acronym and kept.acronym else []
    others += [OrganisationName(value=gone.short, use="short")] if gone.short and kept.short else []
    return {
        "name": kept.name or gone.name,
        "acronym": kept.acronym or gone.acronym,
        "short": kept.short or gone.short,
        "names": (*kept.names, *(each for each in others if folded(each.value) not in known)),
    }


def _defender(own: Defender | None, other: Defender | None) -> Defender | None:
    if own is None or other is None:
        return own or other
    return replace(
        own,
        is_hrd=own.is_hrd or other.is_hrd,
        works_on=tuple(dict.fromkeys((*own.works_on, *other.works_on))),
        roles=tuple(dict.fromkeys((*own.roles, *other.roles))),
        since=own.since or other.since,
    )


def divided(now: Case, before: Case, after: Case) -> tuple[Case, tuple[str, ...]]:
    """Take two records apart that were put into one: whatever has not changed since is as it was before.

    Args:
        now: The case as it stands.
        before: As it stood before they were put into one.
        after: As it stood right after.

    Returns:
        The case, and the ids of the records in which the same was changed since: there the change stays.
    """
    changes: dict[str, Any] = {}
    told: list[str] = []
    for slot in slots(Case):
        here, then, made = (getattr(each, slot.name) for each in (now, before, after))
        if not slot.nests or then == made:
            continue
        if not slot.many:
            changes[slot.name] = _undone(here, then, made, told)
        elif "id" in slots_by_key(slot.leaf):
            changes[slot.name] = _section(here, then, made, told)
        else:
            back = list(zip(made, then, strict=True))
            changes[slot.name] = tuple(next((old for new, old in back if new == each), each) for each in here)
    return replace(now, **changes), tuple(told)


def _section(here: tuple[Any, ...], then: tuple[Any, ...], made: tuple[Any, ...], told: list[str]) -> tuple[Any, ...]:
    old, new = {each.id: each for each in then}, {each.id: each for each in made}
    kept = [
        _undone(each, old[each.id], new[each.id], told) if each.id in old and each.id in new else each for each in here
    ]
    left = [each for each in kept if each.id in old or each.id not in new]
    told += [each.id for each in here if each.id in new and each.id not in old and each != new[each.id]]
    for at, each in enumerate(then):
        if each.id not in new and each.id not in {one.id for one in left}:
            left.insert(min(at, len(left)), each)
    return tuple(left)


def _undone(here: Any, then: Any, made: Any, told: list[str]) -> Any:
    """Give a record as it was before, but for what was changed in it since."""
    if then == made or here is None:
        return here
    if here == made:
        return then
    kind: Any = type(here)
    changes: dict[str, Any] = {}
    is_told = False
    for slot in slots(kind):
        now, old, new = (getattr(each, slot.name) for each in (here, then, made))
        if old == new:
            continue
        if now == new:
            changes[slot.name] = old
        elif slot.many and not _is_status(slot.leaf):
            changes[slot.name] = (*(each for each in now if each in old or each not in new), *_missing(old, new, now))
        else:
            is_told = True
    if is_told:
        told.append(getattr(here, "id", ""))
        # What a consent says now was decided since: only whose it is goes back.
        changes = {name: value for name, value in changes.items() if not _is_of_status(kind, name)}
    return replace(here, **changes)


def _missing(old: tuple[Any, ...], new: tuple[Any, ...], now: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in old if each not in new and each not in now)


def _is_status(leaf: Any) -> bool:
    return isinstance(leaf, type) and issubclass(leaf, Status)


def _is_of_status(kind: Any, name: str) -> bool:
    life = lives().get(kind.__name__)
    return life is not None and name in {life.rows, life.code, life.now, life.past, "answers", "limits", "expires_on"}
