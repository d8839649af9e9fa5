"""What the pages of the directory show: posts as lines of a list, one post with all that is known of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tocsin.core import vocab
from tocsin.core.addressing import (
    Check,
    ContactPoint,
    Directory,
    Institution,
    LetterForm,
    Occupancy,
    Post,
    Standing,
    State,
    Turnovers,
    holding,
    letter_forms,
    named,
    overall,
    powers_of,
    reaching,
    standing_of,
)
from tocsin.core.vocab import Label
from tocsin.publishing.countries import country_name


@dataclass(frozen=True, slots=True)
class Line:
    """A post in a list."""

    post: Post
    name: Label
    body: Label | None
    country: str
    holder: Occupancy | None
    state: State
    checked_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Part:
    """An occupancy or a contact point with how sure it is; the newest check first, and whether one is of today."""

    of: Occupancy | ContactPoint
    standing: Standing
    checks: tuple[Check, ...]
    is_of_today: bool

    @property
    def bounces(self) -> int:
        """Count the checks since the last good one that failed."""
        failed = 0
        for check in self.checks:
            if check.result == "ok":
                break
            failed += check.result != "unknown"
        return failed


@dataclass(frozen=True, slots=True)
class PostPage:
    """All that the page of a post shows."""

    line: Line
    names: tuple[Label, ...]
    holding: Standing
    current: Part | None
    former: tuple[Part, ...]
    ways: tuple[Part, ...]
    former_ways: tuple[Part, ...]
    is_closed: bool
    can_all: bool
    demands: tuple[Label, ...]
    topics: tuple[Label, ...]
    letters: tuple[LetterForm, ...]


def label(vocabulary: str, code: str, language: str) -> Label:
    """Give the label of a code."""
    return vocab.load(vocabulary)[code].label(language)


def line(post: Post, directory: Directory, language: str, today: dt.date, turnovers: Turnovers) -> Line:
    """Give a post as a line of a list."""
    body, tag = directory.body(post, language)
    days = [each.checked_on for each in (holding(post, today, turnovers), reaching(post, today, turnovers)) if each]
    return Line(
        post=post,
        name=Label(*post.name(language)),
        body=Label(body, tag) if body else None,
        country=country_name(post.country, language),
        holder=post.occupancy(today),
        state=overall(post, today, turnovers),
        checked_on=min((each for each in days if each), default=None),
    )


def lines(directory: Directory, language: str, today: dt.date, turnovers: Turnovers) -> list[Line]:
    """Give all posts as lines: by country, then in the order of offices, then by name."""
    offices = {code: number for number, code in enumerate(vocab.load("posts"))}
    found = [line(post, directory, language, today, turnovers) for post in directory.posts.values()]
    return sorted(found, key=lambda each: (each.post.country, offices[each.post.office], each.name.text.casefold()))


def matches(each: Line, question: str) -> bool:
    """Tell whether every word of a question stands in the names, the holder or the addresses of a post."""
    post = each.post
    said = [*post.names.values(), each.body.text if each.body else "", each.country, post.place, post.key]
    said += [one.person for one in post.occupancies] + [one.address for one in post.contact_points]
    text = " ".join(said).casefold()
    return all(word in text for word in question.casefold().split())


@dataclass(frozen=True, slots=True)
class InstitutionLine:
    """An institution in a list, with how many posts and bodies that are there belong to it."""

    body: Institution
    name: Label
    above: Label | None
    country: str
    hanging: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """All that the page of an institution shows."""

    line: InstitutionLine
    names: tuple[Label, ...]
    bodies: tuple[InstitutionLine, ...]
    posts: tuple[Line, ...]
    former: tuple[Line, ...]


def institution_line(body: Institution, directory: Directory, language: str, today: dt.date) -> InstitutionLine:
    """Give an institution as a line of a list."""
    above = directory.institutions.get(body.part_of)
    return InstitutionLine(
        body=body,
        name=Label(*named(body.names, language)),
        above=Label(*named(above.names, language)) if above else None,
        country=country_name(body.country, language),
        hanging=sum(not each.is_closed(today) for each in directory.hanging_on(body.key)),
        is_closed=body.is_closed(today),
    )


def institution_lines(directory: Directory, language: str, today: dt.date) -> list[InstitutionLine]:
    """Give all institutions as lines: by country, those that are there first, then by name."""
    found = [institution_line(each, directory, language, today) for each in directory.institutions.values()]
    return sorted(found, key=lambda each: (each.body.country, each.is_closed, each.name.text.casefold()))


def institution_page(
    body: Institution, directory: Directory, language: str, today: dt.date, turnovers: Turnovers
) -> InstitutionPage:
    """Give the page of an institution."""
    own = replace(
        directory, posts={each.key: each for each in directory.posts.values() if each.institution == body.key}
    )
    posts = lines(own, language, today, turnovers)
    bodies = [each for each in directory.institutions.values() if each.part_of == body.key]
    return InstitutionPage(
        line=institution_line(body, directory, language, today),
        names=tuple(Label(words, tag) for tag, words in body.names.items()),
        bodies=tuple(institution_line(each, directory, language, today) for each in bodies),
        posts=tuple(each for each in posts if not each.post.is_closed(today)),
        former=tuple(each for each in posts if each.post.is_closed(today)),
    )


def post_page(post: Post, directory: Directory, language: str, today: dt.date, turnovers: Turnovers) -> PostPage:
    """Give the page of a post."""

    def part(of: Occupancy | ContactPoint) -> Part:
        checks = tuple(sorted(of.checks, key=lambda each: each.on, reverse=True))
        return Part(of, standing_of(of, post, today, turnovers), checks, any(each.on == today for each in checks))

    now, powers = post.occupancy(today), powers_of(post)
    ways = post.open_contact_points(today)
    return PostPage(
        line=line(post, directory, language, today, turnovers),
        names=tuple(Label(words, tag) for tag, words in post.names.items()),
        holding=holding(post, today, turnovers),
        current=part(now) if now else None,
        former=tuple(part(each) for each in reversed(post.occupancies) if each is not now),
        ways=tuple(map(part, ways)),
        former_ways=tuple(part(each) for each in post.contact_points if each not in ways),
        is_closed=post.is_closed(today),
        can_all="all" in powers,
        demands=_labels("demand_types", (each for each in powers if each != "all"), language),
        topics=_labels("defender_topics", post.topics, language),
        letters=letter_forms(post, today),
    )


def _labels(vocabulary: str, codes: Iterable[str], language: str) -> tuple[Label, ...]:
    return tuple(label(vocabulary, code, language) for code in codes)
