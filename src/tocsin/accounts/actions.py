"""Writing to accounts: signing in and out, confirming oneself again, and the secrets that are one's own.

Passphrase, second factor and recovery code are three things; any two of them let a person in, and the third is then set
anew. Who has one of them alone gets a link from an administrator in the place of another (`staff`).
"""

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

from tocsin.accounts import passkeys, second_factor, throttle
from tocsin.accounts.actor import NO_PROOF, PASSKEY, TERMINAL, TOTP, Actor, verbs_of_roles
from tocsin.accounts.models import Account, Passkey, Session
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, keep_name, kept_name, name_place
from tocsin.accounts.passkeys import Origin
from tocsin.accounts.throttle import Visitor
from tocsin.core.errors import BadRequest, CannotOpen, WrongSecret
from tocsin.journal import actions as journal
from tocsin.vault import actions as vault
from tocsin.vault import emergency, renewal, secrets
from tocsin.vault import queries as keys
from tocsin.vault.keyring import Keyring

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOWHERE = Visitor()
_SEEN_EVERY = timedelta(minutes=1)
_COOKIE_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What creating an account gives, to be handed to its person and kept nowhere."""

    actor: Actor
    recovery_code: str = field(repr=False)
    totp: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer of a passkey, and the site that it was given to."""

    answer: str = field(repr=False)
    origin: Origin


def create_first_account(login: str, name: str, passphrase: str, roles: Iterable[str], *, now: datetime) -> NewAccount:
    """Create the account that a site begins with; the site names its keys as a root."""
    with transaction.atomic():
        if Account.objects.exists():
            raise BadRequest("this site has accounts already")
        account = add_account(login_digest(login), roles, now=now)
        holder, totp = vault.enrol(account.id, passphrase, now=now), second_factor.new_secret()
        vault.found(holder.ring, DIRECTORY, [COMPARTMENT], reason="works here", ends_at=None, now=now)
        write_name(holder.ring, account.id, name, now=now)
        Account.objects.filter(id=account.id).update(totp=keys.seal_own(holder.ring, totp, "totp"))
        journal.record(account.id, "site.created", now=now)
    actor = Actor(account.id, frozenset(account.roles.split()), holder.ring, TOTP, now)
    return NewAccount(actor, holder.recovery_code, totp)


def add_account(login: bytes, roles: Iterable[str], *, now: datetime) -> Account:
    """Add the row of an account without any secret."""
    if Account.objects.filter(login=login).exists():
        raise BadRequest("somebody signs in by this name already")
    return Account.objects.create(id=uuid4(), login=login, roles=" ".join(known_roles(roles)), created_at=now)


def known_roles(roles: Iterable[str]) -> list[str]:
    """Give roles in order, each once.

    Raises:
        BadRequest: if there is no such role.
    """
    chosen = sorted(set(roles))
    if unknown := set(chosen) - verbs_of_roles().keys():
        raise BadRequest(f"there is no role {min(unknown)}", hint=f"known are {', '.join(sorted(verbs_of_roles()))}")
    return chosen


def write_name(ring: Keyring, account: UUID, name: str, *, now: datetime) -> None:
    """Seal the name of an account into the directory."""
    renewal.renew(ring, DIRECTORY, now=now)
    sealed = keys.open_case(ring, DIRECTORY, now)[COMPARTMENT].seal(name.strip().encode(), name_place(account))
    Account.objects.filter(id=account).update(name=sealed)


def login_digest(login: str) -> bytes:
    """Give the keyed digest by which an account is found; the name itself is stored nowhere in clear."""
    folded = unicodedata.normalize("NFKC", login).strip().casefold()
    if not folded:
        raise BadRequest("a name to sign in by is needed")
    return hmac.digest(settings.TOCSIN_INDEX_KEY, b"login " + folded.encode(), "sha256")


def sign_in(login: str, secret: str, code: str | Shown, *, visitor: Visitor = NOWHERE, now: datetime) -> bytes:
    """Open a session and give the secret for its cookie.

    Args:
        login: The name to sign in by.
        secret: The passphrase, or the recovery code in its place.
        code: A code of the authenticator, or the answer of a passkey.
        visitor: Where the request comes from.
        now: The time.

    Raises:
        WrongSecret: with the same words and after the same work, whatever was wrong.
        TooManyTries: before any work.
    """
    account, ring, proof = _admitted(login, secret, code, visitor, now)
    return open_session(account, ring, proof=proof, now=now)


def prove(login: str, secret: str, code: str, *, now: datetime) -> Actor:
    """Give somebody who shows at the machine itself who she is, for one command and without a session.

    Raises:
        WrongSecret: with the same words and after the same work, whatever was wrong.
        TooManyTries: before any work.
        Frozen: while nobody may sign in.
    """
    emergency.demand_thawed()
    account, ring, _ = _admitted(login, secret, code, Visitor("::1"), now)
    return Actor(account.id, frozenset(account.roles.split()), ring, TERMINAL, now)


def _admitted(
    login: str, secret: str, code: str | Shown, visitor: Visitor, now: datetime
) -> tuple[Account, Keyring, str]:
    with _refusals(login, visitor, now) as digest:
        account, ring, by_recovery = _unlocked(digest, secret)
        proof = _use_factor(account, ring, code, now)
    throttle.forgive(digest, visitor)
    if by_recovery:
        _record(account.id, "accounts.recovery.used", now)
    return account, ring, proof


