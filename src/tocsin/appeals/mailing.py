"""Sending what is published to its readers: who may, and what the journal says of it. The outbox is `dispatch`'s."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tocsin.accounts.actor import Actor, demand, may
from tocsin.accounts.queries import list_colleagues, name_of
from tocsin.casework import notices
from tocsin.core.errors import BadAddress, BadRequest, NotAllowed
from tocsin.core.messages import Address
from tocsin.core.render import lay_out_tombstone, to_text
from tocsin.dispatch import actions as dispatch
from tocsin.dispatch import doubts, tombstones, trials
from tocsin.dispatch.actions import Asked
from tocsin.dispatch.audience import Counted
from tocsin.dispatch.genuine import kind_of as mailed_as
from tocsin.dispatch.masthead import masthead
from tocsin.dispatch.models import POLICIES, TOMBSTONES, Mailing
from tocsin.dispatch.progress import Progress, progress_of
from tocsin.journal import actions as journal
from tocsin.publishing import holding, queries, signatories
from tocsin.publishing.around import title_in
from tocsin.publishing.models import Publication, PublishedRetraction, Shown

READ, SEND, STOP = "mailing.read", "mailing.send", "mailing.stop"
Step = Literal["pause", "resume", "stop"]
_ON_A_PAGE = 50
_DIGITS = 19  # of a number that a database knows
DECISIONS: Mapping[str, tuple[Callable[[UUID, Collection[int]], int], str]] = {
    "again": (doubts.send_again, "sent_again"),
    "arrived": (doubts.count_as_handed_over, "handed_over"),
    "failed": (doubts.count_as_failed, "failed"),
}
_PAST: Mapping[str, str] = {"pause": "paused", "resume": "resumed", "stop": "stopped"}


@dataclass(frozen=True, slots=True)
class Sendable:
    """A publication that may be mailed, or was; its title in the language that is nearest, and which that is."""

    publication: Publication
    title: str
    language: str
    state: str


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Give what a mailing says of itself, by table and code."""
    return tomllib.loads(files("tocsin.appeals").joinpath("mailings.toml").read_text("utf-8"))


def is_set_up() -> bool:
    """Tell whether this site mails to readers at all."""
    return settings.TOCSIN_MAILINGS is not None


def list_sendable(actor: Actor, language: str, *, now: datetime) -> list[Sendable]:
    """List what is published here, the newest first, each with its title and the state of its mailing."""
    demand(actor, READ, now=now)
    shown = Shown.objects.filter(archived=False, retracted_at=None).values("publication")
    rows = list(Publication.objects.filter(id__in=shown).order_by("-published_at", "slug")[:_ON_A_PAGE])
    states = {(each.slug, each.version): each.state for each in Mailing.objects.filter(slug__in=[r.slug for r in rows])}
    return [Sendable(row, *title_of(row, language), states.get((row.slug, row.version), "open")) for row in rows]


def title_of(publication: Publication, language: str) -> tuple[str, str]:
    """Give the title of a publication in the language that is nearest.

    There is none of one that two people did not sign, nor of one that is held back: who mails need not hold its case.
    """
    appeal = None if holding.does_not_show(publication) else queries.signed_appeal(publication)
    return title_in(appeal, language) if appeal else ("", language)


def languages_of(publication: Publication) -> tuple[str, ...]:
    """Give the languages in which two people signed a publication."""
    appeal = queries.signed_appeal(publication)
    return tuple(each.language for each in appeal.editions) if appeal else ()


