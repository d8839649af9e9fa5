"""The public form: without account, cookie, script and address; sealed as it comes; a receipt code leads back."""

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from canaries import STEM
from desk import signed_in
from key_files import files
from people import NOW, Hire
from public_pages import desk, filled, public_process, sent, shown_code
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.rate import Rate
from tocsin.config import armour
from tocsin.config.policies import FORWARDED_PROTO
from tocsin.core.errors import CannotOpen, LetterboxClosed, NotAllowed
from tocsin.intake import actions as intake
from tocsin.intake import letterbox, outside, queries, store
from tocsin.intake.models import Report, ReportPart
from tocsin.journal import clocks
from tocsin.journal.queries import list_entries
from tocsin.letterbox import actions, views
from tocsin.letterbox.keys import key_in_use
from tocsin.letterbox.letter import Written
from tocsin.letterbox.models import Answer, Conversation, Letter, LetterKey
from tocsin.vault import letters as vault
from tocsin.vault import queries as keys_of
from tocsin.vault import slots
from tocsin.vault.models import Slot

TEXT = f"Lena Marosh, a lawyer, was arrested in Velm on 3 November 2026. {STEM}"
ADDRESS, PROGRAM, BEFORE = "203.0.113.77", "Kanarienbrowser/9", "https://kanarienseite.example/"
WHO_ASKS: dict[str, Any] = {
    "REMOTE_ADDR": ADDRESS,
    "HTTP_X_FORWARDED_FOR": ADDRESS,
    "HTTP_USER_AGENT": PROGRAM,
    "HTTP_REFERER": BEFORE,
}


@pytest.fixture
def lead(hire: Hire) -> NewAccount:
    lead = hire("tomas", "case_lead")
    letterbox.open_letterbox(lead.actor, now=NOW)
    return lead


@pytest.fixture
def sefa(hire: Hire) -> NewAccount:
    return hire("sefa", "source_handler")


