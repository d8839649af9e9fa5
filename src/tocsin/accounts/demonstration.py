"""One-click sign-in for the invented people of a demonstration site, from this machine only.

Their passphrases lie in `demonstration.toml` beside the site, so this is no protection and does not pretend to be: a
site that is not a demonstration has neither the file nor the address.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings

from tocsin.accounts import actions, factors, second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import DEMONSTRATION, Actor
from tocsin.accounts.models import Account
from tocsin.core.errors import NotAllowed
from tocsin.vault import emergency
from tocsin.vault import queries as vault


@dataclass(frozen=True, slots=True)
class Invented:
    """A person of the demonstration."""

    login: str
    name: str
    duty: str
    passphrase: str = field(repr=False)


def people() -> tuple[Invented, ...]:
    """Give the people of the demonstration; nobody where the site is none."""
    if settings.TOCSIN_DEMONSTRATION is None:
        return ()
    table = tomllib.loads(settings.TOCSIN_DEMONSTRATION.read_text("utf-8"))
    return tuple(Invented(row["login"], row["name"], row["duty"], row["passphrase"]) for row in table["people"])


def sign_in(login: str, address: str, *, now: datetime) -> bytes:
    """Open a session for an invented person and give the secret for its cookie.

    Raises:
        NotAllowed: if the site is no demonstration, the request comes from elsewhere, or there is no such person.
    """
    person = next((person for person in people() if person.login == login), None)
    if person is None or not ip_address(address).is_loopback:
        raise NotAllowed("there is no such person")
    account = Account.objects.get(login=actions.login_digest(login))
    ring = vault.unlock(account.id, person.passphrase)
    return actions.open_session(account, ring, proof=DEMONSTRATION, now=now)


def act_as(login: str, *, now: datetime) -> Actor:
    """Give an invented person for one command at the machine, as one click gives her at the desk.

    Raises:
        NotAllowed: if the site is no demonstration, or there is no such person any more.
        Frozen: while nobody may act.
    """
    emergency.demand_thawed()
    person = next((person for person in people() if person.login == login), None)
    account = Account.objects.filter(login=actions.login_digest(login), disabled_at=None).first()
    if person is None or account is None:
        raise NotAllowed("there is no such person")
    ring = vault.unlock(account.id, person.passphrase)
    return Actor(account.id, frozenset(account.roles.split()), ring, DEMONSTRATION, now)


def step_up(actor: Actor, address: str, *, now: datetime) -> bytes:
    """Confirm an invented person with one click.

    Raises:
        NotAllowed: if the site is no demonstration, or the request comes from elsewhere.
    """
    if settings.TOCSIN_DEMONSTRATION is None or not ip_address(address).is_loopback:
        raise NotAllowed("there is no such page")
    return actions.renew_session(actor, DEMONSTRATION, now=now)


def settle(root: Actor, login: str, name: str, passphrase: str, roles: Iterable[str], *, now: datetime) -> NewAccount:
    """Let an invented person join on the way that real ones go, with both ends of it in one hand.

    Args:
        root: Who invites her and vouches for her keys.
        login: The name to sign in by.
        name: The name that colleagues see.
        passphrase: Hers.
        roles: Codes of `roles.toml`.
        now: The time.
    """
    joined = staff.join(staff.invite(root, login, name, roles, now=now), passphrase, now=now)
    newcomer = _resumed(joined.cookie, now)
    factors.offer_totp(newcomer, now=now)
    secret = factors.offered_totp(newcomer, now=now) or b""
    # The code of the step before, so that the present one can still be used to sign in.
    before = now - timedelta(seconds=second_factor.STEP_SECONDS)
    cookie = factors.confirm_totp(newcomer, second_factor.code_at(secret, before), now=now)
    staff.vouch(root, newcomer.id, newcomer.ring.public().fingerprint(), now=now)
    settled = _resumed(cookie, now)
    actions.sign_out(settled, now=now)
    return NewAccount(settled, joined.recovery_code, secret)


def _resumed(cookie: bytes, now: datetime) -> Actor:
    actor = actions.resume(cookie, now=now)
    if actor is None:
        raise NotAllowed("the session ended as soon as it was opened")
    return actor
