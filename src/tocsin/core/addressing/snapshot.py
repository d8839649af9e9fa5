"""A post as an addressee of a case: it is kept as it was on that day, whatever becomes of the directory."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from tocsin.core import vocab
from tocsin.core.addressing.letters import letter_forms
from tocsin.core.addressing.proposing import Proposal
from tocsin.core.addressing.standing import Turnovers, standing_of
from tocsin.core.addressing.values import ContactPoint, Directory, Occupancy, Post
from tocsin.core.records import Addressee, Case, Demand, Translation, Wording
from tocsin.core.records import ContactPoint as Channel
from tocsin.core.records import Occupancy as Tenure

# Ids that the desk draws for what is written by hand are one word; these have a dot.
_ADDRESSEE, _OCCUPANCY = "a:directory.", "occ:directory."


def addressee_id(key: str) -> str:
    """Give the id of the addressee that stands for a post of the directory in a case."""
    return f"{_ADDRESSEE}{key}"


def key_of(addressee: Addressee) -> str:
    """Give the key of the post that an addressee was taken from; empty where it was written by hand."""
    return addressee.id.removeprefix(_ADDRESSEE) if addressee.id.startswith(_ADDRESSEE) else ""


def search_word(key: str) -> str:
    """Give the one word by which a search finds the cases that a post was chosen for; no text has it by chance."""
    return f"authority{key.replace('-', '')}"


def names_post(addressee: Addressee, post: Post) -> bool:
    """Tell whether an addressee is this post: taken from it, or written by hand with one of its addresses."""
    if key := key_of(addressee):
        return key == post.key
    known = {(each.type, each.address) for each in post.contact_points}
    return addressee.country in (None, post.country) and any(
        (each.type, each.value) in known for each in addressee.channels
    )


def outdated(addressee: Addressee, post: Post, today: dt.date) -> str:
    """Say what of an addressee does not hold any more by the directory.

    `closed` (the post is no more), `holder`, `ways` (one is gone), or nothing.
    """
    if post.is_closed(today):
        return "closed"
    holder = post.occupancy(today)
    if (addressee.person or "") != (holder.person if holder else ""):
        return "holder"
    now = {(each.type, each.address) for each in post.open_contact_points(today)}
    return "ways" if {(each.type, each.value) for each in addressee.channels} - now else ""


def with_addressee(case: Case, proposal: Proposal, directory: Directory, today: dt.date, turnovers: Turnovers) -> Case:
    """Give a case with one more addressee, as the directory has it today; the same case where it is there already."""
    post = proposal.post
    if any(names_post(each, post) for each in case.addressees):
        return case
    holder = post.occupancy(today)
    tenure = _tenure(post, holder, directory) if holder else None
    addressee = _addressee(proposal, directory, today, turnovers, tenure)
    plan = case.appeal
    if plan.addressees:
        plan = replace(plan, addressees=(*plan.addressees, addressee.id))
    kept = tuple(each for each in case.occupancies if tenure is None or each.id != tenure.id)
    return replace(
        case,
        appeal=plan,
        addressees=(*case.addressees, addressee),
        occupancies=(*kept, tenure) if tenure else kept,
    )


def without_addressee(case: Case, addressee: str) -> Case:
    """Give a case without an addressee, and without what only the directory put there for it."""
    gone = next((each for each in case.addressees if each.id == addressee), None)
    if gone is None:
        return case
    left = tuple(each for each in case.addressees if each is not gone)
    tenure = gone.occupancy if gone.occupancy and gone.occupancy.startswith(_OCCUPANCY) else None
    orphan = tenure if tenure not in {each.occupancy for each in left} else None
    plan = replace(case.appeal, addressees=tuple(each for each in case.appeal.addressees if each != addressee))
    return replace(
        case,
        appeal=plan,
        addressees=left,
        occupancies=tuple(each for each in case.occupancies if each.id != orphan),
        demands=tuple(_forgetting(each, addressee) for each in case.demands),
    )


def _forgetting(demand: Demand, addressee: str) -> Demand:
    return replace(demand, competent=tuple(each for each in demand.competent if each != addressee))


def _tenure(post: Post, holder: Occupancy, directory: Directory) -> Tenure:
    good = [each.on for each in holder.checks if each.result == "ok"]
    return Tenure(
        id=f"{_OCCUPANCY}{post.key}",
        person=holder.person,
        post=post.office,
        body=directory.body(post, "en")[0] or None,
        begins=holder.begins,
        ends=holder.ends,
        acting=holder.acting or None,
        evidence=holder.source or None,
        checked_on=max(good, default=None),
    )


def _addressee(
    proposal: Proposal, directory: Directory, today: dt.date, turnovers: Turnovers, tenure: Tenure | None
) -> Addressee:
    post = proposal.post
    holder = post.occupancy(today)
    style = next((each.style for each in letter_forms(post, today) if each.language == "en"), "")
    points = sorted(
        post.open_contact_points(today), key=lambda each: standing_of(each, post, today, turnovers).state == "failed"
    )
    return Addressee(
        id=addressee_id(post.key),
        honorific=style if style and holder else None,
        title=(holder.title or None) if holder else None,
        person=holder.person if holder else None,
        post=post.office,
        post_label=_wording(post.names),
        body=directory.body(post, "en")[0] or None,
        channels=tuple(map(_channel, points)),
        location=_seat(post) if post.is_abroad else "in_country",
        country=post.country,
        occupancy=tenure.id if tenure else None,
        letter_languages=post.languages,
        reason=reason_of(proposal),
    )


def _seat(post: Post) -> str | None:
    """Say where an office abroad sits as an appeal prints it: the town and, unless it stands there, the country."""
    country = vocab.country_name(post.residence, "en") if vocab.country(post.residence) else ""
    parts = (post.place, "" if country and country in post.place else country)
    return ", ".join(filter(None, parts)) or None


def _wording(names: Mapping[str, str]) -> Wording:
    order = ["en"] * ("en" in names) + [each for each in names if each != "en"]
    return Wording(tuple(Translation(language, names[language]) for language in order))


def _channel(point: ContactPoint) -> Channel:
    last = max(point.checks, key=lambda each: each.on, default=None)
    results = {"ok": "ok", "bounced": "bounced", "full": "full", "gone": "bounced"}
    return Channel(
        type=point.type,
        value=point.address,
        display=point.shown or None,
        lang=point.language or None,
        valid_until=point.until,
        checked_on=last.on if last else None,
        check_result=results.get(last.result, "unknown") if last else None,  # type: ignore[arg-type]
    )


def reason_of(proposal: Proposal) -> str | None:
    """Say in English why a post was chosen, for those who read the records."""
    types = dict.fromkeys(each for _, met in proposal.meets for each in met)
    can = ", ".join(vocab.load("demand_types")[each].label("en").text for each in types)
    if proposal.passes_on:
        return "passes on what it is sent"
    return f"can order anything asked: {can}" if proposal.is_general else f"competent for: {can}" if can else None
