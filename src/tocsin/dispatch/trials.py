"""Trials: a message of a mailing as its readers would get it, marked as a test, for a colleague who looks at it first.

The mailer sends it, as it sends what readers get, and checks as much: a person of this site has to have asked for
exactly this, and two keys that count have to have signed what is sent. Its tokens are of no delivery: by a test nobody
leaves.
"""

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from django.utils import timezone

from tocsin.adapters.smtp import Failed, HandedOver, Outcome
from tocsin.core.errors import BadRequest, TocsinError
from tocsin.core.messages import Address, Message, Variant, cut, tokens_for
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import genuine, orders
from tocsin.dispatch.addresses import open_address, seal_address
from tocsin.dispatch.forgetting import TRIAL_KEPT
from tocsin.dispatch.masthead import masthead
from tocsin.dispatch.models import Trial
from tocsin.dispatch.posting import MOST_TRIES, Posted, take
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
    rows = take(Trial.objects.filter(asked_at__gt=now - TRIAL_KEPT).order_by("asked_at"), now=now)
    messages = ((row.id, _message_of(row, equipment, now)) for row in rows)
    return [Posted(made, partial(_settle, trial)) for trial, made in messages if made]


def _message_of(row: Trial, equipment: Equipment, now: datetime) -> Message | None:
    """Make the message of a trial; nothing if nobody ordered it, or it may not be sent."""
    counting = genuine.counting_of(equipment.pinned)
    if not orders.has_signed(row.ordered_by, _words(row), bytes(row.order), counting):
        return None
    appeal = genuine.find_appeal(row.slug, row.version, counting, now=now)
    edition = appeal.edition(row.language) if isinstance(appeal, PublicAppeal) else None
    if edition is None:
        return None
    try:
        to = open_address(bytes(row.address), row.id, equipment.opener)
    except TocsinError:
        return None
    stencil = cut(
        edition.document,
        masthead(row.slug),
        Variant(),
        begun_at=row.asked_at.replace(microsecond=0),
        signers=equipment.signers,
        openpgp=equipment.openpgp,
        mark=MARK,
    )
    return stencil.fill(to, tokens_for(row.id.bytes, equipment.token_key))


def _settle(trial: UUID, outcome: Outcome) -> None:
    row = Trial.objects.filter(id=trial)
    if isinstance(outcome, HandedOver):
        row.update(sent_at=timezone.now(), taken_until=None)
    elif isinstance(outcome, Failed) and outcome.course in {"gone", "fail"}:
        row.update(tries=MOST_TRIES)
