"""What the pages of the directory show: posts as lines of a list, one post with all that is known of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.core import vocab
from tocsin.core.addressing import (
    Check,
    ContactPoint,
    Directory,
    LetterForm,
    Occupancy,
    Post,
    Standing,
    State,
    Turnovers,
    holding,
    letter_forms,
    overall,
    powers_of,
    reaching,
    standing_of,
)
from tocsin.core.vocab import Label


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
        country=vocab.country_name(post.country, language),
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
        can_all="all" in powers,
        demands=_labels("demand_types", (each for each in powers if each != "all"), language),
        topics=_labels("defender_topics", post.topics, language),
        letters=letter_forms(post, today),
    )


def _labels(vocabulary: str, codes: Iterable[str], language: str) -> tuple[Label, ...]:
    return tuple(label(vocabulary, code, language) for code in codes)
