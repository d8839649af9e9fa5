"""The pages of intake as a person uses them: putting a report in, reading it, deciding, closing it."""

import logging
import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from reports import PRIVATE, TEXT, look, ready, received

from command_line import ROOT
from desk import signed_in
from people import NOW, Hire
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as casework
from tocsin.casework.editing.actions import rows_by_id
from tocsin.config.inventing import invented_countries
from tocsin.core.errors import RefusedFile
from tocsin.core.records import Organisation
from tocsin.intake import actions
from tocsin.intake.actions import Incoming
from tocsin.intake.models import Report, ReportPart
from tocsin.intake.pages import reading_page

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def client(tomas: NewAccount) -> Client:
    return signed_in(tomas)


@pytest.fixture
def report(tomas: NewAccount) -> UUID:
    return received(tomas.actor)


def words(page: HttpResponse) -> str:
    """Give the words of a page, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def post(client: Client, report: UUID, step: str, **fields: object) -> HttpResponse:
    seen = {"seen": Report.objects.get(id=report).version} if step in {"decide", "answer"} else {}
    return client.post(f"/reports/{report}/{step}", seen | fields)


def open_case(client: Client, report: UUID, fields: dict[str, str] | None = None) -> HttpResponse:
    """Send the form by which a report becomes a case, as its page has it."""
    left = re.findall(r'name="left" value="([^"]+)"', client.get(f"/reports/{report}").content.decode())
    return client.post(f"/reports/{report}/case", {"left": left, **(fields or {})})


def put_in(client: Client, **fields: object) -> HttpResponse:
    return client.post("/reports/new", {"source_type": "local_partner", "told_by": "Irja Solveen", **fields})


def test_a_pasted_report_leads_to_its_reading_screen(client: Client) -> None:
    given = put_in(client, text=TEXT)
    assert given.status_code == 302
    page = client.get(given.headers["Location"])
    said = words(page)
    assert "Lena Marosh" in said
    assert "Arbitrary arrest" in said
    assert "the text is not sure “reportedly”" in said or "the text is not sure reportedly" in said
    body = page.content.decode()
    assert re.search(r'<mark class="act open" data-fact="act-0-0" id="in-act-0-0">arrested</mark>', body)
    assert re.search(r'<mark class="person open again" data-fact="person-0">Ms. Marosh</mark>', body)


def test_words_without_a_speaker_ask_who_said_them_instead_of_whether_that_is_right(client: Client) -> None:
    text = 'Lena Marosh is a lawyer in Velm. Next to her door stood the words "go home or else".'
    page = client.get(put_in(client, text=text).headers["Location"]).content.decode()
    assert re.search(r'href="\?change=quotation-0#quotation-0"[^>]*>Say who said it', page)
    assert page.count(">Right<") == page.count('class="agree"') > 0
    assert 'name="fact" value="quotation-0"><button class="agree"' not in page.replace("\n", "")


@pytest.mark.parametrize("example", ["report.eml", "appeal.txt"])
def test_a_file_is_taken_as_it_is(client: Client, tomas: NewAccount, example: str) -> None:
    written = (ROOT / "examples" / example).read_bytes()
    given = put_in(client, file=SimpleUploadedFile(example, written))
    assert given.status_code == 302
    opened = look(tomas.actor, Report.objects.get().id)
    assert opened.arrival.size == len(written)
    assert "Mirela Tosk" in opened.people


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Give the text or a file"),
        ({"text": "words", "file": b"words"}, "Give the text or a file"),
        ({"text": "words", "source_type": ""}, "This field is required"),
        ({"text": "w" * 200_001}, "at most 200000 characters"),
    ],
    ids=["nothing", "both", "no sender", "too long"],
)
def test_what_is_missing_is_said_and_nothing_is_taken(client: Client, fields: dict[str, object], said: str) -> None:
    if "file" in fields:
        fields = fields | {"file": SimpleUploadedFile("a.txt", b"words")}
    given = put_in(client, **fields)
    assert given.status_code == 400
    assert said in words(given)
    assert Report.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    given = client.generic("POST", "/reports/new", b"", CONTENT_LENGTH=str(settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert given.status_code == 413
    # The other pages take no more than before.
    assert client.generic("POST", "/search", b"", CONTENT_LENGTH="1048577").status_code == 413


def test_no_part_of_an_upload_is_written_into_a_folder(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files import uploadedfile

    monkeypatch.setattr(uploadedfile.tempfile, "NamedTemporaryFile", lambda *_, **__: pytest.fail("a file in clear"))
    assert put_in(client, file=SimpleUploadedFile("long.txt", TEXT.encode() + b" " * 4_000_000)).status_code == 302
    assert Report.objects.count() == 1


@pytest.mark.database("sqlite")
def test_what_was_stopped_while_it_was_read_can_be_read_once_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_written: bytes, **_: object) -> None:
        raise RefusedFile("it took too long", hint="leave out its pictures")

    monkeypatch.setattr(actions, "read_report", stopped)
    page = words(client.get(put_in(client, text=TEXT).headers["Location"]))
    assert "it took too long ( leave out its pictures )" in page
    assert ("Read it" in page, "Put in another file" in page) == (True, False)


def test_a_report_that_could_not_be_read_says_so_and_can_be_declined(client: Client) -> None:
    given = put_in(client, file=SimpleUploadedFile("report.docx", b"PK\x03\x04 cut short"))
    page = client.get(given.headers["Location"])
    assert page.status_code == 200
    assert "could not read it" in words(page)
    # No other try reads what is cut short.
    assert ("Read it" in words(page), "Put in another file, or its text" in words(page)) == (False, True)
    report = Report.objects.get().id
    assert client.post(f"/reports/{report}/read").status_code == 302
    assert post(client, report, "decline", reason="no_report").status_code == 302
    assert "Declined" in words(client.get(f"/reports/{report}"))


def test_one_button_confirms_what_happened_with_its_acts_and_the_next_fact_has_the_focus(
    client: Client, tomas: NewAccount, report: UUID
) -> None:
    body = client.get(f"/reports/{report}").content.decode()
    form = '<input type="hidden" name="fact" value="event-0"><input type="hidden" name="fact" value="act-0-0">'
    assert form in body
    given = post(client, report, "decide", fact=["event-0", "act-0-0"], verdict="confirmed")
    assert given.headers["Location"] == f"/reports/{report}?on"
    verdicts = {each.fact.key: each.verdict for each in look(tomas.actor, report).settled}
    assert (verdicts["event-0"], verdicts["act-0-0"], verdicts["person-0"]) == ("confirmed", "confirmed", "open")
    after = client.get(given.headers["Location"]).content.decode()
    first = re.search(r'<li id="([^"]+)" class="fact(?! [^"]*decided)[^"]*"', after)
    assert first is not None
    assert first[1] == "person-0"
    assert after.count(" autofocus") == 1


def test_a_fact_is_corrected_in_its_place(client: Client, tomas: NewAccount, report: UUID) -> None:
    page = client.get(f"/reports/{report}?change=act-1-0").content.decode()
    assert 'name="change-victims"' in page
    given = post(
        client,
        report,
        "decide",
        fact="act-1-0",
        verdict="confirmed",
        **{"change-saved": "1", "change-type": "physical_attack", "change-victims": ["person-1"], "change-method": ""},
    )
    assert given.status_code == 302
    act = next(each for each in look(tomas.actor, report).settled if each.fact.key == "act-1-0")
    assert (act.verdict, act.values["victims"]) == ("confirmed", "person-1")
    assert "corrected" in words(client.get(f"/reports/{report}"))


def test_a_mistake_in_a_correction_is_said_and_what_was_typed_stays(client: Client, report: UUID) -> None:
    fields = {"change-saved": "1", "change-what": "They came at night.", "change-date": "third of November"}
    given = post(client, report, "decide", fact="event-0", verdict="confirmed", **fields)
    assert given.status_code == 400
    fields["change-date"] = "2026-13"
    given = post(client, report, "decide", fact="event-0", verdict="confirmed", **fields)
    assert given.status_code == 400
    assert "this is no date" in words(given)
    assert all(each in given.content.decode() for each in ('<a href="#id_change-date">', "<title>Mistake: "))
    assert "They came at night." in words(given)
    assert Report.objects.get(id=report).version == 0


def test_who_decides_second_sees_first_what_the_other_decided(hire: Hire, client: Client, report: UUID) -> None:
    other = signed_in(hire("sefa", "case_lead"))
    assert other.get(f"/reports/{report}").status_code == 404
    assert post(client, report, "decide", fact="person-0", verdict="rejected").status_code == 302
    given = other.post(f"/reports/{report}/decide", {"seen": 0, "fact": "person-0", "verdict": "confirmed"})
    assert given.status_code == 409
    assert "somebody else decided this meanwhile" in words(given)
    assert "rejected" in words(given)


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("decide", {"fact": "person-0", "verdict": "perhaps"}),
        ("decide", {"verdict": "confirmed"}),
        ("decide", {"fact": "person-99", "verdict": "confirmed"}),
        ("decide", {"fact": "person-99", "verdict": "confirmed", "change-saved": "1"}),
        ("decide", {"fact": "person-0", "verdict": "confirmed", "seen": "9" * 40}),
        ("answer", {"question": "mercy", "answer": "yes"}),
        ("answer", {"question": "urgent", "answer": "perhaps"}),
        ("decline", {"reason": "because"}),
        ("resume", {}),
        ("resume", {"reason": "because"}),
        ("decide", {"fact": "person-0", "verdict": "confirmed", "state": "taken"}),
        ("decide", {"fact": "person-0", "verdict": "confirmed", "change-saved": "1", "change-key": "person-1"}),
    ],
)
def test_what_no_button_sends_changes_nothing(client: Client, report: UUID, step: str, fields: dict[str, str]) -> None:
    given = post(client, report, step, **fields)
    assert given.status_code in {400, 404, 409} or "seen" in fields
    assert Report.objects.get(id=report).version == (1 if "seen" in fields else 0)


def test_a_case_is_opened_and_its_page_tells_the_story(client: Client, tomas: NewAccount, report: UUID) -> None:
    refused = open_case(client, report)
    assert refused.status_code == 409
    assert "answer the questions" in words(refused)
    ready(tomas.actor, report)
    given = open_case(client, report)
    assert given.status_code == 302
    said = words(client.get(given.headers["Location"]))
    assert "two men in plain clothes arrested Ms. Marosh" in said
    assert "allegedly by two men in plain clothes" in said
    assert "A case was opened from this report" in words(client.get(f"/reports/{report}"))
    assert open_case(client, report).status_code == 409


def test_the_first_page_lists_the_reports_that_wait(hire: Hire, client: Client, report: UUID) -> None:
    assert "Lena Marosh" in words(client.get("/"))
    post(client, report, "answer", question="urgent", answer="yes")
    assert "urgent" in words(client.get("/reports"))
    stranger = signed_in(hire("amina", "verifier"))
    assert "Marosh" not in words(stranger.get("/"))
    assert stranger.get("/reports").status_code == 404
    assert stranger.get(f"/reports/{report}").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_text_keeps_its_own_direction_and_language(client: Client, report: UUID, language: str) -> None:
    page = client.get(f"/reports/{report}", HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert '<div lang="en" dir="auto">' in page
    assert '<p dir="auto" data-at="0">' in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> On 3 November 2026 police arrested <b>Lena</b> Marosh & Pavel Ondrich.",
        "On 3 November 2026 police arrested Lena {{ request.actor }} Marosh {% url 'home' %}.",
        "\u202eOn 3 November 2026 police arrested Lena Marosh.\u202c",
    ],
)
def test_what_a_report_says_is_text(client: Client, text: str) -> None:
    given = put_in(client, text=text)
    body = client.get(given.headers["Location"]).content.decode()
    assert "<script>" not in body
    assert "<b>" not in body
    assert "Actor(" not in body


def test_no_word_of_a_report_is_in_an_address_or_in_the_log(
    client: Client, tomas: NewAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = put_in(client, file=SimpleUploadedFile("velmlegal.txt", TEXT.encode()))
    addresses = [given.headers["Location"]]
    report = Report.objects.get().id
    post(client, report, "decide", fact="person-0", verdict="confirmed")
    body = client.get(addresses[0]).content.decode()
    addresses += re.findall(r'(?:href|action|src)="([^"]*)"', body)
    ready(tomas.actor, report)
    addresses.append(open_case(client, report).headers["Location"])
    for said in [*addresses, caplog.text]:
        assert not any(each.lower() in said.lower() for each in PRIVATE)


def test_every_character_of_the_text_is_shown_once(tomas: NewAccount) -> None:
    for path in sorted((ROOT / "tests/corpus").glob("*-report-*/source.txt"))[:4]:
        opened = look(tomas.actor, received(tomas.actor, Incoming(path.read_bytes(), source_type="network")))
        lines = reading_page(opened, NOW.date()).lines
        assert "\n".join("".join(piece.text for piece in line.pieces) for line in lines) == opened.text


def test_a_page_asks_the_databases_a_fixed_number_of_questions(
    client: Client, tomas: NewAccount, report: UUID, django_assert_max_num_queries: object
) -> None:
    ready(tomas.actor, report)
    for _ in range(10):
        opened = look(tomas.actor, report)
        actions.decide(tomas.actor, report, ["person-0"], "confirmed", seen=opened.report.version, now=NOW)
    assert ReportPart.objects.filter(report_id=report).count() > 10
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(f"/reports/{report}")


def test_reading_is_written_down_once_a_reading(client: Client, report: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    from tocsin.journal.queries import list_entries

    for _ in range(3):
        client.get(f"/reports/{report}")
    read = list_entries(subject=report).filter(kind="intake.report.read")
    assert read.count() == 1
    monkeypatch.setattr(door.timezone, "now", lambda: NOW + timedelta(minutes=11))
    client.get(f"/reports/{report}")
    assert read.count() == 2


def test_the_reports_of_the_demonstration_are_read(tomas: NewAccount) -> None:
    folder = ROOT / "src/tocsin/config/demonstration"
    reports = tomllib.loads((folder / "reports.toml").read_text("utf-8"))["reports"]
    for name in (each["file"] for each in reports if "declined" not in each):
        incoming = Incoming((folder / name).read_bytes(), source_type="network", file_name=name)
        opened = look(tomas.actor, received(tomas.actor, incoming))
        assert opened.people
        assert len(opened.facts) > 15


def test_the_page_of_a_report_of_nothing_is_a_page(client: Client, tomas: NewAccount) -> None:
    report = received(tomas.actor, Incoming(b"...", source_type="anonymous"))
    assert client.get(f"/reports/{report}").status_code == 200


UNREAD = """\
On 3 November 2026 police arrested Lena Marosh in Velm.
The neighbours keep a dog. Her garden is full of footprints 🌱. It rained.
Write to help@velm.example for more.
"""


@pytest.fixture
def half_read(tomas: NewAccount) -> UUID:
    return received(tomas.actor, Incoming(UNREAD.encode(), source_type="family"))


def unread(client: Client, report: UUID) -> list[str]:
    page = client.get(f"/reports/{report}").content.decode()
    return re.findall(r'class="unread" href="\?add=(\d+-\d+)#adding"', page)


def quote(tomas: NewAccount, report: UUID, add: str) -> str:
    return look(tomas.actor, report).text[slice(*map(int, add.split("-")))]


def test_each_sentence_that_was_not_read_can_become_a_fact(client: Client, tomas: NewAccount, half_read: UUID) -> None:
    sentences = [quote(tomas, half_read, each) for each in unread(client, half_read)]
    assert "The neighbours keep a dog." in sentences
    assert "Her garden is full of footprints 🌱." in sentences
    assert "Write to help@velm.example for more." in sentences
    assert not [each for each in sentences if "arrested" in each]


def test_a_fact_is_added_from_words_that_were_not_read_and_reaches_the_case(
    client: Client, tomas: NewAccount, half_read: UUID
) -> None:
    ready(tomas.actor, half_read)
    add = next(each for each in unread(client, half_read) if "garden" in quote(tomas, half_read, each))
    assert "What do they say?" in words(client.get(f"/reports/{half_read}?add={add}"))
    form = client.get(f"/reports/{half_read}?add={add}&kind=event").content.decode()
    assert "Her garden is full of footprints 🌱.</textarea>" in form
    fields = {"add": add, "kind": "event", "change-what": "Her garden was trampled on.", "change-date": "2026-11-03"}
    wrong = client.post(f"/reports/{half_read}/add", fields | {"change-date": "soon"})
    assert wrong.status_code == 400
    assert "Her garden was trampled on.</textarea>" in wrong.content.decode()
    given = client.post(f"/reports/{half_read}/add", fields)
    key = given.headers["Location"].partition("#")[2]
    assert add not in unread(client, half_read)
    act = {"add": add, "kind": "act", "within": key, "change-type": "property_damage", "change-victims": ["person-0"]}
    assert client.post(f"/reports/{half_read}/add", act).status_code == 302
    case = open_case(client, half_read, {"country": "FRA"}).headers["Location"]
    assert "Her garden was trampled on." in words(client.get(case))
    opened = casework.read_case(tomas.actor, UUID(case.rpartition("/")[2]), now=NOW)
    event = next(each for each in opened.case.events if each.act_type == "property_damage")
    claim = next(each for each in opened.case.claims if event.id in each.about)
    assert f"{claim.citations[0].start}-{claim.citations[0].end}" == add
    assert opened.case.appeal.countries == ("FRA",)


@pytest.mark.parametrize(
    "asked",
    [
        {"add": "0-9999", "kind": "event"},
        {"add": "9-3", "kind": "event"},
        {"add": "0-9", "kind": "crime"},
        {"add": "0-9", "kind": "act"},
        {"add": "0-9", "kind": "act", "within": "person-0"},
        {"kind": "event"},
    ],
)
def test_words_that_are_not_there_and_kinds_that_are_none_are_refused(
    client: Client, half_read: UUID, asked: dict[str, str]
) -> None:
    before = Report.objects.get(id=half_read).version
    assert client.post(f"/reports/{half_read}/add", asked).status_code == 404
    page = client.get(f"/reports/{half_read}", {"add": asked.get("add", "")})
    assert ("What do they say?" in words(page)) is (asked.get("add") == "0-9")
    assert Report.objects.get(id=half_read).version == before


def test_a_country_that_nobody_knows_stays_open_and_one_that_is_none_is_refused(
    client: Client, tomas: NewAccount, half_read: UUID
) -> None:
    ready(tomas.actor, half_read)
    assert open_case(client, half_read, {"country": "nowhere"}).status_code == 409
    case = open_case(client, half_read, {"country": ""}).headers["Location"]
    opened = casework.read_case(tomas.actor, UUID(case.rpartition("/")[2]), now=NOW)
    assert opened.case.appeal.countries == ()


def test_a_demonstration_offers_its_invented_country_and_finds_it_in_the_text_and_no_other_site_does(
    client: Client, tomas: NewAccount, report: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for invented, offered in (({}, 0), (invented_countries(), 1)):
        monkeypatch.setattr(settings, "TOCSIN_INVENTED_COUNTRIES", invented)
        page = client.get(f"/reports/{report}").content.decode()
        assert page.count('<option value="XZV" selected>Zarvania</option>') == offered
        assert page.count("XBM") == offered
    ready(tomas.actor, report)
    case = open_case(client, report, {"country": "XZV"}).headers["Location"]
    opened = casework.read_case(tomas.actor, UUID(case.rpartition("/")[2]), now=NOW)
    assert opened.case.appeal.countries == ("XZV",)


def test_facts_of_which_the_text_is_not_sure_are_shown_before_they_stay_behind(
    client: Client, tomas: NewAccount, report: UUID
) -> None:
    page = reading_page(look(tomas.actor, report), NOW.date())
    doubtful = {each.key for each in page.left}
    assert doubtful
    ready(tomas.actor, report)
    waiting = [each.fact.key for each in look(tomas.actor, report).settled if each.verdict == "confirmed"]
    first = next(key for key in waiting if key in doubtful)
    post(client, report, "decide", fact=first, verdict="open")
    shown = client.get(f"/reports/{report}").content.decode()
    assert f'name="left" value="{first}"' in shown
    assert "The text is not sure of" in shown
    # Who did not see them, because somebody else left one open meanwhile, is told and opens no case.
    refused = client.post(f"/reports/{report}/case")
    assert (refused.status_code, "would stay behind unseen" in words(refused)) == (409, True)
    assert open_case(client, report).status_code == 302


def test_what_a_status_lacks_is_said_where_it_is_confirmed_and_until_somebody_has_said_it(
    client: Client, tomas: NewAccount
) -> None:
    text = (
        "Lena Marosh is a lawyer in Velm. She was convicted of public insult on 3 November 2026. She is free on bail."
    )
    page = words(client.get(put_in(client, text=text).headers["Location"]))
    said = "by which court is not said: ask, and name it in the proceeding"
    assert said in page
    report = Report.objects.get().id
    ready(tomas.actor, report)
    case = open_case(client, report).headers["Location"].partition("#")[0]
    opened = casework.read_case(tomas.actor, UUID(case.rpartition("/")[2]), now=NOW)
    (trial,) = opened.case.proceedings
    assert trial.status is not None
    assert trial.status.value == "convicted"
    record = f"{case}/records/{rows_by_id(opened)[trial.id]}"
    assert said in words(client.get(record))
    court = Organisation(id="org:court", kind="court")
    trials = (replace(trial, court=court.id),)
    told = replace(opened.case, organisations=(*opened.case.organisations, court), proceedings=trials)
    casework.save_case(tomas.actor, opened, told, now=NOW)
    assert said not in words(client.get(record))
