"""Who is in charge of a case: the one whom colleagues ask. It is handed over with a reason, and only by consent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from tocsin.accounts.actor import Actor, demand
from tocsin.casework.models import HandOver, SealedRecord, Watch
from tocsin.casework.parts import compartments
from tocsin.core.errors import BadRequest, Locked, NotAllowed
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys
from tocsin.vault.sealing import Place

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-over that was offered and not answered yet."""

    row: HandOver
    reason: str = field(repr=False)


def in_charge(cases: Iterable[UUID]) -> dict[UUID, UUID]:
    """Tell of each case who is in charge: who accepted it last, or who opened it."""
    wanted = list(cases)
    opened = SealedRecord.objects.filter(case__in=wanted, row=F("case_id"), version=1)
    found = dict(opened.values_list("case_id", "saved_by"))
    accepted = HandOver.objects.filter(case__in=wanted, accepted=True).order_by("answered_at")
    return found | dict(accepted.values_list("case_id", "to"))


def offer(actor: Actor, case_id: UUID, to: UUID, *, reason: str, now: datetime) -> UUID:
    """Offer a colleague to be in charge of a case; until she accepts, nothing changes.

    Raises:
        NotAllowed: if somebody else is in charge, and one does not give access to the case either.
        BadRequest: if there is no reason, the colleague may not change the case, or somebody else was asked already.
    """
    demand(actor, "case.read", case_id, now=now)
    if in_charge([case_id]).get(case_id) != actor.id:
        demand(actor, "case.grant", case_id, now=now)
    if not reason.strip():
        raise BadRequest("a case is handed over for a reason")
    if not _may_open(to, case_id, now):
        raise BadRequest("this colleague cannot open it: choose somebody who has access")
    row = HandOver(id=uuid4(), case_id=case_id, by=actor.id, to=to, offered_at=now)
    keys = vault.open_case(actor.ring, case_id, now)[compartments().default]
    row.sealed = keys.seal(reason.strip().encode(), _place(row))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            journal.record(actor.id, "casework.charge.offered", case_id, now=now, to=to)
    except IntegrityError as error:
        raise BadRequest("somebody was asked already: wait for the answer, or take the offer back") from error
    return row.id


def answer(actor: Actor, case_id: UUID, *, accept: bool, now: datetime) -> None:
    """Accept an offer that was made to oneself, or decline it; who made it can take it back."""
    demand(actor, "case.read", case_id, now=now)
    with transaction.atomic():
        row = HandOver.objects.select_for_update().filter(case=case_id, answered_at=None).first()
        if row is None or actor.id not in ({row.to} if accept else {row.to, row.by}):
            raise NotAllowed("there is no such offer, or it is not yours")
        HandOver.objects.filter(id=row.id).update(answered_at=now, accepted=accept)
        kind = "casework.charge.accepted" if accept else "casework.charge.declined"
        journal.record(actor.id, kind, case_id, now=now, to=row.by if actor.id == row.to else row.to)


def find_offer(keys: CaseKeys) -> Offer | None:
    """Give the offer of a case that waits for an answer."""
    row = HandOver.objects.filter(case=keys.case, answered_at=None).first()
    if row is None:
        return None
    try:
        reason = keys[compartments().default].open(bytes(row.sealed), _place(row)).decode()
    except Locked:
        return Offer(row, "")
    return Offer(row, reason)


def charges_of(account: UUID) -> set[UUID]:
    """Give the cases of which somebody is in charge, whether or not she may open them still."""
    opened = list_entries(actor=account).filter(kind="casework.case.opened").values_list("subject", flat=True)
    taken = HandOver.objects.filter(to=account, accepted=True).values_list("case_id", flat=True)
    cases = {case for case in (*opened, *taken) if case is not None}
    accepted = HandOver.objects.filter(accepted=True).order_by("answered_at").values_list("case_id", "to")
    last = dict(accepted)
    return {case for case in cases if last.get(case, account) == account}


def watch(actor: Actor, case_id: UUID, *, wanted: bool, now: datetime) -> None:
    """Put a case on one's own list of those that one watches, or take it off."""
    demand(actor, "case.read", case_id, now=now)
    if wanted:
        Watch.objects.get_or_create(case_id=case_id, account=actor.id, defaults={"since": now})
    else:
        Watch.objects.filter(case_id=case_id, account=actor.id).delete()


def watched(account: UUID) -> set[UUID]:
    """Give the cases that somebody watches, whether or not she may open them still."""
    return set(Watch.objects.filter(account=account).values_list("case_id", flat=True))


def _may_open(account: UUID, case_id: UUID, now: datetime) -> bool:
    default = compartments().default
    return vault.list_grants(now, case=case_id, holder=account).filter(compartment=default).exists()


def _place(row: HandOver) -> Place:
    return Place("hand_over", row.id, f"reason {row.by} {row.to}")
