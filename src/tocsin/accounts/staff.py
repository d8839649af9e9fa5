"""Who works here: inviting, vouching, roles, closing and restoring accounts.

Whoever does this sees no secret: a link goes to the newcomer, who draws her keys, passphrase and second factor in her
own session. Until a colleague has compared the fingerprint of these keys with her, they open nothing, so that a link
that somebody else used is worth nothing.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tocsin.accounts import throttle
from tocsin.accounts.actions import (
    NOWHERE,
    add_account,
    clear_factors,
    known_roles,
    login_digest,
    open_session,
    write_name,
)
from tocsin.accounts.actor import NO_PROOF, Actor, demand
from tocsin.accounts.models import Account, Invitation, Session
from tocsin.accounts.names import COMPARTMENT, DIRECTORY
from tocsin.accounts.queries import list_names
from tocsin.accounts.throttle import Visitor
from tocsin.core.errors import BadRequest, CannotOpen, NotAllowed, NotVouched, WrongSecret
from tocsin.journal import actions as journal
from tocsin.publishing import signatories
from tocsin.vault import actions as vault
from tocsin.vault import queries as keys
from tocsin.vault.actions import Ended

LINK_LIFE = timedelta(days=3)
_LINK_BYTES = 24


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining gives: the secret of a session, and the recovery code that is shown once."""

    cookie: bytes = field(repr=False)
    recovery_code: str = field(repr=False)


def invite(actor: Actor, login: str, name: str, roles: Iterable[str], *, now: datetime) -> str:
    """Create an account without any secret, and give the secret of the link by which its person joins."""
    demand(actor, "account.create", now=now)
    if not name.strip():
        raise BadRequest("a name that colleagues see is needed")
    with transaction.atomic():
        account = add_account(login_digest(login), roles, now=now)
        write_name(actor.ring, account.id, name, now=now)
        journal.record(actor.id, "accounts.account.created", account.id, now=now)
        return _new_link(account, now)


def invite_again(actor: Actor, account_id: UUID, *, now: datetime) -> str:
    """Give a new link to somebody who has not joined yet; the old one is void."""
    demand(actor, "account.create", now=now)
    account = _other(actor, account_id)
    if keys.has_keys(account.id) or account.disabled_at is not None:
        raise BadRequest("this person has joined already, or the account is closed")
    with transaction.atomic():
        journal.record(actor.id, "accounts.account.invited", account.id, now=now)
        return _new_link(account, now)


def reset_second_factor(actor: Actor, account_id: UUID, *, now: datetime) -> str:
    """Void somebody's second factors and end her sessions; give the secret of a link for setting up others.

    The link stands for the second factor once. Who uses it has to know the passphrase or the recovery code besides.
    """
    demand(actor, "account.change", now=now)
    account = _other(actor, account_id)
    if not keys.has_keys(account.id) or account.disabled_at is not None:
        raise BadRequest("this person has not joined yet, or the account is closed")
    with transaction.atomic():
        clear_factors(account.id, actor.id, now=now)
        journal.record(actor.id, "accounts.account.reset", account.id, now=now)
        return _new_link(account, now)


def break_glass(first: Actor, second: Actor, account_id: UUID, *, now: datetime) -> str:
    """Do the same where no administrator can: two people of the site, whatever their roles, stand for a third.

    Args:
        first: Who asks.
        second: Somebody else, who agrees.
        account_id: Whose second factor was lost.
        now: The time.

    Raises:
        BadRequest: if they are not three different people.
    """
    account = _other(first, account_id)
    if len({first.id, second.id, account.id}) < 3:
        raise BadRequest("this takes two people, and neither of them is the one who lost it")
    for each in (first, second):
        if not keys.is_vouched(each.id):
            raise NotVouched("nobody stands for the keys of one of you")
    if not keys.has_keys(account.id) or account.disabled_at is not None:
        raise BadRequest("this person has not joined yet, or the account is closed")
    with transaction.atomic():
        clear_factors(account.id, first.id, now=now)
        journal.record(first.id, "accounts.account.reset", account.id, now=now, second=second.id)
        return _new_link(account, now)


