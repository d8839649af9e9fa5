"""Sealing a case so that nobody opens it, and opening it again: each takes two people and a reason."""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand, may
from tocsin.accounts.queries import demand_works
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.parts import compartments
from tocsin.casework.queries import SEALED
from tocsin.casework.together.remarks import LONGEST
from tocsin.core.editing import entered, lives
from tocsin.core.errors import BadRequest, Locked
from tocsin.core.records import Case, CaseStatus
from tocsin.journal import actions as journal
from tocsin.journal.queries import unanswered
from tocsin.vault import queries as vault
from tocsin.vault.models import Bar, Grant
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

VERB = "case.seal"
# By then somebody has looked at what is public of a case that was sealed.
LOOKED_AT_WITHIN = timedelta(hours=24)
_SEALED, _LOOKED_AT = "casework.case.sealed", "casework.public.looked_at"


@dataclass(frozen=True, slots=True)
class OpenBar:
    """That somebody asked to seal a case, or to open it again, and why."""

    row: Bar
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A case that was sealed, while nobody has said that she looked at what is public of it."""

    case: UUID
    sealed_at: datetime
    why: str = field(default="", repr=False)

    @property
    def until(self) -> datetime:
        """Give the time by which somebody has to look."""
        return self.sealed_at + LOOKED_AT_WITHIN

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether that time is over."""
        return self.until < now


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far a case is sealed: the bar that is asked for or holds, and that somebody asks to lift it."""

    bar: OpenBar | None = None
    lift: OpenBar | None = None

    @property
    def is_sealed(self) -> bool:
        """Tell whether nobody opens the case."""
        return self.bar is not None and self.bar.row.agreed_at is not None

    @property
    def asked(self) -> OpenBar | None:
        """Give what waits for a second person."""
        return self.lift if self.is_sealed else self.bar


def find(actor: Actor, case: UUID, *, now: datetime) -> Sealing:
    """Tell whether a case is sealed, and what is asked about that; of the case itself nothing is opened.

    Raises:
        NotAllowed: if there is no such case, or it is not hers.
    """
    demand(actor, VERB, case, now=now)
    return _found(_keys(actor, case, now), case)


def _found(keys: CompartmentKeys, case: UUID) -> Sealing:
    rows = Bar.objects.filter(case=case, ended_at=None)
    opened = {row.lifts: _opened(keys, row) for row in rows}
    return Sealing(opened.get(False), opened.get(True))


def _opened(keys: CompartmentKeys, row: Bar) -> OpenBar:
    return OpenBar(row, keys.open(bytes(row.sealed), _place(row)).decode())


def is_asked(case: UUID) -> bool:
    """Tell whether somebody asks to seal a case that one has open."""
    return Bar.objects.filter(case=case, ended_at=None).exists()


def list_sealed(actor: Actor, *, now: datetime) -> list[tuple[UUID, OpenBar]]:
    """List the sealed cases that a person could open, the newest first, with the words by which they were sealed."""
    demand(actor, VERB, now=now)
    held = _held_by(actor, now).filter(case__in=vault.barred().values("case"))
    rows = vault.barred().filter(case__in=held.values("case")).order_by("-agreed_at")
    return [(row.case, _opened(_keys(actor, row.case, now), row)) for row in rows]


def list_asked(actor: Actor, *, now: datetime) -> list[Bar]:
    """List what others ask and nobody has answered: to seal a case of a person's, or to open it again."""
    demand(actor, VERB, now=now)
    asked = Bar.objects.filter(ended_at=None, agreed_at=None).exclude(by=actor.id)
    return list(asked.filter(vault.among(_held_by(actor, now))).order_by("at"))


def list_to_look_at(actor: Actor, *, now: datetime) -> list[ToLookAt]:
    """List the cases of a person that were sealed and whose public side nobody has looked at yet, the oldest first.

    The journal alone says which: no row that somebody changes or deletes takes one off this list, and to open the case
    again does not either.
    """
    if not may(actor, VERB, now=now):
        return []
    waiting = unanswered(_SEALED, _LOOKED_AT)
    mine = set(_held_by(actor, now).filter(case__in=waiting).values_list("case", flat=True))
    bars = {row.case: row for row in Bar.objects.filter(case__in=mine, lifts=False).order_by("agreed_at")}
    why = {case: _words(_keys(actor, case, now), row) for case, row in bars.items()}
    by_time = sorted(mine, key=lambda case: waiting[case])
    return [ToLookAt(case, waiting[case], why.get(case, "")) for case in by_time]


def count_overdue(*, now: datetime) -> int:
    """Count the sealed cases, of whomever, at whose public side nobody has looked within a day."""
    return sum(ToLookAt(case, at).is_overdue(now) for case, at in unanswered(_SEALED, _LOOKED_AT).items())


