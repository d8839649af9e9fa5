"""Embassies of the country concerned to which readers may write, as the directory of those who signed had them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import category

from tocsin.core.errors import BadPublication

OFFICES: Final = ("ambassador", "embassy")
"""The offices that readers in a country may write to instead of those at home; codes of the list `posts`."""

MOST: Final = 300
_LONGEST: Final = 2000
_NOT_IN_A_LINE: Final = frozenset("Cc Cs Zl Zp".split())
CODE: Final = re.compile(r"[a-z_]{1,40}")
"""A code of a list, as ways and offices bear it."""

_COUNTRY: Final = re.compile(r"[A-Z]{3}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
"""A language as names and editions bear it (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a mission: `kind` is a code of `channel_types`, `value` its normal form, `shown` as printed."""

    kind: str
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Mission:
    """An embassy, or who heads one; the office alone, never who holds it.

    Attributes:
        residence: The country in which it sits (alpha-3).
        office: One of `OFFICES`.
        names: What it is called, each with its language, in the order of these.
        place: The town.
        ways: How it is reached.
    """

    residence: str
    office: str
    names: tuple[tuple[str, str], ...]
    place: str
    ways: tuple[Way, ...]


def check_missions(missions: tuple[Mission, ...]) -> None:
    """Refuse what no directory would give.

    Raises:
        BadPublication: A part is missing, strange or too long, or one stands there twice.
    """
    if len(missions) > MOST or len(set(missions)) < len(missions):
        raise BadPublication(f"an appeal names at most {MOST} embassies, each once")
    if not all(map(_is_sound, missions)):
        raise BadPublication("an embassy has a country, an office, a name and a way to reach it, each in one line")


def _is_sound(mission: Mission) -> bool:
    languages = [language for language, _ in mission.names]
    codes = mission.office in OFFICES and all(CODE.fullmatch(each.kind) for each in mission.ways)
    named = bool(languages) and languages == sorted(set(languages)) and all(map(LANGUAGE.fullmatch, languages))
    said = [name for _, name in mission.names] + [text for way in mission.ways for text in (way.value, way.shown)]
    lines = all(map(is_line, said)) and (not mission.place or is_line(mission.place))
    return bool(_COUNTRY.fullmatch(mission.residence)) and codes and named and lines and bool(mission.ways)


def is_line(text: str) -> bool:
    """Tell whether a text stands in one line, and is no longer than one may be."""
    return bool(text.strip()) and len(text) <= _LONGEST and not any(category(sign) in _NOT_IN_A_LINE for sign in text)


def plain_missions(missions: Iterable[Mission]) -> list[dict[str, Any]]:
    """Give embassies as JSON has them."""
    return [
        {
            "residence": each.residence,
            "office": each.office,
            "names": [{"language": language, "text": name} for language, name in each.names],
            "place": each.place,
            "ways": [{"kind": way.kind, "value": way.value, "shown": way.shown} for way in each.ways],
        }
        for each in missions
    ]


def missions_of(rows: Iterable[dict[str, Any]]) -> tuple[Mission, ...]:
    """Read embassies from JSON.

    Raises:
        KeyError: A part is missing.
        TypeError: A part is no text.
    """
    return tuple(
        Mission(
            text_in(row["residence"]),
            text_in(row["office"]),
            tuple((text_in(name["language"]), text_in(name["text"])) for name in row["names"]),
            text_in(row["place"]),
            tuple(Way(text_in(way["kind"]), text_in(way["value"]), text_in(way["shown"])) for way in row["ways"]),
        )
        for row in rows
    )


def text_in(value: object) -> str:
    """Give a text of a file as it is.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
