"""Opening mail that came in, with the keys of somebody who may read it, and laying each where it belongs.

What people may have written goes first, reports of mail servers behind it, so that no flood of these hides a reply. A
mail on which the program falls three times is put away with the reason, and the others go on.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from msgspec.structs import replace

from tocsin.accounts.actor import Actor, demand
from tocsin.adapters.documents.mails import MailReader
from tocsin.authorities import queries as directory
from tocsin.authorities.returned import Officials
from tocsin.core.bounces import Returned
from tocsin.core.classifying import Senders
from tocsin.core.codes import Registry
from tocsin.core.errors import BadInput, CannotOpen
from tocsin.core.matching import Known
from tocsin.dispatch import returning
from tocsin.intake import outside
from tocsin.intake.actions import cover
from tocsin.journal import actions as journal
from tocsin.publishing import codes
from tocsin.replies import kinds, outcomes, store
from tocsin.replies.knowing import what_is_known
from tocsin.replies.models import (
    ARRIVED,
    ASIDE,
    FILED,
    LEFT,
    OF_NO_MESSAGE,
    QUARANTINED,
    RETURNED,
    InboxKey,
    RawMessage,
)
from tocsin.replies.reading import LIMITS, Reading, read
from tocsin.replies.receiving import opened
from tocsin.replies.threads import is_ours, thread_digest
from tocsin.vault.opened import CompartmentKeys

MOST_TRIES = 3
AT_ONCE = 500
_ROUND = timedelta(seconds=10)
"""So long a round begins another mail: whoever asked for it waits for it."""
_AT_SIGHT = timedelta(seconds=2)
# A key is used for so long: what it opens can be shredded together.
_IN_USE = timedelta(days=30)
# So long after the start of a round nobody else takes its mails: longer than the sandbox lets the last of them take.
_LEASE = _ROUND + timedelta(seconds=4 * LIMITS.wall_seconds)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What one round of sorting has at hand."""

    actor: Actor
    registry: Registry
    known: Known
    officials: Officials
    reader: MailReader
    senders: Senders
    now: datetime
    secrets: dict[UUID, tuple[bytes, CompartmentKeys]] = field(default_factory=dict, repr=False)

    def opens(self, key: UUID) -> bool:
        """Open a key of the inbox, once; tell whether it opened."""
        if key not in self.secrets:
            row = InboxKey.objects.get(id=key)
            if secret := outside.private_half(self.actor, row, store.COMPARTMENT, now=self.now):
                self.secrets[key] = secret, store.keys(self.actor, key, self.now)
        return key in self.secrets


def sort(actor: Actor, *, now: datetime, most: int = AT_ONCE, within: timedelta = _ROUND) -> Counter[str]:
    """Open and sort mail that came in; tell how many lie now in which state.

    Args:
        actor: Somebody with keys of the inbox.
        now: When.
        most: How many.
        within: For how long another mail is begun, `_ROUND` at most.
    """
    demand(actor, "reply.read", now=now)
    states = _sort_round(actor, now, most, min(within, _ROUND))
    with transaction.atomic():
        # Earlier keys too: whoever was hired since may read what was sealed to them.
        for key in store.held(actor, now):
            cover(actor, key, now, compartment=store.COMPARTMENT, verb="reply.read")
        counts: dict[str, Any] = dict(sorted(states.items()))
        journal.record(actor.id, "replies.mail.sorted", now=now, **counts)
    kind = "replies.inbox.renewed"
    outside.renew(actor, InboxKey, store.COMPARTMENT, "reply.read", after=_IN_USE, kind=kind, now=now)
    return states


def sort_at_sight(actor: Actor, *, now: datetime) -> None:
    """Sort a little of what came in before somebody is shown the inbox, letters first; nothing where nothing waits."""
    mine = RawMessage.objects.filter(state=ARRIVED, key__in=store.held(actor, now))
    if _free(mine, now).exists():
        sort(actor, now=now, within=_AT_SIGHT)


