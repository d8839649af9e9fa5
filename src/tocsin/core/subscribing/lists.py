"""A list of readers, row by row: each address in it with what its row says, or why it is refused.

A row is a line: a quotation mark that nobody closed costs its own row and none behind it. Columns are known by the
words of a header, which may stand again further down; without one, the first cell with an address counts.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from unicodedata import combining, normalize

from tocsin.core import vocab
from tocsin.core.errors import BadAddress, BadWish
from tocsin.core.messages import Address
from tocsin.core.subscribing.decoding import Line, lines_of
from tocsin.core.subscribing.wishes import GROUPS, LANGUAGES, Wish

COLUMNS: Final = ("address", "language", "country", "topic", "format")

_DELIMITERS: Final = ",;\t"
# Where an address stands it would be the sign of a command: it parts cells if a header says so.
_DELIMITERS_OF_HEADER: Final = ",;\t|"
_BRACKETS: Final = re.compile(r"<([^<>]*)>")
_BETWEEN: Final = re.compile(r"[,;]")
_SEVERAL: Final = re.compile(r"[,;|/+]")
_AROUND: Final = " \t\r\n\xa0\u3000\"'“”«»"
_SIGNS: Final = re.compile(r"[\W_]+")
_TAG: Final = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address, or a row without one, that is not taken: in which line, and the code of why."""

    line: int
    reason: str


@dataclass(slots=True)
class _Shape:
    """How rows are laid out at this point of the list; `width` is that of the header."""

    delimiter: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    width: int = 0


def read_list(
    blocks: Iterable[bytes], *, languages: Sequence[str], columns: Sequence[str] = (), html: bool = True
) -> Iterator[Wish | Refusal]:
    """Read a list as its bytes come.

    Args:
        blocks: The bytes, cut anywhere.
        languages: Of those whose row names none.
        columns: What each column is, for a list without a header: of `COLUMNS`, or anything else to pass it over.
        html: Whether those whose row does not say get HTML.
    """
    shape = _Shape("", {name: place for place, name in enumerate(columns) if name in COLUMNS}, len(columns))
    usual = tuple(languages)
    for line in lines_of(blocks):
        if line.words is None:
            yield Refusal(line.number, "too_long")
        elif line.words.strip(_AROUND + _DELIMITERS_OF_HEADER + "\0"):
            yield from _row(line, shape, usual, html)


def _row(line: Line, shape: _Shape, usual: tuple[str, ...], html: bool) -> Iterator[Wish | Refusal]:
    words = line.words or ""
    cells = _cells(words, shape)
    if "@" not in words and (header := _header(cells)):
        shape.columns, shape.width = header, len(cells)
        return
    try:
        given = _Given.of(cells, shape.columns, usual, html)
    except BadWish as refused:
        yield Refusal(line.number, refused.what)
        return
    written = [each for cell in _address_cells(cells, shape) for each in _addresses(cell)]
    if not written:
        yield Refusal(line.number, "no_address")
    for each in written:
        try:
            address = Address.parse(each)
        except BadAddress:
            yield Refusal(line.number, "bad_address")
        else:
            yield Wish(address, given.languages, given.countries, given.topics, given.html, given.neutral)


def _cells(words: str, shape: _Shape) -> list[str]:
    if not shape.delimiter or shape.delimiter not in words:
        here = max(_DELIMITERS if "@" in words else _DELIMITERS_OF_HEADER, key=words.count)
        if here not in words:
            return [words]
        shape.delimiter = here
    if '"' not in words:
        return words.split(shape.delimiter)
    if words.count('"') % 2 == 0:
        try:
            return next(csv.reader([words], delimiter=shape.delimiter))
        except csv.Error:
            pass
    return words.split(shape.delimiter)


def _header(cells: Sequence[str]) -> Mapping[str, int]:
    """Give the places of the columns, if this row names them."""
    names = _column_names()
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = names.get(_folded(cell))
        if name:
            found.setdefault(name, place)
    return found if "address" in found else {}


def _address_cells(cells: Sequence[str], shape: _Shape) -> Sequence[str]:
    """Give the cells with addresses: those of the column, or of a list without columns all that have a sign for it."""
    place = shape.columns.get("address")
    if place is None:
        return [cell for cell in cells if "@" in cell]
    return cells if shape.width == 1 else cells[place : place + 1]


