"""Letting a person say that the clock of this machine is right, after it was in doubt."""

from datetime import datetime

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.journal import actions as journal
from tocsin.journal import clocks

CONFIRM = "clock.confirm"


def confirm(actor: Actor, *, now: datetime) -> None:
    """Take the clock for right from now on: what goes out at a time goes out by it.

    Raises:
        NotAllowed: if she may not say so.
    """
    demand(actor, CONFIRM, now=now)
    with transaction.atomic():
        clocks.confirm(now=now)
        journal.record(actor.id, "site.clock.confirmed", now=now)
