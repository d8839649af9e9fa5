"""The directory as rows: a line for an institution, a post, a style, an occupancy, a contact point or a check.

Both forms of file become these rows, and one builder puts them upon what is known already. A row states all of its own
line and nothing else: what a file does not mention stays as it was, so that taking a file twice changes nothing.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tocsin.core import vocab
from tocsin.core.addressing.addresses import LONGEST, is_plain, normal_address
from tocsin.core.addressing.values import (
    ABROAD,
    RESULTS,
    Check,
    ContactPoint,
    Directory,
    Institution,
    Occupancy,
    Post,
    Style,
)
from tocsin.core.codes import is_country

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_KEY = 80
Row = Mapping[str, str]
_Part = TypeVar("_Part", Occupancy, ContactPoint)

# What each kind of row may fill besides `what` and the names; the first is the key of its own, or of the post it is of.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "institution": ("key", "country", "code", "of", "source", "until"),
    "post": ("key", "country", "code", "of", "place", "residence", "demands", "topics", "languages", "source", "until"),
    "style": ("of", "language", "salutation", "closing"),
    "occupancy": ("of", "person", "title", "from", "until", "acting", "source"),
    "contact_point": ("of", "code", "address", "shown", "language", "until", "source"),
    "check": ("of", "code", "address", "person", "from", "on", "result", "source"),
}
NAMED = ("institution", "post")
ALL_COLUMNS = ("what", *dict.fromkeys(column for columns in COLUMNS.values() for column in columns))
NAME_PREFIX = "name_"
REFUSED = "refused"
"""The column of a table of refused rows that says why; nothing is made of it."""


class BadRow(Exception):
    """A row that cannot be taken, and why: words with names (%(column)s), and what stands for each."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words)
        self.words, self.values = words, {name: str(value) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where a row stands that was not taken, and why, and the row."""

    where: str
    words: str
    values: Mapping[str, str]
    row: Row = field(default_factory=dict, repr=False)

    @property
    def why(self) -> str:
        """Say why, in English."""
        return self.words % self.values


@dataclass(frozen=True, slots=True)
class KeptEnd:
    """A row that names no end of something that has one: it says nothing of it, and the end stays."""

    where: str
    until: dt.date


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file makes of a directory.

    Attributes:
        directory: What was known, with all rows upon it that could be taken.
        rows: How many rows the file has.
        refusals: The rows that could not be taken; with one of them, nothing of the file is.
        ignored: Names of what the file holds besides and nothing is made of.
        kept: The rows that would have opened again what is over, had they been taken at their word.
    """

    directory: Directory
    rows: int
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...] = ()
    kept: tuple[KeptEnd, ...] = ()


@dataclass(slots=True)
class _Builder:
    """Puts rows upon a directory."""

    today: dt.date
    reopens: bool
    institutions: dict[str, Institution]
    posts: dict[str, Post]
    own: dict[tuple[str, ...], str] = field(default_factory=dict)
    kept: dict[str, dt.date] = field(default_factory=dict)
    where: str = ""

    def take(self, where: str, row: Row) -> None:
        """Take one row.

        Raises:
            BadRow: It cannot be taken.
        """
        what = row.get("what", "")
        if what not in COLUMNS:
            raise BadRow("the column `what` says what a row is: %(kinds)s", kinds=", ".join(COLUMNS))
        self._check_columns(what, row)
        once, take = _TAKERS[what]
        at = (what, *(row.get(column, "") for column in once))
        if at in self.own:
            raise BadRow("the same stands in %(where)s already", where=self.own[at])
        self.where = where
        take(self, row)
        self.own[at] = where

    def until(self, row: Row, before: dt.date | None) -> dt.date | None:
        """Give the end that a row states; where it states none, the one that was known, unless rows open again."""
        day = _day(row, "until")
        if day is not None or before is None or self.reopens:
            return day
        self.kept[self.where] = before
        return before

    def _check_columns(self, what: str, row: Row) -> None:
        for column, cell in row.items():
            if not cell or column == "what":
                continue
            if column not in COLUMNS[what] and not (what in NAMED and column.startswith(NAME_PREFIX)):
                raise BadRow("a row of the kind %(what)s has no %(column)s", what=what, column=column)
            if cell.startswith("\0"):
                raise BadRow("%(column)s is no text", column=column)
            if len(cell) > LONGEST and column not in {"demands", "topics"}:
                raise BadRow("%(column)s has more than %(longest)s characters", column=column, longest=LONGEST)
            if not all(map(is_plain, cell.split(" ") if column in {"demands", "topics"} else [cell])):
                raise BadRow("%(column)s holds a character that cannot be seen", column=column)

    def post_of(self, row: Row) -> Post:
        """Give the post that a row is about."""
        found = self.posts.get(row.get("of", ""))
        if found is None:
            raise BadRow("there is no post “%(key)s”", key=row.get("of", ""))
        return found


