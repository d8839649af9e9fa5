"""Who the addressees are: their offices as codes of the list `posts`, read from the words they are printed with."""

import datetime as dt
from dataclasses import dataclass, replace

from tocsin.core.addressing import ABROAD
from tocsin.core.appeal import Addressee, AppealDocument
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.subject import Subject

_RANKS = {
    **dict.fromkeys(("head_of_state", "head_of_government"), "head"),
    **dict.fromkeys(
        ("minister_interior", "minister_justice", "minister_foreign_affairs", "minister_other"), "minister"
    ),
    **dict.fromkeys(ABROAD, "ambassador"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """An addressee as rules see one.

    Attributes:
        addressee: The addressee.
        place: Where it stands.
        posts: Its offices, in the order in which they are printed; empty where no word is known.
        seats: The cities of international bodies that it is printed with.
        bodies: The bodies of the State that it is printed with.
    """

    addressee: Addressee
    place: Place
    posts: tuple[str, ...]
    seats: frozenset[str]
    bodies: frozenset[str]

    @property
    def is_abroad(self) -> bool:
        """Tell whether it only passes on what it is sent."""
        return bool(self.posts) and ABROAD.issuperset(self.posts)

    @property
    def rank(self) -> str | None:
        """Name the rank that protocol treats alike; `None` where it is not known."""
        return _RANKS.get(self.posts[0]) if self.posts else None

    @property
    def name(self) -> str:
        """Name it in a sentence."""
        return self.addressee.name or self.addressee.post or self.addressee.as_printed


def seats_of(subject: Subject) -> tuple[Seat, ...]:
    """Give the addressees with what the words of their lines say of them."""
    found: dict[str, dict[str, list[str]]] = {}
    for table in ("posts", "seats", "bodies"):
        for hit in subject.find(table, "addressee"):
            found.setdefault(hit.passage.path, {}).setdefault(table, []).append(hit.value)
    seats = []
    for k, addressee in enumerate(subject.document.addressees):
        path = f"addressees[{k}]"
        words = found.get(path, {})
        posts = tuple(dict.fromkeys(words.get("posts", ())))
        seats.append(
            Seat(
                addressee,
                subject.whole(path),
                posts,
                frozenset(words.get("seats", ())),
                frozenset(words.get("bodies", ())),
            )
        )
    return tuple(seats)


def offices_of(document: AppealDocument) -> tuple[tuple[str, ...], ...]:
    """Give the offices of each addressee, as codes of the list `posts`; none where no word is known."""
    # What stands beside an office may hold words of another one.
    posts = tuple(replace(each, as_printed=each.post or each.as_printed) for each in document.addressees)
    alone = AppealDocument(document.kind, document.language, addressees=posts)
    # Which day it is matters to no word.
    return tuple(seat.posts for seat in seats_of(Subject(alone, on=dt.date.min)))
