"""In which languages those whom an appeal asks to write to read letters, out of the directory: what goes with it."""

import datetime as dt
from collections.abc import Iterable, Iterator

from tocsin.authorities.queries import get_directory
from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import LetterLanguages, Mission

_Way = tuple[str, str]


def letter_languages_for(
    documents: Iterable[AppealDocument], missions: Iterable[Mission], *, on: dt.date
) -> tuple[LetterLanguages, ...]:
    """Give the languages of letters to addressees and embassies, as the directory has them on a day.

    Each is known by the first way to reach it that the directory has, too, so that one row does for all editions.
    """
    editions = tuple(documents)
    known = _known(dict.fromkeys(code for each in editions for code in each.countries), on)
    printed = ([(way.kind, way.value or "") for way in each.channels] for one in editions for each in one.addressees)
    beside = ([(way.kind, way.value) for way in each.ways] for each in missions)
    found = {way for ways in (*printed, *beside) for way in [each for each in ways if each in known][:1]}
    return tuple(LetterLanguages(*way, known[way]) for way in sorted(found))


def _known(countries: Iterable[str], on: dt.date) -> dict[_Way, tuple[str, ...]]:
    """Give the languages by the way: where two posts share one, those of both."""
    known: dict[_Way, tuple[str, ...]] = {}
    for way, languages in _ways_of(countries, on):
        known[way] = tuple(dict.fromkeys((*known.get(way, ()), *languages)))
    return known


def _ways_of(countries: Iterable[str], on: dt.date) -> Iterator[tuple[_Way, tuple[str, ...]]]:
    for post in get_directory(countries).posts.values():
        for each in post.open_contact_points(on) if post.languages else ():
            yield (each.type, " ".join(each.address.split())), post.languages