def sign_in_without_factor(
    login: str, passphrase: str, recovery_code: str, *, visitor: Visitor = NOWHERE, now: datetime
) -> bytes:
    """Let somebody in who lost her second factor, to set up another one and do nothing else; the lost ones are void.

    Raises:
        WrongSecret: with the same words, whatever was wrong.
        TooManyTries: before any work.
    """
    with _refusals(login, visitor, now) as digest:
        account, ring, by_recovery = _unlocked(digest, passphrase)
        if by_recovery:
            raise WrongSecret("one thing twice is not two things")
        keys.unlock_by_recovery(account.id, recovery_code)
    throttle.forgive(digest, visitor)
    _record(account.id, "accounts.recovery.used", now)
    clear_factors(account.id, account.id, now=now)
    return open_session(account, ring, proof=NO_PROOF, now=now)


class _refusals:  # noqa: N801 - reads as a clause
    """Counts a try, and makes one refusal of whatever goes wrong inside."""

    def __init__(self, login: str, visitor: Visitor, now: datetime) -> None:
        self._login, self._visitor, self._now = login, visitor, now

    def __enter__(self) -> bytes:
        digest = login_digest(self._login) if self._login.strip() else bytes(32)
        throttle.admit(digest, self._visitor, now=self._now)
        return digest

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, WrongSecret | CannotOpen | BadRequest):
            _record(None, "accounts.session.refused", self._now)
            raise WrongSecret(
                "name, passphrase or code is wrong", hint="a code can be used once; wait for the next"
            ) from error


def _unlocked(login: bytes, secret: str) -> tuple[Account, Keyring, bool]:
    account = Account.objects.filter(login=login, disabled_at=None).first()
    ring, by_recovery = keys.unlock_by_either(account.id if account else uuid4(), secret)
    if account is None:
        raise WrongSecret("nobody signs in by this name")
    return account, ring, by_recovery


def _use_factor(account: Account, ring: Keyring, code: str | Shown, now: datetime) -> str:
    if isinstance(code, Shown):
        passkeys.check_shown(code.answer, account.id, code.origin, now=now)
        return PASSKEY
    if not account.totp:
        raise WrongSecret("there is no authenticator")
    step = second_factor.step_of(keys.open_own(ring, bytes(account.totp), "totp"), code, now)
    # One statement, so that of many who send the same code at once one gets through.
    if step is None or not Account.objects.filter(id=account.id, last_step__lt=step).update(last_step=step):
        raise WrongSecret("the code is wrong or was used before")
    return TOTP


def open_session(
    account: Account, ring: Keyring, *, proof: str = TOTP, now: datetime, opened_at: datetime | None = None
) -> bytes:
    """Open a session for somebody whose secrets were checked; it ends the others of the same person."""
    cookie = os.urandom(_COOKIE_BYTES)
    with transaction.atomic():
        Session.objects.filter(account=account).delete()
        Session.objects.create(
            id=_session_id(cookie),
            account=account,
            ring=keys.seal_session(ring, cookie),
            name=keep_name(ring, bytes(account.name), now=now),
            proof=proof,
            opened_at=opened_at or now,
            seen_at=now,
            confirmed_at=now,
        )
        journal.record(account.id, "accounts.session.confirmed" if opened_at else "accounts.session.opened", now=now)
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
    roles = frozenset(session.account.roles.split())
    name = kept_name(ring, bytes(session.account.name), bytes(session.name))
    return Actor(session.account.id, roles, ring, session.proof, session.confirmed_at, name)


def step_up(actor: Actor, code: str | Shown, *, visitor: Visitor = NOWHERE, now: datetime) -> bytes:
    """Take somebody's second factor again; the session gets a new secret, and ends no later than before.

    Raises:
        WrongSecret: if it is wrong or was used before.
        TooManyTries: before it is looked at.
    """
    throttle.admit(actor.id.bytes, visitor, now=now)
    account = Account.objects.get(id=actor.id)
    proof = _use_factor(account, actor.ring, code, now)
    throttle.forgive(actor.id.bytes, visitor)
    return renew_session(actor, proof, now=now)


def renew_session(actor: Actor, proof: str, *, now: datetime) -> bytes:
    """Give a session a new secret, and write down what it was confirmed by."""
    session = Session.objects.filter(account_id=actor.id).first()
    opened_at = session.opened_at if session else now
    return open_session(Account.objects.get(id=actor.id), actor.ring, proof=proof, now=now, opened_at=opened_at)


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


def change_passphrase(
    actor: Actor, present: str, passphrase: str, *, visitor: Visitor = NOWHERE, now: datetime
) -> bytes:
    """Set a new passphrase; every session ends, and the one who did it gets the secret of a new one.

    Raises:
        WrongSecret: if what she gave is neither her present passphrase nor her recovery code.
        BadRequest: if the new one cannot be taken.
    """
    throttle.admit(actor.id.bytes, visitor, now=now)
    keys.unlock_by_either(actor.id, present)
    throttle.forgive(actor.id.bytes, visitor)
    secrets.check_new_passphrase(passphrase)
    journal.announce(actor.id, "accounts.passphrase.begun", now=now)
    with transaction.atomic():
        # The entry first: no secret changes that the journal could not be told of.
        journal.record(actor.id, "accounts.passphrase.changed", now=now)
        vault.change_passphrase(actor.ring, passphrase)
    return renew_session(actor, actor.proof, now=now)


def clear_factors(account: UUID, by: UUID | None, *, now: datetime) -> None:
    """Void all second factors of a person, and end her sessions."""
    with transaction.atomic():
        Account.objects.filter(id=account).update(totp=b"", totp_offered=b"")
        Passkey.objects.filter(account_id=account).delete()
        Session.objects.filter(account_id=account).delete()
        journal.record(by, "accounts.factor.cleared", account, now=now)


def _record(actor: UUID | None, kind: str, now: datetime) -> None:
    with transaction.atomic():
        journal.record(actor, kind, now=now)


def _session_id(cookie: bytes) -> str:
    return hashlib.sha256(cookie).hexdigest()
