"""Embassies of the country concerned, out of the directory: what of them goes through the hatch with an appeal."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from tocsin.authorities.queries import get_directory, turnovers
from tocsin.core.addressing import Post, named, standing_of
from tocsin.core.appeal import AppealDocument
from tocsin.core.letters import asks_for_missions
from tocsin.core.publication import MOST, OFFICES, Mission, Way
from tocsin.publishing.countries import country_name


def missions_for(document: AppealDocument, *, on: dt.date) -> tuple[Mission, ...]:
    """Give the embassies to which readers of an appeal may write where they live, as the directory has them on a day.

    None where the appeal does not ask for it. Of an embassy only the office goes along, never who holds it nor what
    was noted of it, and only the ways that somebody checked and whose check still counts: readers send their names
    there.
    """
    if not asks_for_missions(document):
        return ()
    changed = turnovers()
    found = set()
    for post in get_directory(document.countries).posts.values():
        if post.office in OFFICES and post.residence and not post.is_closed(on):
            ways = tuple(
                Way(each.type, _line(each.address), _line(each.shown or each.address))
                for each in post.open_contact_points(on)
                if standing_of(each, post, on, changed).is_sure
            )
            names = tuple(sorted(_names(post)))
            if ways and names:
                found.add(Mission(post.residence, post.office, names, _line(post.place), ways))
    return tuple(sorted(found, key=lambda each: (each.residence, each.office, each.names, each.place)))[:MOST]


def missions_shown(missions: Iterable[Mission], language: str) -> list[tuple[str, str, Mission]]:
    """Give embassies as a page shows them: the name of the country, that of the embassy, and the rest."""
    return [(country_name(each.residence, language), named(dict(each.names), language)[0], each) for each in missions]


def lacks_missions(document: AppealDocument, missions: Sequence[Mission]) -> bool:
    """Tell whether an appeal asks its readers to write to an embassy, and none goes along with it."""
    return asks_for_missions(document) and not missions


def _names(post: Post) -> Iterator[tuple[str, str]]:
    return ((language, _line(name)) for language, name in post.names.items() if name.strip())


def _line(text: str) -> str:
    return " ".join(text.split())
