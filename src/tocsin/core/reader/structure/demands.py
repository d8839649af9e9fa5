"""The numbered requests to the authorities, and what each of them asks."""

import re
from collections.abc import Iterator

from tocsin.core.appeal import Demand
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.phrases import Hit
from tocsin.core.reader.structure.wording import Wording

_ASIDE, _HEAD = 45, 50
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def demand_types(flat: str, words: Wording) -> tuple[str, ...]:
    """Name what a demand asks, in the order of its words.

    What only says on which ground or until when (`in accordance with international standards`, `pending her release`)
    is not asked, unless nothing else is.
    """
    hits = sorted(words.demands.find_overlapping(flat), key=lambda hit: (hit.end, hit.start))
    asides = words.asides.find(flat) if len(hits) > 1 else []
    asked = [hit for hit in hits if not any(_is_aside(hit, aside, flat) for aside in asides)]
    return tuple(dict.fromkeys(hit.value for hit in asked or hits))


def begins_demand(flat: str, words: Wording) -> bool:
    """Tell whether a line begins with something to ask for, as an entry of a list without bullets does."""
    return bool(demand_types(flat[:_HEAD], words))


def _is_aside(hit: Hit, aside: Hit, flat: str) -> bool:
    return hit.start >= aside.start and hit.start - aside.end <= _ASIDE and "," not in flat[aside.end : hit.start]


def make_demand(ordinal: str, body: Line, words: Wording) -> Demand:
    """Make a demand of its printed text, without its number."""
    return Demand(ordinal or None, body.text, demand_types(body.flat, words), (), (body.start, body.end))


def split_demands(ordinal: str, body: Line) -> Iterator[tuple[str, Line]]:
    """Part demands that were printed on one line: `i. … ; ii. … ; iii. …`."""
    following = _next_ordinal(ordinal)
    while following and (f"{following}." in body.text or f"{following})" in body.text):
        pattern = re.compile(rf"(?<=[;.,:])\s*(?:\w{{1,3}} )?\(?{following}[.)]\s*(?=[^\W\d_])")
        match = pattern.search(body.text)
        if match is None:
            break
        yield ordinal, body.part(body.start, body.start + match.start())
        body = body.part(body.start + match.end(), body.end)
        ordinal, following = following, _next_ordinal(following)
    yield ordinal, body


def _next_ordinal(ordinal: str) -> str | None:
    lower = ordinal.lower()
    if lower in _ROMAN[:-1]:
        return _ROMAN[_ROMAN.index(lower) + 1]
    if ordinal.isdigit():
        return str(int(ordinal) + 1)
    return chr(ord(lower) + 1) if len(lower) == 1 and "a" <= lower < "z" else None
