"""Writing to reports: taking one in, having it read, deciding about its facts, declining, erasing."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.accounts.queries import list_workers
from tocsin.adapters import documents
from tocsin.adapters.documents import Limits, read_report
from tocsin.adapters.files import shown_name
from tocsin.core import vocab
from tocsin.core.appeal import to_json
from tocsin.core.errors import (
    BadInput,
    BadRequest,
    BinaryInput,
    ChangedMeanwhile,
    DamagedFile,
    EmptyInput,
    Encrypted,
    TooLarge,
    UndecodableInput,
)
from tocsin.core.recording import FIELDS, Kind, Verdict, check_values
from tocsin.intake import store
from tocsin.intake.models import DECLINED, ERASED, TAKEN, WAITING, Report, ReportPart
from tocsin.intake.opened import Arrival, OpenReport, Ruling, Understood, is_lacking
from tocsin.intake.queries import DECIDED, declined_by, get_report, went_into
from tocsin.intake.store import COMPARTMENT
from tocsin.intake.tables import ANSWERS, SAME, questions, reasons, still_to_answer
from tocsin.journal import actions as journal
from tocsin.journal.queries import last_times
from tocsin.vault import actions as vault
from tocsin.vault import bulk, emergency, organisation
from tocsin.vault import queries as keys_of
from tocsin.vault.opened import CompartmentKeys

# A report of one case. Whoever has a book sends its pages.
LIMITS = Limits(input_bytes=10_000_000, text_characters=200_000, pages=100)
# Why no other try reads a file. What is refused otherwise took too long, or a later version is better at it.
_IN_VAIN = (BinaryInput, DamagedFile, EmptyInput, Encrypted, TooLarge, UndecodableInput)
# Going through thirty facts is one reading.
_ONE_READING = timedelta(minutes=10)
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as it comes: its bytes, and from whom."""

    written: bytes = field(repr=False)
    source_type: str
    told_by: str = field(default="", repr=False)
    file_name: str = field(default="", repr=False)
    media_type: str = "text/plain"


def receive(actor: Actor, incoming: Incoming, *, now: datetime) -> UUID:
    """Seal a report, for everybody who works at intake; nothing of it was looked at before.

    Raises:
        BadInput: if it is empty or too large.
    """
    demand(actor, "report.receive", now=now)
    if not incoming.written.strip():
        raise EmptyInput("there is nothing in it")
    if len(incoming.written) > LIMITS.input_bytes:
        raise TooLarge("the file is larger than 10 MB")
    if incoming.source_type not in vocab.load("source_types"):
        raise BadRequest("say what the sender is to us")
    return take_in(actor, incoming, came_at=now, now=now)


def take_in(
    actor: Actor, incoming: Incoming, *, came_at: datetime, conversation: UUID | None = None, now: datetime
) -> UUID:
    """Seal a report as it came; a letter of the public form has a conversation, and nobody of us put it in."""
    by = None if conversation else actor.id
    report = Report(id=uuid4(), received_at=came_at, received_by=by, conversation=conversation)
    arrival = Arrival(
        source_type=incoming.source_type,
        told_by=incoming.told_by.strip(),
        file_name=shown_name(incoming.file_name),
        media_type=incoming.media_type,
        sha256=hashlib.sha256(incoming.written).hexdigest(),
        size=len(incoming.written),
    )
    with transaction.atomic():
        report.save(force_insert=True)
        vault.found(actor.ring, report.id, [COMPARTMENT], reason="intake", ends_at=None, now=now)
        cover(actor, report.id, now)
        keys = _keys(actor, report.id, now)
        store.put(keys, report.id, store.ORIGINAL, 1, incoming.written, by=by, now=now)
        store.put(keys, report.id, store.ARRIVAL, 1, msgspec.json.encode(arrival), by=by, now=now)
        kind = "intake.letter.collected" if conversation else "intake.report.received"
        journal.record(actor.id, kind, report.id, now=now)
    return report.id


