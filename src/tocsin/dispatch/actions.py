"""Mailings opened, sent, paused, resumed and stopped. Who may do so is asked in the private house, which calls this."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tocsin.core.errors import BadRequest
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.dispatch import audience, genuine, orders, tombstones
from tocsin.dispatch.models import TOMBSTONES, Delivery, Fixing, Mailing
from tocsin.publishing.models import Publication, PublishedRetraction
from tocsin.vault.keyring import Keyring

Policy = Literal["resend", "hold"]
ON_ITS_WAY = ("scheduled", "sending")
_GOES_ON = ("open", *ON_ITS_WAY, "paused")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mailing is asked for: which version of which publication, and what is done about uncertain messages.

    With `tombstone` it tells those who were sent it that it does not stand any more.
    """

    id: UUID
    slug: str
    version: int
    policy: Policy = "resend"
    not_before: datetime | None = None
    tombstone: bool = False


def open_mailing(asked: Asked, ring: Keyring, *, now: datetime) -> Mailing:
    """Open a mailing with a person's order; nothing is sent yet. Asking twice, by the same id, is one mailing.

    Raises:
        BadRequest: There is no such publication, it was retracted, came from an archive, or has a mailing already; or
            who asks does not publish here. Of a tombstone: the appeal still stands.
    """
    publication = Publication.objects.filter(slug=asked.slug, version=asked.version).first()
    kind = _kind_asked(publication, asked)
    orders.demand_office(ring)
    there = Mailing.objects.filter(slug=asked.slug, version=asked.version, kind=kind).first()
    if there is None:
        mailing = Mailing(id=asked.id, slug=asked.slug, version=asked.version, policy=asked.policy, kind=kind)
        mailing.state, mailing.not_before, mailing.opened_at = "open", asked.not_before, now
        orders.sign(mailing, ring)
        try:
            with transaction.atomic():
                mailing.save(force_insert=True)
        except IntegrityError:  # somebody asked in the same moment
            there = Mailing.objects.get(slug=asked.slug, version=asked.version, kind=kind)
        else:
            return mailing
    if there.id != asked.id:
        raise BadRequest("there is a mailing of this version already")
    return there


def _kind_asked(publication: Publication | None, asked: Asked) -> str:
    """Give the kind of the mailing that is asked for."""
    if publication is not None and asked.tombstone:
        if (kind := tombstones.kind_of(publication)) is None:
            raise BadRequest("this appeal was not taken back: it stands")
        return kind
    if publication is None or PublishedRetraction.objects.filter(slug=asked.slug).exists():
        raise BadRequest("nothing is published under this code and version")
    if _appeal(publication).is_archived:
        raise BadRequest("what was taken over from an archive is not sent to anybody")
    if genuine.is_held_back(publication):
        raise BadRequest("it is held back: nothing of it leaves by mail")
    return genuine.kind_of(publication)


def audience_of(slug: str, version: int) -> audience.Counted:
    """Count the readers of a publication by the language in which each would get it now."""
    return audience.count(wanted_now(slug, version))


def wanted_now(slug: str, version: int) -> audience.Wanted:
    """Give whom a publication is for."""
    publication = Publication.objects.get(slug=slug, version=version)
    return audience.wanted_for(publication, _languages(publication))


def count_told(slug: str) -> dict[str, int]:
    """Count those who would be told now that an appeal does not stand any more, by language."""
    return audience.count_told(slug)


def send(mailing: UUID, *, now: datetime) -> Mailing:
    """Fix the audience and let a mailing be sent, at once or from its time on. May be done twice.

    Raises:
        BadRequest: It was stopped, or nobody wants it, as far as one click can look.
    """
    with transaction.atomic():
        row = hold_row(mailing)
        if row.state in ON_ITS_WAY:
            return row
        if row.state != "open":
            raise BadRequest("this mailing is not open any more")
        audience.begin(row, _wanted(row, now), now=now)
        # Of what few may want the click has not looked at everybody: if it is nobody, the mailing ends without readers.
        if not any(rows.objects.filter(mailing=row).exists() for rows in (Delivery, Fixing)):
            if tombstones.is_tombstone(row.kind):
                raise BadRequest("nobody was sent this appeal")
            raise BadRequest("nobody asked for an appeal like this")
        _set_time(row, now)
        row.save(update_fields=["state", "begun_at"])
    return row


