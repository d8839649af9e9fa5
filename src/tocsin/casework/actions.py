"""Writing to cases: opening, reading (which is journalled), saving, granting, ending access, shredding."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import hurry, merges, merging, store, watching
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import CaseFile
from tocsin.casework.parts import PartKey, compartments, put_together, take_apart
from tocsin.casework.queries import SEALED, find_case_file, gone_by, list_forgotten
from tocsin.casework.search import summary
from tocsin.casework.store import EMPTY, State
from tocsin.core.editing import lives
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.records import Addressee, Case, from_plain, to_plain
from tocsin.intake import actions as intake
from tocsin.journal import actions as journal
from tocsin.vault import actions as vault
from tocsin.vault import last_holders, organisation, renewal
from tocsin.vault import queries as keys_of
from tocsin.vault.models import Grant
from tocsin.vault.opened import CaseKeys


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as one person has it open: the typed records, and the state of the store that they were read from."""

    id: UUID
    case: Case
    state: State = field(repr=False)

    @property
    def version(self) -> int:
        """Give the number of the state."""
        return self.state.version


def open_new_case(actor: Actor, case: Case, *, reason: str, now: datetime, recovery: bool = True) -> OpenCase:
    """Open a case file with keys of its own, which the person who opens it holds.

    Args:
        actor: Who opens it.
        case: Its records.
        reason: Why it is opened.
        now: When.
        recovery: Whether three of the five custodians may open it when nobody else can.
    """
    demand(actor, "case.open", now=now)
    if not reason.strip():
        raise BadRequest("a case is opened for a reason")
    file = CaseFile(id=uuid4(), opened_at=now, has_recovery=recovery)
    with transaction.atomic():
        file.save(force_insert=True)
        ends_at = now + vault.LONGEST_GRANT
        vault.found(actor.ring, file.id, compartments().words, reason=reason, ends_at=ends_at, now=now)
        _cover(actor, file, now)
        keys = keys_of.open_case(actor.ring, file.id, now)
        journal.record(actor.id, "casework.case.opened", file.id, now=now)
        return _append(actor, file, keys, EMPTY, EMPTY, case, now)


def read_case(
    actor: Actor, case_id: UUID, *, now: datetime, version: int | None = None, was_sealed: bool = False
) -> OpenCase:
    """Open a case as it stands, or as it stood; that it was read is written down first.

    Args:
        actor: Who reads it.
        case_id: The case.
        now: When.
        version: Which state; the newest if none is named.
        was_sealed: Whether it is one that two people just open again (`casework.barring`).

    Raises:
        NotAllowed: if there is no such case, or it is not hers.
        CannotOpen: if somebody changed the database.
        TooManyCases: if she opened too many others within an hour (`casework.hurry`).
    """
    demand(actor, "case.read", case_id, now=now)
    with transaction.atomic():
        file = _file(case_id, for_saving=False, is_sealed=was_sealed)
        wanted = file.version if version is None else version
        if not 0 < wanted <= file.version:
            raise NotAllowed("there is no such state of this case")
        journal.record(actor.id, "casework.case.read", case_id, now=now, version=wanted)
        hurry.demand_pace(actor.id, now=now)
        keys = keys_of.open_case(actor.ring, case_id, now)
        return _typed(case_id, store.read(keys, wanted))


def look_up_addressees(actor: Actor, case_id: UUID, *, now: datetime) -> tuple[Addressee, ...]:
    """Give the addressees of a case, for a list of cases that have one; she has not read the case by that.

    Raises:
        NotAllowed: if there is no such case, or it is not hers.
        CannotOpen: if somebody changed the database.
    """
    demand(actor, "case.read", case_id, now=now)
    with transaction.atomic():
        file = _file(case_id, for_saving=False, is_sealed=False)
        journal.record(actor.id, "casework.case.looked_up", case_id, now=now, version=file.version)
        keys = keys_of.open_case(actor.ring, case_id, now)
        return _typed(case_id, store.read(keys, file.version)).case.addressees