def cover(
    actor: Actor, case: UUID, now: datetime, *, compartment: str = COMPARTMENT, verb: str = "report.read"
) -> None:
    """Let everybody who works at intake, or has another verb, open what came in, and the custodians together."""
    held = set(keys_of.list_grants(now, case=case).values_list("holder", flat=True))
    for colleague in sorted(set(list_workers(verb)) - held):
        vault.grant(actor.ring, case, compartment, colleague, reason="intake", ends_at=None, now=now)
    organisation.cover(actor.ring, case, now=now)


def _keys(actor: Actor, report: UUID, now: datetime) -> CompartmentKeys:
    return keys_of.open_case(actor.ring, report, now)[COMPARTMENT]


def understand(actor: Actor, report_id: UUID, *, now: datetime) -> bool:
    """Have a report read in the sandbox and seal what was read, once; tell whether it could be read.

    What cannot be opened stays sealed as it came, with the reason.
    """
    demand(actor, "report.read", report_id, now=now)
    keys = _keys(actor, report_id, now)
    before = store.opened(keys, get_report(report_id))
    if before.understood is not None and not before.understood.refused:
        return True
    understood = _understood(store.original(keys, report_id), before.arrival.file_name)
    with transaction.atomic():
        get_report(report_id, for_saving=True)
        version = ReportPart.objects.filter(report_id=report_id, kind=store.UNDERSTOOD).count() + 1
        store.put(keys, report_id, store.UNDERSTOOD, version, msgspec.json.encode(understood), by=actor.id, now=now)
        journal.record(actor.id, "intake.report.understood", report_id, now=now, documents=len(understood.documents))
    return not understood.refused


def get_ready() -> None:
    """Have a sandbox wait for a report that somebody is about to bring in."""
    documents.get_ready(LIMITS)


def _understood(written: bytes, name: str) -> Understood:
    try:
        read = read_report(written, name=name or "pasted.txt", limits=LIMITS)
    except BadInput as error:
        return Understood(refused=error.what, advice=error.hint or "", in_vain=isinstance(error, _IN_VAIN))
    return Understood(
        documents=[to_json(each, indent=None) for each in read.documents],
        warnings=list(read.warnings),
        attachments=[each.name for each in read.attachments if not each.read],
    )


def open_report(actor: Actor, report_id: UUID, *, now: datetime) -> OpenReport:
    """Open a report; that it was read is written down first.

    Raises:
        NotAllowed: if there is no such report, or it is not hers.
        CannotOpen: if somebody changed the database.
    """
    demand(actor, "report.read", report_id, now=now)
    with transaction.atomic():
        report = get_report(report_id)
        last = last_times("intake.report.read", [report_id]).get((report_id, actor.id))
        if last is None or now - last > _ONE_READING:
            journal.record(actor.id, "intake.report.read", report_id, now=now)
        return store.opened(_keys(actor, report_id, now), report)


@dataclass(frozen=True, slots=True)
class Glance:
    """One page of a list of reports: each row with what is in it, or nothing where somebody tampered with it."""

    rows: tuple[tuple[Report, OpenReport | None], ...]
    count: int
    number: int
    pages: int