@pytest.fixture
def public(lead: NewAccount, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(views.timezone, "now", lambda: NOW)
    monkeypatch.setattr(views, "RATE", Rate(burst=1000, seconds=1))
    with public_process():
        yield Client()


def collected(lead: NewAccount, at: Any = NOW) -> list[UUID]:
    return letterbox.collect(lead.actor, now=at)


def test_a_letter_goes_the_whole_way_there_and_back(public: Client, lead: NewAccount) -> None:
    code, page = sent(public, text=TEXT)
    assert (page.status_code, shown_code(page.content.decode())) == (200, code)
    (report,) = collected(lead)
    assert intake.understand(lead.actor, report, now=NOW)
    opened = intake.open_report(lead.actor, report, now=NOW)
    assert opened.people == ("Lena Marosh",)
    assert (opened.arrival.source_type, opened.report.received_by) == ("anonymous", None)
    assert "waits to be read" not in public.post("/en/come-back", {"code": code}).content.decode()
    letterbox.answer_sender(lead.actor, report, "Which prison?", now=NOW)
    came_back = public.post("/en/come-back", {"code": code}).content.decode()
    assert "Which prison?" in came_back
    more = public.post("/en/come-back", filled(came_back, text="The prison of Velm."))
    assert "This has arrived too" in more.content.decode()
    assert "waits to be read" in more.content.decode()
    (second,) = collected(lead)
    rows = {each.id: each for each in Report.objects.all()}
    assert rows[report].conversation == rows[second].conversation
    assert [each.id for each in letterbox.list_more(lead.actor, rows[second], now=NOW)] == [report]


def test_a_text_and_a_file_come_together_and_are_both_read(public: Client, lead: NewAccount) -> None:
    file = SimpleUploadedFile('../né\u202e "x".txt', b"Pavel Ondrich was beaten in Velm on 4 November 2026.")
    sent(public, text=TEXT, file=file)
    (report,) = collected(lead)
    intake.understand(lead.actor, report, now=NOW)
    opened = intake.open_report(lead.actor, report, now=NOW)
    assert "Lena Marosh, a lawyer" in opened.text
    assert "Pavel Ondrich was beaten" in opened.text


def test_a_process_that_was_taken_over_gives_no_file_a_name_that_hides_what_it_is(
    public: Client, lead: NewAccount
) -> None:
    written = Written("a text", b"a file", "../x\u202egnp.exe")
    actions.post(vault.read_receipt(vault.new_receipt_code()), written, now=NOW)
    (report,) = collected(lead)
    keys = keys_of.open_case(lead.actor.ring, report, NOW)[store.COMPARTMENT]
    mail = message_from_bytes(store.original(keys, report), policy=default)
    assert [each.get_filename() for each in mail.iter_attachments()] == ["xgnp.exe"]


def test_a_file_alone_comes_as_it_is(public: Client, lead: NewAccount) -> None:
    content = bytes(range(256)) * 40
    sent(public, file=SimpleUploadedFile("x.bin", content))
    (report,) = collected(lead)
    keys = keys_of.open_case(lead.actor.ring, report, NOW)[store.COMPARTMENT]
    assert store.original(keys, report) == content
    assert not intake.understand(lead.actor, report, now=NOW)


def test_it_stands_in_the_list_of_whoever_works_at_intake(
    public: Client, lead: NewAccount, sefa: NewAccount, frozen: None
) -> None:
    def listed_for(account: NewAccount) -> str:
        with desk():
            client = signed_in(account)
            assert client.post("/reports/collect").status_code == 302
            return str(client.get("/reports").content.decode())

    sent(public, text=TEXT)
    with desk():
        assert "not taken in yet: 1" in signed_in(sefa).get("/reports").content.decode()
    assert "Lena Marosh" not in listed_for(sefa), "she came after the key was drawn"
    assert "Lena Marosh" in listed_for(lead)
    assert "Lena Marosh" in listed_for(sefa)
    sent(public, text=TEXT.replace("Lena", "Mirela"))
    assert "Mirela Marosh" in listed_for(sefa), "the key is hers since"


def everything() -> bytes:
    """Give all values of the rows that the public form leaves."""
    rows: list[object] = []
    for model in (LetterKey, Conversation, Letter, Answer, Report, ReportPart):
        for row in model._default_manager.values_list():  # type: ignore[attr-defined]
            rows += row
    return b"|".join(bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in rows)


def test_nobody_is_known_afterwards(
    public: Client,
    lead: NewAccount,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(**WHO_ASKS)
    code, page = sent(client, text=TEXT)
    wrong = client.post("/en/", filled(client.get("/en/").content.decode(), text=TEXT, number="1"), **WHO_ASKS)
    back = client.post("/en/come-back", {"code": code})
    nowhere = client.get(f"/en/{STEM}", REMOTE_ADDR=ADDRESS)
    assert [each.status_code for each in (page, wrong, back, nowhere)] == [200, 400, 200, 404]
    for answer in (page, wrong, back, nowhere):
        assert answer.cookies == {}
        assert answer.headers["Cache-Control"] == "no-store"
    stored, said = everything(), caplog.text + "".join(capfd.readouterr())
    for word in (ADDRESS, PROGRAM, BEFORE, STEM, "Marosh", code, code.replace(" ", "")[:30]):
        assert word.encode() not in stored
        assert word not in said
    (report,) = collected(lead)
    intake.understand(lead.actor, report, now=NOW)
    letterbox.answer_sender(lead.actor, report, f"An answer with {STEM}.", now=NOW)
    assert STEM.encode() not in everything()
    assert not any(word.encode() in content for content in files().values() for word in (ADDRESS, PROGRAM, STEM))


def test_what_stands_behind_the_armour_never_learns_who_asks(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    rendered = views.render

    def spy(request: Any, *words: Any, **more: Any) -> Any:
        seen.append(dict(request.META))
        return rendered(request, *words, **more)

    monkeypatch.setattr(views, "render", spy)
    Client(**WHO_ASKS).get("/en/", HTTP_COOKIE="tocsin_session=x")
    assert seen
    told = json.dumps(seen, default=str)
    assert not any(word in told for word in (ADDRESS, PROGRAM, BEFORE, "tocsin_session=x"))


def test_times_are_cut_to_the_hour(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = NOW + timedelta(minutes=47, seconds=11, microseconds=5)
    monkeypatch.setattr(views.timezone, "now", lambda: at)
    sent(public, text=TEXT)
    assert [each.came_at for each in Letter.objects.all()] == [NOW]


def test_whoever_has_the_databases_and_the_public_process_opens_no_letter(public: Client, lead: NewAccount) -> None:
    from tocsin.letterbox.letter import place_of_letter

    sent(public, text=TEXT)
    letter, key = Letter.objects.get(), LetterKey.objects.get()
    bound = place_of_letter(letter.conversation_id, letter.number, key.id)
    known = [settings.SECRET_KEY.encode(), settings.TOCSIN_INDEX_KEY, bytes(key.public), bytes(key.secret)]
    known += [bytes(value) for value in slots.read(Slot.objects.values_list("number", flat=True)).values()]
    for guess in [each[:32].ljust(32, b"\0") for each in known]:
        with pytest.raises(CannotOpen):
            vault.open_letter(guess, bytes(letter.sealed), bound)
    # The control: who works at intake opens the private half, and with it the letter.
    secret = outside.private_half(lead.actor, key, letterbox.COMPARTMENT, now=NOW)
    assert STEM.encode() in vault.open_letter(secret, bytes(letter.sealed), bound)


def test_a_letter_is_sealed_before_anything_reads_it(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from tocsin.adapters import documents

    def read(*_words: object, **_more: object) -> None:
        raise AssertionError("a letter was read by the public process")

    monkeypatch.setattr(documents, "read_report", read)
    monkeypatch.setattr(intake, "read_report", read)
    assert sent(public, text=TEXT, file=SimpleUploadedFile("x.txt", b"x"))[1].status_code == 200
    assert STEM.encode() not in everything()


def test_the_code_alone_opens_an_answer(public: Client, lead: NewAccount) -> None:
    sent(public, text=TEXT)
    (report,) = collected(lead)
    letterbox.answer_sender(lead.actor, report, "Which prison?", now=NOW)
    other, _ = sent(public, text="Something else.")
    assert "Which prison?" not in public.post("/en/come-back", {"code": other}).content.decode()
    stranger = vault.read_receipt(vault.new_receipt_code())
    from tocsin.letterbox.letter import place_of_answer

    answer = Answer.objects.get()
    with pytest.raises(CannotOpen):
        stranger.open(bytes(answer.sealed), place_of_answer(answer.conversation_id, 1))


def test_no_decision_shows_in_what_the_sender_sees(public: Client, lead: NewAccount) -> None:
    code, _ = sent(public, text=TEXT)
    (report,) = collected(lead)

    def seen() -> str:
        page = public.post("/en/come-back", {"code": code}).content.decode()
        return re.sub(r'(?s)<div class="field">\s*<label for="id_number".*', "", page)

    before = seen()
    intake.understand(lead.actor, report, now=NOW)
    intake.answer(lead.actor, report, "urgent", "yes", seen=0, now=NOW)
    assert seen() == before
    intake.decline(lead.actor, report, "not_verifiable", now=NOW)
    assert seen() == before
    assert intake.erase_due(NOW + timedelta(days=40)) == 1
    assert seen() == before


@pytest.mark.parametrize("typed", ["", "1234", "x" * 500, "1" * 32, "٣" * 32, "0" * 31 + "x"])
def test_what_is_no_code_is_said_and_nothing_is_looked_for(public: Client, typed: str) -> None:
    answer = public.post("/en/come-back", {"code": typed})
    assert answer.status_code == 400


def test_a_code_that_nothing_came_with_is_told_as_that(public: Client) -> None:
    answer = public.post("/en/come-back", {"code": vault.new_receipt_code()})
    assert answer.status_code == 404
    assert "Nothing came with this code" in answer.content.decode()


def test_a_code_is_typed_in_the_digits_of_any_script(public: Client) -> None:
    code, _ = sent(public, "ar", text="اعتقال محامية في فيلم")
    arabic = code.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})
    assert public.post("/ar/come-back", {"code": arabic}).status_code == 200


def test_a_wrong_answer_keeps_what_was_written_and_the_code(public: Client) -> None:
    form = filled(public.get("/en/").content.decode(), text=TEXT, number="999")
    answer = public.post("/en/", form)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert TEXT in page
    assert form["code"] in page
    assert Letter.objects.count() == 0
    assert public.post("/en/", {**filled(page), "text": TEXT}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"text": "   "},
        {"text": "x" * 100_001},
        {"code": "1" * 32},
        {"code": ""},
        {"asked": "77"},
        {"asked": "-1"},
        {"asked": "x" * 50},
        {"number": ""},
    ],
    ids=lambda change: "-".join(f"{key}={value[:9]}" for key, value in change.items()),
)
def test_what_cannot_be_taken_is_refused_and_nothing_kept(public: Client, change: dict[str, str]) -> None:
    form = filled(public.get("/en/").content.decode(), text=TEXT) | change
    assert public.post("/en/", form).status_code == 400
    assert (Letter.objects.count(), Conversation.objects.count()) == (0, 0)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(public: Client) -> None:
    form = filled(public.get("/en/").content.decode(), file=SimpleUploadedFile("x.txt", b"x" * 7_000_001))
    assert public.post("/en/", form).status_code == 400
    assert public.generic("POST", "/en/", b"x", CONTENT_LENGTH="20000000").status_code == 413
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("host", "sent_away"),
    [
        ("report.example", True),
        ("reportxyz.onion", False),
        ("reportxyz.onion:80", False),
        ("onion.report.example", True),
    ],
)
def test_an_onion_name_is_not_sent_away_to_an_address_that_leads_nowhere(
    public: Client, host: str, sent_away: bool
) -> None:
    working = {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": FORWARDED_PROTO, "ALLOWED_HOSTS": ["*"]}
    with override_settings(**working):
        answer = Client().get("/en/", HTTP_HOST=host)
    assert answer.status_code == (301 if sent_away else 200)
    assert answer.headers.get("Location", "") == (f"https://{host}/en/" if sent_away else "")


def test_a_flood_is_slowed_and_fills_no_disk(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = [0.0]
    monkeypatch.setattr(views.time, "monotonic", lambda: ticks[0])
    monkeypatch.setattr(views, "RATE", Rate(burst=3, seconds=3))
    found = [sent(public, text=str(number))[1].status_code for number in range(5)]
    assert found == [200, 200, 200, 429, 429]
    ticks[0] = 3.0
    assert sent(public, text="after a while")[1].status_code == 200
    monkeypatch.setattr(views, "RATE", Rate(burst=100, seconds=1))
    monkeypatch.setattr(actions, "MOST_WAITING", 5)
    assert [sent(public, text="more")[1].status_code for _ in range(3)] == [200, 503, 503]
    assert Letter.objects.count() == 5
    monkeypatch.setattr(actions, "MOST_WAITING", 50)
    monkeypatch.setattr(actions, "LARGEST_WAITING", 10)
    assert sent(public, text="more")[1].status_code == 503


def test_a_closed_form_says_so_and_answers_can_still_be_read(public: Client, lead: NewAccount) -> None:
    code, _ = sent(public, text=TEXT)
    form = filled(public.get("/en/").content.decode(), text="too late")
    letterbox.close_letterbox(lead.actor, now=NOW)
    assert public.get("/en/").status_code == 503
    assert public.post("/en/", form).status_code == 503
    assert public.post("/en/come-back", {"code": code}).status_code == 200
    (report,) = collected(lead)
    letterbox.answer_sender(lead.actor, report, "Which prison?", now=NOW)
    assert "Which prison?" in public.post("/en/come-back", {"code": code}).content.decode()


def test_a_key_that_somebody_put_into_the_database_is_not_sealed_to(public: Client, lead: NewAccount) -> None:
    _, half = vault.draw_letter_key()
    key = LetterKey.objects.get()
    LetterKey.objects.filter(id=key.id).update(public=half)
    assert public.get("/en/").status_code == 503
    with pytest.raises(LetterboxClosed):
        actions.post(vault.read_receipt(vault.new_receipt_code()), Written("x"), now=NOW)
    LetterKey.objects.filter(id=key.id).update(public=bytes(key.public), made_by=UUID(int=7))
    assert public.get("/en/").status_code == 503


@pytest.mark.parametrize("harm", ["changed", "moved", "other number"])
def test_a_letter_that_was_tampered_with_stays_and_stops_no_other(public: Client, lead: NewAccount, harm: str) -> None:
    sent(public, text=TEXT)
    sent(public, text="A second one.")
    first, second = Letter.objects.order_by("id")
    if harm == "changed":
        Letter.objects.filter(id=first.id).update(
            sealed=bytes(first.sealed)[:-1] + bytes([bytes(first.sealed)[-1] ^ 1])
        )
    elif harm == "moved":
        Letter.objects.filter(id=first.id).update(sealed=bytes(second.sealed))
    else:
        Letter.objects.filter(id=first.id).update(number=9)
    assert len(collected(lead)) == 1
    assert letterbox.count_waiting() == 1


def test_who_is_not_at_intake_collects_nothing(public: Client, lead: NewAccount, hire: Hire) -> None:
    sent(public, text=TEXT)
    for role in ("verifier", "administrator", "auditor"):
        with pytest.raises(NotAllowed):
            letterbox.collect(hire(role, role).actor, now=NOW)
    sefa = hire("sefa", "source_handler")
    assert letterbox.collect(sefa.actor, now=NOW) == [], "nobody has given her the key yet"
    with pytest.raises(NotAllowed):
        letterbox.open_letterbox(sefa.actor, now=NOW)


def test_after_a_week_another_key_is_drawn_and_the_old_one_destroyed(
    public: Client, lead: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(public, text=TEXT)
    old = LetterKey.objects.get()
    later = NOW + timedelta(days=7, minutes=1)
    assert len(collected(lead, later)) == 1
    assert key_in_use(LetterKey).id != old.id
    assert outside.private_half(lead.actor, old, letterbox.COMPARTMENT, now=later), "a letter may be on its way"
    with monkeypatch.context() as doubted:
        # Nobody knows whether the day is over.
        doubted.setattr(clocks, "list_doubts", lambda **_: ("set",))
        collected(lead, later + timedelta(days=1, minutes=1))
    assert LetterKey.objects.filter(id=old.id).exists()
    collected(lead, later + timedelta(days=1, minutes=1))
    assert not LetterKey.objects.filter(id=old.id).exists()
    # Whoever kept a copy of the row finds no key for it, whatever grants she holds.
    LetterKey.objects.bulk_create([old])
    assert outside.private_half(lead.actor, old, letterbox.COMPARTMENT, now=later) == b""


def test_conversations_are_forgotten_half_a_year_after_the_last_word(public: Client, lead: NewAccount) -> None:
    code, _ = sent(public, text=TEXT)
    over = NOW + timedelta(days=182)
    assert actions.forget_old(over) == 0, "its letter was not collected"
    collected(lead)
    assert actions.forget_old(NOW + timedelta(days=180)) == 0
    assert actions.forget_old(over) == 1
    assert public.post("/en/come-back", {"code": code}).status_code == 404


def test_the_journal_tells_what_was_done_and_not_with_which_code(public: Client, lead: NewAccount) -> None:
    sent(public, text=TEXT)
    (report,) = collected(lead)
    letterbox.answer_sender(lead.actor, report, "Which prison?", now=NOW)
    kinds = [each.kind for each in list_entries(subject=report)]
    assert set(kinds) >= {"intake.letter.collected", "intake.sender.answered"}
    assert queries.get_report(report).received_by is None


def test_no_address_of_the_desk_is_known_to_the_public_process(public: Client) -> None:
    for address in ("/sign-in", "/reports", "/cases", "/journal", "/search", "/demonstration", "/en/sign-in"):
        assert public.get(address).status_code == 404
        assert public.post(address).status_code == 404


def test_the_way_out_is_one_link_that_says_nothing_and_lets_the_browser_forget(public: Client) -> None:
    answer = public.get("/leave")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://www.wikipedia.org/")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_every_language_has_its_address_and_nothing_needs_a_script(public: Client) -> None:
    for tag, _ in settings.LANGUAGES:
        page = public.get(f"/{tag}/").content.decode()
        assert f'<html lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}">' in page
        assert "<script" not in page
        assert all(f'href="/{other}/"' in page for other, _ in settings.LANGUAGES)
    assert public.get("/", HTTP_ACCEPT_LANGUAGE="ar").headers["Location"] == "/ar/"


_BARE = """
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.db import connections
import sys
print(sorted(settings.DATABASES), sorted(each.label for each in apps.get_app_configs()))
from tocsin.config import urls_public
print(sorted({name.split(".")[1] for name in sys.modules if name.startswith("tocsin.")}))
from tocsin.vault import slots
slots.read([1])
"""


@pytest.mark.database("sqlite")
def test_the_public_process_knows_no_key_store_and_no_private_room() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tocsin.config.settings_public"}
    ended = subprocess.run([sys.executable, "-c", _BARE], env=environment, capture_output=True, text=True, check=False)
    databases, rooms = ended.stdout.splitlines()
    assert databases == "['default'] ['forms', 'letterbox', 'staticfiles', 'vault']"
    assert rooms == "['adapters', 'config', 'core', 'letterbox', 'vault']"
    assert "ConnectionDoesNotExist" in ended.stderr


def test_large_letters_are_read_a_few_at_a_time_and_small_ones_never_wait(
    public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, most, gate = [0], [0], threading.Barrier(3)

    def answer(_request: HttpRequest) -> HttpResponse:
        reading[0] += 1
        most[0] = max(most[0], reading[0])
        gate.wait(10)
        reading[0] -= 1
        return HttpResponse("read")

    monkeypatch.setattr(armour, "_LONGEST_WAIT_SECONDS", 0)
    monkeypatch.setattr(armour, "_LARGE_AT_ONCE", 2)
    with override_settings(TOCSIN_LARGEST_REQUEST=1000):
        turns = armour.AFewAtOnce(answer)
        large, small = (RequestFactory().post("/en/", CONTENT_LENGTH=size) for size in ("1001", "1000"))
        with ThreadPoolExecutor(2) as strangers:
            first = [strangers.submit(turns, large) for _ in range(2)]
            while reading[0] < 2:
                os.sched_yield()
            assert turns(large).status_code == 429
            assert turns(small).content == b"read"
            assert [each.result().content for each in first] == [b"read", b"read"]
    assert most[0] == 3
