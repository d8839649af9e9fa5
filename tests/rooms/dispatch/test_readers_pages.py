"""Readers on the public site: subscribing by a mailed link, changing, leaving; and nobody learns who is subscribed."""

import email.policy
import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from mailroom import MAILINGS as MAILROOM_MAILINGS
from mailroom import Mailroom

from mailing_site import MAILINGS, OPENER, addresses
from people import NOW
from post import ED25519
from public_site import publishing_process
from tocsin.adapters.rate import Rate
from tocsin.adapters.smtp import Failed, HandedOver, MailServer, Reply
from tocsin.core.guarding import questions
from tocsin.core.messages import Address, Signer
from tocsin.core.subscribing import Wish
from tocsin.dispatch import asking, links, views
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.choices import chosen_by
from tocsin.dispatch.models import CAME_BACK, Ask, Delivery, Link, Mailing, Subscriber, Suppression
from tocsin.dispatch.survey import Equipment
from tocsin.dispatch.tokens import token_digest

LANGUAGES = ("en", "fr", "es", "ru", "ar")
MIRA = "mira.tosk@reader.example"
EQUIPMENT = Equipment(
    MailServer("127.0.0.1", "office.example", security="none"),
    OPENER,
    bytes(32),
    (Signer("office.example", "tocsin2", ED25519),),
    frozenset(),
)


