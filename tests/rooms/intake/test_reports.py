"""Reports: sealed before they are read, decided about by people, declined and erased, or made a case of."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connections
from django.test.utils import CaptureQueriesContext
from reports import INCOMING, PRIVATE, TEXT, look, ready, received

from key_files import files
from people import NOW, Hire
from tocsin.accounts.actor import Actor
from tocsin.adapters.documents import Read
from tocsin.casework import actions as casework
from tocsin.casework import duplicates
from tocsin.casework.bringing.actions import bring_in, take_back
from tocsin.casework.from_report import open_from_report
from tocsin.casework.models import CaseFile
from tocsin.core.errors import (
    BadRequest,
    CannotOpen,
    ChangedMeanwhile,
    EmptyInput,
    Locked,
    NotAllowed,
    RefusedFile,
    TooLarge,
)
from tocsin.core.recording import Choices
from tocsin.core.records import Person
from tocsin.intake import actions, queries, store
from tocsin.intake.actions import Incoming
from tocsin.intake.models import ERASED, Report, ReportPart
from tocsin.journal.models import Entry
from tocsin.journal.queries import list_entries
from tocsin.operations import panic
from tocsin.operations.settling import settle
from tocsin.operations.sweeping import sweep
from tocsin.vault import emergency, slots
from tocsin.vault import queries as vault
from tocsin.vault.models import Doomed, Grant


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


@pytest.fixture
def handler(hire: Hire) -> Actor:
    return hire("sefa", "source_handler").actor


@pytest.fixture
def report(lead: Actor, handler: Actor) -> UUID:
    return received(lead)


def everything_stored() -> bytes:
    """Give all values of all rows of both databases, and the files of the key store."""
    rows = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        for value in row
    ]
    return b"\0".join([*rows, *files().values()])


def decide(actor: Actor, report: UUID, *facts: str, verdict: str = "confirmed", **more: object) -> None:
    seen = more.pop("seen", look(actor, report).report.version)
    actions.decide(actor, report, facts, verdict, seen=seen, now=NOW, **more)  # type: ignore[arg-type]


# Sealed, and read in the sandbox


def test_a_report_is_sealed_before_anything_looks_at_it(lead: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def read(written: bytes, **_: object) -> Read:
        part = ReportPart.objects.get(kind=store.ORIGINAL)
        keys = vault.open_case(lead.ring, part.report_id, NOW)[store.COMPARTMENT]
        seen.append(store.original(keys, part.report_id))
        raise RefusedFile("it fell over")

    monkeypatch.setattr(actions, "read_report", read)
    report = actions.receive(lead, INCOMING, now=NOW)
    assert seen == []
    assert actions.understand(lead, report, now=NOW) is False
    assert seen == [TEXT.encode()]
    opened = look(lead, report)
    assert opened.understood is not None
    assert (opened.understood.refused, opened.facts) == ("it fell over", ())
    # The file is still there as it came, and reading it again is no loss.
    monkeypatch.undo()
    assert actions.understand(lead, report, now=NOW) is True
    assert look(lead, report).people[0] == "Lena Marosh"


def test_nothing_of_a_report_is_stored_in_clear_from_its_coming_to_the_case(lead: Actor, report: UUID) -> None:
    ready(lead, report)
    decide(lead, report, "person-0", values={"name": "Lena Marosh", "described_as": "velmlegal"})
    open_from_report(lead, report, now=NOW)
    stored = everything_stored()
    for words in PRIVATE:
        assert words.encode() not in stored
        assert words.encode("utf-16-le") not in stored
    # The control: what is opened holds them all.
    opened = look(lead, report)
    assert all(words in f"{opened.text} {opened.arrival}" for words in PRIVATE)


def test_what_a_stranger_wrote_is_read_in_a_process_without_keys(lead: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of this process is never asked: only the child's is."""
    from tocsin.core import reader

    monkeypatch.setattr(reader, "read", lambda raw: pytest.fail("strangers' text was read in the desk's process"))
    assert look(lead, received(lead)).people[0] == "Lena Marosh"