def save_case(
    actor: Actor, opened: OpenCase, case: Case, *, now: datetime, seals: tuple[bool, bool] = (False, False)
) -> OpenCase:
    """Append what was changed since the case was opened; what others changed elsewhere in it meanwhile is kept.

    Args:
        actor: Who saves it.
        opened: The case as she had it open.
        case: The case as she wants it.
        now: When.
        seals: Whether the case is a sealed one before, and after: two people say that (`casework.barring`), no form.

    Raises:
        ChangedMeanwhile: if others changed the same parts, which are in `records` of the error; nothing was saved.
        BadCase: if the changes of both together make no whole case; nothing was saved.
    """
    demand(actor, "case.seal" if any(seals) else "case.edit", opened.id, now=now)
    if _is_sealed(case) != seals[1]:
        raise BadRequest("sealing a case, or opening it again, takes two people: ask for it on its own page")
    with transaction.atomic():
        file = _file(opened.id, for_saving=True, is_sealed=seals[0])
        if merges.find_pointer(file.id) is not None:
            raise BadRequest("this case was merged into another: change it there, or undo the merge first")
        if renewed := renewal.renew(actor.ring, opened.id, now=now):
            journal.record(actor.id, "casework.key.renewed", opened.id, now=now, compartments=len(renewed))
        _cover(actor, file, now)
        keys = keys_of.open_case(actor.ring, opened.id, now)
        newest = store.read(keys, file.version)
        return _append(actor, file, keys, opened.state, newest, case, now)


def _append(
    actor: Actor, file: CaseFile, keys: CaseKeys, base: State, newest: State, case: Case, now: datetime
) -> OpenCase:
    mine = take_apart(to_plain(case))
    _no_closed_part(keys, mine.keys())
    change = merging.change(base.parts, mine)
    if not change.touched:
        return _typed(file.id, newest)
    theirs = merging.change(base.parts, newest.parts)
    if meeting := merging.meeting(change, theirs):
        records = frozenset((key.section, key.record) for key in meeting)
        raise ChangedMeanwhile("somebody else changed the same records; nothing was saved", records=records)
    parts = merging.merged(newest.parts, mine, change)
    whole = from_plain(put_together(parts))
    state = store.write(keys, newest, parts, change, by=actor.id, now=now)
    file.version = state.version
    file.save(update_fields=["version"])
    alarms = watching.look(watching.Saved(actor.id, now, whole, keys, is_whole=not state.closed))
    summary.write(keys, file, whole, {key.compartment for key in change.touched}, alarms=alarms, now=now)
    facts: dict[str, str | int] = {"version": state.version, "parts": len(change.touched)}
    if _is_sealed(whole):
        facts["standing"] = SEALED
    journal.record(actor.id, "casework.record.saved", file.id, now=now, **facts)
    return OpenCase(file.id, whole, state)


def _is_sealed(case: Case) -> bool:
    return lives()["Case"].current(case) == SEALED


def _cover(actor: Actor, file: CaseFile, now: datetime) -> None:
    covered = organisation.cover(actor.ring, file.id, now=now) if file.has_recovery else ()
    for compartment in covered:
        journal.record(actor.id, "organisation.grant.given", file.id, now=now, compartment=compartment)


def _no_closed_part(keys: CaseKeys, written: Iterable[PartKey]) -> None:
    if any(key.compartment not in keys.compartments for key in written):
        raise NotAllowed("a field is filled that you may not write")


def read_to_compare(actor: Actor, verb: str, case_id: UUID, *, now: datetime) -> Case:
    """Open a case, be it a sealed one, to hold words against it that somebody is about to publish; she is shown none.

    Args:
        actor: Who publishes them.
        verb: What she may do, which is one that a sealed case allows.
        case_id: The case.
        now: When.

    Raises:
        NotAllowed: if there is no such case, or it is not hers.
    """
    demand(actor, verb, case_id, now=now)
    is_sealed = keys_of.barred().filter(case=case_id).exists()
    file = _file(case_id, for_saving=False, is_sealed=is_sealed)
    keys = keys_of.open_case(actor.ring, case_id, now, even_barred=is_sealed)
    return _typed(case_id, store.read(keys, file.version)).case


def _file(case_id: UUID, *, for_saving: bool, is_sealed: bool) -> CaseFile:
    if for_saving:
        # Whoever waited for somebody else's save reads afterwards, what that save left.
        CaseFile.objects.select_for_update().filter(id=case_id).first()
    file = find_case_file(case_id, is_sealed=is_sealed)
    if file is None:
        raise NotAllowed("there is no such case, or you may not open it")
    return file


def _typed(case_id: UUID, state: State) -> OpenCase:
    return OpenCase(case_id, from_plain(put_together(state.parts)), state)


