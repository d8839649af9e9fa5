"""Files of evidence: sealed as they come, kept as they came, with a chain of custody that shows every touch."""

import dataclasses
import hashlib
import io
import tempfile
from pathlib import Path

import msgspec
import pytest
from django.core.files import uploadedfile
from django.http import StreamingHttpResponse
from django.test import Client
from PIL import Image

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.casework.evidence import actions, custody, files
from tocsin.casework.evidence.naming import file_of, record_id
from tocsin.casework.models import ARRIVING, CaseFile, CustodyLine, EvidenceFile, EvidencePiece
from tocsin.core.errors import CannotOpen, NotAllowed, StepUpNeeded
from tocsin.core.records import Evidence, from_yaml
from tocsin.journal.models import Entry

CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


def photograph(width: int = 60, height: int = 40) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(made, "JPEG", comment=b"taken by the neighbour")
    return made.getvalue()


def send(client: Client, case: OpenCase, *contents: bytes, **said: object) -> object:
    sent = [io.BytesIO(content) for content in contents]
    for at, each in enumerate(sent):
        each.name = f"IMG_{at}.jpg"  # type: ignore[attr-defined]
    fields = {"what": "The door of the office", "upload": sent, **said}
    return client.post(f"/cases/{case.id}/evidence/new", fields)


def put_in(account: NewAccount, case: OpenCase, content: bytes, **said: object) -> EvidenceFile:
    before = set(EvidenceFile.objects.values_list("id", flat=True))
    assert send(signed_in(account), case, content, **said).status_code == 302  # type: ignore[attr-defined]
    return EvidenceFile.objects.exclude(id__in=before).get()


def content_of(account: NewAccount, file: EvidenceFile) -> bytes:
    with actions.hold(account.actor, file.case_id, file.id, now=NOW) as held:
        return b"".join(files.content_of(held.keys, held.file, held.sheet))


def test_a_file_is_hashed_sealed_and_becomes_a_record_with_its_first_line_of_custody(
    tomas: NewAccount, opened: OpenCase
) -> None:
    content = photograph()
    file = put_in(tomas, opened, content, warnings=["injury"], came="by hand from her sister")
    seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert content_of(tomas, file) == content
    record = seen.record
    assert (record.sha256, record.size, record.media_type) == (
        hashlib.sha256(content).hexdigest(),
        len(content),
        "image/jpeg",
    )
    assert record.sha3_256 == hashlib.sha3_256(content).hexdigest()
    assert (record.rc, record.warnings, record.is_original) == ("N", ("injury",), True)
    assert seen.sheet is not None
    assert seen.sheet.name == "IMG_0.jpg"
    taking = actions.begin(tomas.actor, opened.id, now=NOW)
    taking.take(content)
    actions.receive(tomas.actor, opened.id, [("a/\u202egnp.exe", taking.end())], actions.AboutFiles("", "en"), now=NOW)
    turned = actions.open_file(tomas.actor, opened.id, taking.id, now=NOW)
    assert turned.sheet is not None
    assert turned.sheet.name == "gnp.exe"
    assert seen.chain is not None
    assert seen.chain.faults == ()
    assert [(each.action, each.by, each.words) for each in seen.chain.lines] == [
        ("received", tomas.actor.id, "by hand from her sister")
    ]
    kept = b"".join(bytes(each) for each in EvidencePiece.objects.values_list("sealed", flat=True))
    assert content[:40] not in kept


def test_several_files_come_at_once_each_with_its_own_record(tomas: NewAccount, opened: OpenCase) -> None:
    assert send(signed_in(tomas), opened, photograph(), b"a second file").status_code == 302  # type: ignore[attr-defined]
    case = casework.read_case(tomas.actor, opened.id, now=NOW).case
    kept = {each.sha256 for each in case.evidence if file_of(each.id)}
    assert kept == {hashlib.sha256(each).hexdigest() for each in (photograph(), b"a second file")}