def look_at_public(actor: Actor, case: UUID, *, now: datetime) -> None:
    """Say that one has looked at what is public of a case that was sealed.

    Raises:
        BadRequest: if nobody has to, or somebody did.
    """
    demand(actor, VERB, case, now=now)
    with transaction.atomic():
        list(Bar.objects.select_for_update().filter(case=case))
        if case not in unanswered(_SEALED, _LOOKED_AT):
            raise BadRequest("somebody looked at it already")
        journal.record(actor.id, _LOOKED_AT, case, now=now)


def _words(keys: CompartmentKeys, row: Bar) -> str:
    try:
        return _opened(keys, row).why
    except Locked:
        # Words that somebody changed keep nobody from what has to be done.
        return ""


def _held_by(actor: Actor, now: datetime) -> QuerySet[Grant]:
    """Give the grants by which a person could open cases, sealed or not."""
    return vault.all_grants(now, holder=actor.id).filter(compartment=compartments().default)


def ask(actor: Actor, case: UUID, why: str, *, now: datetime) -> None:
    """Ask that a case is sealed or, where it is, that it is opened again; nothing changes until another one agrees.

    Args:
        actor: Who asks.
        case: The case.
        why: The reason, which is all that colleagues read while the case is closed.
        now: When.

    Raises:
        BadRequest: without a reason, or if somebody asks already.
    """
    demand(actor, VERB, case, now=now)
    if not why.strip() or len(why) > LONGEST:
        raise BadRequest("say why")
    keys = _keys(actor, case, now)
    try:
        with transaction.atomic():
            row = Bar(id=uuid4(), case=case, lifts=_found(keys, case).is_sealed, by=actor.id, at=now)
            row.sealed = keys.seal(why.strip().encode(), _place(row))
            row.save(force_insert=True)
            kind = "casework.opening.asked" if row.lifts else "casework.sealing.asked"
            journal.record(actor.id, kind, case, now=now)
    except IntegrityError as error:
        raise BadRequest("somebody asks for this already") from error


def agree(actor: Actor, case: UUID, *, now: datetime) -> None:
    """Agree, as another person than who asked: from now on nobody opens the case, or its people open it again.

    Raises:
        BadRequest: if nobody asks, or she asked herself.
        ChangedMeanwhile: if somebody saved in the case at the same moment; nothing was done.
    """
    demand(actor, VERB, case, now=now)
    with transaction.atomic():
        asked = _held(actor, case, now)
        row = asked.row
        if row.by == actor.id:
            raise BadRequest("another person than who asked has to agree")
        demand_works(row.by, VERB)
        if row.lifts:
            Bar.objects.filter(case=case, ended_at=None).update(ended_at=now)
        opened = actions.read_case(actor, case, now=now, was_sealed=row.lifts)
        _enter(actor, opened, asked, now)
        Bar.objects.filter(id=row.id).update(agreed_by=actor.id, agreed_at=now)
        kind = "casework.case.unsealed" if row.lifts else _SEALED
        journal.record(actor.id, kind, case, now=now, asked_by=row.by)


def _enter(actor: Actor, opened: OpenCase, asked: OpenBar, now: datetime) -> None:
    """Enter where the case stands: sealed, or what it was before."""
    today, lifts = timezone.localdate(now), asked.row.lifts
    before = _before(opened.case) if lifts else CaseStatus(value=SEALED, as_of=today)
    status = dataclasses.replace(
        before, as_of=today, reason=asked.why, by=str(actor.id), since=None, claim=None, corrects=None
    )
    case = entered(lives()["Case"], opened.case, status, today)
    actions.save_case(actor, opened, case, now=now, seals=(lifts, not lifts))


def _before(case: Case) -> CaseStatus:
    standing = [each for each in lives()["Case"].in_force(case) if each.value != SEALED]
    last = standing[-1] if standing else None
    return last if isinstance(last, CaseStatus) else CaseStatus(value="verification", as_of=case.statuses[-1].as_of)


def leave(actor: Actor, case: UUID, *, now: datetime) -> None:
    """Take back what is asked, or refuse it: everything stays as it is."""
    demand(actor, VERB, case, now=now)
    with transaction.atomic():
        asked = _held(actor, case, now)
        Bar.objects.filter(id=asked.row.id).update(ended_at=now)
        journal.record(actor.id, "casework.sealing.left", case, now=now)


def _held(actor: Actor, case: UUID, now: datetime) -> OpenBar:
    """Give what is asked, while nobody else answers it."""
    list(Bar.objects.select_for_update().filter(case=case, ended_at=None))
    asked = _found(_keys(actor, case, now), case).asked
    if asked is None:
        raise BadRequest("nobody asks for this any more")
    return asked


def _keys(actor: Actor, case: UUID, now: datetime) -> CompartmentKeys:
    return vault.open_case(actor.ring, case, now, even_barred=True)[compartments().default]


def _place(row: Bar) -> Place:
    # Who asked is part of the place: who writes another name into the row cannot agree with herself by that.
    return Place("bar", row.id, f"{'lift' if row.lifts else 'bar'} {row.case} {row.by}")
