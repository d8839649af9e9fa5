"""Addressees: who is asked, how they are reached, and how they are called."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tocsin.core import vocab
from tocsin.core.appeal import Addressee, Channel, Contact
from tocsin.core.preflight import tables
from tocsin.core.preflight.accused import find_accused
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.posts import Seat, seats_of
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import Subject
from tocsin.core.preflight.wording import Phrase, Several
from tocsin.core.reader import fold
from tocsin.core.records import Occupancy

_SOCIAL = frozenset({"twitter", "facebook", "instagram", "telegram", "mastodon"})
_NUMBERS = frozenset({"phone", "fax"})
_DAYS_OF_A_CHECK = 90
_SUGGESTED = ("prosecutor_general", "ombudsperson", "geneva", "brussels")


@rule("ADR-01")
def nobody_to_reach(subject: Subject) -> Iterator[Hit]:
    """Find a list of addressees of which nobody in the country has a channel."""
    seats = seats_of(subject)
    if seats and not any(_reachable(seat.addressee) for seat in seats if not seat.is_abroad):
        yield Hit.at(*([seat.place for seat in seats if not seat.is_abroad] or [seats[0].place]), cause="channels")


def _reachable(addressee: Addressee) -> bool:
    return any(channel.value for channel in addressee.channels)


@rule("ADR-02")
def offices_not_checked(subject: Subject) -> Iterator[Hit]:
    """Find addressees who do not hold their office on the day, and those whom nobody has checked for 90 days."""
    unchecked = []
    for k, addressee in enumerate(subject.document.addressees):
        if not addressee.name:
            continue
        place, held = subject.whole(f"addressees[{k}]"), _occupancy(subject, addressee.name)
        if held and ((held.begins and held.begins > subject.on) or (held.ends and held.ends < subject.on)):
            what = Phrase.of("ended", name=addressee.name, day=f"{subject.on}")
            yield Hit.at(place, cause=f"ended {k}", what=what)
        elif held is None or held.checked_on is None or (subject.on - held.checked_on).days > _DAYS_OF_A_CHECK:
            unchecked.append((place, addressee.name))
    if unchecked:
        names = Several(tuple(name for _, name in unchecked))
        what = Phrase.of("unchecked", days=str(_DAYS_OF_A_CHECK), names=names)
        yield Hit.at(*(place for place, _ in unchecked), cause="unchecked", what=what)


def _occupancy(subject: Subject, name: str) -> Occupancy | None:
    """Give what the case knows of the office of a named addressee, the latest where it knows several."""
    case = subject.case
    if case is None:
        return None
    wanted = fold(name)
    linked = {one.occupancy for one in case.addressees if fold(one.person or "") == wanted}
    held = [one for one in case.occupancies if one.id in linked or fold(one.person) == wanted]
    return max(held, key=lambda one: one.begins or dt.date.min, default=None)


@rule("ADR-03")
def foreign_mailboxes(subject: Subject) -> Iterator[Hit]:
    """Find mailboxes of free providers and of internet providers, but for those that are private (ADR-06)."""
    for addressee, address, place in _mailboxes(subject):
        provider = _provider(address)
        if provider and not _is_private(addressee, address):
            yield Hit.at(place, domain=provider)


@rule("ADR-06")
def perpetrators_and_private_mailboxes(subject: Subject) -> Iterator[Hit]:
    """Find addressees who are named as those who did it, and mailboxes that carry a name at a free provider."""
    accused = {word for one in find_accused(subject) for word in fold(one.name).split()[-1:]}
    for k, addressee in enumerate(subject.document.addressees):
        if accused.intersection(fold(addressee.name or "").split()[-1:]):
            yield Hit.at(subject.whole(f"addressees[{k}]"), cause=f"actor {k}", what=Phrase("accused"))
    for addressee, address, place in _mailboxes(subject):
        if _provider(address) and _is_private(addressee, address):
            yield Hit.at(place, what=Phrase("private"))


def _mailboxes(subject: Subject) -> Iterator[tuple[Addressee, str, Place]]:
    """Give the e-mail addresses of addressees with their places."""
    for k, addressee in enumerate(subject.document.addressees):
        for channel in addressee.channels:
            if channel.kind == "email" and channel.value:
                yield addressee, channel.value, subject.place_of(channel.span, channel.display, f"addressees[{k}]")


def _provider(address: str) -> str | None:
    """Give the free or internet provider that an address belongs to."""
    domain = address.rpartition("@")[2].lower()
    listed = _providers()
    return next((one for one in listed if domain == one or domain.endswith(f".{one}")), None)


@cache
def _providers() -> tuple[str, ...]:
    return tuple(" ".join(tables.load("mail_providers").values()).split())


def _is_private(addressee: Addressee, address: str) -> bool:
    """Tell whether an address carries the name of the addressee."""
    local = fold(address.rpartition("@")[0])
    names = re.findall(r"\w{4,}", fold(addressee.name or ""))
    return any(name in local for name in names)


@rule("ADR-04")
def uneven_forms_of_address(subject: Subject) -> Iterator[Hit]:
    """Find ranks of which some have a style and some have none, and named addressees without a title among others."""
    seats = [seat for seat in seats_of(subject) if seat.addressee.name]
    by_rank: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.rank:
            by_rank[seat.rank].append(seat)
    plain = [
        seat
        for same in by_rank.values()
        if any(one.addressee.style for one in same)
        for seat in same
        if not seat.addressee.style
    ]
    # "Excmo. Sr." is style and title in one.
    untitled = [
        seat
        for seat in seats
        if not seat.addressee.title and not subject.has(seat.addressee.style or "", "name_titles")
    ]
    if len(untitled) == len(seats):
        untitled = []
    if plain:
        what = Phrase.of("style", names=_listed(plain))
        yield Hit.at(*(seat.place for seat in plain), cause="forms", what=what)
    elif untitled:
        what = Phrase.of("title", names=_listed(untitled))
        yield Hit.at(*(seat.place for seat in untitled), cause="forms", what=what)


def _listed(seats: Iterable[Seat]) -> Several:
    return Several(tuple(seat.name for seat in seats))


@rule("ADR-05")
def social_media_alone(subject: Subject) -> Iterator[Hit]:
    """Find addressees whose every channel is a social medium."""
    for k, addressee in enumerate(subject.document.addressees):
        kinds = {channel.kind for channel in addressee.channels}
        if kinds and kinds <= _SOCIAL:
            name = addressee.name or addressee.post or Phrase("addressee")
            yield Hit.at(subject.whole(f"addressees[{k}]"), name=name)


@rule("ADR-07")
def missing_salutations(subject: Subject) -> Iterator[Hit]:
    """Find addressees without a salutation; where the vocabulary has one for the office this is information only."""
    bare = [seat for seat in seats_of(subject) if not seat.addressee.salutation]
    unknown = [seat for seat in bare if not seat.posts]
    if unknown:
        what = Phrase.of("unknown", names=_listed(unknown))
        yield Hit.at(*(seat.place for seat in unknown), cause="salutations", what=what)
    elif bare:
        yield Hit.at(Place("addressees"), cause="salutations", severity="information", what=Phrase("office"))


@rule("ADR-08")
def numbers_that_cannot_be_dialled(subject: Subject) -> Iterator[Hit]:
    """Find numbers with a nought in brackets, and numbers that are none as printed."""
    document = subject.document
    numbers: list[tuple[Channel | Contact, str]] = [
        (channel, f"addressees[{k}]")
        for k, addressee in enumerate(document.addressees)
        for channel in addressee.channels
    ]
    numbers += [(contact, f"contacts[{k}]") for k, contact in enumerate(document.contacts)]
    for number, path in numbers:
        if number.kind in _NUMBERS and (number.value is None or "(0)" in number.display):
            # A nought in brackets is a habit of the house: one cause, in however many lines.
            cause = "nought" if number.value is not None else number.display
            yield Hit.at(subject.place_of(number.span, number.display, path), cause=cause)


@rule("ADR-09")
def addressees_to_add(subject: Subject) -> Iterator[Hit]:
    """Name the kinds of addressees that could help and are not there."""
    seats = seats_of(subject)
    there = {post for seat in seats for post in seat.posts}
    there |= {city for seat in seats if seat.is_abroad for city in seat.seats}
    missing = tuple(Phrase(kind) for kind in _SUGGESTED if kind not in there)
    if seats and missing:
        yield Hit.at(Place("addressees"), cause="missing", missing=Several(missing))


@rule("ADR-10")
def addressees_of_another_country(subject: Subject) -> Iterator[Hit]:
    """Find addressees whose office names a country that the appeal is not about, and none that it is."""
    own = set(subject.document.countries)
    names = {fold(name): code for name, code in vocab.countries_by_name(subject.language).items() if len(name) > 3}
    for k, addressee in enumerate(subject.document.addressees):
        named = {names[name]: name for name in _country_names(fold(addressee.post or ""), names)}
        if own and named and not own & named.keys():
            yield Hit.at(subject.whole(f"addressees[{k}]"), countries=Several(tuple(sorted(named))))


def _country_names(folded: str, names: Mapping[str, str]) -> Iterator[str]:
    """Give the names of countries in a folded text of up to 300 characters, by runs of up to four words."""
    words = folded[:300].replace(",", " ").split()
    for first in range(len(words)):
        for last in range(first + 1, min(first + 5, len(words) + 1)):
            if (name := " ".join(words[first:last])) in names:
                yield name
