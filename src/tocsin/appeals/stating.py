"""Statements that belong to no case, made at the desk: one signatory asks and signs, another one signs the same.

What is asked lies sealed to each approver who works here then; who becomes one later asks anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from tocsin.accounts.actor import Actor, demand, may
from tocsin.accounts.queries import list_workers
from tocsin.appeals import archiving, disavowing
from tocsin.appeals.models import AskedStatement, StatementBox
from tocsin.appeals.store import RETRACT
from tocsin.appeals.two import demand_signatory
from tocsin.core.errors import BadPublication, BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.publication import Disavowal, Retraction, Statement, digest_of, from_file, key_id_of, to_file
from tocsin.journal import actions as journal
from tocsin.publishing import signatories
from tocsin.vault import queries as vault

DISAVOWAL, RETRACTION, CORRECTION = "disavowal", "retraction", "correction"
VERBS: Final[Mapping[str, str]] = {
    DISAVOWAL: disavowing.DISAVOW,
    RETRACTION: RETRACT,
    CORRECTION: archiving.TAKE_OVER,
}


class Pair(NamedTuple):
    """Who asked and who agrees, as the journal names them."""

    asked: UUID
    agreed: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that one signatory signed and asks another one to sign."""

    row: AskedStatement
    statement: Statement = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of what is signed, by which whoever agrees says what she saw."""
        return digest_of(self.statement)


def ask(actor: Actor, statement: Statement, *, now: datetime) -> UUID:
    """Sign a statement, and ask that another signatory signs it.

    Args:
        actor: Who asks.
        statement: A disavowal, or what is said of an appeal of the archive.
        now: When.

    Raises:
        NotAllowed: if she may not, or her key does not count.
        StepUpNeeded: if she did not show her second factor just now.
        BadRequest: if the key that was stolen is hers, or somebody asks for the same already.
    """
    kind, about = _named(statement)
    demand_signatory(actor, VERBS[kind], now=now)
    _not_by_its_holder(about, actor.id)
    workers = list_workers(VERBS[kind])
    try:
        with transaction.atomic():
            before = find_about(kind, about)
            # To what somebody asked who may not any more nobody can agree.
            if before is not None and before.by not in workers:
                _end(before, now)
            row = AskedStatement.objects.create(id=uuid4(), kind=kind, about=about, by=actor.id, at=now)
            signed = to_file(signatories.sign(statement, actor.ring))
            for holder in workers:
                sealed = vault.vouched_keys(holder).seal(signed)
                StatementBox.objects.create(asked=row, holder=holder, sealed=sealed)
            journal.record(actor.id, "appeals.statement.asked", row.id, now=now, statement=kind)
    except IntegrityError as error:
        raise BadRequest("somebody asks for this already") from error
    return row.id


def agree(actor: Actor, asked_id: UUID, *, seen: str, now: datetime) -> int:
    """Sign what somebody asked for, as another signatory: from now on it holds.

    Args:
        actor: Who agrees.
        asked_id: What was asked.
        seen: The digest of what she saw.
        now: When.

    Returns:
        How many appeals that were shown are not any more, or not in that text.

    Raises:
        NotAllowed: if she may not, nobody asks for this, or it was not asked of her.
        StepUpNeeded: if she did not show her second factor just now.
        BadRequest: if she asked herself, the key that was stolen is hers, or who asked may not any more.
        ChangedMeanwhile: if she saw something else, or what is published has changed since.
        NotSigned, BadPublication, Withdrawn: as the public house says it.
    """
    with transaction.atomic():
        asked = find(actor, asked_id, now=now, hold=True)
        demand_signatory(actor, VERBS[asked.row.kind], now=now)
        if asked.row.by == actor.id:
            raise BadRequest("another person than who asked has to agree")
        if asked.row.by not in list_workers(VERBS[asked.row.kind]):
            raise BadRequest("whoever asked for this may not any more: ask anew")
        if asked.digest != seen:
            raise ChangedMeanwhile("this is not what you saw", hint="open the page again")
        _not_by_its_holder(asked.row.about, actor.id)
        count = _let_in(signatories.sign(asked.statement, actor.ring), Pair(asked.row.by, actor.id), now)
        _end(asked.row, now)
    return count


def leave(actor: Actor, asked_id: UUID, *, now: datetime) -> None:
    """Do not say it after all: whoever asked takes it back, or another one refuses.

    Raises:
        NotAllowed: if she may not, nobody asks for this, or it was not asked of her.
        StepUpNeeded: if she did not show her second factor just now.
        BadRequest: if the key that was stolen is hers: whoever has it now does not keep it by refusing.
    """
    with transaction.atomic():
        row = _row(actor, asked_id, hold=True)
        demand(actor, VERBS[row.kind], now=now)
        _not_by_its_holder(row.about, actor.id)
        _end(row, now)
        journal.record(actor.id, "appeals.statement.left", row.id, now=now, statement=row.kind)


def find(actor: Actor, asked_id: UUID, *, now: datetime, hold: bool = False) -> Asked:
    """Open what somebody asked for.

    Raises:
        NotAllowed: if nobody asks for this, it was not asked of her, or she may not.
        ChangedMeanwhile: if somebody put another statement in its place, or one that who asked did not sign.
    """
    row = _row(actor, asked_id, hold=hold)
    if not may(actor, VERBS[row.kind], now=now):
        raise NotAllowed("nobody asks for this, or it was not asked of you")
    (box,) = StatementBox.objects.filter(asked=row.id, holder=actor.id)
    try:
        statement = from_file(actor.ring.open(bytes(box.sealed)))
    except BadPublication as error:
        raise ChangedMeanwhile("this is not what was asked", hint="ask anew") from error
    public = vault.vouched_keys(row.by)
    (own,) = statement.signatures[:1] or (None,)
    is_own = own is not None and own.key == key_id_of(public.sign) and public.signed(statement.message, own.signature)
    if not is_own or _named(statement) != (row.kind, row.about):
        raise ChangedMeanwhile("this is not what was asked", hint="ask anew")
    return Asked(row, statement)


def list_asked(actor: Actor, *, now: datetime) -> tuple[AskedStatement, ...]:
    """List what was asked of somebody, or by her, the oldest first; nothing is opened."""
    rows = AskedStatement.objects.filter(ended_at=None, statementbox__holder=actor.id).order_by("at", "id")
    return tuple(row for row in rows if may(actor, VERBS[row.kind], now=now))


def list_waiting(actor: Actor, *, now: datetime) -> tuple[AskedStatement, ...]:
    """List what somebody else asked and she may agree to: of her own stolen key she says nothing."""
    asked = [row for row in list_asked(actor, now=now) if row.by != actor.id]
    own = signatories.ids_of(actor.id) if asked else set()
    return tuple(row for row in asked if row.about not in own)


def awaited(asked_id: UUID) -> set[UUID]:
    """Give who may agree to what is asked, by its rows alone; nobody if it has ended."""
    row = AskedStatement.objects.filter(id=asked_id, ended_at=None).first()
    if row is None:
        return set()
    able = set(row.statementbox_set.values_list("holder", flat=True)) & set(list_workers(VERBS[row.kind]))
    return able - {row.by, signatories.holders().get(row.about)}


def asked_about(kind: str) -> dict[str, AskedStatement]:
    """Give all that is asked of a kind, by the key or code that it is about."""
    return {row.about: row for row in AskedStatement.objects.filter(kind=kind, ended_at=None)}


def find_about(kind: str, about: str) -> AskedStatement | None:
    """Give what is asked about a key or code, if it is."""
    return AskedStatement.objects.filter(kind=kind, about=about, ended_at=None).first()


def _end(row: AskedStatement, now: datetime) -> None:
    AskedStatement.objects.filter(id=row.id).update(ended_at=now)
    StatementBox.objects.filter(asked=row.id).delete()


def _row(actor: Actor, asked_id: UUID, *, hold: bool) -> AskedStatement:
    rows = AskedStatement.objects.select_for_update() if hold else AskedStatement.objects.all()
    row = rows.filter(id=asked_id, ended_at=None).first()
    if row is None or not StatementBox.objects.filter(asked=row.id, holder=actor.id).exists():
        raise NotAllowed("nobody asks for this, or it was not asked of you")
    return row


def _named(statement: Statement) -> tuple[str, str]:
    """Give of which kind a statement is, and about which key or code."""
    if isinstance(statement, Disavowal):
        return DISAVOWAL, statement.key
    return (RETRACTION if isinstance(statement, Retraction) else CORRECTION), statement.code


def _not_by_its_holder(about: str, who: UUID) -> None:
    if about in signatories.ids_of(who):
        raise BadRequest("whose key was stolen does not say so herself: two others are needed")


def _let_in(statement: Statement, pair: Pair, now: datetime) -> int:
    if isinstance(statement, Disavowal):
        holder = signatories.holders()[statement.key]
        return disavowing.let_in(statement, holder, by=pair.agreed, second=pair.asked, now=now)
    if isinstance(statement, Retraction):
        archiving.let_in_retraction(statement, by=pair.agreed, second=pair.asked, now=now)
    else:
        archiving.let_in_correction(statement, by=pair.agreed, second=pair.asked, now=now)
    return 1
