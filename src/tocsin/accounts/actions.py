"""Writing to accounts: creating them, signing in and out."""

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tocsin.accounts import second_factor
from tocsin.accounts.actor import Actor, demand, verbs_of_roles
from tocsin.accounts.models import Account, Session
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place
from tocsin.core.errors import BadRequest, CannotOpen, WrongSecret
from tocsin.journal import actions as journal
from tocsin.vault import actions as vault
from tocsin.vault import queries as keys
from tocsin.vault.keyring import Keyring

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_COOKIE_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What creating an account gives, to be handed to its person and kept nowhere."""

    actor: Actor
    recovery_code: str = field(repr=False)
    totp: bytes = field(repr=False)


def create_first_account(login: str, name: str, passphrase: str, roles: Iterable[str], *, now: datetime) -> NewAccount:
    """Create the account that a site begins with; the site names its keys as a root."""
    with transaction.atomic():
        if Account.objects.exists():
            raise BadRequest("this site has accounts already")
        fresh = _enrol(login, passphrase, roles, now)
        vault.found(fresh.actor.ring, DIRECTORY, [COMPARTMENT], reason="works here", ends_at=None, now=now)
        _write_name(fresh.actor.ring, fresh.actor.id, name, now)
        journal.record(fresh.actor.id, "site.created", now=now)
    return fresh


def create_account(
    actor: Actor, login: str, name: str, passphrase: str, roles: Iterable[str], *, now: datetime
) -> NewAccount:
    """Create an account for a colleague who sits beside and types her own passphrase."""
    demand(actor, "account.create", now=now)
    with transaction.atomic():
        fresh = _enrol(login, passphrase, roles, now)
        vault.vouch(actor.ring, fresh.actor.ring.public())
        vault.grant(actor.ring, DIRECTORY, COMPARTMENT, fresh.actor.id, reason="works here", ends_at=None, now=now)
        _write_name(actor.ring, fresh.actor.id, name, now)
        journal.record(actor.id, "accounts.account.created", fresh.actor.id, now=now)
    return fresh


def _enrol(login: str, passphrase: str, roles: Iterable[str], now: datetime) -> NewAccount:
    chosen = sorted(set(roles))
    if unknown := set(chosen) - verbs_of_roles().keys():
        raise BadRequest(f"there is no role {min(unknown)}", hint=f"known are {', '.join(sorted(verbs_of_roles()))}")
    digest = login_digest(login)
    if Account.objects.filter(login=digest).exists():
        raise BadRequest("somebody signs in by this name already")
    account, totp = uuid4(), second_factor.new_secret()
    holder = vault.enrol(account, passphrase, now=now)
    Account.objects.create(
        id=account,
        login=digest,
        roles=" ".join(chosen),
        totp=keys.seal_own(holder.ring, totp, "totp"),
        created_at=now,
    )
    return NewAccount(Actor(account, frozenset(chosen), holder.ring), holder.recovery_code, totp)


def _write_name(ring: Keyring, account: UUID, name: str, now: datetime) -> None:
    sealed = keys.open_case(ring, DIRECTORY, now)[COMPARTMENT].seal(name.encode(), name_place(account))
    Account.objects.filter(id=account).update(name=sealed)


def login_digest(login: str) -> bytes:
    """Give the keyed digest by which an account is found; the name itself is stored nowhere in clear."""
    folded = unicodedata.normalize("NFKC", login).strip().casefold()
    if not folded:
        raise BadRequest("a name to sign in by is needed")
    return hmac.digest(settings.TOCSIN_INDEX_KEY, b"login " + folded.encode(), "sha256")


def sign_in(login: str, passphrase: str, code: str, *, now: datetime) -> bytes:
    """Open a session and give the secret for its cookie.

    Raises:
        WrongSecret: with the same words and after the same work, whatever was wrong.
    """
    try:
        account, ring = _unlocked(login, passphrase)
        _use_code(account, ring, code, now)
    except (WrongSecret, CannotOpen, BadRequest) as error:
        with transaction.atomic():
            journal.record(None, "accounts.session.refused", now=now)
        raise WrongSecret(
            "name, passphrase or code is wrong", hint="a code can be used once; wait for the next"
        ) from error
    return open_session(account, ring, now=now)


def _unlocked(login: str, passphrase: str) -> tuple[Account, Keyring]:
    account = Account.objects.filter(login=login_digest(login), disabled_at=None).first()
    if account is None:
        keys.spend_as_long_as_unlocking()
        raise WrongSecret("nobody signs in by this name")
    return account, keys.unlock(account.id, passphrase)


def _use_code(account: Account, ring: Keyring, code: str, now: datetime) -> None:
    step = second_factor.step_of(keys.open_own(ring, bytes(account.totp), "totp"), code, now)
    # One statement, so that of many who send the same code at once one gets through.
    if step is None or not Account.objects.filter(id=account.id, last_step__lt=step).update(last_step=step):
        raise WrongSecret("the code is wrong or was used before")


def open_session(account: Account, ring: Keyring, *, now: datetime) -> bytes:
    """Open a session for somebody whose secrets were checked; it ends the others of the same person."""
    cookie = os.urandom(_COOKIE_BYTES)
    with transaction.atomic():
        Session.objects.filter(account=account).delete()
        Session.objects.create(
            id=_session_id(cookie), account=account, ring=keys.seal_session(ring, cookie), opened_at=now, seen_at=now
        )
        journal.record(account.id, "accounts.session.opened", now=now)
    return cookie


def resume(cookie: bytes, *, now: datetime) -> Actor | None:
    """Give the person of a session, unless it has ended or her account is closed."""
    session = Session.objects.select_related("account").filter(id=_session_id(cookie)).first()
    if session is None:
        return None
    over = now >= min(session.seen_at + IDLE, session.opened_at + LONGEST)
    if over or session.account.disabled_at is not None:
        session.delete()
        return None
    if now - session.seen_at >= _SEEN_EVERY:
        Session.objects.filter(id=session.id).update(seen_at=now)
    ring = keys.open_session(session.account.id, bytes(session.ring), cookie)
    return Actor(session.account.id, frozenset(session.account.roles.split()), ring)


def sign_out(actor: Actor, *, now: datetime) -> None:
    """End all sessions of a person."""
    with transaction.atomic():
        Session.objects.filter(account_id=actor.id).delete()
        journal.record(actor.id, "accounts.session.closed", now=now)


def lock(actor: Actor, *, now: datetime) -> None:
    """End all sessions of a person at once, as when somebody stands at the door."""
    with transaction.atomic():
        Session.objects.filter(account_id=actor.id).delete()
        journal.record(actor.id, "accounts.session.locked", now=now)


def remove_ended_sessions(now: datetime) -> int:
    """Remove the rows of sessions that are over; tell how many there were."""
    over = Q(seen_at__lte=now - IDLE) | Q(opened_at__lte=now - LONGEST)
    return Session.objects.filter(over).delete()[0]


def forget_sessions() -> None:
    """Remove the rows of all sessions, which open nothing since `vault.emergency` ended them."""
    Session.objects.all().delete()


def _session_id(cookie: bytes) -> str:
    return hashlib.sha256(cookie).hexdigest()
