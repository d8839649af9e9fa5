"""What becomes of the documents of an archive: in which order they are published, and which are left to a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from tocsin.core.archive.doubts import DOUBTS
from tocsin.core.archive.found import Found
from tocsin.core.codes import OBSERVATORY, Chain, Code, Entry, Scheme, claims_of, format_code
from tocsin.core.publication import PublicAppeal, PublishedKind

Outcome = Literal["taken", "same", "doubtful", "refused"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
# With one of these it is not even sure which code was given out.
_ABOUT_THE_CODE: Final = frozenset("no_code incomplete_code odd_code country_differs void_code number_taken".split())


@dataclass(frozen=True)
class Shelf:
    """What is there already.

    Attributes:
        entries: The registry of codes that were given out.
        published: What is published under the codes that matter.
        withdrawn: The codes of what was withdrawn.
        codes: The codes of all that is published.
        scheme: Whose codes they are.
    """

    entries: Sequence[Entry] = ()
    published: Mapping[str, PublicAppeal] = field(default_factory=dict)
    withdrawn: Collection[str] = frozenset()
    codes: Collection[str] = frozenset()
    scheme: Scheme = OBSERVATORY


@dataclass(frozen=True)
class Row:
    """What becomes of one document, and the names of its doubts.

    `taken`: it is published; `same`: its text is published already, or lies in an earlier file too; `doubtful`: it is
    left to a person; `refused`, which only who opens and publishes can say: it could not be.
    """

    found: Found
    outcome: Outcome
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """What is published in one piece: an appeal in the languages that were found, unsigned; `file` names the first."""

    file: str
    appeal: PublicAppeal


@dataclass(frozen=True)
class Plan:
    """What becomes of an archive.

    Attributes:
        rows: One row a document, in the order in which they were found.
        units: What is published, each chain in its order.
        codes: The codes that were plainly given out; never again, whatever becomes of their documents.
    """

    rows: tuple[Row, ...]
    units: tuple[Unit, ...]
    codes: tuple[Entry, ...]


def plan(found: Sequence[Found], shelf: Shelf, accepted: Collection[str] = ()) -> Plan:
    """Say what becomes of each document.

    Args:
        found: The documents of all files together: a chain is judged as a whole.
        shelf: What is there already.
        accepted: The doubts that a person lets stand; those that may not stand, stay.
    """
    places = _places(found)
    doubts = _all_doubts(found, shelf, places)
    copies = frozenset(number for place in places.values() if _agree(found, place) for number in place[1:])
    stand = {name for name in accepted if DOUBTS[name].may_stand}
    rows = tuple(
        _row(each, number in copies or _is_there(each, shelf), doubts[number], stand)
        for number, each in enumerate(found)
    )
    taken: dict[str, list[Found]] = defaultdict(list)
    for row in rows:
        if row.outcome == "taken":
            taken[row.found.printed].append(row.found)
    return Plan(rows, tuple(_units(taken, shelf)), tuple(_codes(rows, shelf)))


def _row(each: Found, is_same: bool, doubts: set[str], stand: set[str]) -> Row:
    if is_same:
        return Row(each, "same")
    told = tuple(name for name in DOUBTS if name in doubts)
    return Row(each, "taken" if set(told) <= stand else "doubtful", told)


def _places(found: Sequence[Found]) -> Mapping[tuple[str, str | None], list[int]]:
    """Give the documents under each code and language."""
    places: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number, each in enumerate(found):
        if each.content is not None:
            places[each.printed, each.document.language].append(number)
    return places


def _agree(found: Sequence[Found], place: Sequence[int]) -> bool:
    return len({found[number].content for number in place}) == 1


def _all_doubts(
    found: Sequence[Found], shelf: Shelf, places: Mapping[tuple[str, str | None], list[int]]
) -> list[set[str]]:
    """Give the doubts of each document, those that come of the others too."""
    all_doubts = [set(each.doubts) for each in found]
    coded = [(number, each, each.code) for number, each in enumerate(found) if each.code is not None]
    chains = _chains([*(code for _, _, code in coded), *_published_codes(shelf)])
    owners = _owners([*(code for _, _, code in coded), *(entry.code for entry in shelf.entries)])
    void = {entry.code for entry in shelf.entries if entry.void}
    for number, each, code in coded:
        doubts = all_doubts[number]
        doubts.update(_of_chain(code, chains), _of_shelf(each, shelf))
        doubts.update({"void_code"} if code in void else ())
        doubts.update({"number_taken"} if any(len(owners[claim]) > 1 for claim in claims_of(code)) else ())
    for place in places.values():
        for number in () if _agree(found, place) else place:
            all_doubts[number].add("same_code")
    return all_doubts


def _of_chain(code: Code, chains: Mapping[Chain | None, set[int]]) -> Iterator[str]:
    if code.follow_up and 0 not in chains[code.chain]:
        yield "without_first"
    if not set(range(1, code.follow_up or 0)) <= chains[code.chain]:
        yield "gap"


def _of_shelf(each: Found, shelf: Shelf) -> Iterator[str]:
    published = shelf.published.get(each.printed)
    if each.printed in shelf.withdrawn:
        yield "withdrawn"
    elif published is not None and not published.is_archived:
        yield "approved_here"
    elif published is not None and published.edition(each.document.language or "") and not _is_there(each, shelf):
        yield "other_text"


def _is_there(each: Found, shelf: Shelf) -> bool:
    published = shelf.published.get(each.printed)
    if published is None or not published.is_archived or each.content is None or each.printed in shelf.withdrawn:
        return False
    there = published.edition(each.document.language or "")
    return there is not None and there.content == each.edition(published.kind).content


def _owners(codes: Iterable[Code]) -> Mapping[tuple[object, ...], set[Code]]:
    owners: dict[tuple[object, ...], set[Code]] = defaultdict(set)
    for code in codes:
        for claim in claims_of(code):
            owners[claim].add(code)
    return owners


def _chains(codes: Iterable[Code]) -> Mapping[Chain | None, set[int]]:
    chains: dict[Chain | None, set[int]] = defaultdict(set)
    for code in codes:
        chains[code.chain].add(code.follow_up or 0)
    return chains


def _published_codes(shelf: Shelf) -> Iterator[Code]:
    there = {*shelf.codes, *shelf.withdrawn}
    return (entry.code for entry in shelf.entries if format_code(entry.code, shelf.scheme) in there)


def _codes(rows: Iterable[Row], shelf: Shelf) -> Iterator[Entry]:
    known = {entry.code for entry in shelf.entries}
    for row in rows:
        code = row.found.code
        if code is not None and code not in known and not _ABOUT_THE_CODE & set(row.doubts):
            known.add(code)
            yield Entry(code, row.found.document.issued_on)


def _units(taken: Mapping[str, list[Found]], shelf: Shelf) -> Iterator[Unit]:
    """Make what is published, the first appeal of a chain before its follow-ups."""
    codes = {format_code(code, shelf.scheme): code for code in _published_codes(shelf)}
    codes |= {printed: each[0].code for printed, each in taken.items() if each[0].code is not None}
    before: dict[Chain | None, str] = {}
    for printed, code in sorted(codes.items(), key=lambda each: (str(each[1].chain), each[1].follow_up or 0)):
        if printed in taken:
            found, there = taken[printed], shelf.published.get(printed)
            yield _unit(found, there) if there else _unit(found, None, before.get(code.chain))
        if printed not in shelf.withdrawn:
            before[code.chain] = printed


def _unit(found: Sequence[Found], there: PublicAppeal | None, follows: str | None = None) -> Unit:
    """Make one appeal of its languages; those that are published already stay as they are."""
    first = min(found, key=lambda each: each.document.language or "")
    kind: PublishedKind = there.kind if there else first.kind
    editions = [(each.edition(kind), each.digest) for each in found]
    if there is not None:
        editions += zip(there.editions, there.archived_from, strict=True)
    editions.sort(key=lambda each: each[0].language)
    return Unit(
        first.file,
        PublicAppeal(
            code=first.printed,
            kind=kind,
            editions=tuple(edition for edition, _ in editions),
            version=there.version + 1 if there else 1,
            supersedes=there.supersedes if there else follows,
            archived_from=tuple(digest for _, digest in editions),
        ),
    )
