"""The template of a code: one line of text that becomes a formatter, a strict reader and a tolerant pattern.

`{country} {country_number} / {month}{year} / {series} {number}[.{follow_up}]` says everything: fields in braces, the
signs between them, and in brackets what only a follow-up has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from tocsin.core.codes.code import Code
from tocsin.core.codes.folding import shapes_of

_PIECE: Final = re.compile(r"\{(?P<field>[a-z_0-9]+)\}|(?P<bracket>[\[\]])|(?P<literal>[^{}\[\]]+)")
_FIELDS: Final = frozenset({"country", "country_number", "month", "year", "year4", "series", "number", "follow_up"})
_SLUG_GAP: Final = "[-_]{1,3}"
_NOT_IN_SLUG: Final = re.compile(r"[^0-9a-z]+")

# In patterns over folded text. Every repeat is bounded and every choice is decided by its first character, so that no
# text can make a search more than linear. A code may run over one line end, not over an empty line.
_SPACE: Final = r" {0,6}(?:\n {0,6})?"
_DIGIT: Final = "[0-9OoIl]"
_ONE_TRUE_DIGIT: Final = "(?=[OoIl]{0,3}[0-9])"
_COUNTRY: Final = "(?:[A-Za-z]{2}[A-Za-z01]|[A-Za-z][01][A-Za-z]|[01][A-Za-z]{2})"
# `.I write` begins a sentence, `.l'appel` a word.
_FOLLOW_UP: Final = "(?:0{0,2}[1-9][0-9OoIl]{0,2}|I(?! ?[A-Za-z0-9])|l(?![A-Za-z0-9'’]))"
_DIGIT_SHAPES: Final = {"O": "0", "I": "1l", "L": "1I"}


@dataclass(frozen=True, slots=True)
class Counter:
    """A running number: digits in the canonical form, the most that can occur, and what starts it again at 1."""

    width: int
    widest: int
    reset: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A field or the signs between two fields; `follow_up_only` where it stands in brackets."""

    field: str | None
    literal: str
    follow_up_only: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What a template's pattern needs to know of its scheme.

    Attributes:
        counters: The running numbers by field.
        series: Every printed name of a series, with the canonical one.
        follow_up_words: Words before a code that make it a follow-up, with its number or 0 where they do not say.
        loose: Whether slashes may be missing.
    """

    counters: Mapping[str, Counter]
    series: Mapping[str, str]
    follow_up_words: Mapping[str, int] = field(default_factory=dict)
    loose: bool = False


class Template:
    """One form of a code.

    Args:
        source: The template.
        words: What the scheme says of its fields.

    Raises:
        ValueError: The template names no field, or one that does not exist.
    """

    def __init__(self, source: str, words: Words) -> None:
        self.source, self.words = source, words
        self.pieces = tuple(_pieces(source))
        self.fields = tuple(piece.field for piece in self.pieces if piece.field and not piece.follow_up_only)
        self.has_follow_up = any(piece.field == "follow_up" for piece in self.pieces)
        self.groups = tuple(piece.field or f"gap{position}" for position, piece in enumerate(self.pieces))
        if self.fields and self.fields[0] == "series" and words.follow_up_words:
            self.groups = (*self.groups, "words")
        unknown = set(self.fields) - _FIELDS
        if unknown or not self.fields:
            raise ValueError(f"template without known fields: {source}")

    def fits(self, code: Code) -> bool:
        """Say whether the code has every part that this form prints, and no follow-up that it cannot."""
        parts = (getattr(code, _attribute(name)) for name in self.fields)
        return all(part is not None for part in parts) and (code.follow_up is None or self.has_follow_up)

    def format(self, code: Code) -> str:
        """Print the code in this form; an unknown month is `00`."""
        return "".join(
            self._print(piece.field, code) if piece.field else piece.literal
            for piece in self.pieces
            if code.follow_up is not None or not piece.follow_up_only
        )

    def _print(self, name: str, code: Code) -> str:
        value = getattr(code, _attribute(name))
        if name in {"country", "series"}:
            return str(value)
        if name in {"month", "year"}:
            return f"{(value or 0) % 100:02d}"
        counter = self.words.counters.get(name)
        return f"{value:0{counter.width if counter else 1}d}"

    def strict(self) -> re.Pattern[str]:
        """Compile the pattern of the canonical form, for a quick first try; what it matches still has to be checked."""
        values = {
            "country": "[A-Z]{3}",
            "series": "|".join(sorted(set(self.words.series.values()))),
            "year4": "[0-9]{4}",
        }
        parts = [
            f"(?P<{piece.field}>{values.get(piece.field, self._digits(piece.field))})"
            if piece.field
            else re.escape(piece.literal)
            for piece in self.pieces
        ]
        return re.compile(self._join(parts))

    def _digits(self, name: str) -> str:
        if name in {"month", "year"}:
            return "[0-9]{2}"
        counter = self.words.counters.get(name)
        return f"[0-9]{{{counter.width},{counter.widest}}}" if counter else "[1-9][0-9]{0,2}"

    def _join(self, parts: list[str]) -> str:
        """Put the patterns of the pieces together, those in brackets as optional."""
        runs = groupby(zip(parts, self.pieces, strict=True), key=lambda pair: pair[1].follow_up_only)
        joined = [(optional, "".join(part for part, _ in run)) for optional, run in runs]
        return "".join(f"(?:{run})?" if optional else run for optional, run in joined)

    def tolerant(self, suffix: str, *, slug: bool = False) -> str:
        """Give the pattern over folded text, with group names that end in `suffix`.

        Args:
            suffix: Makes the group names differ from those of other templates in one pattern.
            slug: Take only the form of a web address, in which every sign is a hyphen or an underscore.
        """
        parts = [
            f"(?P<{piece.field}{suffix}>{self._value(piece.field)})"
            if piece.field
            else f"(?P<gap{position}{suffix}>{_SLUG_GAP if slug else self._gap(piece.literal)})"
            for position, piece in enumerate(self.pieces)
        ]
        return f"{self._before(suffix)}{self._join(parts)}(?![0-9]){self._after()}"

    def _gap(self, literal: str) -> str:
        if literal == " ":
            return f"{_SPACE}(?:[-_.:#]{_SPACE})?(?:[Nn][o°]\\.?{_SPACE})?" if "series" in self.fields else _SPACE
        if "/" in literal:
            if self.words.loose and "series" in self.fields:
                return f"{_SPACE}(?:[-/_.,;:]{{1,2}}{_SPACE})?"
            return f"(?:{_SPACE}/{{1,2}}{_SPACE}|[-.])" if "series" in self.fields else f"{_SPACE}/{{1,2}}{_SPACE}"
        return f" ?{re.escape(literal)}"

    def _value(self, name: str) -> str:
        if name == "country":
            # `OBS 065/2021` names a series, not a country.
            return f"(?!(?:{'|'.join(self.words.series)})(?![A-Za-z])){_COUNTRY}"
        if name == "series":
            return "|".join(_shaped(printed) for printed in sorted(self.words.series, key=len, reverse=True))
        if name == "year4":
            return "(?:19|20)[0-9]{2}"
        if name == "follow_up":
            return _FOLLOW_UP
        if name in {"month", "year"}:
            return f"{_DIGIT}{{2}}"
        counter = self.words.counters[name]
        # A shorter number is clear only where all the rest is there.
        shortest = 1 if {"series", "number", "year"} <= set(self.fields) else counter.width
        further = f"[0-9]{{0,{counter.widest - counter.width}}}"
        return f"{_ONE_TRUE_DIGIT}{_DIGIT}{{{shortest},{counter.width}}}{further}"

    def _before(self, suffix: str) -> str:
        first = self.fields[0]
        if first == "country":
            # `articleCOD 009`: words run together at a capital.
            return "(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]{3}))"
        if first == "series":
            words = "|".join(
                re.escape(words).replace("\\ ", " {1,3}").replace("'", "['’]") for words in self.words.follow_up_words
            )
            return "(?<![A-Za-z0-9])" + (f"(?:(?P<words{suffix}>(?i:{words})) {{0,3}})?" if words else "")
        return "(?<![A-Za-z0-9])(?<![0-9A-Za-z][-/.])"

    def _after(self) -> str:
        if "number" not in self.fields:
            # Something else goes on here: another organisation's series, or a longer number.
            return f"(?![0-9A-Za-z])(?!{_SPACE}/{_SPACE}[A-Za-z]{{2,5}}{_SPACE}[0-9])(?!{_SPACE}[-/.][0-9])"
        if "series" not in self.fields:
            return "(?![0-9A-Za-z])(?!/[0-9])"
        return "(?![0-9a-z])"


def slug_of(canonical: str) -> str:
    """Turn a canonical form into the last part of a web address: small letters, digits and single hyphens."""
    return _NOT_IN_SLUG.sub("-", canonical.lower()).strip("-")


def shape_class(letter: str) -> str:
    """Give the character class of everything that looks like a Latin letter, before folding."""
    return f"[{letter.upper()}{letter.lower()}{_DIGIT_SHAPES.get(letter.upper(), '')}{shapes_of(letter)}]"


def _shaped(word: str) -> str:
    return "".join(f"[{c.upper()}{c.lower()}{_DIGIT_SHAPES.get(c.upper(), '')}]" for c in word)


def _attribute(name: str) -> str:
    return "year" if name == "year4" else name


def _pieces(source: str) -> list[Piece]:
    pieces: list[Piece] = []
    inside = False
    for found in _PIECE.finditer(source):
        if found["bracket"]:
            inside = found["bracket"] == "["
        else:
            pieces.append(Piece(found["field"], found["literal"] or "", inside))
    return pieces