@pytest.mark.parametrize(
    ("written", "name", "refusal"),
    [
        (b"PK\x03\x04 cut short", "report.docx", "damaged|broken|ZIP|container|document"),
        (b"%PDF-1.7 cut short", "report.pdf", "PDF|damaged|broken|document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "report.png", "not text"),
    ],
)
def test_a_file_that_cannot_be_read_is_kept_with_the_reason(
    lead: Actor, written: bytes, name: str, refusal: str
) -> None:
    report = actions.receive(lead, Incoming(written, source_type="media", file_name="\u202e" + name), now=NOW)
    assert actions.understand(lead, report, now=NOW) is False
    opened = look(lead, report)
    assert opened.understood is not None
    assert any(word in opened.understood.refused for word in refusal.split("|")), opened.understood.refused
    assert opened.arrival.file_name == name
    keys = vault.open_case(lead.ring, report, NOW)[store.COMPARTMENT]
    assert store.original(keys, report) == written


@pytest.mark.parametrize(
    ("incoming", "error"),
    [
        (Incoming(b" \n", source_type="media"), EmptyInput),
        (Incoming(b"x" * 10_000_001, source_type="media"), TooLarge),
        (Incoming(b"words", source_type="stranger"), BadRequest),
    ],
)
def test_what_cannot_be_taken_leaves_nothing_behind(lead: Actor, incoming: Incoming, error: type[Exception]) -> None:
    before = (Report.objects.count(), Grant.objects.count(), Entry.objects.count())
    with pytest.raises(error):
        actions.receive(lead, incoming, now=NOW)
    assert (Report.objects.count(), Grant.objects.count(), Entry.objects.count()) == before


# Who may


def test_a_report_opens_for_all_who_work_at_intake_and_for_nobody_else(
    hire: Hire, lead: Actor, handler: Actor, report: UUID
) -> None:
    assert look(handler, report).people[0] == "Lena Marosh"
    for stranger in (hire("amina", "verifier").actor, hire("jon", "auditor").actor, hire("late", "case_lead").actor):
        with pytest.raises(NotAllowed) as theirs:
            look(stranger, report)
        with pytest.raises(NotAllowed) as nobodys:
            look(stranger, uuid4())
        assert str(theirs.value) == str(nobodys.value)
        assert queries.list_reports(stranger, now=NOW) == []


def test_only_who_works_at_intake_is_given_the_key_of_a_report(hire: Hire, lead: Actor, handler: Actor) -> None:
    for role in ("verifier", "legal", "auditor"):
        hire(role, role)
    report = received(lead)
    assert set(Grant.objects.filter(case=report).values_list("holder", flat=True)) == {lead.id, handler.id}


def test_who_comes_later_is_let_in_by_the_next_decision(hire: Hire, lead: Actor, report: UUID) -> None:
    late = hire("late", "source_handler").actor
    decide(lead, report, "person-0")
    assert look(late, report).people[0] == "Lena Marosh"


def test_a_source_handler_opens_no_case(handler: Actor, report: UUID) -> None:
    ready(handler, report)
    with pytest.raises(NotAllowed):
        open_from_report(handler, report, now=NOW)
    assert CaseFile.objects.count() == 0


def test_who_lost_the_role_opens_no_report_however_long_the_grant(lead: Actor, handler: Actor, report: UUID) -> None:
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        look(replace(handler, roles=frozenset({"verifier"})), report)


# Deciding


def test_every_decision_is_kept_with_who_made_it(lead: Actor, handler: Actor, report: UUID) -> None:
    decide(lead, report, "person-0")
    decide(handler, report, "person-0", verdict="rejected")
    decide(lead, report, "person-0", verdict="open")
    opened = look(lead, report)
    assert [(each.by, each.ruling.verdict) for each in opened.rulings] == [
        (lead.id, "confirmed"),
        (handler.id, "rejected"),
        (lead.id, "open"),
    ]
    assert next(each for each in opened.settled if each.fact.key == "person-0").verdict == "open"


def test_of_two_who_decide_the_same_at_once_the_second_is_told(lead: Actor, handler: Actor, report: UUID) -> None:
    seen = look(handler, report).report.version
    decide(lead, report, "person-0", verdict="rejected", seen=seen)
    with pytest.raises(ChangedMeanwhile) as told:
        decide(handler, report, "person-0", "person-1", seen=seen)
    assert told.value.records == {("facts", "person-0")}
    opened = look(handler, report)
    verdicts = {each.fact.key: each.verdict for each in opened.settled}
    assert (verdicts["person-0"], verdicts["person-1"]) == ("rejected", "open")
    # What the other did not touch goes through, from the same page.
    decide(handler, report, "person-1", seen=seen)
    actions.answer(lead, report, "urgent", "yes", seen=seen, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.answer(handler, report, "urgent", "no", seen=seen, now=NOW)


@pytest.mark.parametrize(
    ("facts", "values"),
    [
        ((), None),
        (("person-99",), None),
        (("person-0", "person-1"), {"name": "Lena Marosh"}),
        (("person-0",), {"name": ""}),
        (("person-0",), {"name": "Lena Marosh", "role": "hero"}),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    lead: Actor, report: UUID, facts: tuple[str, ...], values: dict[str, str] | None
) -> None:
    with pytest.raises(BadRequest):
        decide(lead, report, *facts, values=values)
    assert look(lead, report).report.version == 0


def test_a_decision_that_somebody_removed_or_set_back_closes_the_report(lead: Actor, report: UUID) -> None:
    decide(lead, report, "person-0")
    decide(lead, report, "person-0", verdict="rejected")
    # Both the row and the version are set back: only the journal knows that there was more.
    ReportPart.objects.filter(report_id=report, kind=store.RULING, version=2).delete()
    with pytest.raises(CannotOpen):
        look(lead, report)
    Report.objects.filter(id=report).update(version=1)
    with pytest.raises(CannotOpen):
        look(lead, report)


def test_a_part_opens_nowhere_but_in_its_place(lead: Actor, report: UUID) -> None:
    other = received(lead)
    for kind in (store.ARRIVAL, store.UNDERSTOOD):
        theirs = ReportPart.objects.get(report_id=other, kind=kind)
        mine = ReportPart.objects.get(report_id=report, kind=kind)
        kept = bytes(mine.sealed)
        ReportPart.objects.filter(id=mine.id).update(sealed=bytes(theirs.sealed))
        with pytest.raises(CannotOpen):
            look(lead, report)
        ReportPart.objects.filter(id=mine.id).update(sealed=kept)
    assert look(lead, report).people[0] == "Lena Marosh"


def test_a_report_that_somebody_tampered_with_stands_in_the_list_without_a_name(lead: Actor, report: UUID) -> None:
    good = received(lead)
    ReportPart.objects.filter(report_id=report, kind=store.ARRIVAL).update(sealed=b"\x01" + bytes(80))
    rows = queries.list_reports(lead, now=NOW)
    looked = {row.id: opened for row, opened in actions.look_over(lead, rows, now=NOW).rows}
    assert looked[report] is None
    assert looked[good] is not None


# Declining and erasing


def test_a_declined_report_can_be_taken_back_until_its_day_and_is_then_gone(lead: Actor, report: UUID) -> None:
    actions.decline(lead, report, "no_report", now=NOW)
    assert Report.objects.get(id=report).erase_on == NOW.date() + timedelta(days=7)
    assert actions.erase_due(NOW + timedelta(days=6)) == 0
    actions.resume(lead, report, now=NOW)
    assert actions.erase_due(NOW + timedelta(days=60)) == 0
    actions.decline(lead, report, "no_report", now=NOW)
    held = list(Grant.objects.filter(case=report).values_list("slot", flat=True))
    kept = vault.open_case(lead.ring, report, NOW)[store.COMPARTMENT]
    sealed = bytes(ReportPart.objects.get(report_id=report, kind=store.ORIGINAL).sealed)

    assert actions.erase_due(NOW + timedelta(days=7)) == 1
    assert actions.erase_due(NOW + timedelta(days=7)) == 0
    assert ReportPart.objects.filter(report_id=report).count() == 0
    assert held
    assert set(slots.read(held).values()) == {b""}
    with pytest.raises(NotAllowed):
        look(lead, report)
    with pytest.raises(Locked):
        vault.open_case(lead.ring, report, NOW)
    # The control: with a copy of the key and of the bytes it would open still.
    assert kept.open(sealed, store._place(report, store.ORIGINAL, 1)) == TEXT.encode()
    assert [each.kind for each in list_entries(subject=report)[:1]] == ["intake.report.erased"]


# PostgreSQL keeps its files to itself; what a row or a slot still holds there is asked above.
@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("committed")
def test_on_its_day_the_worker_leaves_no_byte_of_a_declined_report(lead: Actor, report: UUID, tmp_path: Path) -> None:
    actions.decline(lead, report, "no_report", now=NOW)
    sealed = [bytes(each) for each in ReportPart.objects.filter(report_id=report).values_list("sealed", flat=True)]
    held = Grant.objects.filter(case=report).values_list("slot", flat=True)
    payloads = [*sealed, *slots.read(list(held)).values()]

    def left() -> list[bytes]:
        """Give the payloads of which a piece is in a file of either database."""
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = b"".join([*files("default").values(), *files().values()])
        return [each for each in payloads if each[len(each) // 2 :][:24] in stored]

    assert sweep(tmp_path, now=NOW + timedelta(days=6), thorough=True).found["reports"] == 0
    assert left() == payloads
    assert sweep(tmp_path, now=NOW + timedelta(days=7), thorough=False).found["reports"] == 1
    assert left() == []
    told = [(each.kind, each.actor) for each in list_entries(subject=report)[:2]]
    assert told == [("intake.report.erased", None), ("intake.report.declined", lead.id)]


@pytest.mark.parametrize("reason", ["", "because", "Lena Marosh"])
def test_a_report_is_declined_for_a_reason_of_the_list(lead: Actor, report: UUID, reason: str) -> None:
    with pytest.raises(BadRequest):
        actions.decline(lead, report, reason, now=NOW)


def test_what_is_closed_is_decided_no_more(lead: Actor, handler: Actor, report: UUID) -> None:
    actions.decline(lead, report, "duplicate", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        decide(handler, report, "person-0")
    with pytest.raises(ChangedMeanwhile):
        actions.decline(handler, report, "duplicate", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        open_from_report(lead, report, now=NOW)


# A case


def test_a_case_is_opened_with_what_was_confirmed_and_its_source_is_sealed_apart(
    hire: Hire, lead: Actor, report: UUID
) -> None:
    ready(lead, report)
    decide(lead, report, "person-1", verdict="rejected")
    opened = open_from_report(lead, report, now=NOW)
    case = casework.read_case(lead, opened.id, now=NOW).case
    assert [each.preferred.full for each in case.persons] == ["Lena Marosh"]
    assert case.sources[0].identity == "Irja Solveen"
    assert case.get_record("person:1", Person).rc == "C"
    assert case.evidence[0].original_url == f"urn:uuid:{report}"
    citation = next(claim for claim in case.claims if claim.about == ("e1",)).citations[0]
    assert look(lead, report).text[citation.start : citation.end].startswith("On 3 November 2026")
    row = Report.objects.get(id=report)
    assert (row.state, row.case) == ("taken", opened.id)

    from people import LATER, just_confirmed

    verifier = hire("amina", "verifier").actor
    casework.give_access(
        just_confirmed(lead, NOW), opened.id, "facts", verifier.id, reason="verifies", ends_at=LATER, now=NOW
    )
    theirs = casework.read_case(verifier, opened.id, now=NOW).case
    assert theirs.sources[0].identity is None
    assert theirs.evidence[0].original_url is None


def test_of_two_who_open_a_case_at_once_the_second_is_told(hire: Hire, lead: Actor, report: UUID) -> None:
    other = hire("eve", "case_lead").actor
    ready(lead, report)
    open_from_report(lead, report, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        open_from_report(other, report, now=NOW)
    assert CaseFile.objects.count() == 1


@pytest.mark.parametrize("answers", [{}, {"defender": "yes"}, {"defender": "yes", "work": "no"}, {"work": "unknown"}])
def test_no_case_is_opened_before_the_questions_are_answered(
    lead: Actor, report: UUID, answers: dict[str, str]
) -> None:
    decide(lead, report, "person-0")
    for question, said in answers.items():
        actions.answer(lead, report, question, said, seen=99, now=NOW)
    with pytest.raises(BadRequest):
        open_from_report(lead, report, now=NOW)
    assert (CaseFile.objects.count(), Report.objects.get(id=report).state) == (0, "waiting")


def test_the_journal_tells_what_was_done_and_no_word_of_it(lead: Actor, report: UUID) -> None:
    ready(lead, report)
    case = open_from_report(lead, report, now=NOW).id
    kinds = [each.kind for each in reversed(list_entries(subject=report))]
    assert kinds == [
        "intake.report.received",
        "intake.report.understood",
        "intake.report.read",
        *["intake.report.decided"] * 3,
        "intake.report.taken",
    ]
    taken = list_entries(subject=report).filter(kind="intake.report.taken").get()
    assert str(case) in taken.facts
    assert not any(words in each.facts for words in PRIVATE for each in Entry.objects.all())


def test_an_urgent_report_comes_first_however_many_newer_ones_wait_and_no_question_more_is_asked(lead: Actor) -> None:
    urgent = [actions.receive(lead, INCOMING, now=NOW) for _ in range(2)]
    for days, report in enumerate(urgent, start=1):
        Report.objects.filter(id=report).update(received_at=NOW - timedelta(days=9 - days))
        actions.answer(lead, report, "urgent", "yes", seen=0, now=NOW)
    counts = []
    for wanted in (5, 60):
        while Report.objects.count() < wanted:
            actions.receive(lead, INCOMING, now=NOW)
        rows = queries.list_reports(lead, now=NOW)
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            first = actions.look_over(lead, rows, now=NOW)
        assert len(first.rows) == min(wanted, actions.ON_A_PAGE)
        assert [report.id for report, opened in first.rows if opened and opened.is_urgent] == urgent
        assert [report.id for report, _ in first.rows[:2]] == urgent
        counts.append(len(main) + len(keys))
    assert counts[0] == counts[1]
    second = actions.look_over(lead, rows, 2, now=NOW)
    assert (second.count, second.number, second.pages) == (60, 2, 2)
    assert {row.id for row, _ in (*first.rows, *second.rows)} == {row.id for row in rows}


def test_words_are_confirmed_once_somebody_said_who_said_them(lead: Actor) -> None:
    text = 'Lena Marosh is a lawyer in Velm. Next to her door stood the words "go home or else".'
    report = received(lead, Incoming(text.encode(), source_type="media"))
    (said,) = (each for each in look(lead, report).facts if each.kind == "quotation")
    assert said.doubts == ("no_speaker",)
    with pytest.raises(BadRequest):
        decide(lead, report, said.key)
    decide(lead, report, said.key, values={"quote": "go home or else", "speaker": "person-0"})
    (settled,) = (each for each in look(lead, report).settled if each.fact.key == said.key)
    assert (settled.verdict, settled.values["speaker"]) == ("confirmed", "person-0")


@pytest.mark.usefixtures("committed")
def test_reports_of_chosen_cases_are_destroyed_while_the_main_database_is_not_asked(lead: Actor, report: UUID) -> None:
    for each in (late := received(lead), back := received(lead), spared := received(lead)):
        ready(lead, each)
    ready(lead, report)
    case, kept = (open_from_report(lead, each, now=NOW).id for each in (report, spared))
    panic.choose([case, kept], now=NOW)
    for each in (late, back):
        seen = look(lead, each).report.version
        bring_in(lead, each, case, Choices(), seen=seen, version=None, now=NOW)
    take_back(lead, back, now=NOW)
    panic.spare([kept], now=NOW)
    of = {each: slots.numbers_of([each]) for each in (report, late, back, spared)}
    assert emergency.list_doomed() == emergency.shred_doomed() == [case]
    gone = {each for each, numbers in of.items() if not any(slots.read(numbers).values())}
    assert gone == {report, late}, "neither what came out again nor what was spared"
    for each in (report, late):
        with pytest.raises(CannotOpen):
            look(lead, each)
    assert settle(NOW)
    assert not Doomed.objects.exists()
    assert Report.objects.filter(state=ERASED).count() == 2


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("way", ["by a person", "by a person who is cut off", "in an emergency"])
def test_a_report_is_shredded_with_the_case_that_was_made_of_it(
    lead: Actor, report: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    other = received(lead)
    ready(lead, report)
    case = open_from_report(lead, report, now=NOW).id
    held = list(Grant.objects.filter(case=report).values_list("slot", flat=True))
    if way == "in an emergency":
        panic.choose([case], now=NOW)
        assert panic.stop(panic.shred, tmp_path, now=NOW)
    elif way == "by a person":
        casework.shred_case(lead, case, now=NOW)
    else:
        with monkeypatch.context() as broken:
            broken.setattr(casework, "erase_reports", lambda now: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                casework.shred_case(lead, case, now=NOW)
        look(lead, report)
        assert sweep(tmp_path, now=NOW, thorough=False).found["reports"] == 1
    assert set(slots.read(held).values()) == {b""}
    assert not ReportPart.objects.filter(report_id=report).exists()
    with pytest.raises(NotAllowed):
        look(lead, report)
    assert look(lead, other).text, "the control: it went into no case"
    assert list_entries(subject=report)[0].kind == "intake.report.shredded"


@pytest.mark.database("sqlite")
def test_a_report_stays_as_long_as_a_case_that_took_its_own_in_opens(lead: Actor, report: UUID) -> None:
    ready(lead, report)
    one = open_from_report(lead, report, now=NOW).id
    two = casework.open_new_case(lead, casework.read_case(lead, one, now=NOW).case, reason="twice", now=NOW).id
    duplicates.merge(lead, two, one, reason="twice", now=NOW)
    casework.shred_case(lead, one, now=NOW)
    assert look(lead, report).text
    casework.shred_case(lead, two, now=NOW)
    with pytest.raises(NotAllowed):
        look(lead, report)
