"""In which languages those whom readers write to read letters best, as the directory of those who signed had it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tocsin.core.errors import BadPublication
from tocsin.core.publication.missions import CODE, LANGUAGE, is_line, text_in

_MOST, _MOST_OF_ONE = 400, 10


@dataclass(frozen=True, slots=True)
class LetterLanguages:
    """Of whom one way leads to, the languages of letters, the best first.

    `kind` and `value` are those of a channel: editions may name the same addressee in words of their own, and print
    the same way to her.
    """

    kind: str
    value: str
    languages: tuple[str, ...]


def check_letter_languages(rows: tuple[LetterLanguages, ...]) -> None:
    """Refuse what no directory would give.

    Raises:
        BadPublication: A part is missing, strange or too long, or a way stands there twice or out of order.
    """
    ways = [(each.kind, each.value) for each in rows]
    if len(ways) > _MOST or ways != sorted(set(ways)):
        raise BadPublication(f"an appeal has languages of letters for at most {_MOST} ways, each once, in order")
    if not all(map(_is_sound, rows)):
        raise BadPublication("languages of letters have a way to reach who reads them, and tags, each once")


def _is_sound(row: LetterLanguages) -> bool:
    tags = row.languages
    known = 0 < len(tags) <= _MOST_OF_ONE and len(set(tags)) == len(tags) and all(map(LANGUAGE.fullmatch, tags))
    return known and bool(CODE.fullmatch(row.kind)) and is_line(row.value)


def plain_letter_languages(rows: Iterable[LetterLanguages]) -> list[dict[str, Any]]:
    """Give languages of letters as JSON has them."""
    return [{"kind": each.kind, "value": each.value, "languages": list(each.languages)} for each in rows]


def letter_languages_of(rows: Iterable[dict[str, Any]]) -> tuple[LetterLanguages, ...]:
    """Read languages of letters from JSON.

    Raises:
        KeyError: A part is missing.
        TypeError: A part is no text.
    """
    return tuple(
        LetterLanguages(text_in(row["kind"]), text_in(row["value"]), tuple(map(text_in, row["languages"])))
        for row in rows
    )
