"""Writing to the vault.

The key store and the main database cannot commit together. The order is always: the key store first, then the main
database says what happened. Whatever a crash leaves between the two is safe: a key without a grant opens nothing, since
opening asks for the grant; a grant without its key opens nothing either. Callers put an action and its journal entry
into one transaction of the main database; what changes or destroys keys in use they announce there first.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from tocsin.core.errors import BadRequest, ChangedMeanwhile, ClockDoubted, NotAllowed
from tocsin.vault import believing, boxes, keyring, queries, secrets, slots
from tocsin.vault.boxes import Terms
from tocsin.vault.keyring import Keyring, PublicKeys
from tocsin.vault.models import Grant, Holder, KeyLink, KeyState
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import DataKey, new_key

LONGEST_GRANT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewHolder:
    """What enrolling gives: the opened keys, and the recovery code that is shown once and kept nowhere."""

    ring: Keyring
    recovery_code: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What ending all grants of a person did: those that ended, and those that nobody else holds and that stay."""

    ended: tuple[Grant, ...]
    kept: tuple[Grant, ...]


def enrol(holder: UUID, passphrase: str, *, now: datetime) -> NewHolder:
    """Draw keys for a person and wrap them under her passphrase and a recovery code.

    Nobody stands for the keys yet: a colleague has to `vouch` for them, or the site has to name them as a root.
    """
    secrets.check_new_passphrase(passphrase)
    ring, code, salt, cost = Keyring.new(holder), secrets.new_recovery_code(), os.urandom(16), settings.TOCSIN_COST
    public = ring.public()
    by_passphrase = keyring.wrap(ring, secrets.stretch(passphrase, salt, cost), "passphrase")
    by_recovery = keyring.wrap(ring, secrets.recovery_key(code, salt), "recovery")
    Holder.objects.create(
        id=holder,
        box_public=public.box,
        sign_public=public.sign,
        salt=salt,
        memory=cost.memory,
        rounds=cost.rounds,
        lanes=cost.lanes,
        passphrase_slot=slots.take(by_passphrase, now),
        recovery_slot=slots.take(by_recovery, now),
    )
    return NewHolder(ring, code)


def change_recovery_code(ring: Keyring) -> str:
    """Draw a new recovery code and give it; the old one opens nothing any more."""
    row, code = queries.get_holder(ring.holder), secrets.new_recovery_code()
    wrapped = keyring.wrap(ring, secrets.recovery_key(code, bytes(row.salt)), "recovery")
    with transaction.atomic(using=slots.KEYS):
        slots.overwrite(row.recovery_slot, wrapped)
    return code


def vouch(ring: Keyring, public: PublicKeys) -> None:
    """Stand for the keys of a colleague, after comparing their fingerprint with her.

    Raises:
        ChangedMeanwhile: if the stored keys are not those that were compared.
    """
    row = queries.get_holder(public.holder)
    if queries.public_keys_of(row) != public:
        raise ChangedMeanwhile("the keys of this person are not those that were compared")
    row.vouched_by, row.vouch = ring.holder, ring.signature(public.framed())
    row.save(update_fields=["vouched_by", "vouch"])


def change_passphrase(ring: Keyring, passphrase: str) -> None:
    """Wrap a person's keys under a new passphrase, in the place of the old wrapping."""
    secrets.check_new_passphrase(passphrase)
    row, cost = queries.get_holder(ring.holder), settings.TOCSIN_COST
    if (row.memory, row.rounds, row.lanes) != (cost.memory, cost.rounds, cost.lanes):
        row.memory, row.rounds, row.lanes = cost.memory, cost.rounds, cost.lanes
        row.save(update_fields=["memory", "rounds", "lanes"])
    wrapped = keyring.wrap(ring, secrets.stretch(passphrase, bytes(row.salt), cost), "passphrase")
    with transaction.atomic(using=slots.KEYS):
        slots.overwrite(row.passphrase_slot, wrapped)


def found(
    ring: Keyring, case: UUID, compartments: Iterable[str], *, reason: str, ends_at: datetime | None, now: datetime
) -> None:
    """Draw the data keys of a new case and grant them to the person who opens it."""
    for compartment in compartments:
        key = DataKey(case, compartment, 1, new_key())
        KeyState.objects.create(case=case, compartment=compartment)
        _give(ring, CompartmentKeys((key,)), ring.public(), reason=reason, ends_at=ends_at, now=now)