def build(
    rows: Iterable[tuple[str, Row]],
    known: Directory,
    today: dt.date,
    ignored: Iterable[str] = (),
    *,
    reopens: bool = False,
) -> Reading:
    """Put rows upon what is known, whatever their order.

    Args:
        rows: Each with where it stands.
        known: What is known already.
        today: No check is of a later day.
        ignored: What the file holds besides.
        reopens: Whether a row without an end opens again what is over. A list that somebody else made does not: it may
            be older than the end, or have no column for it.
    """
    order = list(COLUMNS)
    listed = list(rows)
    ranked = sorted(listed, key=lambda each: order.index(each[1]["what"]) if each[1].get("what") in COLUMNS else -1)
    builder = _Builder(today, reopens, dict(known.institutions), dict(known.posts))
    refused: dict[str, BadRow] = {}
    for where, row in ranked:
        try:
            builder.take(where, row)
        except BadRow as error:
            refused[where] = error
    if not refused:
        refused = dict(_unsound(builder.institutions))
    by_place = dict(listed)
    refusals = tuple(
        Refusal(where, refused[where].words, refused[where].values, by_place.get(where, {}))
        for where in _in_order(listed, refused)
    )
    kept = tuple(KeptEnd(where, builder.kept[where]) for where in _in_order(listed, builder.kept))
    return Reading(Directory(builder.institutions, builder.posts), len(listed), refusals, tuple(ignored), kept)


def _in_order(listed: list[tuple[str, Row]], refused: Iterable[str]) -> list[str]:
    order = {where: number for number, (where, _) in enumerate(listed)}
    return sorted(refused, key=lambda where: order.get(where, -1))


def _unsound(institutions: Mapping[str, Institution]) -> Iterator[tuple[str, BadRow]]:
    """Find institutions that are a part of themselves, or of one that is not there."""
    for key in institutions:
        seen, at = {key}, institutions[key].part_of
        if at and at not in institutions:
            yield key, BadRow("there is no institution “%(key)s”", key=at)
        while at in institutions and at not in seen:
            seen.add(at)
            at = institutions[at].part_of
        if at == key:
            yield key, BadRow("it would be a part of itself")


def _key(row: Row) -> str:
    key = row.get("key", "")
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        raise BadRow("the key is not of small letters, digits and single hyphens, such as xzv-minister-justice")
    return key


def _country(row: Row) -> str:
    code = row.get("country", "")
    if len(code) != 3 or not (code.isascii() and code.isalpha() and code.isupper()) or not is_country(code):
        raise BadRow("the country is no alpha-3 code of ISO 3166-1")
    return code


def _residence(row: Row) -> str:
    """Give the country in which an office abroad sits; nothing where none is stated."""
    code = row.get("residence", "")
    if not code:
        return ""
    if row.get("code") not in ABROAD or code == row.get("country"):
        raise BadRow("only an office outside its country sits in another country")
    return _country({"country": code})


def _code(row: Row, column: str, vocabulary: str) -> str:
    return _listed(row.get(column, ""), column, vocabulary)


def _codes(row: Row, column: str, vocabulary: str) -> tuple[str, ...]:
    return tuple(_listed(code, column, vocabulary) for code in dict.fromkeys(row.get(column, "").split()))


def _listed(code: str, column: str, vocabulary: str) -> str:
    if code not in vocab.load(vocabulary):
        raise BadRow(
            "%(column)s: “%(code)s” is no code of the list %(list)s", column=column, code=code, list=vocabulary
        )
    return code


def _names(row: Row) -> dict[str, str]:
    names = {column.removeprefix(NAME_PREFIX): cell for column, cell in row.items() if column.startswith(NAME_PREFIX)}
    names = {language: cell for language, cell in sorted(names.items()) if cell}
    for language in names:
        if language not in vocab.load("languages"):
            raise BadRow("%(column)s is in no language of the list", column=f"{NAME_PREFIX}{language}")
    if not names:
        raise BadRow("it has no name")
    return names


def _day(row: Row, column: str) -> dt.date | None:
    written = row.get(column, "")
    if not written:
        return None
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", written):
        raise BadRow("%(column)s is no day such as 2026-11-25", column=column)
    try:
        return dt.date.fromisoformat(written)
    except ValueError as error:
        raise BadRow("%(column)s is no day of the calendar", column=column) from error


def _needed_day(row: Row, column: str) -> dt.date:
    day = _day(row, column)
    if day is None:
        raise BadRow("%(column)s is empty", column=column)
    return day


def _language(row: Row) -> str:
    return _code(row, "language", "languages") if row.get("language") else ""


def _take_institution(builder: _Builder, row: Row) -> None:
    key, above = _key(row), row.get("of", "")
    if above and not KEY.fullmatch(above):
        raise BadRow("the key of the body above it is none")
    known = builder.institutions.get(key)
    builder.institutions[key] = Institution(
        key=key,
        country=_country(row),
        kind=_code(row, "code", "organisation_kinds"),
        names=_names(row),
        part_of=above,
        until=builder.until(row, known.until if known else None),
        source=row.get("source", ""),
    )


