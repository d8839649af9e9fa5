"""One-click sign-in for the invented people of a demonstration site, from this machine only.

Their passphrases lie in `demonstration.toml` beside the site, so this is no protection and does not pretend to be: a
site that is not a demonstration has neither the file nor the address.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from django.conf import settings

from tocsin.accounts import actions
from tocsin.accounts.models import Account
from tocsin.core.errors import NotAllowed
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
    return actions.open_session(account, vault.unlock(account.id, person.passphrase), now=now)