def _addresses(cell: str) -> Iterator[str]:
    """Give what may be addresses in a cell, each as it is written: never a part of what stands there as one."""
    if "@" not in cell:
        # However many words: it is one row without an address.
        yield from filter(None, [cell.strip(_AROUND)])
        return
    if "<" in cell:
        yield from _BRACKETS.findall(cell) or [cell]
        if "@" in _BRACKETS.sub("", cell):
            yield cell
        return
    for part in _BETWEEN.split(cell):
        words = part.strip(_AROUND)
        several = words.split()
        if len(several) > 1 and all("@" in each for each in several):
            yield from map(_plain, several)
        elif words:
            yield _plain(words)


def _plain(words: str) -> str:
    return words[7:] if words[:7].lower() == "mailto:" else words


@dataclass(frozen=True, slots=True)
class _Given:
    """What a row says beside the address."""

    languages: tuple[str, ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    html: bool
    neutral: bool

    @classmethod
    def of(cls, cells: Sequence[str], columns: Mapping[str, int], usual: tuple[str, ...], html: bool) -> "_Given":
        said = [
            cells[place] if (place := columns.get(name, -1)) >= 0 and place < len(cells) else "" for name in COLUMNS
        ]
        return _given(tuple(said[1:]), usual, html)


@lru_cache(4096)
def _given(said: tuple[str, str, str, str], usual: tuple[str, ...], html: bool) -> _Given:
    language, country, topic, written = said
    form = _codes(written, _form, "unknown_format")
    return _Given(
        _codes(language, _language, "unknown_language") or usual,
        _codes(country, _country, "unknown_country"),
        _codes(topic, _topic, "unknown_topic"),
        "html" in form or (html and "text" not in form),
        "neutral" in form,
    )


def _codes(cell: str, find: Callable[[str], str | None], reason: str) -> tuple[str, ...]:
    whole = cell.strip(_AROUND)
    if not whole:
        return ()
    # Names with a comma in them are there, too.
    if code := find(whole):
        return (code,)
    codes = [find(words) for part in _SEVERAL.split(whole) if (words := part.strip(_AROUND))]
    if not all(codes):
        raise BadWish(reason)
    return tuple(dict.fromkeys(filter(None, codes)))


def _language(words: str) -> str | None:
    if words in LANGUAGES:
        return words
    tag = _TAG.fullmatch(words)
    return _language_names().get(_folded(words)) or (_language_names().get(tag[1].lower()) if tag else None)


def _country(words: str) -> str | None:
    if len(words) == 3 and words.isascii() and words.isupper():
        found = vocab.country(words)
        # Codes for use among ourselves (ISO 3166-1, X…) are in no table.
        return found.alpha3 if found else words if words[0] == "X" else None
    found = vocab.country(words) if len(words) == 2 else None
    names = (vocab.find_country(words, language) for language in ("en", "fr", "es", "ru", "ar"))
    return found.alpha3 if found else next(filter(None, names), None)


def _topic(words: str) -> str | None:
    return _topic_names().get(_folded(words))


def _form(words: str) -> str | None:
    return _format_names().get(_folded(words))


def _folded(words: str) -> str:
    bare = "".join(sign for sign in normalize("NFKD", words) if not combining(sign))
    return _SIGNS.sub(" ", bare).strip().casefold()


@cache
def _column_names() -> Mapping[str, str]:
    return _table("columns")


@cache
def _format_names() -> Mapping[str, str]:
    return _table("formats")


@cache
def _language_names() -> Mapping[str, str]:
    return {**{_folded(tag): tag for tag in LANGUAGES}, **_table("languages")}


@cache
def _topic_names() -> Mapping[str, str]:
    terms = vocab.load("violation_groups")
    labels = {_folded(label): code for code, term in terms.items() for label in term.labels.values()}
    return labels | {_folded(code): code for code in GROUPS}


def _table(name: str) -> Mapping[str, str]:
    text = files("tocsin.core.subscribing").joinpath("words.toml").read_text("utf-8")
    return {_folded(words): code for code, many in tomllib.loads(text)[name].items() for words in many}