def test_a_large_file_comes_in_pieces_and_goes_through_no_file_of_django(
    tomas: NewAccount, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*of: object, **also: object) -> None:
        raise AssertionError("a file was written in clear, or held whole")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(uploadedfile.InMemoryUploadedFile, "__init__", refuse)
    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", refuse)
    content = bytes(range(256)) * 12_000
    file = put_in(tomas, opened, content)
    assert EvidencePiece.objects.filter(file=file).count() > 2
    assert content_of(tomas, file) == content


def test_what_broke_off_is_garbage_that_opens_nowhere_and_the_sweep_removes_it(
    tomas: NewAccount, opened: OpenCase
) -> None:
    taking = actions.begin(tomas.actor, opened.id, now=NOW)
    taking.take(bytes(3_000_000))
    assert EvidencePiece.objects.filter(file=taking.id).exists()
    with pytest.raises(NotAllowed):
        actions.open_file(tomas.actor, opened.id, taking.id, now=NOW)
    assert files.remove_left_over(NOW) == 0
    assert files.remove_left_over(LATER) == 1
    assert not EvidenceFile.objects.exists()
    assert not EvidencePiece.objects.exists()


@pytest.mark.parametrize("said", [{"what": ""}, {"warnings": ["nonsense"]}, {"source": "source:nobody"}])
def test_what_cannot_be_kept_leaves_nothing(tomas: NewAccount, opened: OpenCase, said: dict[str, object]) -> None:
    assert send(signed_in(tomas), opened, photograph(), **said).status_code == 400  # type: ignore[attr-defined]
    assert not EvidenceFile.objects.exists()
    assert casework.read_case(tomas.actor, opened.id, now=NOW).version == 1


def test_the_page_begins_without_a_complaint(tomas: NewAccount, opened: OpenCase) -> None:
    answer = signed_in(tomas).get(f"/cases/{opened.id}/evidence/new")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.content.decode()


def test_an_empty_file_and_no_file_are_refused(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    assert send(client, opened, b"").status_code == 400  # type: ignore[attr-defined]
    assert client.post(f"/cases/{opened.id}/evidence/new", {"what": "x"}).status_code == 400
    assert not EvidenceFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_the_limit_and_leaves_nothing(
    tomas: NewAccount, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 100_000)
    answer = send(signed_in(tomas), opened, bytes(200_000))
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "200 MB" in answer.content.decode()  # type: ignore[attr-defined]
    assert not EvidenceFile.objects.exists()


def test_without_the_token_of_the_form_nothing_is_kept(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    client.handler.enforce_csrf_checks = True
    assert send(client, opened, photograph()).status_code == 403  # type: ignore[attr-defined]
    assert not EvidenceFile.objects.exists()


def test_nobody_elses_bytes_are_even_read(hire: Hire, tomas: NewAccount, opened: OpenCase) -> None:
    sami = hire("sami", "case_lead")
    casework.give_access(tomas.actor, opened.id, "facts", sami.actor.id, reason="r", ends_at=LATER, now=NOW)
    for client, status in ((Client(), 302), (signed_in(hire("amina", "case_lead")), 404), (signed_in(sami), 404)):
        assert send(client, opened, photograph()).status_code == status  # type: ignore[attr-defined]
    assert not EvidenceFile.objects.exists()


# The original cannot be changed after its hash ------------------------------------------------------------------------


def test_a_changed_missing_or_exchanged_piece_is_noticed(tomas: NewAccount, opened: OpenCase) -> None:
    file, other = (put_in(tomas, opened, bytes([at]) * 2_500_000) for at in (1, 2))
    piece = EvidencePiece.objects.get(file=file, number=2)
    sealed = bytes(piece.sealed)
    theirs = bytes(EvidencePiece.objects.get(file=other, number=2).sealed)
    for wrong in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:-1], theirs, b""):
        EvidencePiece.objects.filter(id=piece.id).update(sealed=wrong)
        with pytest.raises(CannotOpen):
            content_of(tomas, file)
    EvidencePiece.objects.filter(id=piece.id).delete()
    with pytest.raises(CannotOpen):
        content_of(tomas, file)


