"""Who can meet what a case asks: posts of a directory for the demands, places and topics of a case, the best first."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import tomli

from tocsin.core import vocab
from tocsin.core.addressing.standing import Standing, Turnovers, holding, reaching
from tocsin.core.addressing.values import Directory, Post
from tocsin.core.records import Case, Place

_ALL = "all"
_REPORTED = frozenset({"respect_declaration", "respect_treaty", "respect_constitution"})


@cache
def competences() -> Mapping[str, tuple[str, ...]]:
    """Give what each office can do about a demand: codes of demand types, or `all`; `competences.toml`."""
    table = tomli.loads(resources.files(__package__).joinpath("competences.toml").read_text(encoding="utf-8"))
    return {office: tuple(codes) for office, codes in table.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand of a case: its id, how it is numbered, its types."""

    id: str
    ordinal: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What a case needs addressees for."""

    countries: frozenset[str]
    demands: tuple[Asked, ...]
    places: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A post that fits a case, and why.

    Attributes:
        post: The post.
        meets: The demands that it can meet, each with the types of it.
        is_general: It can order anything; no other competence is needed.
        place: The place of the case for which it is competent; empty where it is so for the whole country.
        topics: The topics of the case that it is for.
        holding, reaching: How sure it is who holds it, and how it is reached; no way to reach it is `None`.
    """

    post: Post
    meets: tuple[tuple[Asked, tuple[str, ...]], ...]
    is_general: bool
    place: str
    topics: tuple[str, ...]
    holding: Standing
    reaching: Standing | None

    @property
    def passes_on(self) -> bool:
        """Tell whether it can only pass on what it is sent."""
        return self.post.is_abroad

    @property
    def can_be_reached(self) -> bool:
        """Tell whether there is a way to it that did not fail."""
        return self.reaching is not None and self.reaching.state != "failed"

    @property
    def is_sure(self) -> bool:
        """Tell whether both who holds it and how it is reached were checked lately; one without a holder needs none."""
        is_held = self.holding.is_sure or not self.post.occupancies
        return is_held and self.reaching is not None and self.reaching.is_sure


@dataclass(frozen=True, slots=True)
class Proposed:
    """The posts that fit, the best first, and the demands that none of them can meet."""

    proposals: tuple[Proposal, ...]
    unmet: tuple[Asked, ...]


def need_of(case: Case) -> Need:
    """Give what a case needs addressees for: its demands, where it happened, what its protagonists work on."""
    topics = {topic for person in case.persons if person.defender for topic in person.defender.works_on}
    topics |= {topic for organisation in case.organisations for topic in organisation.works_on}
    counted = not all(each.ordinal for each in case.demands)
    numbers = (str(at) if counted else each.ordinal or "" for at, each in enumerate(case.demands, start=1))
    return Need(
        countries=frozenset(case.appeal.countries) or frozenset(filter(None, (each.country for each in case.places))),
        demands=tuple(Asked(each.id, number, each.types) for number, each in zip(numbers, case.demands, strict=True)),
        places=frozenset(_places(case)),
        topics=frozenset(topics),
    )


def _places(case: Case) -> Iterator[str]:
    """Give the names of the places where something happened, and of those that these lie in."""
    for event in case.events:
        at, seen = event.place, set[str]()
        while at and at not in seen and (place := case.find_record(at, Place)):
            seen.add(at)
            yield from (each.text for each in place.name.texts)
            at = place.within


def propose(need: Need, directory: Directory, *, today: dt.date, turnovers: Turnovers) -> Proposed:
    """Propose the posts that fit a case, the best first.

    Fit those of its countries that can meet a demand, or pass it on; a post for one place or topic only fits a case of
    it. None fits that is no more. Before others stand, in this order: who can be reached; who can act; who meets more
    demands; whose competence is narrower, which is who decides; who is nearer to the place. Who is stale stays where it
    is, and says so.
    """
    found = [
        proposal
        for post in directory.posts.values()
        if post.country in need.countries
        and not post.is_closed(today)
        and (proposal := _proposal(need, post, today, turnovers))
    ]
    met = {asked.id for each in found for asked, _ in each.meets}
    return Proposed(tuple(sorted(found, key=_rank)), tuple(asked for asked in need.demands if asked.id not in met))


def _proposal(need: Need, post: Post, today: dt.date, turnovers: Turnovers) -> Proposal | None:
    fits_place = post.is_abroad or _place(need, post) is not None
    found = proposal_of(need, post, today=today, turnovers=turnovers)
    fits = fits_place and (found.topics or not post.topics) and (found.meets or post.is_abroad)
    return found if fits else None


def proposal_of(need: Need, post: Post, *, today: dt.date, turnovers: Turnovers) -> Proposal:
    """Tell of any post what it can do for a case, also where it would not be proposed."""
    powers = powers_of(post)
    meets = tuple((asked, types) for asked in need.demands if (types := _met(asked, powers)))
    topics = tuple(topic for topic in post.topics if topic in need.topics)
    return Proposal(
        post=post,
        meets=meets,
        is_general=_ALL in powers,
        place="" if post.is_abroad else _place(need, post) or "",
        topics=topics,
        holding=holding(post, today, turnovers),
        reaching=reaching(post, today, turnovers),
    )


def powers_of(post: Post) -> tuple[str, ...]:
    """Give the demand types that a post can meet: its own where it has some, else those of its office."""
    return post.demands or competences().get(post.office, ())


def _met(asked: Asked, powers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in asked.types if _ALL in powers or each in powers)


def _place(need: Need, post: Post) -> str | None:
    """Give the place of the case that a post is for; empty where for the whole country, `None` where for another."""
    if not post.place:
        return ""
    wanted = _folded(post.place)
    return next((place for place in sorted(need.places) if _folded(place) == wanted), None)


def _folded(name: str) -> str:
    return " ".join(name.casefold().removeprefix("the ").split())


def _rank(each: Proposal) -> tuple[bool, bool, int, int, bool, int, str]:
    special = sum(1 for _, types in each.meets if set(types) - _REPORTED)
    breadth = len(vocab.load("demand_types")) if each.is_general else len(powers_of(each.post))
    offices = list(vocab.load("posts"))
    return (
        not each.can_be_reached,
        each.passes_on,
        -special,
        breadth,
        not (each.place or each.topics),
        offices.index(each.post.office),
        each.post.key,
    )