def grant(
    ring: Keyring, case: UUID, compartment: str, to: UUID, *, reason: str, ends_at: datetime | None, now: datetime
) -> Grant:
    """Give a colleague the key of a compartment that one holds oneself.

    Raises:
        NotAllowed: if one holds no key of it.
        NotVouched: if nobody stands for the colleague's keys.
        BadRequest: without a reason, with an end that lies in the past or too far, or if she holds one already.
        ClockDoubted: if hers seems to be over by a clock that is in doubt.
    """
    _check_terms(reason, ends_at, now)
    with transaction.atomic():
        lock(case, compartment)
        end_run_out(case, compartment, now)
        keys = queries.open_case(ring, case, now)[compartment]
        if queries.list_grants(now, case=case, holder=to).filter(compartment=compartment).exists():
            raise BadRequest("this person has access already", hint="end the present grant first")
        if Grant.objects.filter(case=case, compartment=compartment, holder=to, ended_at=None).exists():
            _demand_believed(now)
        return _give(ring, keys, queries.vouched_keys(to), reason=reason, ends_at=ends_at, now=now)


def _check_terms(reason: str, ends_at: datetime | None, now: datetime) -> None:
    if not reason.strip():
        raise BadRequest("access needs a reason")
    if ends_at is not None and not now < ends_at <= now + LONGEST_GRANT:
        raise BadRequest("access ends within 90 days")


def _give(
    ring: Keyring, keys: CompartmentKeys, to: PublicKeys, *, reason: str, ends_at: datetime | None, now: datetime
) -> Grant:
    key = keys.newest
    # Whole seconds: the end is bound into the box, and not every database keeps more.
    ends_at = ends_at and ends_at.replace(microsecond=0)
    terms = Terms(uuid4(), to.holder, key.case, key.compartment, ends_at)
    slot = slots.take(boxes.pack(key, terms, to, ring), now, key.case)
    return Grant.objects.create(
        id=terms.grant,
        holder=to.holder,
        case=key.case,
        compartment=key.compartment,
        slot=slot,
        reason=keys.seal(reason.strip().encode(), queries.reason_place(terms.grant)),
        given_by=ring.holder,
        given_at=now,
        ends_at=ends_at,
    )


def revoke(ring: Keyring, grant_id: UUID, *, now: datetime) -> Grant:
    """End a grant, destroy its key, and give everybody else the next version of the data key.

    What is saved from now on is closed to the person who was removed, even if she kept a copy of her key.

    Raises:
        NotAllowed: if there is no such live grant, or one does not hold this compartment oneself.
        BadRequest: if nobody else holds a key: the compartment would be lost.
    """
    with transaction.atomic():
        ended = Grant.objects.filter(id=grant_id, ended_at=None).first()
        if ended is None:
            raise NotAllowed("there is no such grant, or you may not end it")
        state = lock(ended.case, ended.compartment)
        keys = queries.open_case(ring, ended.case, now)[ended.compartment]
        others = list(_others(ended, now))
        if not others:
            raise BadRequest("nobody else could open this any more", hint="grant access to a colleague first")
        newer = DataKey(ended.case, ended.compartment, keys.newest.version + 1, new_key())
        rekey(ring, newer, keys.newest, others, [ended.slot], now)
        state.version = newer.version
        state.save(update_fields=["version"])
        ended.ended_at, ended.ended_by = now, ring.holder
        ended.save(update_fields=["ended_at", "ended_by"])
    return ended


def prolong(ring: Keyring, grant_id: UUID, *, reason: str, ends_at: datetime, now: datetime) -> Grant:
    """Put another grant in the place of one that holds: the same person and compartment, another day and reason.

    Raises:
        NotAllowed: if there is no such live grant, or one does not hold this compartment oneself.
        BadRequest: without a reason, or with an end that lies in the past or too far.
    """
    _check_terms(reason, ends_at, now)
    with transaction.atomic():
        old = queries.list_grants(now).filter(id=grant_id).first()
        if old is None:
            raise NotAllowed("there is no such grant, or you may not prolong it")
        lock(old.case, old.compartment)
        keys = queries.open_case(ring, old.case, now)[old.compartment]
        return _replace(ring, old, keys, reason=reason, ends_at=ends_at, now=now)