def test_who_holds_the_keys_and_the_database_cannot_exchange_the_file_unseen(
    tomas: NewAccount, opened: OpenCase
) -> None:
    """She seals another file in the place of the first, and a sheet that fits it: the chain names the first hash."""
    file = put_in(tomas, opened, b"what the witness wrote")
    with actions.hold(tomas.actor, opened.id, file.id, now=NOW) as held:
        taking = actions.begin(tomas.actor, opened.id, now=NOW)
        taking.take(b"something else")
        forged = taking.end()
        sheet = files.Sheet(
            held.sheet.record, "x", "image/jpeg", forged.size, forged.sha256, forged.pieces, forged.sha3_256
        )
        files.keep(held.keys, held.file, sheet)
    seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert seen.chain is not None
    assert "a line names another hash than the file has" in seen.chain.faults
    page = signed_in(tomas).get(f"/cases/{opened.id}/evidence/{file.id}").content.decode()
    assert "The chain does not hold" in page


def test_a_file_is_read_against_both_of_its_hashes_and_an_old_one_against_the_one_it_has(
    tomas: NewAccount, opened: OpenCase
) -> None:
    file = put_in(tomas, opened, b"a letter")
    for second, opens in (("0" * 64, False), ("", True)):
        with actions.hold(tomas.actor, opened.id, file.id, now=NOW) as held:
            files.keep(held.keys, held.file, msgspec.structs.replace(held.sheet, sha3_256=second))
        if opens:
            assert content_of(tomas, file) == b"a letter"
        else:
            with pytest.raises(CannotOpen, match="its hash is another one"):
                content_of(tomas, file)


@pytest.mark.parametrize("how", ["looked at", "compared"])
def test_an_old_file_gets_its_second_hash_when_it_is_next_read_and_the_chain_says_so(
    tomas: NewAccount, opened: OpenCase, how: str
) -> None:
    file = put_in(tomas, opened, b"a letter")
    as_before_there_was_one(tomas, file)
    second = hashlib.sha3_256(b"a letter").hexdigest()
    client, page = signed_in(tomas), f"/cases/{opened.id}/evidence/{file.id}"
    assert second not in client.get(page).content.decode()
    if how == "compared":
        assert client.post(f"{page}/check").status_code == 302
    else:
        actions.look(tomas.actor, opened.id, file.id, now=NOW)
    actions.check(tomas.actor, opened.id, file.id, now=NOW)
    shown = client.get(page).content.decode()
    assert second in shown
    assert "The chain does not hold" not in shown
    seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert seen.chain is not None
    assert [each.choice for each in seen.chain.lines if each.action == "hashed"] == [second], "once"
    with actions.hold(tomas.actor, opened.id, file.id, now=NOW) as held:
        files.keep(held.keys, held.file, msgspec.structs.replace(held.sheet, sha3_256="0" * 64))
    again = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert again.chain is not None
    assert again.chain.faults, "the chain names another one"


def as_before_there_was_one(account: NewAccount, file: EvidenceFile) -> None:
    with actions.hold(account.actor, file.case_id, file.id, now=NOW) as held:
        files.keep(held.keys, held.file, msgspec.structs.replace(held.sheet, sha3_256=""))
    now = casework.read_case(account.actor, file.case_id, now=NOW)
    old = tuple(dataclasses.replace(each, sha3_256=None) for each in now.case.evidence)
    casework.save_case(account.actor, now, dataclasses.replace(now.case, evidence=old), now=NOW)