class Clock:
    """The time at which everything happens."""

    now = NOW


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(views.timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def public(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(views, "RATE", Rate(burst=1000, seconds=1))
    with publishing_process(), override_settings(TOCSIN_MAILINGS=MAILINGS):
        yield Client()


def page(answer: HttpResponse) -> str:
    return answer.content.decode()


def answered(shown: str, **words: Any) -> dict[str, Any]:
    """Fill a form in as somebody who can count."""
    found = re.search(r'name="asked" value="(\d+)"', shown)
    assert found
    return {"asked": found[1], "number": str(questions()[int(found[1])].answer), **words}


def subscribe(public: Client, address: str = MIRA, language: str = "en", **words: Any) -> HttpResponse:
    shown = page(public.get(f"/{language}/subscribe.html"))
    return public.post(f"/{language}/subscribe.html", answered(shown, address=address, language1=language) | words)


def mailed(clock: Clock) -> list[tuple[str, str, str]]:
    """Let the worker look and the mailer post: give address, subject and path of the link of each mail."""
    asking.look_at_asks(clock.now)
    found = []
    for each in links.take_due(EQUIPMENT):
        content = each.message.content
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        (link,) = re.findall(r"https://appeals\.example(/\S+)", parsed.get_content())
        found.append((str(each.message.to), str(parsed["Subject"]), link))
        each.settle(HandedOver(Reply(250, "queued as Q1")))
    return found


def reader(state: str = "active", address: str = MIRA) -> Subscriber:
    """Let there be a reader of the past."""
    asking.ask(Wish(Address.parse(address), ("fr",)), "en", now=NOW - timedelta(days=1))
    asking.look_at_asks(NOW - timedelta(days=1))
    row = Subscriber.objects.get(fingerprint=print_of(address))
    Link.objects.all().delete()
    Subscriber.objects.filter(id=row.id).update(state=state)
    row.refresh_from_db()
    return row


def print_of(address: str) -> bytes:
    return fingerprint(Address.parse(address), site_settings.TOCSIN_FINGERPRINT_KEY)


def message_to(row: Subscriber, token: str) -> None:
    """Let a message have gone to a reader."""
    mailing = Mailing.objects.create(
        id=row.id, slug="xzv-1", version=1, kind="appeal", state="sending", policy="hold", opened_by=row.id,
        opened_at=NOW, order=b"signed",
    )  # fmt: skip
    Delivery.objects.create(
        mailing=mailing, subscriber=row.id, language="en", state="handed_over", leaving=token_digest(token)
    )


def test_a_reader_is_one_once_she_has_confirmed_by_the_link_in_the_mail(public: Client, clock: Clock) -> None:
    chosen = {
        "language1": "ar",
        "language2": "fr",
        "country": ["MAR", "TUR"],
        "topic": ["killings"],
        "form": "text",
        "neutral": "yes",
    }
    assert subscribe(public, **chosen).status_code == 200
    assert not Subscriber.objects.exists()
    ((to, subject, link),) = mailed(clock)
    assert (to, subject) == (MIRA, "The link that you asked for")
    assert public.get(link).status_code == public.head(link).status_code == 200
    assert Subscriber.objects.get().state == "unconfirmed"
    for _ in range(2):
        assert "You are subscribed" in page(public.post(link))
    row = Subscriber.objects.get()
    assert (row.state, row.languages, row.countries, row.topics) == ("active", " ar  fr ", " MAR  TUR ", " killings ")
    assert (row.html, row.neutral_subject, row.confirmed_at) == (False, True, NOW)
    assert addresses() == [MIRA]


def test_a_locked_phone_tells_nothing_of_a_link_to_whom_it_must_not_tell_on(public: Client, clock: Clock) -> None:
    subscribe(public, neutral="yes")
    asks: dict[str, Any] = {
        "confirm": lambda: None,
        # Somebody else types her address in, and ticks nothing; then she asks to change what she gets.
        "again": lambda: subscribe(public),
        "change": lambda: public.post("/en/change.html", answered(page(public.get("/en/change.html")), address=MIRA)),
    }
    for number, ask in enumerate(asks.values()):
        clock.now = NOW + number * timedelta(hours=2)
        ask()
        asking.look_at_asks(clock.now)
        (posted,) = links.take_due(EQUIPMENT)
        mail = email.message_from_bytes(posted.message.content, policy=email.policy.default)
        text = mail.get_content()
        before, link, _ = re.split(r"https://appeals\.example(/\S+)", text)
        notice = f"{mail['From']} {mail['Subject']} {before}"
        assert MAILINGS.name not in notice
        assert not re.search(r"(?i)appeal(?!s@)|urgent|subscri|rights", notice)
        assert len(" ".join(before.split())) > 150
        if "/confirm/" in link and number:
            public.post(link)
        posted.settle(HandedOver(Reply(250, "queued as Q1")))
    assert Subscriber.objects.get().neutral_subject


def test_the_mail_is_in_the_language_of_the_page_and_signed(public: Client, clock: Clock) -> None:
    subscribe(public, language="ar")
    asking.look_at_asks(NOW)
    (posted,) = links.take_due(EQUIPMENT)
    assert posted.message.content.startswith(b"DKIM-Signature: ")
    parsed = email.message_from_bytes(posted.message.content, policy=email.policy.default)
    assert parsed["Subject"] == "يرجى تأكيد اشتراكك"
    assert "/ar/confirm/" in parsed.get_content()
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert links.take_due(EQUIPMENT) == [], "it is taken"


STATES = ["nobody", "active", "left", "unconfirmed", "suppressed", "erased"]


def be(state: str) -> None:
    """Let an address be that of somebody in a state, or suppressed for a reason."""
    if state in {"active", "left", "unconfirmed", "suppressed"}:
        reader(state)
    elif state in CAME_BACK:
        reader("suppressed")
    if state in {"left", "suppressed", "erased", *CAME_BACK}:
        reason = {"suppressed": "complained"}.get(state, state)
        Suppression.objects.create(fingerprint=print_of(MIRA), reason=reason, since=NOW)


@pytest.mark.parametrize("where", ["subscribe", "change"])
def test_whoever_asks_gets_the_same_answer_for_every_address(public: Client, where: str) -> None:
    seen = set()
    for state in STATES:
        Subscriber.objects.all().delete()
        Suppression.objects.all().delete()
        Ask.objects.all().delete()
        be(state)
        form = answered(page(public.get(f"/en/{where}.html")), address=MIRA, language1="en")
        with CaptureQueriesContext(connection) as queries:
            answer = public.post(f"/en/{where}.html", form)
        statements = tuple(re.sub(r"'[^']*'|x'\w*'|\d+", "?", each["sql"])[:60] for each in queries)
        seen.add((answer.status_code, answer.content, statements, Ask.objects.count()))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("state", "where", "kind"),
    [
        ("nobody", "subscribe", "confirm"),
        ("nobody", "change", ""),
        ("active", "subscribe", "change"),
        ("active", "change", "change"),
        ("left", "subscribe", "confirm"),
        ("left", "change", ""),
        ("unconfirmed", "subscribe", "confirm"),
        ("unconfirmed", "change", ""),
        ("suppressed", "subscribe", ""),
        ("gone", "subscribe", "confirm"),
        ("gone", "change", ""),
        ("unreachable", "subscribe", "confirm"),
        ("erased", "subscribe", ""),
    ],
)
def test_who_is_mailed_what(public: Client, clock: Clock, state: str, where: str, kind: str) -> None:
    be(state)
    public.post(f"/en/{where}.html", answered(page(public.get(f"/en/{where}.html")), address=MIRA, language1="en"))
    assert [link.split("/")[2] for _, _, link in mailed(clock)] == ([kind] if kind else [])


def test_whoever_confirms_again_is_written_to_again(public: Client, clock: Clock) -> None:
    be("gone")
    subscribe(public)
    ((_, _, link),) = mailed(clock)
    public.post(link)
    assert (Subscriber.objects.get().state, Suppression.objects.count()) == ("active", 0)


def test_nobody_is_subscribed_or_changed_by_what_another_one_asks(public: Client, clock: Clock) -> None:
    row = reader()
    subscribe(public, address=MIRA.upper(), language1="es")
    mailed(clock)
    row.refresh_from_db()
    assert (row.state, row.languages) == ("active", " fr ")


def test_a_mailbox_gets_one_link_an_hour(public: Client, clock: Clock) -> None:
    for minutes, mails in ((0, 1), (1, 0), (59, 0), (61, 1)):
        clock.now = NOW + timedelta(minutes=minutes)
        subscribe(public)
        assert len(mailed(clock)) == mails


def test_a_link_holds_for_its_time_alone(public: Client, clock: Clock) -> None:
    subscribe(public)
    ((_, _, link),) = mailed(clock)
    assert public.post("/en/confirm/" + 32 * "0").status_code == 404
    assert public.get(link.replace("confirm", "change")).status_code == 404
    clock.now = NOW + timedelta(days=8)
    assert public.get(link).status_code == public.post(link).status_code == 404
    assert Subscriber.objects.get().state == "unconfirmed"


def test_leaving_takes_a_press_of_a_button_and_no_visit(public: Client, clock: Clock) -> None:
    row, token = reader(), 32 * "a"
    message_to(row, token)
    for visit in (public.get, public.head):
        for headers in ({}, {"purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}):
            assert visit(f"/leave/{token}", headers=headers).status_code == 200
    row.refresh_from_db()
    assert row.state == "active"
    for _ in range(2):
        answer = public.post(f"/leave/{token}", {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "You have left" in page(answer)) == (200, True)
    row.refresh_from_db()
    assert (row.state, row.left_at) == ("left", NOW)
    assert Suppression.objects.get().reason == "left"
    assert public.post("/leave/" + 32 * "b").status_code == 404


def test_one_click_of_a_mail_program_needs_no_form(public: Client) -> None:
    row, token = reader(), 32 * "c"
    message_to(row, token)
    body = b"--x\r\nContent-Disposition: form-data; name=List-Unsubscribe\r\n\r\nOne-Click\r\n--x--\r\n"
    answer = public.post(f"/leave/{token}", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.state == "left"


def test_who_comes_back_can_leave_by_an_old_message(public: Client, clock: Clock) -> None:
    row, token = reader(), 32 * "d"
    message_to(row, token)
    public.post(f"/leave/{token}")
    clock.now = NOW + timedelta(days=1)
    subscribe(public)
    ((_, _, link),) = mailed(clock)
    public.post(link)
    assert Subscriber.objects.get().state == "active"
    assert not Suppression.objects.exists()
    public.post(f"/leave/{token}")
    assert Subscriber.objects.get().state == "left"
    assert "You are subscribed" not in page(public.post(link)), "a link of before brings nobody back"


def test_a_reader_changes_what_she_gets_and_her_address_is_on_no_page(public: Client, clock: Clock) -> None:
    reader()
    public.post("/fr/change.html", answered(page(public.get("/fr/change.html")), address=MIRA))
    ((_, _, link),) = mailed(clock)
    shown = page(public.get(link))
    assert re.search(r'<option value="fr"[^>]* selected', shown)
    assert "reader.example" not in shown
    saved = public.post(link, {"language1": "es", "topic": "courts", "form": "text", "openpgp": KEY_OF_MIRA})
    assert "Enregistré" in page(saved)
    row = Subscriber.objects.get()
    assert (row.languages, row.topics, row.html) == (" es ", " courts ", False)
    assert row.openpgp is not None
    assert OPENER.open(bytes(row.openpgp), asking.place_of_openpgp(bytes(row.fingerprint))).decode() == KEY_OF_MIRA
    public.post(link, {"language1": "es"})
    assert Subscriber.objects.get().openpgp is not None
    public.post(link, {"language1": "es", "drop_key": "yes"})
    assert Subscriber.objects.get().openpgp is None
    assert public.post(link, {"act": "leave"}).status_code == 200
    assert Subscriber.objects.get().state == "left"
    assert public.get(link).status_code == 404


KEY_OF_MIRA = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmAAB\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"address": "mira"}, "This is no address"),
        ({"address": "mira@a.example, anton@a.example"}, "This is no address"),
        ({"language1": ""}, "Choose a language."),
        ({"language1": "tlh"}, "Choose a language."),
        ({"number": "999"}, "This is not the number"),
        ({"asked": "9" * 3, "number": "x"}, "This is not the number"),
        ({"openpgp": "no key"}, "This is no OpenPGP public key."),
        ({"openpgp": KEY_OF_MIRA.replace("PUBLIC", "PRIVATE")}, "This is a private key"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_kept(
    public: Client, words: dict[str, str], says: str
) -> None:
    answer = subscribe(public, **{"topic": "killings", **words})
    assert (answer.status_code, says in page(answer)) == (400, True)
    assert re.search(r'value="killings" checked', page(answer))
    assert "PGP PRIVATE" not in page(answer)
    assert not Ask.objects.exists()


def test_a_mistake_is_said_in_the_language_of_the_page(public: Client) -> None:
    answer = public.post("/fr/subscribe.html", {"address": "mira", "number": "x", "openpgp": "no key"})
    said = page(answer)
    for words in ("This is no address", "Choose a language.", "This is not the number", "This is no OpenPGP"):
        assert words not in said
    assert said.count('class="mistake"') == 4


def test_a_mistake_in_a_change_is_said_and_nothing_is_changed(public: Client, clock: Clock) -> None:
    before = reader()
    asked = public.post("/en/change.html", answered(page(public.get("/en/change.html")), address="mira"))
    assert (asked.status_code, "This is no address" in page(asked)) == (400, True)
    public.post("/en/change.html", answered(page(public.get("/en/change.html")), address=MIRA))
    ((_, _, link),) = mailed(clock)
    answer = public.post(link, {"language1": "es", "topic": "courts", "openpgp": "no key"})
    assert (answer.status_code, "This is no OpenPGP" in page(answer)) == (400, True)
    assert Subscriber.objects.filter(id=before.id, languages=before.languages, topics="", openpgp=None).exists()


def test_by_a_link_that_holds_a_reader_who_left_meanwhile_gets_nothing_again(public: Client, clock: Clock) -> None:
    left = reader()
    asking.ask_to_change(Address.parse(MIRA), "en", now=NOW)
    ((_, _, link),) = mailed(clock)
    token = link.rpartition("/")[2].removesuffix(".html")
    chosen = chosen_by(left)
    assert asking.change(token, chosen, None, now=NOW)
    assert asking.leave_by_link(token, now=NOW)
    assert not asking.change(token, chosen, KEY_OF_MIRA, now=NOW)
    assert not asking.leave_by_link("0" * 32, now=NOW)
    assert Subscriber.objects.filter(state="left", openpgp=None).exists()


def test_in_a_language_that_the_site_has_not_there_is_no_page_and_nothing_is_done(public: Client, clock: Clock) -> None:
    subscribe(public)
    ((_, _, link),) = mailed(clock)
    for path in ("/en/subscribe.html", "/en/change.html", link):
        elsewhere = path.replace("/en/", "/tlh/")
        assert public.get(path).status_code == 200
        assert (public.get(elsewhere).status_code, public.post(elsewhere).status_code) == (404, 404)
    assert Subscriber.objects.get().state == "unconfirmed"


def test_a_flood_fills_no_disk_and_a_site_that_mails_nothing_says_so(
    public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = answered(page(public.get("/en/subscribe.html")), address=MIRA, language1="en")
    monkeypatch.setattr(views, "RATE", Rate(burst=1, seconds=1e9))
    assert [public.post("/en/subscribe.html", form).status_code for _ in range(2)] == [200, 429]
    for name in ("subscribe", "change"):
        refused = page(public.post(f"/en/{name}.html", form))
        assert f'<a href="{name}.html">Try again</a>' in refused
        assert "Too many ask at once." in refused
    monkeypatch.setattr(asking, "MOST_WAITING", 1)
    assert [public.get(f"/en/{name}.html").status_code for name in ("subscribe", "change")] == [503, 503]
    monkeypatch.setattr(views, "RATE", Rate(burst=9, seconds=1))
    assert [public.post(f"/en/{name}.html", form).status_code for name in ("subscribe", "change")] == [503, 503]
    assert Ask.objects.count() == 1
    Ask.objects.all().delete()
    with override_settings(TOCSIN_MAILINGS=None):
        assert public.get("/en/subscribe.html").status_code == 503
        assert "subscribe.html" not in page(public.get("/en/index.html"))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_small_and_ask_nobody_else(public: Client, clock: Clock, language: str) -> None:
    row = reader()
    message_to(row, 32 * "e")
    public.post(f"/{language}/change.html", answered(page(public.get(f"/{language}/change.html")), address=MIRA))
    ((_, _, link),) = mailed(clock)
    for path in (f"/{language}/subscribe.html", f"/{language}/change.html", link, "/leave/" + 32 * "e"):
        answer = public.get(path, headers={"accept-language": language})
        shown = page(answer)
        assert len(gzip.compress(answer.content, 9)) <= 14_000, path
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in shown
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', shown)
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in shown


def test_nothing_is_kept_of_who_asks(public: Client, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    marks = {
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_USER_AGENT": "Kanarienbrowser/9",
        "HTTP_REFERER": "https://kanarienseite.example/",
    }
    marked = Client(**marks)
    subscribe(marked)
    ((_, _, link),) = mailed(clock)
    marked.post(link)
    rows = [value for model in apps.get_models() for row in model.objects.all().values_list() for value in row]
    kept = " ".join(bytes(each).decode("latin-1") if isinstance(each, bytes) else str(each) for each in rows)
    for mark in ("203.0.113.77", "anarien", MIRA, "mira.tosk"):
        assert mark not in kept
        assert mark not in caplog.text


def test_a_link_that_a_server_refuses_for_good_is_not_sent_again(public: Client, clock: Clock) -> None:
    subscribe(public)
    asking.look_at_asks(NOW)
    (posted,) = links.take_due(EQUIPMENT)
    posted.settle(Failed("RCPT", Reply(550, "5.1.1 no such user"), "gone"))
    clock.now = NOW + timedelta(hours=1)
    assert links.take_due(EQUIPMENT) == []
    assert bytes(Link.objects.get().sealed) == b""


def test_a_link_that_a_server_puts_off_goes_out_once_more_and_not_at_once(public: Client, clock: Clock) -> None:
    subscribe(public)
    asking.look_at_asks(NOW)
    (posted,) = links.take_due(EQUIPMENT)
    posted.settle(Failed("RCPT", Reply(450, "4.2.1 not now"), "again"))
    assert links.take_due(EQUIPMENT) == []
    clock.now = NOW + timedelta(hours=1)
    assert [each.message.to for each in links.take_due(EQUIPMENT)] == [posted.message.to]


def test_no_row_ties_a_reader_to_what_she_or_anybody_did() -> None:
    """D-15: tables of readers name no others, no others name them, and a delivery loses its reader with her."""
    ours = {model for model in apps.get_models() if model._meta.app_label == "dispatch"}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model is not None:
                assert (model in ours) == (field.related_model in ours), f"{model.__name__}.{field.name}"
    to_readers = {
        (model.__name__, field.name)
        for model in ours
        for field in model._meta.concrete_fields
        if field.related_model is Subscriber or field.name == "subscriber"
    }
    assert to_readers == {("Bounce", "subscriber"), ("Delivery", "subscriber"), ("Link", "subscriber")}
    assert Delivery._meta.get_field("subscriber").null


@pytest.mark.database("sqlite")
def test_the_mailer_sends_what_readers_asked_for_beside_its_mailings(mailroom: Mailroom) -> None:
    assert mailroom.folder
    assert site_settings.TOCSIN_MAILINGS is MAILROOM_MAILINGS
    for ago in (timedelta(hours=2), timedelta()):
        at = views.timezone.now() - ago
        asking.ask(Wish(Address.parse(MIRA), ("en",)), "fr", now=at)
        asking.look_at_asks(at)
    mailroom.work(lambda: not Link.objects.filter(sent_at=None).exists())
    assert [list(each.to) for each in mailroom.script.taken] == [[MIRA], [MIRA]]
    assert mailroom.script.broken_rules == []
    assert {bytes(each.sealed) for each in Link.objects.all()} == {b""}
