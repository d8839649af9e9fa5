"""Who acts, and what they may: the one question `may(actor, verb, thing)`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from tocsin.core.errors import NotAllowed
from tocsin.vault import emergency
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who has signed in, with her opened ring of keys."""

    id: UUID
    roles: frozenset[str]
    ring: Keyring = field(repr=False)


@cache
def verbs_of_roles() -> Mapping[str, frozenset[str]]:
    """Give each role's verbs."""
    table = tomllib.loads(files("tocsin.accounts").joinpath("roles.toml").read_text("utf-8"))
    roles = {role: frozenset(row["verbs"]) for role, row in table["roles"].items()}
    unknown = frozenset().union(*roles.values()) - table["verbs"].keys()
    if unknown:
        raise ValueError(f"roles.toml gives a verb that it does not explain: {min(unknown)}")
    return roles


def may(actor: Actor, verb: str, thing: UUID | None = None, *, now: datetime) -> bool:
    """Tell whether a person may do something, to a thing if there is one.

    Args:
        actor: Who asks.
        verb: A verb of `roles.toml`; what is not listed there nobody may do.
        thing: The id of a case, for the verbs that need a grant on it.
        now: The time by which grants hold.
    """
    roles = verbs_of_roles()
    if not any(verb in roles.get(role, ()) for role in actor.roles):
        return False
    return thing is None or vault.list_grants(now, case=thing, holder=actor.id).exists()


def demand(actor: Actor, verb: str, thing: UUID | None = None, *, now: datetime) -> None:
    """Refuse what a person may not do, with the same words whether the thing is missing or not hers.

    Raises:
        NotAllowed: if she may not.
        Frozen: while nobody may.
    """
    emergency.demand_thawed()
    if not may(actor, verb, thing, now=now):
        raise NotAllowed("there is no such thing, or you may not do this")