@pytest.mark.parametrize("hash_", ["sha256", "sha3_256"])
def test_a_record_that_names_another_hash_is_noticed(tomas: NewAccount, opened: OpenCase, hash_: str) -> None:
    file = put_in(tomas, opened, b"a letter")
    now = casework.read_case(tomas.actor, opened.id, now=NOW)
    changed = tuple(
        dataclasses.replace(each, **{hash_: "0" * 64})  # type: ignore[arg-type]
        for each in now.case.evidence
    )
    casework.save_case(tomas.actor, now, dataclasses.replace(now.case, evidence=changed), now=NOW)
    seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert seen.chain is not None
    assert seen.chain.faults == ("the record of the case names another hash than the file has",)


def test_a_line_of_custody_that_is_removed_or_rewritten_no_longer_fits_the_journal(
    tomas: NewAccount, opened: OpenCase
) -> None:
    file = put_in(tomas, opened, b"a text", came="from her lawyer")
    actions.hand_over(tomas.actor, opened.id, file.id, to="the court", now=NOW)
    actions.check(tomas.actor, opened.id, file.id, now=NOW)

    def faults() -> tuple[str, ...]:
        seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
        assert seen.chain is not None
        return seen.chain.faults

    assert faults() == ()
    last = CustodyLine.objects.get(file=file, number=3)
    last.delete()
    assert faults()
    CustodyLine.objects.create(file=file, number=3, entry=last.entry, sealed=last.sealed)
    assert faults() == ()
    with actions.hold(tomas.actor, opened.id, file.id, now=NOW) as held:
        rewritten = custody.Line(custody.RECEIVED, NOW, tomas.actor.id, held.sheet.sha256, words="from the police")
        sealed = held.keys.seal(custody.msgspec.json.encode(rewritten), custody._place(file.id, 1))  # type: ignore[attr-defined]
        CustodyLine.objects.filter(file=file, number=1).update(sealed=sealed)
    assert faults()


def test_each_line_has_its_entry_in_the_journal_which_holds_no_word(tomas: NewAccount, opened: OpenCase) -> None:
    file = put_in(tomas, opened, photograph(), came="from the neighbour")
    client = signed_in(tomas)
    assert client.get(f"/cases/{opened.id}/evidence/{file.id}/page/1").status_code == 200
    assert client.get(f"/cases/{opened.id}/evidence/{file.id}/page/1").status_code == 200
    for action, said in (("hand-over", {"hand-words": "the lawyer"}), ("check", {})):
        assert client.post(f"/cases/{opened.id}/evidence/{file.id}/{action}", said).status_code == 302
    entries = Entry.objects.filter(kind__startswith="casework.evidence.").order_by("number")
    # Looking twice within ten minutes is one opening.
    assert [each.kind.rpartition(".")[2] for each in entries] == ["received", "opened", "handed_over", "checked"]
    assert not [each for each in entries if "neighbour" in each.facts or "lawyer" in each.facts]
    page = client.get(f"/cases/{opened.id}/evidence/{file.id}").content.decode()
    assert "from the neighbour" in page
    assert "the lawyer" in page


# Who sees what --------------------------------------------------------------------------------------------------------


