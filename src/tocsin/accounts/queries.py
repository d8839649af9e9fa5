"""Reading accounts."""

from datetime import datetime
from uuid import UUID

from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Account
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place
from tocsin.vault import queries as vault


def list_names(actor: Actor, *, now: datetime) -> dict[UUID, str]:
    """Give everybody's name by the id of the account."""
    keys = vault.open_case(actor.ring, DIRECTORY, now)[COMPARTMENT]
    rows = Account.objects.values_list("id", "name")
    return {account: keys.open(bytes(name), name_place(account)).decode() for account, name in rows}
