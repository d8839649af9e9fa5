"""Words that stand nowhere else, put into every field that takes words; and a search for them in every byte.

Each begins with the same stem, so that one search finds all: as it is, in UTF-16, in base64 at each of its three
offsets, in hexadecimal digits, and within streams of zlib, gzip and bare deflate, wherever one may begin. PostgreSQL
compresses long values in a way of its own, which puts a byte between letters: one is allowed for anywhere.
"""

import base64
import dataclasses
import itertools
import re
import zlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from tocsin.core.records import Case
from tocsin.core.records.shape import CodeOf, Form, IdOf, RefersTo, Slot, slots

STEM = "kanarienvogel"
_LONGEST_START = 4096


class Cage:
    """Gives out canaries, and remembers where each was put."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def canary(self, place: str) -> str:
        """Give the next word."""
        word = f"{STEM}{next(self._numbers):05}"
        self.places[word] = place
        return word


def filled(record: Any, cage: Cage) -> Any:
    """Put a canary into each text of a record that has no form, list or record to keep to."""
    if not dataclasses.is_dataclass(record) or isinstance(record, type):
        return record
    kind: Any = type(record)
    changes = {}
    for slot in slots(kind):
        value = getattr(record, slot.name)
        at = f"{kind.__name__}.{slot.key}"
        if value is None or value == ():
            if slot.leaf is str and takes_words(slot):
                changes[slot.name] = (cage.canary(at),) if slot.many else cage.canary(at)
            continue
        items = tuple(_item(each, slot, cage, at) for each in slot.items(value))
        changes[slot.name] = items if slot.many else items[0]
    return dataclasses.replace(record, **changes)


def _item(item: Any, slot: Slot, cage: Cage, at: str) -> Any:
    if slot.nests:
        return filled(item, cage)
    return cage.canary(at) if slot.leaf is str and takes_words(slot) else item


def takes_words(slot: Slot) -> bool:
    """Tell whether people write words of their own into a field."""
    return not any(slot.marked(each) for each in (IdOf, CodeOf, RefersTo, Form))


def wanted() -> dict[str, bytes]:
    """Give every way in which the stem may stand in bytes."""
    ways = {"raw": STEM.encode(), "UTF-16LE": STEM.encode("utf-16-le"), "UTF-16BE": STEM.encode("utf-16-be")}
    for offset in range(3):
        # The letters at both ends depend on what stands beside: they are cut off.
        digits = base64.b64encode(b"\0" * offset + STEM.encode()).rstrip(b"=")
        ways[f"base64 at {offset}"] = digits[(0, 2, 3)[offset] : len(digits) - 1]
    return {**ways, "hex": STEM.encode().hex().encode()}


WANTED = wanted()
# In its compressed form every eighth byte says how the next eight are to be read.
LOOSELY = re.compile(rb"[\x00-\xff]?".join(re.escape(STEM[at : at + 1].encode()) for at in range(len(STEM))))


def found_in(content: bytes) -> set[str]:
    """Tell in which ways the stem stands in some bytes, compressed or not; letters may be large or small."""
    return _plainly(content) | {f"{way}, compressed" for inner in streams(content) for way in _plainly(inner)}


def _plainly(content: bytes) -> set[str]:
    lower = content.lower()
    found = {way for way, form in WANTED.items() if form in (content if way.startswith("base64") else lower)}
    return found | ({"with bytes between"} if "raw" not in found and LOOSELY.search(lower) else set())


def streams(content: bytes) -> Iterator[bytes]:
    """Give what can be unpacked, from whichever byte a stream may begin at."""
    for at in range(len(content)):
        for bits in _kinds(content, at):
            unpacked = _unpacked(content[at : at + _LONGEST_START], bits)
            if len(unpacked) >= len(STEM):
                # What goes on after the first bytes is a stream, and no chance.
                yield _unpacked(content[at:], bits) if len(unpacked) > _LONGEST_START else unpacked


def _kinds(content: bytes, at: int) -> Iterator[int]:
    first, second = content[at], content[at + 1] if at + 1 < len(content) else 0
    if _may_begin_deflate(content, first, second, at):
        yield -15
    if first & 0x0F == 8 and (first << 8 | second) % 31 == 0:
        yield 15
    elif first == 0x1F and second == 0x8B:
        yield 31


def _may_begin_deflate(content: bytes, first: int, second: int, at: int) -> bool:
    """Rule out cheaply what no stream begins with: most of all bytes."""
    kind = first >> 1 & 3
    if kind == 0:  # as it is, behind its length and the complement of that
        return second ^ 0xFF == content[at + 3] if at + 3 < len(content) else False
    if kind == 2:  # with a table of its own, of at most 286 and 30 lengths
        return first >> 3 < 30 and second & 0x1F < 30
    return kind == 1


def _unpacked(content: bytes, bits: int) -> bytes:
    stream, unpacked = zlib.decompressobj(bits), b""
    try:
        # In small steps: what a stream gave before it breaks off counts.
        for at in range(0, len(content), 256):
            unpacked += stream.decompress(content[at : at + 256], 1 << 20)
    except zlib.error:
        pass
    return unpacked


PAGE = 8192


def pages(folder: Path) -> set[bytes]:
    """Give the pages of every file under a folder, so that a scan can leave out what was there before."""
    return {page for file in _files(folder) for page in _pages_of(file.read_bytes())}


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _pages_of(content: bytes) -> Iterator[bytes]:
    yield from (content[at : at + PAGE] for at in range(0, len(content), PAGE))


def scan(folder: Path, before: Container[bytes] = ()) -> dict[str, set[str]]:
    """Search every file under a folder, its name included; give the files in which something was found.

    Args:
        folder: Where.
        before: Pages that were there before anything was written, and are not searched.
    """
    hits = {}
    for file in _files(folder):
        ways = _plainly(str(file.relative_to(folder)).encode())
        # Pages that lie side by side are searched as one.
        for is_old, run in itertools.groupby(_pages_of(file.read_bytes()), before.__contains__):
            ways |= set() if is_old else found_in(b"".join(run))
        if ways:
            hits[file.name] = ways
    return hits


def count_new(folder: Path, before: Container[bytes]) -> int:
    """Count the bytes that a scan searches."""
    return sum(len(page) for file in _files(folder) for page in _pages_of(file.read_bytes()) if page not in before)


def case_with(cage: Cage, case: Case) -> Case:
    """Give a case with canaries in it."""
    changed: Case = filled(case, cage)
    return changed


def fields_of(kind: Any, seen: set[Any] | None = None) -> Iterator[str]:
    """Give every field of a kind of record, and of those within it, that takes words."""
    seen = set() if seen is None else seen
    if kind in seen:
        return
    seen.add(kind)
    for slot in slots(kind):
        if slot.nests:
            yield from fields_of(slot.leaf, seen)
        elif slot.leaf is str and takes_words(slot):
            yield f"{kind.__name__}.{slot.key}"
