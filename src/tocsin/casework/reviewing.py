"""Access that somebody gave a month ago and has not looked at since: she says that it is still needed, or ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tocsin.accounts.actor import Actor, demand, may
from tocsin.core.errors import NotAllowed
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant, OrganisationKey

VERB = "case.grant"
LOOKED_AT_AFTER = timedelta(days=30)
_KEPT = "casework.access.kept"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Review:
    """A case to which one gave colleagues access: whom, and since when nobody has looked whether they need it."""

    case: UUID
    holders: tuple[UUID, ...]
    since: datetime


def list_due(actor: Actor, *, now: datetime) -> list[Review]:
    """List the cases in which access that a person gave is to be looked at, what has waited longest first."""
    if not may(actor, VERB, now=now):
        return []
    held = vault.list_grants(now, holder=actor.id).values("case")
    found: dict[UUID, list[Grant]] = {}
    for grant in _due(actor, now).filter(case__in=held).order_by("given_at")[:_MOST]:
        found.setdefault(grant.case, []).append(grant)
    return [
        Review(case, tuple(dict.fromkeys(each.holder for each in given)), given[0].given_at)
        for case, given in found.items()
    ]


def keep(actor: Actor, case: UUID, *, now: datetime) -> None:
    """Say that the access to a case that one gave is still needed; one is asked again after a month.

    That takes no fresh proof, as giving and ending do: nobody gets anything by it.
    """
    demand(actor, "case.read", case, now=now)
    if not may(actor, VERB, case, now=now):
        raise NotAllowed("there is no such case, or you give no access to it")
    with transaction.atomic():
        if count := _due(actor, now).filter(case=case).count():
            journal.record(actor.id, _KEPT, case, now=now, grants=count)


def _due(actor: Actor, now: datetime) -> QuerySet[Grant]:
    before = now - LOOKED_AT_AFTER
    looked_at = list_entries(actor=actor.id).filter(kind=_KEPT, at__gt=before).order_by().values("subject")
    given = vault.list_grants(now).filter(given_by=actor.id, given_at__lte=before)
    people = given.exclude(holder=actor.id).exclude(holder__in=OrganisationKey.objects.values("holder"))
    return people.exclude(case__in=looked_at)