def reopen(ring: Keyring, case: UUID, *, reason: str, ends_at: datetime, now: datetime) -> tuple[Grant, ...]:
    """Give a person access again to those compartments of a case that she held as the last, until her day came.

    Her key was kept for this (`end_expired_of`). Who may ask for it is for the caller to say: she alone may not.

    Raises:
        ClockDoubted: by a clock that is in doubt: nobody can tell who was the last.
    """
    _check_terms(reason, ends_at, now)
    _demand_believed(now)
    run_out = Grant.objects.filter(case=case, holder=ring.holder, ended_at=None, ends_at__lte=now)
    with transaction.atomic():
        given = []
        for compartment in sorted(run_out.values_list("compartment", flat=True)):
            lock(case, compartment)
            end_expired_of(case, compartment, now)
            if last := run_out.filter(compartment=compartment).first():
                keys = queries.open_run_out(ring, last)
                given.append(_replace(ring, last, keys, reason=reason, ends_at=ends_at, now=now))
    return tuple(given)


def _replace(
    ring: Keyring, old: Grant, keys: CompartmentKeys, *, reason: str, ends_at: datetime, now: datetime
) -> Grant:
    if not Grant.objects.filter(id=old.id, ended_at=None).update(ended_at=now, ended_by=ring.holder):
        raise ChangedMeanwhile("somebody else ended this access meanwhile")
    given = _give(ring, keys, queries.vouched_keys(old.holder), reason=reason, ends_at=ends_at, now=now)
    # Not before the new one is sure to stay: it may be the last key. What a crash leaves is a key that she may have
    # anyway, and that opens nothing newer once her access is ended.
    transaction.on_commit(lambda: slots.destroy([old.slot]))
    return given


def _others(ended: Grant, now: datetime) -> QuerySet[Grant]:
    return queries.all_grants(now, case=ended.case).filter(compartment=ended.compartment).exclude(id=ended.id)


def end_all(holder: UUID, by: UUID | None, *, now: datetime) -> Ended:
    """End all grants of a person who leaves, and destroy their keys, without being able to open anything oneself.

    Each compartment's key is changed by the next colleague who saves in it, before she seals anything. A grant without
    which nobody could open a compartment stays, so that nothing is lost by mistake.
    """
    live = list(queries.all_grants(now, holder=holder))
    kept = tuple(grant for grant in live if not _others(grant, now).exists())
    ended = tuple(grant for grant in live if grant not in kept)
    slots.destroy([grant.slot for grant in ended])
    for grant in ended:
        Grant.objects.filter(id=grant.id).update(ended_at=now, ended_by=by)
        KeyState.objects.filter(case=grant.case, compartment=grant.compartment).update(renewal_due=True)
    return Ended(ended, kept)


def rekey(ring: Keyring, newer: DataKey, older: DataKey, others: list[Grant], gone: list[int], now: datetime) -> None:
    """Change the data key for all who stay and destroy the slots of who is gone, in one transaction of the key store.

    A crash leaves the old state or the new one.
    """
    packed = [
        (grant.slot, boxes.pack(newer, queries.terms_of(grant), queries.vouched_keys(grant.holder), ring))
        for grant in others
    ]
    with transaction.atomic(using=slots.KEYS):
        KeyLink.objects.create(
            case=newer.case,
            compartment=newer.compartment,
            version=newer.version,
            slot=slots.take(queries.link(newer, older), now, newer.case),
        )
        for slot, box in packed:
            slots.overwrite(slot, box)
        slots.destroy(gone)


def shred(case: UUID) -> None:
    """Destroy every key of a case: nobody opens it any more, whatever they hold. It cannot be undone.

    Only slots that exist are overwritten, so that it works on a full disk and can be repeated after a crash.
    """
    # The rows of the main database are asked besides: what they name opens nothing either, whatever a slot says.
    numbers = {*slots.numbers_of([case]), *Grant.objects.filter(case=case).values_list("slot", flat=True)}
    slots.destroy_all(numbers | {*KeyLink.objects.filter(case=case).values_list("slot", flat=True)})