def give_access(
    actor: Actor, case_id: UUID, compartment: str, to: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> Grant:
    """Let a colleague open a compartment of a case, for a reason and until a day."""
    demand(actor, "case.grant", case_id, now=now)
    with transaction.atomic():
        given = vault.grant(actor.ring, case_id, compartment, to, reason=reason, ends_at=ends_at, now=now)
        journal.record(
            actor.id, "casework.grant.given", case_id, now=now, grant=given.id, to=to, compartment=compartment
        )
    return given


def give_accesses(
    actor: Actor, case_id: UUID, chosen: Iterable[str], to: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> tuple[Grant, ...]:
    """Let a colleague open several compartments of a case, all or none."""
    with transaction.atomic():
        return tuple(give_access(actor, case_id, each, to, reason=reason, ends_at=ends_at, now=now) for each in chosen)


def prolong_access(
    actor: Actor, case_id: UUID, grant_id: UUID, *, reason: str, ends_at: datetime, now: datetime
) -> Grant:
    """Let a grant of a case that still holds, one's own too, end on another day."""
    demand(actor, "case.grant", case_id, now=now)
    if keys_of.get_grant(grant_id).case != case_id:
        raise NotAllowed("there is no such grant, or you may not prolong it")
    with transaction.atomic():
        given = vault.prolong(actor.ring, grant_id, reason=reason, ends_at=ends_at, now=now)
        facts = {"grant": given.id, "to": given.holder}
        journal.record(actor.id, "casework.grant.prolonged", case_id, now=now, compartment=given.compartment, **facts)
    return given


def end_access(actor: Actor, grant_id: UUID, *, reason: str, now: datetime) -> Grant:
    """End a grant; whatever is saved from now on is closed to the person who had it.

    Args:
        actor: Who ends it.
        grant_id: The grant.
        reason: A code of `ending.toml`.
        now: When.
    """
    grant = keys_of.get_grant(grant_id)
    demand(actor, "case.grant", grant.case, now=now)
    if reason not in reasons_to_end():
        raise BadRequest("access ends for a reason of the list")
    if last_holders.is_last(grant, now):
        raise BadRequest("nobody else could open this any more", hint="give a colleague access first")
    journal.announce(actor.id, "casework.ending.begun", grant.case, now=now)
    with transaction.atomic():
        ended = vault.revoke(actor.ring, grant_id, now=now)
        journal.record(
            actor.id,
            "casework.grant.ended",
            ended.case,
            now=now,
            grant=ended.id,
            to=ended.holder,
            compartment=ended.compartment,
            reason=reason,
        )
    return ended


def shred_case(actor: Actor, case_id: UUID, *, now: datetime) -> datetime:
    """Destroy all keys of a case. It cannot be undone, and it can be repeated after a crash.

    Returns:
        By when no backup holds its keys any more: what the person is to be told.
    """
    demand(actor, "case.shred", case_id, now=now)
    journal.announce(actor.id, "casework.shredding.begun", case_id, now=now)
    with transaction.atomic():
        # Before the keys, which a database of its own commits: a crash leaves no shredded case whose appeal shows.
        watching.shredded([case_id], by=actor.id, now=now)
    vault.shred(case_id)
    with transaction.atomic():
        # What was released meanwhile, too.
        watching.shredded([case_id], by=actor.id, now=now)
        CaseFile.objects.filter(id=case_id).update(shredded_at=now)
        journal.record(actor.id, "casework.case.shredded", case_id, now=now)
    erase_reports(now)
    return gone_by(now)


def erase_reports(now: datetime) -> int:
    """Destroy the reports of which shredded cases were made; tell how many. A worker does it where this broke off."""
    return intake.erase_of(list_forgotten(), now=now)


def existing(cases: Iterable[UUID]) -> list[UUID]:
    """Give those ids in order, if each is of a case that is not shredded; for those who run the site.

    Raises:
        BadRequest: if one is not.
    """
    wanted = set(cases)
    found = set(CaseFile.objects.filter(id__in=wanted, shredded_at=None).values_list("id", flat=True))
    if missing := wanted - found:
        raise BadRequest("there is no such case", where=str(min(missing)))
    return sorted(found)


def list_ids() -> list[UUID]:
    """List the ids of all cases that are not shredded; for those who run the site."""
    return list(CaseFile.objects.filter(shredded_at=None).order_by("opened_at").values_list("id", flat=True))


def write_down_shredded(cases: Iterable[UUID], kind: str, *, now: datetime) -> None:
    """Say of cases that the machine destroyed their keys, inside the transaction of the caller, and do what follows."""
    written = list(cases)
    watching.shredded(written, by=None, now=now)
    for case in written:
        if CaseFile.objects.filter(id=case, shredded_at=None).update(shredded_at=now):
            journal.record(None, kind, case, now=now)