def list_gone(actor: Actor, *, now: datetime) -> list[Sendable]:
    """List what was mailed and does not stand any more, the last first, with the state of the mailing that says so."""
    demand(actor, READ, now=now)
    mailed = Mailing.objects.exclude(kind__in=TOMBSTONES).exclude(state="open").values("slug")
    shown = Shown.objects.filter(slug__in=mailed).exclude(retracted_at=None).select_related("publication")
    rows = [each.publication for each in shown.order_by("-retracted_at", "slug")[:_ON_A_PAGE]]
    told = Mailing.objects.filter(slug__in=[row.slug for row in rows], kind__in=TOMBSTONES)
    states = {(each.slug, each.kind): each.state for each in told}
    return [
        Sendable(row, "", "", states.get((row.slug, kind), "open")) for row in rows if (kind := tombstones.kind_of(row))
    ]


def find(
    actor: Actor, publication: UUID, *, tombstone: bool = False, now: datetime
) -> tuple[Publication, Progress | None]:
    """Give a publication, and how far its mailing has got, or that of its tombstone, if it was sent.

    Raises:
        NotAllowed: There is no such publication, or one may not see mailings.
    """
    demand(actor, READ, now=now)
    row = Publication.objects.filter(id=publication).first()
    if row is None:
        raise NotAllowed("there is no such publication")
    kind = tombstones.kind_of(row) if tombstone else mailed_as(row)
    mailing = Mailing.objects.filter(slug=row.slug, version=row.version, kind=kind).exclude(state="open").first()
    return row, progress_of(mailing, now=now) if mailing else None


def audience_of(publication: Publication, *, tombstone: bool = False) -> Counted:
    """Count whom a publication would be sent to now, by language; nobody if it was taken back."""
    if tombstone:
        return Counted(dispatch.count_told(publication.slug) if is_gone(publication) else {}, 0)
    if PublishedRetraction.objects.filter(slug=publication.slug).exists():
        return Counted({}, 0)
    return dispatch.audience_of(publication.slug, publication.version)


def is_gone(publication: Publication) -> bool:
    """Tell whether a publication does not stand any more, so that those who were sent it can be told."""
    return tombstones.kind_of(publication) is not None


def to_send(actor: Actor, slug: str, *, now: datetime) -> UUID | None:
    """Give the publication that stands under a slug, if one may mail it and nobody has yet."""
    if not is_set_up() or not may(actor, SEND, now=now):
        return None
    row = tombstones.last_of(slug)
    if row is None or is_gone(row) or holding.does_not_show(row) or row.visible_from > now:
        return None
    mailed = Mailing.objects.filter(slug=slug, version=row.version).exclude(state="open")
    return None if mailed.exists() else row.id


def tombstone_to_send(actor: Actor, slug: str, *, now: datetime) -> UUID | None:
    """Give the publication of which readers can be told that it does not stand any more, if there is one."""
    row = tombstones.last_of(slug)
    mailed = Mailing.objects.filter(slug=slug).exclude(state="open")
    return row.id if row and may(actor, READ, now=now) and is_gone(row) and mailed.exists() else None


def words_of_tombstone(publication: Publication, languages: Iterable[str]) -> dict[str, str]:
    """Give what those who were sent an appeal are told, by language; nothing where that is not signed as it must."""
    kind = tombstones.kind_of(publication)
    found = kind and tombstones.find(kind, publication, signatories.in_office())
    if not found or not is_set_up():
        return {}
    archive = masthead(publication.slug).archive
    return {each: to_text(lay_out_tombstone(found, each, archive)) for each in languages}


def send(actor: Actor, asked: Asked, *, now: datetime) -> None:
    """Send a publication to its readers, with one's own order. May be done twice.

    Raises:
        StepUpNeeded: One has not shown the second factor within five minutes.
        BadRequest: It cannot be sent, nobody wants it, or this site mails nothing.
    """
    demand(actor, SEND, now=now)
    if not is_set_up():
        raise BadRequest("this site mails nothing to readers yet")
    with transaction.atomic():
        before = Mailing.objects.filter(id=asked.id).exclude(state="open").exists()
        dispatch.open_mailing(asked, actor.ring, now=now)
        dispatch.send(asked.id, now=now)
        if not before:
            kind = "tombstone" if asked.tombstone else "mailing"
            journal.record(actor.id, f"appeals.{kind}.sent", asked.id, now=now)


