"""Trials: a message of a mailing as its readers would get it, marked as a test, for a colleague who looks at it first.

The mailer sends it, as it sends what readers get, and checks as much: a person of this site has to have asked for
exactly this, and two keys that count have to have signed what is sent. Its tokens are of no delivery: by a test nobody
leaves.
"""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import uuid4

from django.utils import timezone

from tocsin.core.errors import BadRequest, TocsinError
from tocsin.core.messages import Address, Message, Variant, cut, tokens_for
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import genuine, orders
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


def ask(ring: Keyring, publication: Publication, to: list[Address], language: str, *, now: datetime) -> int:
    """Have a message mailed to colleagues, with the order of who asks; tell to how many.

    Raises:
        BadRequest: Nothing of it may leave yet, it is not in this language, it goes to nobody or to too
            many, or who asks does not publish here.
    """
    appeal = genuine.read_appeal(publication)
    if appeal is None or appeal.edition(language) is None:
        raise BadRequest("it is not published in this language")
    orders.demand_office(ring)
    if genuine.is_retracted(publication.slug):
        raise BadRequest("the appeal was taken back")
    if genuine.is_under_embargo(publication, appeal, now=now):
        raise BadRequest("its embargo has not ended: until then nothing of it leaves by mail")
    if not 0 < len(to) <= MOST:
        raise BadRequest("choose one to ten colleagues")
    for address in to:
        drawn = uuid4()
        row = Trial(id=drawn, slug=publication.slug, version=publication.version, language=language, asked_at=now)
        row.address, row.ordered_by = seal_address(address, drawn, sealer()), ring.holder
        row.order = ring.signature(_words(row))
        row.save(force_insert=True)
    return len(to)


def _words(row: Trial) -> bytes:
    words = (row.slug, str(row.version), row.language, row.asked_at.isoformat())
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
    if not orders.has_signed(row.ordered_by, _words(row), bytes(row.order), counting):
        return None
    appeal = genuine.find_appeal(row.slug, row.version, counting, now=now)
    above = masthead(row.slug)
    page = genuine.page_of(appeal, row.language, above.archive) if isinstance(appeal, PublicAppeal) else None
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