def _set_time(row: Mailing, now: datetime) -> None:
    row.state = "scheduled" if row.not_before and row.not_before > now else "sending"
    # Messages and signatures bear whole seconds.
    row.begun_at = max(now, row.not_before or now).replace(microsecond=0)


def move_to(mailing: UUID, not_before: datetime | None, ring: Keyring, *, now: datetime) -> Mailing:
    """Let a mailing that waits for its time go at another one, or at once: by a new order, since that names the time.

    Raises:
        BadRequest: It does not wait any more, or who asks does not publish here.
    """
    orders.demand_office(ring)
    with transaction.atomic():
        row = hold_row(mailing)
        if row.state != "scheduled":
            raise BadRequest("this mailing is in another state by now")
        row.not_before, row.epoch = not_before, row.epoch + 1
        _set_time(row, now)
        orders.sign(row, ring)
        row.save(update_fields=["state", "begun_at", "not_before", "epoch", "opened_by", "order"])
    return row


def _wanted(row: Mailing, now: datetime) -> audience.Wanted | audience.Reached:
    """Give whom a mailing is for; before a tombstone nothing more of what it is about goes out."""
    if not tombstones.is_tombstone(row.kind):
        publication = Publication.objects.get(slug=row.slug, version=row.version)
        return audience.wanted_for(publication, _languages(publication))
    # Whoever gets one after she was counted would never be told.
    others = Mailing.objects.filter(slug=row.slug, state__in=_GOES_ON).exclude(kind__in=TOMBSTONES)
    for each in others.order_by("id"):
        stop(each.id, now=now)
    return audience.Reached(row.slug)


def pause(mailing: UUID) -> Mailing:
    """Let nothing more go out until it is resumed."""
    return _move(mailing, ON_ITS_WAY, "paused")


def resume(mailing: UUID, *, now: datetime) -> Mailing:
    """Go on with a mailing that was paused."""
    row = Mailing.objects.get(id=mailing)
    after = "scheduled" if row.not_before and row.not_before > now else "sending"
    return _move(mailing, ("paused",), after, held_for="", held_since=None)


def stop(mailing: UUID, *, now: datetime) -> Mailing:
    """Stop a mailing for good: what was not begun when this returns is never sent."""
    return _move(mailing, _GOES_ON, "stopped", ended_at=now)


def _move(mailing: UUID, before: tuple[str, ...], after: str, **more: object) -> Mailing:
    with transaction.atomic():
        row = hold_row(mailing)
        if row.state == after:
            return row
        if row.state not in before:
            raise BadRequest("this mailing is in another state by now")
        # Whatever a mailer claimed under an earlier epoch it may not begin any more.
        Mailing.objects.filter(id=mailing).update(state=after, epoch=F("epoch") + 1, **more)
        row.refresh_from_db()
    return row


def hold_row(mailing: UUID) -> Mailing:
    """Hold a mailing until the transaction ends: no mailer writes down a new intent meanwhile.

    Raises:
        BadRequest: There is none.
    """
    hold_alone(mailing)
    row = Mailing.objects.select_for_update().filter(id=mailing).first()
    if row is None:
        raise BadRequest("there is no such mailing")
    return row


def hold_alone(mailing: UUID) -> None:
    """Wait for every mailer that is writing down intents, and let none begin to; mailers share the same lock.

    It is no lock of a row: those who share one could keep a stop waiting for ever, and here they queue up behind it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_of(mailing)])


def lock_of(mailing: UUID) -> int:
    """Give the number of the lock of a mailing."""
    return mailing.int >> 65


def _languages(publication: Publication) -> list[str]:
    return [each.language for each in _appeal(publication).editions]


def _appeal(publication: Publication) -> PublicAppeal:
    read = from_file(bytes(publication.statement))
    if not isinstance(read, PublicAppeal):
        raise BadRequest("this is no appeal")
    return read