def _take_post(builder: _Builder, row: Row) -> None:
    key, institution = _key(row), row.get("of", "")
    if institution and institution not in builder.institutions:
        raise BadRow("there is no institution “%(key)s”", key=institution)
    known = builder.posts.get(key)
    own = Post(
        key=key,
        country=_country(row),
        office=_code(row, "code", "posts"),
        names=_names(row),
        institution=institution,
        place=row.get("place", ""),
        residence=_residence(row),
        demands=_codes(row, "demands", "demand_types"),
        topics=_codes(row, "topics", "defender_topics"),
        languages=_codes(row, "languages", "languages"),
        until=builder.until(row, known.until if known else None),
        source=row.get("source", ""),
    )
    if known:
        own = replace(own, styles=known.styles, occupancies=known.occupancies, contact_points=known.contact_points)
    builder.posts[key] = own


def _take_style(builder: _Builder, row: Row) -> None:
    post, language = builder.post_of(row), _code(row, "language", "languages")
    if not row.get("salutation"):
        raise BadRow("a style has a salutation")
    style = Style(salutation=row["salutation"], closing=row.get("closing", ""))
    builder.posts[post.key] = replace(post, styles={**post.styles, language: style})


def _take_occupancy(builder: _Builder, row: Row) -> None:
    post = builder.post_of(row)
    if not row.get("person"):
        raise BadRow("it names no person")
    if row.get("acting", "") not in {"", "yes"}:
        raise BadRow("acting is yes or empty")
    new = Occupancy(
        person=row["person"],
        title=row.get("title", ""),
        begins=_day(row, "from"),
        acting=row.get("acting") == "yes",
        source=row.get("source", ""),
    )
    known = {each.part: each for each in post.occupancies}
    same = known.get(new.part)
    new = replace(new, ends=builder.until(row, same.ends if same else None), checks=same.checks if same else ())
    if new.begins and new.ends and new.ends < new.begins:
        raise BadRow("it ends before it begins")
    builder.posts[post.key] = replace(post, occupancies=in_order({**known, new.part: new}.values()))


def in_order(occupancies: Iterable[Occupancy]) -> tuple[Occupancy, ...]:
    """Put occupancies into the order of their beginnings."""
    return tuple(sorted(occupancies, key=lambda each: (each.begins or dt.date.min, each.person)))


def _address(row: Row) -> tuple[str, str]:
    channel = _code(row, "code", "channel_types")
    try:
        return channel, normal_address(channel, row.get("address", ""))
    except ValueError as error:
        raise BadRow(str(error)) from error


def _take_contact_point(builder: _Builder, row: Row) -> None:
    post, (channel, address) = builder.post_of(row), _address(row)
    new = ContactPoint(
        type=channel,
        address=address,
        shown=row.get("shown", ""),
        language=_language(row),
        source=row.get("source", ""),
    )
    known = {each.part: each for each in post.contact_points}
    same = known.get(new.part)
    new = replace(new, until=builder.until(row, same.until if same else None), checks=same.checks if same else ())
    builder.posts[post.key] = replace(post, contact_points=tuple({**known, new.part: new}.values()))


def _take_check(builder: _Builder, row: Row) -> None:
    post = builder.post_of(row)
    if row.get("result") not in RESULTS:
        raise BadRow("the result of a check is one of %(results)s", results=", ".join(RESULTS))
    check = Check(on=_needed_day(row, "on"), result=row["result"], source=row.get("source", ""))
    if check.on > builder.today:
        raise BadRow("the check is of a day that has not come")
    if row.get("person"):
        part = Occupancy(person=row["person"], begins=_day(row, "from")).part
    else:
        channel, address = _address(row)
        part = ContactPoint(type=channel, address=address).part
    builder.posts[post.key] = checked(post, part, check)


def checked(post: Post, part: str, check: Check) -> Post:
    """Give a post with one more check of one of its parts; the same check twice is one.

    Raises:
        BadRow: It has no such part.
    """
    occupancies = tuple(_with(each, check) if each.part == part else each for each in post.occupancies)
    points = tuple(_with(each, check) if each.part == part else each for each in post.contact_points)
    if part not in {*(each.part for each in occupancies), *(each.part for each in points)}:
        raise BadRow("what was checked is not among the occupancies and contact points of the post")
    return replace(post, occupancies=occupancies, contact_points=points)


def unchecked(post: Post, part: str, on: dt.date) -> Post:
    """Give a post without the checks of one of its parts that were made on a day."""

    def without(each: _Part) -> _Part:
        return replace(each, checks=tuple(check for check in each.checks if each.part != part or check.on != on))

    return replace(
        post,
        occupancies=tuple(map(without, post.occupancies)),
        contact_points=tuple(map(without, post.contact_points)),
    )


def _with(part: _Part, check: Check) -> _Part:
    return replace(part, checks=tuple(sorted({*part.checks, check})))


# By which columns a row of each kind is one of its own, and what takes it.
_TAKERS: Mapping[str, tuple[tuple[str, ...], Callable[[_Builder, Row], None]]] = {
    "institution": (("key",), _take_institution),
    "post": (("key",), _take_post),
    "style": (("of", "language"), _take_style),
    "occupancy": (("of", "person", "from"), _take_occupancy),
    "contact_point": (("of", "code", "address"), _take_contact_point),
    "check": (("of", "code", "address", "person", "from", "on", "result", "source"), _take_check),
}