def end_destroyed(*, now: datetime) -> int:
    """End the grants whose keys a newer key store holds destroyed, not those that it lacks; tell how many."""
    live = Grant.objects.filter(ended_at=None)
    kept = slots.read(live.values_list("slot", flat=True))
    gone = live.filter(slot__in=[number for number, payload in kept.items() if not payload])
    for case, compartment in set(gone.values_list("case", "compartment")):
        KeyState.objects.filter(case=case, compartment=compartment).update(renewal_due=True)
    return gone.update(ended_at=now)


def list_destroyed(cases: Iterable[UUID]) -> list[UUID]:
    """List those of some cases of which the key store knows keys, and holds each of them destroyed."""
    numbers = {case: slots.numbers_of([case]) for case in cases}
    kept = slots.read(number for each in numbers.values() for number in each)
    return [case for case, each in numbers.items() if each and not any(kept[number] for number in each)]


def destroy_again(shredded: Iterable[UUID]) -> int:
    """Destroy what came back with an older key store: keys of shredded cases and of ended grants; tell how many."""
    ended = Grant.objects.exclude(ended_at=None).values_list("slot", flat=True)
    back = [number for number, payload in slots.read({*slots.numbers_of(shredded), *ended}).items() if payload]
    slots.destroy_all(back)
    return len(back)


def lock(case: UUID, compartment: str) -> KeyState:
    """Let one change of a compartment's keys wait for another."""
    state = KeyState.objects.select_for_update().filter(case=case, compartment=compartment).first()
    if state is None:
        raise NotAllowed("there is no such case, or you may not open it")
    return state


def end_expired(now: datetime) -> int:
    """End every grant whose day has come, and destroy its key; tell how many there were."""
    expired = Grant.objects.filter(ended_at=None, ends_at__lte=now)
    count = 0
    for case, compartment in set(expired.values_list("case", "compartment")):
        with transaction.atomic():
            lock(case, compartment)
            count += end_expired_of(case, compartment, now)
    return count


def end_run_out(case: UUID, compartment: str, now: datetime) -> None:
    """Do so in a person's own action, unless the clock is in doubt: what seems to be over opens nothing all the same.

    A clock that was set ahead would destroy keys for good, and once it is right again they still open what they did.
    """
    run_out = Grant.objects.filter(case=case, compartment=compartment, ended_at=None, ends_at__lte=now)
    if run_out.exists() and believing.is_believed(now):
        end_expired_of(case, compartment, now)


def _demand_believed(now: datetime) -> None:
    if not believing.is_believed(now):
        raise ClockDoubted(
            "the clock of this machine is in doubt: nobody can tell whether this access is over",
            hint="set the clock right; if it is right: tocsin site clock",
        )


def end_expired_of(case: UUID, compartment: str, now: datetime) -> int:
    """End the grants of a compartment whose day has come, and destroy their keys; tell how many. It is locked.

    The last key of a compartment is not destroyed: it stays closed to the person whose day has come, since her terms
    are bound into its box, but without it what lies there would be lost for ever by an oversight (`reopen`).
    """
    expired = _expired_of(case, compartment, now)
    if not expired.exists():
        return 0
    slots.destroy(list(expired.values_list("slot", flat=True)))
    KeyState.objects.filter(case=case, compartment=compartment).update(renewal_due=True)
    return expired.update(ended_at=now)


def list_expired(now: datetime) -> list[Grant]:
    """List the grants that would end if their day were looked at by a time: all but the last of a compartment."""
    run_out = Grant.objects.filter(ended_at=None, ends_at__lte=now)
    places = set(run_out.values_list("case", "compartment"))
    return [grant for case, compartment in sorted(places) for grant in _expired_of(case, compartment, now)]


def _expired_of(case: UUID, compartment: str, now: datetime) -> QuerySet[Grant]:
    expired = Grant.objects.filter(case=case, compartment=compartment, ended_at=None, ends_at__lte=now)
    if not queries.all_grants(now, case=case).filter(compartment=compartment).exists():
        expired = expired.exclude(ends_at=expired.aggregate(last=Max("ends_at"))["last"])
    return expired
