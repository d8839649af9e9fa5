"""Two approvers who are there at once, at the machine: whether they may, and their signatures."""

from datetime import datetime

from tocsin.accounts.actor import Actor, demand
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.publishing import signatories
from tocsin.publishing.signatories import Signable

Two = tuple[Actor, Actor]


def demand_two(two: Two, verb: str, *, now: datetime) -> None:
    """Refuse who is not two approvers whose keys count."""
    first, second = two
    for actor in two:
        demand(actor, verb, now=now)
    if first.id == second.id:
        raise BadRequest("two different people are needed")
    for actor in two:
        _demand_admitted(actor, "the key of one of the two does not count for what is published")


def demand_signatory(actor: Actor, verb: str, *, now: datetime) -> None:
    """Refuse who may not, or whose key does not count for what is published."""
    demand(actor, verb, now=now)
    _demand_admitted(actor, "your key does not count for what is published")


def _demand_admitted(actor: Actor, says: str) -> None:
    if not signatories.is_in_office(actor.ring):
        raise NotAllowed(says, hint="an administrator admits it at the desk")


def signed_by_both(two: Two, statement: Signable) -> Signable:
    """Give a statement with the signatures of two people."""
    first, second = two
    return signatories.sign(signatories.sign(statement, first.ring), second.ring)