def _sort_round(actor: Actor, now: datetime, most: int, within: timedelta) -> Counter[str]:
    begun, states = monotonic(), Counter[str]()
    with MailReader(LIMITS) as reader:
        found = _opening(actor, reader, now)
        mine = RawMessage.objects.filter(state=ARRIVED, key__in=store.held(actor, now))
        # Keys are opened as mails need them: to ask which are needed takes as long as there is mail that waits.
        for message, key in _free(mine, now).order_by("lane", "came_at", "id").values_list("id", "key")[:most]:
            if monotonic() - begun > within.total_seconds():
                break
            if found.opens(key) and (state := _sort_one(message, found)):
                states[state] += 1
    return states


def _opening(actor: Actor, reader: MailReader, now: datetime) -> _Opening:
    officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=now)
    senders = Senders(directory.posts_by_address(timezone.localdate(now)))
    registry = Registry(codes.list_public(now=now), codes.in_use())
    return _Opening(actor, registry, what_is_known(registry, now=now), officials, reader, senders, now)


def _free(messages: "QuerySet[RawMessage]", now: datetime) -> "QuerySet[RawMessage]":
    return messages.filter(Q(tried_until=None) | Q(tried_until__lt=now))


def _sort_one(message_id: UUID, found: _Opening) -> str:
    """Sort one mail; nothing where somebody else is at it, or where it is to be tried again."""
    mine = _free(RawMessage.objects.filter(id=message_id, state=ARRIVED), found.now)
    # Written down before it is opened: what takes this process with it is counted all the same.
    if not mine.update(tries=F("tries") + 1, tried_until=found.now + _LEASE):
        return ""
    message = RawMessage.objects.get(id=message_id)
    if message.tries > MOST_TRIES:
        return _put_away(message, message.trouble or "stopped")
    secret, keys = found.secrets[message.key_id]
    try:
        kept = opened(secret, message)
        reading, state, returned, heading = read(kept, found.reader, found.registry, found.known)
        if state != RETURNED:
            if is_ours(heading):
                state, reading = ASIDE, replace(reading, sort="automatic")
            kind = kinds.kind_of(heading, reading.text, reading.sort, found.senders, settings.TOCSIN_RECEIVING_HOST)
            reading = replace(reading, kind=kind)
    except (BadInput, CannotOpen) as error:
        if message.tries >= MOST_TRIES:
            return _put_away(message, error.code)
        RawMessage.objects.filter(id=message_id, state=ARRIVED).update(tried_until=None, trouble=error.code)
        return ""
    message.thread = thread_digest(heading)
    return _lay(message, keys, reading, state, returned, found)


def _put_away(message: RawMessage, trouble: str) -> str:
    arrived = RawMessage.objects.filter(id=message.id, state=ARRIVED)
    return QUARANTINED if arrived.update(state=QUARANTINED, trouble=trouble, tried_until=None) else ""


def _lay(
    message: RawMessage, keys: CompartmentKeys, reading: Reading, state: str, returned: Returned, found: _Opening
) -> str:
    with transaction.atomic():
        arrived = RawMessage.objects.filter(id=message.id, state=ARRIVED).defer("sealed")
        held = arrived.select_for_update().first()
        if held is None:
            return ""
        held.reading, held.state = store.sealed(keys, held.id, reading), state
        held.tried_until, held.trouble, held.thread = None, "", message.thread
        held.kind = reading.kind.kind if reading.kind else "returned"
        held.response = reading.kind.response if reading.kind else ""
        if state == FILED:
            held.code, held.filed_at = reading.guesses[0], found.now
        if outcomes.leave_at_once(reading.kind, now=found.now):
            held.state, held.became = ASIDE, LEFT
            journal.record(None, "replies.mail.left", held.id, now=found.now)
        if held.state == RETURNED and returning.count(returned, found.officials, now=found.now) == "of no message":
            held.trouble = OF_NO_MESSAGE
        held.save()
    return held.state
