"""Saying in public that the key of an approver was stolen: two other approvers sign that it was, and what stays."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.appeals.two import Two, demand_two, signed_by_both
from tocsin.core.errors import BadRequest
from tocsin.core.publication import Disavowal, Words
from tocsin.journal import actions as journal
from tocsin.publishing import codes, disavowals
from tocsin.publishing.disavowals import SignedBy

DISAVOW = "signatory.disavow"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A disavowal that nobody signed yet, and what of all that the key signed is genuine by it and what is not."""

    holder: UUID
    disavowal: Disavowal
    genuine: tuple[SignedBy, ...]
    void: tuple[SignedBy, ...]


def prepare(
    holder: UUID, since: datetime, note: Words, *, also: Collection[str] = (), key: str = "", now: datetime
) -> Prepared:
    """Make the disavowal of the key of a person; nothing is changed.

    Args:
        holder: Whose key it is.
        since: From when on others may have had it. What was published before stays genuine.
        note: What readers are told.
        also: The codes, however they were typed, of what she signed herself later, which stays genuine too.
        key: The id of the key, where she had several.
        now: When.

    Raises:
        BadRequest: if she has no such key or several, the time is yet to come, or she signed nothing under a code.
        BadCode: if something in `also` is no code.
    """
    if since > now:
        raise BadRequest("a key that will be stolen is not known yet: the time lies ahead")
    one = _key_of(holder, key)
    signed = disavowals.list_signed(one)
    named = set(map(codes.printed_as, also))
    if strange := named - {each.code for each in signed}:
        raise BadRequest(f"this key signed nothing under {min(strange)}")
    return told(holder, disavowals.prepare(one, since, (note,), signed, named), signed)


def told(holder: UUID, disavowal: Disavowal, signed: Collection[SignedBy] | None = None) -> Prepared:
    """Give what becomes of all that a key signed until now, by a disavowal."""
    signed = disavowals.list_signed(disavowal.key) if signed is None else signed
    genuine = tuple(each for each in signed if disavowal.confirms(each.digest))
    void = tuple(each for each in signed if not disavowal.confirms(each.digest))
    return Prepared(holder, disavowal, genuine, void)


def _key_of(holder: UUID, key: str) -> str:
    keys = [each.id for each in disavowals.list_keys(holder) if key in ("", each.id)]
    if not keys:
        raise BadRequest("she has no such key, or it is disavowed already")
    if len(keys) > 1:
        raise BadRequest("she has several keys: say which one was stolen", hint=f"--key {' or '.join(keys)}")
    return keys[0]


def disavow(two: Two, prepared: Prepared, *, now: datetime) -> int:
    """Let the key count for nothing but what its disavowal names, from now on; two others sign.

    Returns:
        How many appeals that were shown are not any more.

    Raises:
        NotAllowed: if one of them may not.
        StepUpNeeded: if one did not show her second factor just now.
        BadRequest: if they are one person, or one of them is the holder of the key.
        BadPublication, ChangedMeanwhile: as `publishing.disavowals.let_in`.
    """
    first, second = two
    demand_two(two, DISAVOW, now=now)
    if prepared.holder in (first.id, second.id):
        raise BadRequest("whose key was stolen does not say so herself: two others are needed")
    signed = signed_by_both(two, prepared.disavowal)
    return let_in(signed, prepared.holder, by=first.id, second=second.id, now=now)


def let_in(disavowal: Disavowal, holder: UUID, *, by: UUID, second: UUID, now: datetime) -> int:
    """Let in what two signed of the key of a third, with its entry in the journal; gives what `disavow` gives."""
    with transaction.atomic():
        void = disavowals.let_in(disavowal, now=now)
        journal.record(by, "appeals.signatory.disavowed", holder, now=now, second=second, appeals=void)
    return void
