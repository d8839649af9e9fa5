"""The directory of authorities as values: posts, the bodies they belong to, who holds them, how they are reached."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

ABROAD = frozenset(
    {
        "ambassador",
        "embassy",
        "mission",
        "permanent_representative_un_geneva",
        "permanent_representative_un_new_york",
    }
)
"""Offices outside the country: they pass on what they are sent."""

OK, UNKNOWN = "ok", "unknown"
FAILURES = ("bounced", "full", "gone")
RESULTS = (OK, *FAILURES, UNKNOWN)
"""What a check can end with; `unknown` says that somebody looked and could not tell."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Check:
    """That somebody looked whether something of the directory holds, on a day, and by what source."""

    on: dt.date
    result: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A body of the State, or one that stands for it abroad.

    `part_of` is the key of the body above it; `until` the first day on which it is no more.
    """

    key: str
    country: str
    kind: str
    names: Mapping[str, str]
    part_of: str = ""
    until: dt.date | None = None
    source: str = ""

    def is_closed(self, on: dt.date) -> bool:
        """Tell whether it is no more on a day."""
        return self.until is not None and self.until <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Who holds a post, from when to when. `title` is the one that the person is addressed by (Mr., Ms.)."""

    person: str
    title: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None
    acting: bool = False
    source: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def part(self) -> str:
        """Name it within its post."""
        return f"occupancy/{self.begins or ''}/{self.person}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """A way to reach a post: `address` in its normal form, `shown` as it is printed where that is another one.

    `until` is the first day on which it is no longer used.
    """

    type: str
    address: str
    shown: str = ""
    language: str = ""
    until: dt.date | None = None
    source: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def part(self) -> str:
        """Name it within its post."""
        return f"contact_point/{self.type}/{self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the holder of one post is addressed in a language, where protocol differs from the usual forms."""

    salutation: str
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An office as such.

    Attributes:
        key: Its name in files and addresses; never changed.
        country: The State whose office it is (alpha-3).
        office: A code of the list `posts`.
        names: What it is called, by language.
        institution: The key of the body that it belongs to.
        place: The region or town for which alone it is competent; of an office abroad, where it sits.
        residence: Of an office abroad, the country in which it sits (alpha-3).
        demands: Codes of demand types that it can meet, where that differs from what its office can.
        topics: Codes of defender topics that it is for, where it is for these alone.
        languages: In which letters to it are best written.
        styles: How its holder is addressed, by language, where that differs from the usual forms.
        occupancies: Who held it and holds it.
        contact_points: How it is reached.
        until: The first day on which the post is no more; then nobody holds it, and no way leads to it.
        source: Where it is known from.
    """

    key: str
    country: str
    office: str
    names: Mapping[str, str]
    institution: str = ""
    place: str = ""
    residence: str = ""
    demands: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    styles: Mapping[str, Style] = field(default_factory=dict)
    occupancies: tuple[Occupancy, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()
    until: dt.date | None = None
    source: str = ""

    def is_closed(self, on: dt.date) -> bool:
        """Tell whether it is no more on a day."""
        return self.until is not None and self.until <= on

    @property
    def is_abroad(self) -> bool:
        """Tell whether it only passes on what it is sent."""
        return self.office in ABROAD

    def name(self, language: str) -> tuple[str, str]:
        """Give what it is called and the language of that: the one asked for, else English, else the first."""
        return named(self.names, language)

    def occupancy(self, on: dt.date) -> Occupancy | None:
        """Give who holds it on a day: of several the one that began last; nobody where it is vacant."""
        now = [
            each
            for each in self.occupancies
            if not self.is_closed(on)
            and (each.begins is None or each.begins <= on)
            and (each.ends is None or each.ends > on)
        ]
        return max(now, key=lambda each: each.begins or dt.date.min, default=None)

    def open_contact_points(self, on: dt.date) -> tuple[ContactPoint, ...]:
        """Give the contact points that are in use on a day."""
        ways = () if self.is_closed(on) else self.contact_points
        return tuple(each for each in ways if each.until is None or each.until > on)


@dataclass(frozen=True, slots=True)
class Directory:
    """Institutions and posts by their keys."""

    institutions: Mapping[str, Institution] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)

    def hanging_on(self, institution: str) -> tuple[Institution | Post, ...]:
        """Give the bodies and posts that belong to an institution; those of its bodies are not among them."""
        bodies = (each for each in self.institutions.values() if each.part_of == institution)
        return (*bodies, *(each for each in self.posts.values() if each.institution == institution))

    def body(self, post: Post, language: str) -> tuple[str, str]:
        """Name the institution of a post, with the language of the name; nothing where it has none."""
        found = self.institutions.get(post.institution)
        return named(found.names, language) if found else ("", "")


def named(names: Mapping[str, str], language: str) -> tuple[str, str]:
    """Give the name in a language, else in English, else the first, and in which language it is."""
    for tag in (language, language.partition("-")[0], "en", *names):
        if tag in names:
            return names[tag], tag
    return "", ""