def test_who_holds_the_facts_alone_learns_that_there_is_a_file_and_opens_nothing(
    tomas: NewAccount, hire: Hire, opened: OpenCase
) -> None:
    file = put_in(tomas, opened, photograph(), warnings=["death"], came="from her sister")
    amina = hire("amina", "case_lead")
    casework.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    client = signed_in(amina)
    page = client.get(f"/cases/{opened.id}/evidence/{file.id}").content.decode()
    assert "Dead people" not in page.partition("</header>")[0]
    assert "The door of the office" in page
    assert "her sister" not in page
    assert "IMG_0" not in page
    for address in ("look", "page/1"):
        assert client.get(f"/cases/{opened.id}/evidence/{file.id}/{address}").status_code == 404
    for address in ("take-out", "copy", "check", "hand-over", "ask", "agree", "withdraw"):
        said = {"take-words": "x", "hand-words": "x", "release-why": "x"}
        assert client.post(f"/cases/{opened.id}/evidence/{file.id}/{address}", said).status_code in {400, 404}, address
    casework.give_access(tomas.actor, opened.id, "evidence", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    assert client.get(f"/cases/{opened.id}/evidence/{file.id}/page/1").status_code == 200


def test_nothing_is_loaded_before_somebody_asks_for_it(tomas: NewAccount, opened: OpenCase) -> None:
    file = put_in(tomas, opened, photograph(), warnings=["torture"])
    client = signed_in(tomas)
    page = client.get(f"/cases/{opened.id}/evidence/{file.id}").content.decode()
    assert "<img" not in page
    assert "Torture or its marks" in page
    assert f"/evidence/{file.id}/page/1" in client.get(f"/cases/{opened.id}/evidence/{file.id}/look").content.decode()
    assert "<img" not in client.get(f"/cases/{opened.id}").content.decode()


def test_what_is_looked_at_is_drawn_anew_and_comes_caged(tomas: NewAccount, opened: OpenCase) -> None:
    file = put_in(tomas, opened, photograph())
    answer = signed_in(tomas).get(f"/cases/{opened.id}/evidence/{file.id}/page/1?grid")
    assert b"neighbour" not in answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= set(answer.headers["Content-Security-Policy"].split("; "))
    assert answer.headers["Content-Disposition"] == f'inline; filename="evidence-{file.id.hex[:8]}.jpg"'


def test_an_original_leaves_as_a_download_under_a_neutral_name_after_the_second_factor_and_a_reason(
    tomas: NewAccount, opened: OpenCase
) -> None:
    content = photograph()
    file = put_in(tomas, opened, content)
    address = f"/cases/{opened.id}/evidence/{file.id}/take-out"
    client = signed_in(tomas)
    with pytest.raises(StepUpNeeded):
        actions.take_out(tomas.actor, opened.id, file.id, why="for the forensic laboratory", now=LATER)
    assert client.post(address, {"take-words": " "}).status_code == 400
    answer = client.post(address, {"take-words": "for the forensic laboratory"})
    assert isinstance(answer, StreamingHttpResponse)
    assert b"".join(answer.streaming_content) == content  # type: ignore[arg-type]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="evidence-{file.id.hex[:8]}.jpg"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    seen = actions.open_file(tomas.actor, opened.id, file.id, now=NOW)
    assert seen.chain is not None
    assert (seen.chain.lines[-1].action, seen.chain.lines[-1].words) == ("taken_out", "for the forensic laboratory")
    assert client.get(address).status_code == 405


# Shredding ------------------------------------------------------------------------------------------------------------


def test_destroying_a_case_removes_its_files(tomas: NewAccount, opened: OpenCase) -> None:
    put_in(tomas, opened, photograph())
    assert signed_in(tomas).post(f"/cases/{opened.id}/shred", {"typed": str(opened.id)[:8]}).status_code == 200
    assert not EvidenceFile.objects.exists()
    assert not EvidencePiece.objects.exists()


def test_the_sweep_removes_files_of_a_case_that_an_emergency_destroyed(tomas: NewAccount, opened: OpenCase) -> None:
    put_in(tomas, opened, photograph())
    casework.write_down_shredded([opened.id], "site.panic.shredded", now=NOW)
    assert CaseFile.objects.get(id=opened.id).shredded_at
    assert files.remove_left_over(NOW) == 1
    assert not EvidencePiece.objects.exists()


def test_states_of_files_are_two(tomas: NewAccount, opened: OpenCase) -> None:
    file = put_in(tomas, opened, photograph())
    assert EvidenceFile.objects.get(id=file.id).state != ARRIVING
    case = casework.read_case(tomas.actor, opened.id, now=NOW).case
    assert isinstance(case.by_id[record_id(file.id)], Evidence)
