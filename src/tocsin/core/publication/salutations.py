"""How letters to those whom readers write to begin and end, where the directory of those who signed had that."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tocsin.core.errors import BadPublication
from tocsin.core.publication.missions import CODE, LANGUAGE, is_line, text_in

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Salutation:
    """How a letter in a language begins to whom one way leads to, and how it ends.

    `kind` and `value` are those of a channel, as of languages of letters; `closing` is empty for the usual one.
    """

    kind: str
    value: str
    language: str
    words: str
    closing: str = ""


def check_salutations(rows: tuple[Salutation, ...]) -> None:
    """Refuse what no directory would give.

    Raises:
        BadPublication: A part is missing, strange or too long, a way stands there twice in a language, or out of order.
    """
    places = [(each.kind, each.value, each.language) for each in rows]
    if len(places) > _MOST or places != sorted(set(places)):
        raise BadPublication(f"an appeal has at most {_MOST} salutations, one for a way and a language, in order")
    if not all(map(_is_sound, rows)):
        raise BadPublication("a salutation has a way to reach whom it is for, a language, and words of one line")


def _is_sound(row: Salutation) -> bool:
    known = bool(CODE.fullmatch(row.kind) and LANGUAGE.fullmatch(row.language))
    return known and is_line(row.value) and is_line(row.words) and (not row.closing or is_line(row.closing))


def plain_salutations(rows: Iterable[Salutation]) -> list[dict[str, Any]]:
    """Give salutations as JSON has them."""
    return [
        {
            "kind": each.kind,
            "value": each.value,
            "language": each.language,
            "words": each.words,
            "closing": each.closing,
        }
        for each in rows
    ]


def salutations_of(rows: Iterable[dict[str, Any]]) -> tuple[Salutation, ...]:
    """Read salutations from JSON.

    Raises:
        KeyError: A part is missing.
        TypeError: A part is no text.
    """
    names = ("kind", "value", "language", "words", "closing")
    return tuple(Salutation(*(text_in(row[name]) for name in names)) for row in rows)
