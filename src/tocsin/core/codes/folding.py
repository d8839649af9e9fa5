"""Bring dirty text to plain letters, digits, spaces and slashes, and remember where each came from.

A fold never changes what a character means to a person who reads the code aloud; it undoes what word processors,
mail programs, web pages and keyboards do to it.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

# Capital and small letters of Cyrillic and Greek that have the shape of a Latin one.
_SHAPES: Final = {
    **dict(zip("АВЕЅІЈКМНОРСТУХҮԚԜӀ", "ABESIJKMHOPCTYXYQWI", strict=True)),
    **dict(zip("аеѕіјкорсухԛԝӏ", "aesijkopcyxqwl", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("οικν", "oikv", strict=True)),
    "ı": "i",
    "İ": "I",
}
SLASHES: Final = "/\\|⁄∕⧸╱⟋∣│¦"
_DASHES: Final = "-−‐‑‒–—―﹘﹣⁃"
_STOPS: Final = ".․‧·٫"
_SPACES_BESIDES_ZS: Final = "\t\v\f\u0085\u2028\u2029\u2800\u3164"
_INVISIBLE_BESIDES_CF: Final = "\u034f\u115f\u1160\u17b4\u17b5" + "".join(map(chr, range(0xFE00, 0xFE10)))

_INDENT: Final = r"(?:[^\S\r\n]|[\u00ad\u200b-\u200f\u2060-\u2069\ufeff])*+"
_TOKEN: Final = re.compile(
    r"""
    (?P<plain>[0-9A-Za-z .:/,;()'"!?+\#@$_\[\]{}~`^-]+)
  | (?P<wrap>(?:=(?=\r?\n))?\r?\n{_INDENT}(?P<quote>(?:(?:>|&gt;|\|){_INDENT}){0,20}))
  | (?P<entity>&(?:amp;)?(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)
  | (?P<percent>(?:%[0-9A-Fa-f]{2})+)
  | (?P<tag></?[A-Za-z]{1,6}[ ]?/?>)
  | (?P<other>.)
    """.replace("{_INDENT}", _INDENT),
    re.VERBOSE | re.DOTALL,
)


class _Folds(dict[str, tuple[str, str | None]]):
    """Each character met, with its plain form and the oddity that this is."""

    def __missing__(self, character: str) -> tuple[str, str | None]:
        self[character] = found = _fold_character(character)
        return found


def _fold_character(character: str) -> tuple[str, str | None]:
    if character in SLASHES:
        return "/", "other_slash"
    if character in _DASHES:
        return "-", "other_separator"
    if character in _STOPS:
        return ".", "other_separator"
    if character in _SHAPES:
        return _SHAPES[character], "look_alike_letters"
    if character == "*":
        return "", "markup"
    return _fold_by_category(character)


def _fold_by_category(character: str) -> tuple[str, str | None]:
    category = unicodedata.category(character)
    if category == "Zs" or character in _SPACES_BESIDES_ZS:
        return " ", "unusual_space"
    if category == "Cf" or character in _INVISIBLE_BESIDES_CF:
        return "", "invisible_character"
    if category == "Nd" and not character.isascii():
        return str(unicodedata.decimal(character)), "other_digits"
    wide = unicodedata.normalize("NFKC", character)
    if wide != character and wide.isascii():
        return wide, "look_alike_letters"
    return character, None


_FOLDS: Final = _Folds()
_FOLDS["\r"] = ("", None)


def shapes_of(letter: str) -> str:
    """List the characters that fold to the capital or small form of a Latin letter, besides these themselves."""
    wanted = {letter.upper(), letter.lower()}
    styled = [*range(0x24B6, 0x24EA), *range(0xFF21, 0xFF5B), *range(0x1D400, 0x1D6A4)]
    return "".join(
        [shape for shape, plain in _SHAPES.items() if plain in wanted]
        + [chr(point) for point in styled if unicodedata.normalize("NFKC", chr(point)) in wanted]
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """Plain text and the way back: `origins[i]` and `ends[i]` bound in the source what became `text[i]`.

    `changes` lists the source position of each character that was not plain, in order, with the oddity that it is.
    """

    text: str
    origins: list[int]
    ends: list[int]
    changes: list[tuple[int, str]]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the stretch of the source that became `text[start:end]`, which must not be empty."""
        return self.origins[start], self.ends[end - 1]

    def oddities_between(self, start: int, end: int) -> set[str]:
        """Name the oddities of the source stretch `[start, end)`."""
        first, last = bisect_left(self.changes, (start, "")), bisect_left(self.changes, (end, ""))
        return {name for _, name in self.changes[first:last]}


class _Folder:
    """One pass over a stretch of text."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.origins: list[int] = []
        self.ends: list[int] = []
        self.changes: list[tuple[int, str]] = []

    def put(self, plain: str, start: int, end: int) -> None:
        self.plain.append(plain)
        self.origins.extend([start] * len(plain))
        self.ends.extend([end] * len(plain))

    def take(self, token: re.Match[str]) -> None:
        start, end = token.span()
        kind, printed = token.lastgroup, token.group()
        if kind == "plain":
            self.plain.append(printed)
            self.origins.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))
        elif kind == "wrap":
            self.changes.append((start, "quote_mark" if token["quote"] else "line_wrap"))
            self.put("" if printed.startswith("=") else "\n", start, end)
        elif kind in {"entity", "percent"}:
            self.changes.append((start, "html_entity"))
            decoded = unquote(printed) if kind == "percent" else html.unescape(html.unescape(printed))
            # Not decoded: the text says `&foo;`, and an `&` is no part of any code.
            self.put("&" if decoded == printed else "".join(_FOLDS[c][0] for c in decoded), start, end)
        elif kind == "tag":
            self.changes.append((start, "markup"))
        else:
            plain, oddity = _FOLDS[printed]
            if oddity:
                self.changes.append((start, oddity))
            self.put(plain, start, end)


def fold(text: str, start: int = 0, end: int | None = None) -> Folded:
    """Fold `text[start:end]`; linear in its length, never raises."""
    folder = _Folder()
    for token in _TOKEN.finditer(text, start, len(text) if end is None else end):
        folder.take(token)
    return Folded("".join(folder.plain), folder.origins, folder.ends, folder.changes)