def is_joining(link: str, *, now: datetime) -> bool:
    """Tell whether a link is one by which somebody joins; if not, she has keys and sets up a second factor.

    Raises:
        NotAllowed: if the link is none, was used, or is too old.
    """
    return not keys.has_keys(_invitation(link, now).account_id)


def join(link: str, passphrase: str, *, now: datetime) -> Joined:
    """Draw the newcomer's keys under her passphrase, and let her in to set up a second factor.

    Raises:
        NotAllowed: if the link is none, was used, or is too old.
        BadRequest: if the passphrase cannot be taken; the link can be used again.
    """
    with transaction.atomic():
        account = _use_link(link, now)
        if keys.has_keys(account.id):
            raise NotAllowed("there is no such link, or it was used")
        holder = vault.enrol(account.id, passphrase, now=now)
        journal.record(account.id, "accounts.account.joined", now=now)
        return Joined(open_session(account, holder.ring, proof=NO_PROOF, now=now), holder.recovery_code)


def come_back(link: str, secret: str, *, visitor: Visitor = NOWHERE, now: datetime) -> bytes:
    """Let somebody in whose second factor was reset, by link and passphrase or recovery code.

    Raises:
        NotAllowed: if the link is none, was used, or is too old.
        WrongSecret: if the passphrase is wrong; the link can be used again.
        TooManyTries: before the passphrase is looked at.
    """
    account = _invitation(link, now).account
    throttle.admit(account.id.bytes, visitor, now=now)
    try:
        ring, _ = keys.unlock_by_either(account.id, secret)
    except (WrongSecret, CannotOpen) as error:
        with transaction.atomic():
            journal.record(None, "accounts.session.refused", now=now)
        raise WrongSecret("this passphrase or recovery code is wrong") from error
    throttle.forgive(account.id.bytes, visitor)
    with transaction.atomic():
        return open_session(_use_link(link, now), ring, proof=NO_PROOF, now=now)


def vouch(actor: Actor, account_id: UUID, fingerprint: str, *, now: datetime) -> None:
    """Stand for a colleague's keys, after she has read their fingerprint out; she learns the names of colleagues.

    Raises:
        BadRequest: if what was typed is not the fingerprint of the keys that are stored.
    """
    demand(actor, "account.vouch", now=now)
    account = _other(actor, account_id)
    if not keys.has_keys(account.id) or account.disabled_at is not None:
        raise BadRequest("this person has not joined yet, or the account is closed")
    public = keys.public_keys_of(keys.get_holder(account.id))
    typed = "".join(fingerprint.split()).lower()
    if not hmac.compare_digest(typed.encode(), public.fingerprint().replace(" ", "").encode()):
        raise BadRequest("this is not the fingerprint of the stored keys", hint="hear it again; if it differs, tell")
    with transaction.atomic():
        vault.vouch(actor.ring, public)
        if not keys.list_grants(now, case=DIRECTORY, holder=account.id).exists():
            vault.grant(actor.ring, DIRECTORY, COMPARTMENT, account.id, reason="works here", ends_at=None, now=now)
        journal.record(actor.id, "accounts.account.vouched", account.id, now=now)


def set_roles(actor: Actor, account_id: UUID, roles: Iterable[str], *, now: datetime) -> None:
    """Change what a colleague is here; it holds from her next request. Nobody changes her own roles."""
    demand(actor, "account.change", now=now)
    account, chosen = _other(actor, account_id), known_roles(roles)
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(roles=" ".join(chosen))
        journal.record(actor.id, "accounts.account.roles", account.id, now=now, **dict.fromkeys(chosen, 1))


def disable(actor: Actor | None, account_id: UUID, *, now: datetime) -> Ended:
    """Close an account: its sessions, links and grants end; what nobody else could open any more is kept and told.

    Args:
        actor: Who does it; nobody, where the operator of the machine does it on the command line, since taking access
            away needs no secret.
        account_id: Whose account.
        now: The time.
    """
    if actor is not None:
        demand(actor, "account.change", now=now)
    account, by = _other(actor, account_id), actor.id if actor else None
    journal.announce(by, "accounts.closing.begun", account.id, now=now)
    return _close(account, by, now)


