"""Waivers: somebody lets a finding stand in an appeal, and signs the reason and the last day."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec
from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.appeals.models import Waiver
from tocsin.appeals.store import AppealKey, OpenDraft, hold
from tocsin.appeals.tables import APPROVED, moved
from tocsin.core.errors import BadRequest, BadWaiver, CannotOpen, NotVouched
from tocsin.core.preflight import Waiver as Waived
from tocsin.core.preflight import load_rules
from tocsin.journal import actions as journal
from tocsin.vault import queries as vault
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place, framed

_CAUSE = re.compile(r"[0-9a-f]{16}")
LONGEST = dt.timedelta(days=90)


class _Said(msgspec.Struct, frozen=True):
    rule: str
    reason: str
    until: dt.date
    # Waivers from before they named a finding are about all those of their rule, as they were signed.
    cause: str = ""
    # Who was consulted, or why nobody could be, where the rule asks for that.
    consulted: str = ""


class Named(NamedTuple):
    """The finding that a waiver is about: its rule, and what tells it from the others of that rule."""

    rule: str
    cause: str


@dataclass(frozen=True, slots=True)
class OpenWaiver:
    """A waiver that was opened, and whose signature holds."""

    row: Waiver
    rule: str
    reason: str = field(repr=False)
    until: dt.date
    cause: str
    consulted: str = field(default="", repr=False)

    @property
    def waived(self) -> Waived:
        """Give it as preflight takes it."""
        return Waived(self.rule, self.reason, self.until, str(self.row.by), self.cause)


def waive(
    actor: Actor,
    key: AppealKey,
    named: Named,
    *,
    reason: str,
    until: dt.date,
    consulted: str = "",
    now: dt.datetime,
) -> None:
    """Let one finding stand in an appeal until a day.

    Raises:
        BadWaiver: if there is no such rule, or it protects a person.
        BadRequest: without a reason or a finding, with a day that is over or too far away, if nobody is said to have
            been consulted where the rule asks for that, or if it is approved and those who did were not shown that
            this finding stands.
    """
    rule, cause = named
    known = load_rules().get(rule)
    if known is None or not known.waivable:
        raise BadWaiver("this error protects a person and cannot be waived", where=rule, hint="mend it")
    today = timezone.localdate(now)
    if not reason.strip() or not today <= until <= today + LONGEST:
        raise BadRequest("a waiver has a reason, and a last day within 90 days")
    if known.consults and not consulted.strip():
        raise BadRequest("say who was consulted, or why nobody could be")
    if not _CAUSE.fullmatch(cause):
        raise BadRequest("a waiver names the finding that it lets stand")
    with hold(actor, "appeal.waive", key, now=now) as draft:
        moved(draft.row.state, "waive")
        if draft.row.state == APPROVED and not _was_waived(draft, named):
            raise BadRequest("two people approved it without this finding: send it back, or mend it")
        row = Waiver(id=uuid4(), appeal=draft.row, by=actor.id, at=now)
        said = msgspec.json.encode(_Said(rule, reason.strip(), until, cause, consulted.strip()))
        row.sealed = draft.keys.seal(said, _place(row))
        row.signature = actor.ring.signature(_message(row, said))
        row.save(force_insert=True)
        journal.record(actor.id, "appeals.finding.waived", key.appeal, now=now, case=key.case, rule=rule.lower())


def _was_waived(draft: OpenDraft, named: Named) -> bool:
    """Tell whether a finding was let stand before, however long."""
    before = list_waivers(draft.keys, draft.row.id)
    return any(each.rule == named.rule and each.cause in {"", named.cause} for each in before)


def list_waivers(keys: CompartmentKeys, appeal: UUID) -> tuple[OpenWaiver, ...]:
    """Open the waivers of an appeal.

    Raises:
        CannotOpen: if one was changed, or was not signed by who is said to have given it.
    """
    return tuple(_open(keys, row) for row in Waiver.objects.filter(appeal=appeal).order_by("at"))


def _open(keys: CompartmentKeys, row: Waiver) -> OpenWaiver:
    written = keys.open(bytes(row.sealed), _place(row))
    try:
        signed = vault.vouched_keys(row.by).signed(_message(row, written), bytes(row.signature))
    except NotVouched:
        signed = False
    if not signed:
        raise CannotOpen("a waiver was not signed by who is said to have given it")
    said = msgspec.json.decode(written, type=_Said)
    return OpenWaiver(row, said.rule, said.reason, said.until, said.cause, said.consulted)


def as_waived(waivers: Iterable[OpenWaiver]) -> tuple[Waived, ...]:
    """Give waivers as preflight takes them."""
    return tuple(each.waived for each in waivers)


def _message(row: Waiver, said: bytes) -> bytes:
    return framed(b"tocsin waiver 1", row.appeal_id.bytes, row.id.bytes, said)


def _place(row: Waiver) -> Place:
    return Place("appeal_waiver", row.id, f"waiver {row.appeal_id} {row.by}")