def look_over(actor: Actor, reports: Sequence[Report], number: int = 1, *, now: datetime) -> Glance:
    """Open reports for one page of a list of them.

    Among all that wait, those for which one has to act today come first, the one that waits longest before the others.

    Args:
        actor: Who looks.
        reports: All of the list, in its order.
        number: Which page, from 1 on; one that there is not gives the nearest.
        now: When.
    """
    demand(actor, "report.read", now=now)
    pages = max(1, -(-len(reports) // ON_A_PAGE))
    number = min(max(1, number), pages)
    if not reports:
        return Glance((), 0, number, pages)
    listed = _urgent_first(actor, reports, now)
    shown = listed[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    opened = open_listed(actor, shown, now=now)
    return Glance(tuple(zip(shown, opened, strict=True)), len(reports), number, pages)


def open_listed(actor: Actor, reports: Sequence[Report], *, now: datetime) -> tuple[OpenReport | None, ...]:
    """Open several reports at once; nothing in the place of one that somebody tampered with."""
    demand(actor, "report.read", now=now)
    if not reports:
        return ()
    with transaction.atomic():
        journal.record(actor.id, "intake.reports.listed", now=now, reports=len(reports))
    return tuple(store.opened_all(_keys_of(actor, reports, now), reports))


def _urgent_first(actor: Actor, reports: Sequence[Report], now: datetime) -> list[Report]:
    """Sort urgent ones up; only where somebody decided something of a report, its key is needed."""
    asked = [report for report in reports if report.state == WAITING and report.version]
    urgent = store.urgent_among(_keys_of(actor, asked, now), asked)
    first = sorted((each for each in reports if each.id in urgent), key=lambda each: each.received_at)
    return [*first, *(each for each in reports if each.id not in urgent)]


def _keys_of(actor: Actor, reports: Sequence[Report], now: datetime) -> dict[UUID, CompartmentKeys]:
    bunch = bulk.open_cases(actor.ring, Q(case__in=[report.id for report in reports]), now, adopt=False)
    return {report: held for (report, _), held in bunch.keys.items()}


def decide(
    actor: Actor,
    report_id: UUID,
    facts: Iterable[str],
    verdict: Verdict,
    *,
    seen: int,
    now: datetime,
    values: dict[str, str] | None = None,
) -> None:
    """Decide about facts of a report, all in the same way.

    Args:
        actor: Who decides.
        report_id: The report.
        facts: Keys of its facts.
        verdict: Confirmed, rejected, or open again.
        seen: The number of decisions that she had before her.
        now: When.
        values: The fields of the one fact, as she corrected them.

    Raises:
        ChangedMeanwhile: if somebody else decided about one of them since; nothing was saved.
        BadRequest: if the report has no such fact, or a field cannot be so.
    """
    chosen = list(dict.fromkeys(facts))
    with _round(actor, report_id, now) as deciding:
        kinds = {fact.key: fact.kind for fact in deciding.opened.facts}
        if not chosen or set(chosen) - kinds.keys() or (values is not None and len(chosen) != 1):
            raise BadRequest("this report has no such fact")
        if verdict == "confirmed" and values is None:
            _must_be_whole(deciding.opened, frozenset(chosen))
        checked = check_values(kinds[chosen[0]], values, kinds) if values is not None else {}
        deciding.save(Ruling(facts=chosen, verdict=verdict, values=checked), seen)


def _must_be_whole(opened: OpenReport, chosen: frozenset[str]) -> None:
    for each in opened.settled:
        if each.fact.key in chosen and is_lacking(each):
            raise BadRequest("say first who said it, or which law it is")


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact that a person read where the program had not: its kind, the words it stands in, its fields.

    An act is one of an event, whose key is `within`.
    """

    kind: str
    span: tuple[int, int]
    values: dict[str, str] = field(repr=False)
    within: str = ""


def add_fact(actor: Actor, report_id: UUID, new: NewFact, *, seen: int, now: datetime) -> str:
    """Add a fact to a report, confirmed by who read it; give its key.

    Raises:
        ChangedMeanwhile: if somebody else closed the report.
        BadRequest: if there is no such kind, no such words, or a field cannot be so.
    """
    with _round(actor, report_id, now) as deciding:
        opened = deciding.opened
        kinds = {fact.key: fact.kind for fact in opened.facts}
        if new.kind not in FIELDS or (new.kind == "act") is not (kinds.get(new.within) == "event"):
            raise BadRequest("there is no such kind of fact")
        if not 0 <= new.span[0] < new.span[1] <= len(opened.text):
            raise BadRequest("these words are not in the report")
        values = check_values(cast("Kind", new.kind), new.values, kinds)
        key = f"{new.kind}-n{opened.report.version + 1}"
        ruling = Ruling([key], "confirmed", values, kind=new.kind, span=new.span, within=new.within)
        deciding.save(ruling, seen)
    return key


def answer(actor: Actor, report_id: UUID, question: str, said: str, *, seen: int, now: datetime) -> None:
    """Answer a question of triage.

    Raises:
        ChangedMeanwhile: if somebody else answered it since; nothing was saved.
        BadRequest: if there is no such question or answer.
    """
    with _round(actor, report_id, now) as deciding:
        if question not in questions() or said not in ANSWERS:
            raise BadRequest("there is no such question")
        deciding.save(Ruling(question=question, answer=said), seen)


def say_same(actor: Actor, report_id: UUID, case: UUID, said: str, *, seen: int, now: datetime) -> None:
    """Say whether a report is about a case that we have: `same`, `other`, `unsure`, or `open` to take that back.

    Raises:
        ChangedMeanwhile: if somebody else said it since; nothing was saved.
        BadRequest: if it cannot be said so.
    """
    with _round(actor, report_id, now) as deciding:
        if said not in SAME:
            raise BadRequest("say whether it is the same case, another one, or that you are not sure")
        deciding.save(Ruling(case=str(case), same=said), seen)


@dataclass(frozen=True, slots=True)
class _Round:
    """A round of decisions, while the row of the report is held."""

    actor: Actor
    opened: OpenReport
    keys: CompartmentKeys = field(repr=False)
    now: datetime

    def save(self, ruling: Ruling, seen: int) -> None:
        """Append a ruling, unless somebody else decided the same after this person looked."""
        if met := self.opened.decided_since(seen, ruling):
            records = frozenset(("facts", each) for each in met)
            raise ChangedMeanwhile("somebody else decided this meanwhile; nothing was saved", records=records)
        self.put_down(ruling)

    def put_down(self, ruling: Ruling) -> None:
        """Append a ruling to those that stand."""
        report, by = self.opened.report, self.actor.id
        report.version += 1
        report.save(update_fields=["version"])
        value = msgspec.json.encode(ruling)
        store.put(self.keys, report.id, store.RULING, report.version, value, by=by, now=self.now)
        cover(self.actor, report.id, self.now)
        about = {"case": UUID(ruling.case)} if ruling.case else {}
        count = len(ruling.facts)
        journal.record(by, DECIDED, report.id, now=self.now, version=report.version, facts=count, **about)


@contextmanager
def _round(actor: Actor, report_id: UUID, now: datetime) -> Iterator[_Round]:
    demand(actor, "report.decide", report_id, now=now)
    with transaction.atomic():
        report = get_report(report_id, for_saving=True)
        _must_wait(report)
        keys = _keys(actor, report_id, now)
        yield _Round(actor, store.opened(keys, report), keys, now)


def _must_wait(report: Report) -> None:
    if report.state != WAITING:
        raise ChangedMeanwhile("somebody else closed this report meanwhile; nothing was saved")


def decline(actor: Actor, report_id: UUID, reason: str, *, now: datetime) -> None:
    """Decline a report; it can be taken back until the day on which it is erased.

    Args:
        actor: Who declines it.
        report_id: The report.
        reason: A code of `declining.toml`, which says how long it is kept.
        now: When.

    Raises:
        ChangedMeanwhile: if somebody else closed it.
    """
    demand(actor, "report.decide", report_id, now=now)
    if reason not in reasons():
        raise BadRequest("a report is declined for a reason of the list")
    with transaction.atomic():
        report = get_report(report_id, for_saving=True)
        _must_wait(report)
        report.state, days = DECLINED, reasons()[reason].days
        report.erase_on = timezone.localdate(now) + timedelta(days=days)
        report.save(update_fields=["state", "erase_on"])
        journal.record(actor.id, "intake.report.declined", report_id, now=now, reason=reason, days=days)


def resume(actor: Actor, report_id: UUID, *, now: datetime) -> None:
    """Take a declined report back before it is erased."""
    demand(actor, "report.decide", report_id, now=now)
    with transaction.atomic():
        report = get_report(report_id, for_saving=True)
        if report.state != DECLINED:
            raise ChangedMeanwhile("this report is not declined any more")
        report.state, report.erase_on = WAITING, None
        report.save(update_fields=["state", "erase_on"])
        journal.record(actor.id, "intake.report.resumed", report_id, now=now)


def hold(actor: Actor, report_id: UUID, *, now: datetime) -> OpenReport:
    """Open a report inside the transaction of who makes a case of it; until its end nobody else closes it.

    Raises:
        ChangedMeanwhile: if somebody else has closed it.
        BadRequest: if a question is not answered, or in a way that makes it no case of ours.
    """
    demand(actor, "report.decide", report_id, now=now)
    report = get_report(report_id, for_saving=True)
    _must_wait(report)
    opened = store.opened(_keys(actor, report_id, now), report)
    if still_to_answer(opened.answers):
        raise BadRequest("answer the questions with yes first: a case is about a defender and the work as one")
    return opened


def take(actor: Actor, held: OpenReport, case: UUID, *, now: datetime) -> None:
    """Write down that a case was opened from a report, inside the transaction of the caller."""
    _go_into(held.report, case)
    journal.record(actor.id, "intake.report.taken", held.id, now=now, case=case)


def take_into(actor: Actor, held: OpenReport, case: UUID, version: int, *, now: datetime) -> None:
    """Write down that a report was brought into a case that was there, inside the transaction of the caller."""
    _Round(actor, held, _keys(actor, held.id, now), now).put_down(Ruling(case=str(case), same="same", version=version))
    _go_into(held.report, case)
    journal.record(actor.id, "intake.report.brought", held.id, now=now, case=case)


def _go_into(report: Report, case: UUID) -> None:
    report.state, report.case = TAKEN, case
    report.save(update_fields=["state", "case"])
    # In an emergency it shares the fate of its case, once it is sure that it went there.
    transaction.on_commit(lambda: emergency.follow({report.id: case}))


def hold_taken(actor: Actor, report_id: UUID, *, now: datetime) -> OpenReport:
    """Open a report of which a case has something, inside the transaction of who takes that back.

    Raises:
        ChangedMeanwhile: if somebody else has taken it back.
    """
    demand(actor, "report.decide", report_id, now=now)
    report = get_report(report_id, for_saving=True)
    if report.state != TAKEN:
        raise ChangedMeanwhile("somebody else took this back meanwhile")
    return store.opened(_keys(actor, report_id, now), report)


def give_back(actor: Actor, held: OpenReport, *, now: datetime) -> None:
    """Let a report wait again that was taken out of a case, inside the transaction of the caller."""
    report = held.report
    report.state, report.case = WAITING, None
    report.save(update_fields=["state", "case"])
    # Before it is sure: no crash leaves a report on the list that waits for somebody.
    emergency.let_go(report.id)
    journal.record(actor.id, "intake.report.given_back", report.id, now=now)


def erase_due(now: datetime) -> int:
    """Destroy the keys of declined reports whose day has come, and what they opened; tell how many there were.

    It can be repeated after a crash, and done by several at once.
    """
    if emergency.is_frozen():
        return 0
    return _erase(declined_by(now), "erased", now)


def erase_of(cases: Iterable[UUID], *, now: datetime) -> int:
    """Destroy the keys of the reports that went into cases, and what they opened, likewise; tell how many."""
    return _erase(went_into(cases), "shredded", now)


def _erase(due: QuerySet[Report], word: str, now: datetime) -> int:
    count = 0
    for report_id in list(due.values_list("id", flat=True)):
        with transaction.atomic():
            # Whoever takes it back at this moment goes first or finds it gone.
            report = due.select_for_update().filter(id=report_id).first()
            if report is None:
                continue
            vault.shred(report_id)
            ReportPart.objects.filter(report=report).delete()
            due.filter(id=report_id).update(state=ERASED)
            journal.record(None, f"intake.report.{word}", report_id, now=now)
            count += 1
    return count
