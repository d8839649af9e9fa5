"""Reading accounts."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, verbs_of_roles
from tocsin.accounts.models import Account
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place
from tocsin.vault import organisation
from tocsin.vault import queries as vault


def name_of(actor: Actor, *, now: datetime) -> str:
    """Give a person's own name."""
    sealed = Account.objects.values_list("name", flat=True).get(id=actor.id)
    keys = vault.open_case(actor.ring, DIRECTORY, now)[COMPARTMENT]
    return keys.open(bytes(sealed), name_place(actor.id)).decode()


def list_colleagues(actor: Actor, verb: str, *, now: datetime) -> dict[UUID, str]:
    """Give the names of those others whose role has a verb, in the order of the names."""
    roles = {role for role, verbs in verbs_of_roles().items() if verb in verbs}
    rows = Account.objects.filter(disabled_at=None).exclude(id=actor.id).values_list("id", "roles")
    found = {account for account, held in rows if roles & set(held.split())}
    names = list_names(actor, now=now)
    return dict(sorted(((each, names[each]) for each in found), key=lambda row: row[1].casefold()))


def list_names(actor: Actor, *, now: datetime) -> dict[UUID, str]:
    """Give everybody's name by the id of the account, and what the keys of the organisation are called."""
    keys = vault.open_case(actor.ring, DIRECTORY, now)[COMPARTMENT]
    rows = Account.objects.values_list("id", "name")
    people = {account: keys.open(bytes(name), name_place(account)).decode() for account, name in rows}
    return {**dict.fromkeys(organisation.holders(), gettext("the custodians")), **people}
