"""How letters to those whom an appeal asks to write to begin, out of the directory: what of that goes with it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tocsin.authorities.queries import get_directory
from tocsin.core.addressing import Style
from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import Mission, Salutation

_Way = tuple[str, str]


def salutations_for(
    documents: Iterable[AppealDocument], missions: Iterable[Mission], *, on: dt.date
) -> tuple[Salutation, ...]:
    """Give the salutations of addressees and embassies that are not as usual, as the directory has them on a day.

    Each stands under the first way to reach whom it is for that the directory has, as languages of letters do.
    """
    editions = tuple(documents)
    known = _known(dict.fromkeys(code for each in editions for code in each.countries), on)
    printed = ([(way.kind, way.value or "") for way in each.channels] for one in editions for each in one.addressees)
    beside = ([(way.kind, way.value) for way in each.ways] for each in missions)
    ways = {way for each in (*printed, *beside) for way in [one for one in each if known.get(one)][:1]}
    rows = ((way, language, style) for way in ways for language, style in known[way].items())
    found = (
        Salutation(*way, language, *map(_line, (style.salutation, style.closing))) for way, language, style in rows
    )
    return tuple(sorted(found, key=lambda each: (each.kind, each.value, each.language)))


def _known(countries: Iterable[str], on: dt.date) -> dict[_Way, dict[str, Style]]:
    """Give the forms by the way; of one that several posts share, those in which all of them are addressed alike."""
    forms = defaultdict[_Way, list[Mapping[str, Style]]](list)
    for way, styles in _ways_of(countries, on):
        forms[way].append(styles)
    return {
        way: {tag: style for tag, style in first.items() if all(each.get(tag) == style for each in others)}
        for way, (first, *others) in forms.items()
    }


def _ways_of(countries: Iterable[str], on: dt.date) -> Iterator[tuple[_Way, Mapping[str, Style]]]:
    for post in get_directory(countries).posts.values():
        for each in post.open_contact_points(on):
            yield (each.type, _line(each.address)), post.styles


def _line(text: str) -> str:
    return " ".join(text.split())
