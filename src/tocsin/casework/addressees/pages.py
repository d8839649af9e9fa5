"""What the page of the addressees shows: those who were chosen, as the directory has them now, and who else fits."""

import datetime as dt
from dataclasses import dataclass

from tocsin.authorities.pages import Line, line
from tocsin.casework.pages.wording import Words, label, words_of
from tocsin.core.addressing import (
    Asked,
    Directory,
    Proposal,
    Standing,
    Turnovers,
    names_post,
    need_of,
    outdated,
    proposal_of,
    propose,
    standing_of,
)
from tocsin.core.records import Addressee, Case


@dataclass(frozen=True, slots=True)
class Chosen:
    """An addressee of the case.

    Attributes:
        addressee: The record.
        name: What the post is called.
        line: The post in the directory as it stands now; nothing where it has none.
        outdated: What of the record the directory has otherwise by now.
    """

    addressee: Addressee
    name: Words
    line: Line | None
    outdated: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A post that can be chosen: its line, and why it fits.

    Attributes:
        proposal: What it can do for the case.
        line: The post in the directory.
        ordinals: The numbers of the demands that it can meet.
        types: What of them it can do, in words.
        ways: Its contact points, each with how sure it is.
    """

    proposal: Proposal
    line: Line
    ordinals: tuple[str, ...]
    types: tuple[Words, ...]
    ways: tuple[tuple[str, str, Standing], ...]


@dataclass(frozen=True, slots=True)
class AddresseesPage:
    """All that the page shows."""

    chosen: tuple[Chosen, ...]
    offers: tuple[Offer, ...]
    others: tuple[Offer, ...]
    unmet: tuple[tuple[Asked, tuple[Words, ...]], ...]
    demands: int
    countries: frozenset[str]


def addressees_page(
    case: Case, directory: Directory, language: str, today: dt.date, turnovers: Turnovers
) -> AddresseesPage:
    """Give the page of the addressees of a case."""
    need = need_of(case)
    proposed = propose(need, directory, today=today, turnovers=turnovers)
    taken = {post.key for post in directory.posts.values() if any(names_post(each, post) for each in case.addressees)}

    def offer(proposal: Proposal) -> Offer:
        return _offer(proposal, directory, language, today, turnovers)

    fitting = {each.post.key for each in proposed.proposals}
    rest = [post for post in directory.posts.values() if post.key not in fitting | taken and not post.is_closed(today)]
    return AddresseesPage(
        chosen=tuple(_chosen(each, directory, language, today, turnovers) for each in case.addressees),
        offers=tuple(offer(each) for each in proposed.proposals if each.post.key not in taken),
        others=tuple(offer(proposal_of(need, each, today=today, turnovers=turnovers)) for each in rest),
        unmet=tuple((asked, _types(asked.types, language)) for asked in proposed.unmet),
        demands=len(need.demands),
        countries=need.countries,
    )


def _types(codes: tuple[str, ...], language: str) -> tuple[Words, ...]:
    return tuple(words for code in codes if (words := label("demand_types", code, language)))


def _chosen(addressee: Addressee, directory: Directory, language: str, today: dt.date, turnovers: Turnovers) -> Chosen:
    post = next((each for each in directory.posts.values() if names_post(addressee, each)), None)
    name = words_of(addressee.post_label, language) or label("posts", addressee.post, language) or Words(addressee.post)
    return Chosen(
        addressee=addressee,
        name=name,
        line=line(post, directory, language, today, turnovers) if post else None,
        outdated=outdated(addressee, post, today) if post else "",
    )


def _offer(proposal: Proposal, directory: Directory, language: str, today: dt.date, turnovers: Turnovers) -> Offer:
    post = proposal.post
    types = tuple(dict.fromkeys(each for _, met in proposal.meets for each in met))
    return Offer(
        proposal=proposal,
        line=line(post, directory, language, today, turnovers),
        ordinals=tuple(asked.ordinal for asked, _ in proposal.meets),
        types=_types(types, language),
        ways=tuple(
            (each.type, each.shown or each.address, standing_of(each, post, today, turnovers))
            for each in post.open_contact_points(today)
        ),
    )