def list_testers(actor: Actor, *, now: datetime) -> dict[UUID, str]:
    """Give the names of those to whom a test can be mailed: who may see mailings here and gave a mailbox.

    One's own name comes first, if one did.
    """
    names = {actor.id: name_of(actor, now=now), **list_colleagues(actor, READ, now=now)}
    return {each: names[each] for each in notices.mailboxes_of(names)}


def test(
    actor: Actor, publication: Publication, to: Collection[str], language: str, *, tombstone: bool, now: datetime
) -> None:
    """Have the mailer send one message of a publication to colleagues, marked as a test; to nobody else can it go.

    With `tombstone` it is the one that says that it does not stand any more.

    Raises:
        StepUpNeeded: One has not shown the second factor within five minutes.
        BadRequest: Nothing of it may leave yet, or it would go to nobody.
    """
    demand(actor, SEND, now=now)
    if not is_set_up():
        raise BadRequest("this site mails nothing to readers yet")
    chosen = [each for each in list_testers(actor, now=now) if str(each) in to]
    try:
        addresses = [Address.parse(each) for each in notices.mailboxes_of(chosen).values()]
    except BadAddress as error:
        raise BadRequest("a mailbox of a colleague is no plain address") from error
    with transaction.atomic():
        count = trials.ask(actor.ring, publication, addresses, language, tombstone=tombstone, now=now)
        journal.record(actor.id, "appeals.mailing.tested", publication.id, now=now, mails=count)


def move(actor: Actor, mailing: UUID, step: Step, *, now: datetime) -> None:
    """Pause, resume or stop a mailing; to resume asks for as much as to send.

    Raises:
        BadRequest: It is in another state by now.
    """
    demand(actor, SEND if step == "resume" else STOP, now=now)
    with transaction.atomic():
        if step == "pause":
            dispatch.pause(mailing)
        elif step == "resume":
            dispatch.resume(mailing, now=now)
        else:
            dispatch.stop(mailing, now=now)
        journal.record(actor.id, f"appeals.mailing.{_PAST[step]}", mailing, now=now)


def move_to(actor: Actor, mailing: UUID, not_before: datetime | None, *, now: datetime) -> None:
    """Let a mailing that waits for its time go at another one; asks for as much as to send.

    Raises:
        BadRequest: It does not wait any more.
    """
    demand(actor, SEND, now=now)
    with transaction.atomic():
        dispatch.move_to(mailing, not_before, actor.ring, now=now)
        journal.record(actor.id, "appeals.mailing.moved", mailing, now=now)


def decide(actor: Actor, mailing: UUID, what: str, deliveries: Collection[str], *, now: datetime) -> None:
    """Send uncertain messages again, or count them as handed over or failed; each asks for as much as to send.

    Raises:
        BadRequest: None of them is uncertain any more, or the mailing has ended.
    """
    demand(actor, SEND, now=now)
    chosen = [int(each) for each in deliveries if each.isascii() and each.isdecimal() and len(each) < _DIGITS]
    with transaction.atomic():
        act, kind = DECISIONS[what]
        count = act(mailing, chosen)
        journal.record(actor.id, f"appeals.doubts.{kind}", mailing, now=now, mails=count)


def asked_for(
    publication: Publication, mailing: str, policy: str, not_before: datetime | None, *, tombstone: bool = False
) -> Asked:
    """Give what a form asks for.

    Raises:
        BadRequest: It is not what the form offers.
    """
    if policy not in POLICIES:
        raise BadRequest("choose what is done with what is uncertain")
    try:
        one = UUID(mailing)
    except ValueError as error:
        raise BadRequest("open this page again") from error
    return Asked(one, publication.slug, publication.version, policy, not_before, tombstone)  # type: ignore[arg-type]