def _close(account: Account, by: UUID | None, now: datetime) -> Ended:
    with transaction.atomic():
        Account.objects.filter(id=account.id, disabled_at=None).update(disabled_at=now)
        Session.objects.filter(account=account).delete()
        Invitation.objects.filter(account=account).delete()
        # Her key signs for the public no more; of what it signed nothing is mailed from now on.
        signatories.retire(account.id, now=now)
        outcome = vault.end_all(account.id, by, now=now)
        facts = {"ended": len(outcome.ended), "kept": len(outcome.kept)}
        journal.record(by, "accounts.account.disabled", account.id, now=now, **facts)
    return outcome


def enable(actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """Open a closed account again. What it was granted stays ended; colleagues grant it anew."""
    demand(actor, "account.change", now=now)
    account = _other(actor, account_id)
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(disabled_at=None)
        if keys.is_vouched(account.id) and not keys.list_grants(now, case=DIRECTORY, holder=account.id).exists():
            vault.grant(actor.ring, DIRECTORY, COMPARTMENT, account.id, reason="works here", ends_at=None, now=now)
        journal.record(actor.id, "accounts.account.enabled", account.id, now=now)


def restore(actor: Actor, account_id: UUID, *, now: datetime) -> str:
    """Give a new account of the same name and roles to somebody who lost every way into hers; give its link.

    The old account is closed. Its keys are lost, and what they opened comes back only by grants of colleagues: nobody
    who restores an account reads a case by it.
    """
    demand(actor, "account.change", now=now)
    return replace_account(actor, account_id, now=now)


def replace_account(actor: Actor, account_id: UUID, *, second: UUID | None = None, now: datetime) -> str:
    """Do what `restore` does, for a caller who has made sure that it may be done.

    Args:
        actor: Who does it; she has to know the names of colleagues.
        account_id: The account that is closed.
        second: Who agreed, where it takes two.
        now: The time.
    """
    old = _other(actor, account_id)
    journal.announce(actor.id, "accounts.closing.begun", old.id, now=now)
    with transaction.atomic():
        name = list_names(actor, now=now)[old.id]
        _close(old, actor.id, now)
        login = bytes(old.login)
        Account.objects.filter(id=old.id).update(login=os.urandom(len(login)))
        fresh = add_account(login, old.roles.split(), now=now)
        write_name(actor.ring, fresh.id, name, now=now)
        facts = {"instead_of": old.id} | ({"second": second} if second else {})
        journal.record(actor.id, "accounts.account.restored", fresh.id, now=now, **facts)
        return _new_link(fresh, now)


def find_account(login: str) -> UUID:
    """Give the account that signs in by a name.

    Raises:
        BadRequest: if there is none.
    """
    account = Account.objects.filter(login=login_digest(login)).first()
    if account is None:
        raise BadRequest("nobody signs in by this name", hint="tocsin site user list")
    return account.id


def _other(actor: Actor | None, account_id: UUID) -> Account:
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise NotAllowed("there is no such person, or you may not do this")
    if actor is not None and account.id == actor.id:
        raise BadRequest("this is your own account", hint="a colleague has to do it")
    return account


def _new_link(account: Account, now: datetime) -> str:
    link = secrets.token_urlsafe(_LINK_BYTES)
    Invitation.objects.filter(account=account).delete()
    Invitation.objects.create(id=_link_id(link), account=account, ends_at=now + LINK_LIFE)
    return link


def _invitation(link: str, now: datetime) -> Invitation:
    found = Invitation.objects.select_related("account").filter(id=_link_id(link), ends_at__gt=now).first()
    if found is None or found.account.disabled_at is not None:
        raise NotAllowed("there is no such link, or it was used")
    return found


def _use_link(link: str, now: datetime) -> Account:
    account = _invitation(link, now).account
    deleted, _ = Invitation.objects.filter(id=_link_id(link)).delete()
    if not deleted:
        raise NotAllowed("there is no such link, or it was used")
    return account


def _link_id(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()
