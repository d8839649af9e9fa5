"""Who acts, and what they may: the one question `may(actor, verb, thing)`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from tocsin.core.errors import NotAllowed, StepUpNeeded
from tocsin.vault import emergency
from tocsin.vault import queries as vault
from tocsin.vault.keyring import Keyring

STEP_UP = timedelta(minutes=5)
# By what a person was confirmed besides her passphrase.
NO_PROOF, TOTP, PASSKEY, DEMONSTRATION = "", "totp", "passkey", "demonstration"
# By a code, at the machine itself: a command line has no passkeys, and no false page either.
TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who has signed in, with her opened ring of keys."""

    id: UUID
    roles: frozenset[str]
    ring: Keyring = field(repr=False)
    proof: str = field(default=NO_PROOF, compare=False)
    confirmed_at: datetime | None = field(default=None, compare=False)
    # As her session keeps it; none where that does not know it.
    name: str = field(default="", compare=False, repr=False)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("tocsin.accounts").joinpath("roles.toml").read_text("utf-8"))


@cache
def verbs_of_roles() -> Mapping[str, frozenset[str]]:
    """Give each role's verbs."""
    table = _table()
    roles = {role: frozenset(row["verbs"]) for role, row in table["roles"].items()}
    unknown = frozenset().union(table["step_up"], table["even_sealed"], *roles.values()) - table["verbs"].keys()
    if unknown:
        raise ValueError(f"roles.toml gives a verb that it does not explain: {min(unknown)}")
    return roles


def may(actor: Actor, verb: str, thing: UUID | None = None, *, now: datetime) -> bool:
    """Tell whether a person may do something, to a thing if there is one.

    Args:
        actor: Who asks.
        verb: A verb of `roles.toml`; what is not listed there nobody may do, and without a second factor nothing is.
        thing: The id of a case, for the verbs that need a grant on it.
        now: The time by which grants hold.
    """
    roles = verbs_of_roles()
    if actor.proof == NO_PROOF or not any(verb in roles.get(role, ()) for role in actor.roles):
        return False
    grants = vault.all_grants if verb in _table()["even_sealed"] else vault.list_grants
    return thing is None or grants(now, case=thing, holder=actor.id).exists()


def demand(actor: Actor, verb: str, thing: UUID | None = None, *, now: datetime) -> None:
    """Refuse what a person may not do, with the same words whether the thing is missing or not hers.

    Raises:
        NotAllowed: if she may not.
        StepUpNeeded: if she may, but has to show her second factor again first.
        Frozen: while nobody may.
    """
    emergency.demand_thawed()
    if not may(actor, verb, thing, now=now):
        raise NotAllowed("there is no such thing, or you may not do this")
    if verb in _table()["step_up"]:
        demand_step_up(actor, now=now)


def demand_step_up(actor: Actor, *, now: datetime) -> None:
    """Refuse what is dangerous to somebody who did not show her second factor in the last five minutes.

    Raises:
        StepUpNeeded: if she has to show it again, or has to show a passkey.
    """
    fresh = actor.confirmed_at is not None and timedelta(0) <= now - actor.confirmed_at < STEP_UP
    if not fresh or actor.proof not in proofs_for(actor.roles):
        raise StepUpNeeded("show your second factor again", hint="what you confirm is yours for five minutes")


def proofs_for(roles: frozenset[str]) -> frozenset[str]:
    """Give the second factors by which people in these roles step up."""
    needs_passkey = any(_table()["roles"].get(role, {}).get("passkey", False) for role in roles)
    strong = {PASSKEY, TERMINAL, DEMONSTRATION}
    return frozenset(strong if needs_passkey else {*strong, TOTP})


def words_of_roles() -> Mapping[str, str]:
    """Give the name of each role in English, as marked for translation."""
    return {role: row["name"] for role, row in _table()["roles"].items()}
