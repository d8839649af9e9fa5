"""Trials: a message of a mailing as its readers would get it, marked as a test, for a colleague who looks at it first.

The mailer sends it, as it sends what readers get, and checks as much: a person of this site has to have asked for
exactly this, and two keys that count have to have signed what is sent. Its tokens are of no delivery: by a test nobody
leaves.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import uuid4

from django.utils import timezone

from tocsin.core.errors import BadRequest, TocsinError
from tocsin.core.messages import Address, Message, Variant, cut, tokens_for
from tocsin.core.publication import Signatory
from tocsin.dispatch import actions, genuine, orders, tombstones
from tocsin.dispatch.addresses import open_address, seal_address
from tocsin.dispatch.forgetting import TRIAL_KEPT
from tocsin.dispatch.masthead import masthead
from tocsin.dispatch.models import Trial
from tocsin.dispatch.posting import Posted, settle, take
from tocsin.dispatch.survey import Equipment
from tocsin.dispatch.taking import sealer
from tocsin.publishing.models import Publication
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import framed

MOST: Final = 10
MARK: Final = "[TEST]"


def ask(
    ring: Keyring, publication: Publication, to: list[Address], language: str, *, tombstone: bool = False, now: datetime
) -> int:
    """Have a message mailed to colleagues, with the order of who asks; tell to how many.

    Args:
        ring: Of who asks.
        publication: Of what.
        to: The mailboxes.
        language: In which of its languages.
        tombstone: Whether it is the message that says that it does not stand any more.
        now: When.

    Raises:
        BadRequest: Nothing of it may leave yet, it is not in this language, it goes to nobody or to too
            many, or who asks does not publish here. Of a tombstone: the appeal still stands.
    """
    orders.demand_office(ring)
    kind = _kind_asked(publication, language) if tombstone else ""
    if not tombstone:
        _check_appeal(publication, language, now)
    if not 0 < len(to) <= MOST:
        raise BadRequest("choose one to ten colleagues")
    for address in to:
        drawn = uuid4()
        row = Trial(id=drawn, slug=publication.slug, version=publication.version, language=language, asked_at=now)
        row.address, row.ordered_by = seal_address(address, drawn, sealer()), ring.holder
        row.order = ring.signature(_words(row, kind))
        row.save(force_insert=True)
    return len(to)


def _kind_asked(publication: Publication, language: str) -> str:
    if (kind := tombstones.kind_of(publication)) is None:
        raise BadRequest("this appeal was not taken back: it stands")
    if language not in actions.count_told(publication.slug):
        raise BadRequest("nobody was sent it in this language")
    return kind


def _check_appeal(publication: Publication, language: str, now: datetime) -> None:
    appeal = genuine.read_appeal(publication)
    if appeal is None or appeal.edition(language) is None:
        raise BadRequest("it is not published in this language")
    if genuine.is_retracted(publication.slug):
        raise BadRequest("the appeal was taken back")
    if genuine.is_held_back(publication):
        raise BadRequest("it is held back: nothing of it leaves by mail")
    if genuine.is_under_embargo(publication, appeal, now=now):
        raise BadRequest("its embargo has not ended: until then nothing of it leaves by mail")


def _words(row: Trial, kind: str) -> bytes:
    """Give what is signed: to mail an appeal that stands is no order to say that it does not, nor the reverse."""
    words = (row.slug, str(row.version), row.language, row.asked_at.isoformat(), *filter(None, [kind]))
    return framed(
        b"tocsin trial 1", row.id.bytes, row.ordered_by.bytes, bytes(row.address), *(word.encode() for word in words)
    )


def take_due(equipment: Equipment) -> list[Posted]:
    """Take trials that are to be mailed, for a while, and make the messages of those that somebody ordered."""
    now = timezone.now()
    posted = []
    for row in take(Trial.objects.filter(asked_at__gt=now - TRIAL_KEPT).order_by("asked_at"), now=now):
        with suppress(TocsinError):
            if message := _message_of(row, equipment, now):
                posted.append(Posted(message, partial(settle, Trial.objects.filter(id=row.id))))
    return posted


def _message_of(row: Trial, equipment: Equipment, now: datetime) -> Message | None:
    """Make the message of a trial; nothing if nobody ordered it, or it may not be sent.

    Raises:
        CannotOpen: It was sealed to another key.
    """
    counting = genuine.counting_of(equipment.pinned)
    kind, matter = _found(row, counting, now)
    if not orders.has_signed(row.ordered_by, _words(row, kind), bytes(row.order), counting):
        return None
    above = masthead(row.slug)
    page = None if isinstance(matter, genuine.Refused) else genuine.page_of(matter, row.language, above.archive)
    if page is None:
        return None
    to = open_address(bytes(row.address), row.id, equipment.opener)
    stencil = cut(
        page,
        above,
        Variant(),
        begun_at=row.asked_at.astimezone(UTC).replace(microsecond=0),
        signers=equipment.signers,
        openpgp=equipment.openpgp,
        mark=MARK,
    )
    return stencil.fill(to, tokens_for(row.id.bytes, equipment.token_key))


def _found(row: Trial, counting: Collection[Signatory], now: datetime) -> tuple[str, genuine.Matter | genuine.Refused]:
    """Give what a trial shows as things stand now: an appeal, or its tombstone behind the kind of that."""
    last = tombstones.last_of(row.slug)
    kind = tombstones.kind_of(last) if last and last.version == row.version else None
    if last is None or kind is None:
        return "", genuine.find_appeal(row.slug, row.version, counting, now=now)
    return kind, tombstones.find(kind, last, counting) or genuine.Refused("signatures")
