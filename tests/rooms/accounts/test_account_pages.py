"""The pages of accounts in a browser without scripts, and what they never show, take or do."""

import base64
import html
import inspect
import re
from datetime import datetime, timedelta

import pytest
from django import forms
from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from authenticator import DESK, Authenticator
from desk import signed_in
from people import NOW, PASSPHRASE, Hire
from tocsin.accounts import actions, door, factors, passkeys, second_factor, staff
from tocsin.accounts import forms as our_forms
from tocsin.accounts.actions import NewAccount, Shown
from tocsin.accounts.actor import PASSKEY
from tocsin.accounts.models import Account, Invitation, Passkey, Session
from tocsin.vault import queries as keys
from tocsin.vault.queries import is_vouched

CHOSEN = "chosen in her own session"


class Clock:
    """What the desk takes for the time."""

    def __init__(self) -> None:
        self.now: datetime = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(door.timezone, "now", lambda: clock.now)
    return clock


def root_client(administrator: NewAccount) -> Client:
    client = signed_in(administrator)
    Session.objects.filter(account=administrator.actor.id).update(proof=PASSKEY)
    return client


def words(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def test_somebody_joins_by_a_link_without_any_script(administrator: NewAccount, hire: Hire) -> None:
    made = root_client(administrator).post("/people/invite", {"login": "new", "name": "Newcomer", "roles": "verifier"})
    found = re.search(r"http://testserver(/link/[\w-]+)", words(made))
    assert found
    link, browser = found[1], Client()
    for _ in range(3):
        assert "Choose a passphrase" in words(browser.get(link))
    assert browser.post(link, {"passphrase": CHOSEN, "again": "something else here"}).status_code == 400
    shown = words(browser.post(link, {"passphrase": CHOSEN, "again": CHOSEN}))
    assert re.search(r"<code><bdi>(?:[A-Z2-7]{1,6}-){5}[A-Z2-7]{1,6}</bdi></code>", shown)
    assert CHOSEN not in shown
    assert browser.get("/").headers["Location"] == "/account/second-factor"
    assert browser.post("/account/second-factor/offer").status_code == 302
    page = words(browser.get("/account/second-factor"))
    typed = re.search(r"<code><bdi>([A-Z2-7 ]{32,})</bdi>", page)
    assert typed
    secret = base64.b32decode(typed[1].replace(" ", ""))
    picture = browser.get("/account/second-factor/picture")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg")
    assert browser.post("/account/second-factor/code", {"code": "000000"}).status_code == 400
    taken = browser.post("/account/second-factor/code", {"code": second_factor.code_at(secret, NOW)})
    assert taken.headers["Location"] == "/account"
    account = Account.objects.order_by("-created_at").exclude(id=administrator.actor.id).get()
    fingerprint = re.search(r"<code><bdi>((?:[0-9a-f]{4} ){4}[0-9a-f]{4})</bdi>", words(browser.get("/account")))
    assert fingerprint
    root = root_client(administrator)
    assert fingerprint[1] not in words(root.get(f"/people/{account.id}/vouch"))
    assert root.post(f"/people/{account.id}/vouch", {"fingerprint": "1" * 20}).status_code == 400
    assert root.post(f"/people/{account.id}/vouch", {"fingerprint": fingerprint[1]}).status_code == 302
    assert is_vouched(account.id)
    assert browser.get("/").status_code == 200
    assert browser.get(link).status_code == 404


def test_what_is_far_reaching_asks_again_and_then_does_what_was_asked(
    administrator: NewAccount, hire: Hire, clock: Clock
) -> None:
    own = Authenticator()
    question = passkeys.ask_to_make(administrator.actor.id, [], DESK, now=NOW)
    factors.add_passkey(administrator.actor, Shown(own.make(question), DESK), now=NOW)
    client = root_client(administrator)
    clock.now = NOW + timedelta(minutes=6)
    sent = {"login": "new", "name": "O'Newcomer <b>", "roles": ["verifier", "legal"]}
    asked = client.post("/people/invite", sent)
    assert asked.status_code == 403
    assert not Invitation.objects.exists()
    page = asked.content.decode()
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert html.unescape(carried["name"]) == "O'Newcomer <b>"
    assert page.count('name="roles"') == 2
    old = client.cookies[settings.TOCSIN_COOKIE].value
    asked_of_passkey = re.search(r'data-question="([^"]+)"', page)
    assert asked_of_passkey
    answer = own.show(html.unescape(asked_of_passkey[1]))
    form = sent | {"confirm-next": "/people/invite", "confirm-goes-on": "yes", "confirm-answer": answer}
    done = client.post("/confirm", form, follow=True)
    assert done.redirect_chain == [("/people/invite", 307)]
    assert "/link/" in words(done)
    assert Invitation.objects.count() == 1
    assert client.cookies[settings.TOCSIN_COOKIE].value != old


def test_looking_at_what_asks_again_goes_on_to_the_page(hire: Hire, clock: Clock) -> None:
    tomas = hire("tomas", "case_lead")
    client = signed_in(tomas)
    clock.now = NOW + timedelta(minutes=6)
    assert client.get("/account/second-factor").status_code == 403
    form = {"confirm-next": "/account/second-factor", "confirm-goes-on": "no"}
    assert client.post("/confirm", form | {"confirm-code": "000000"}).status_code == 400
    done = client.post("/confirm", form | {"confirm-code": second_factor.code_at(tomas.totp, clock.now)})
    assert (done.status_code, done.headers["Location"]) == (303, "/account/second-factor")


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/nowhere", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_confirming_leads_nowhere_else(hire: Hire, back: str) -> None:
    tomas = hire("tomas", "case_lead")
    form = {"confirm-next": back, "confirm-goes-on": "no", "confirm-code": second_factor.code_at(tomas.totp, NOW)}
    assert signed_in(tomas).post("/confirm", form).headers["Location"] == "/"


def test_no_passphrase_is_carried_through_a_page(hire: Hire, clock: Clock, settings: Settings) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    clock.now = NOW + timedelta(minutes=6)
    sent = dict.fromkeys(("passphrase", "again", "present", "secret", "kept"), "a secret of hers") | {"kept": "kept"}
    settings.TOCSIN_FIELDS = {"recovery-code": frozenset(sent)}
    page = words(client.post("/account/recovery-code", sent))
    assert "a secret of hers" not in page
    assert 'name="kept"' in page


def test_a_cookie_from_before_signing_in_is_not_the_one_after(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    browser = Client()
    browser.cookies[settings.TOCSIN_COOKIE] = chosen = base64.urlsafe_b64encode(
        b"chosen by an attacker, 32 bytes!"
    ).decode()
    form = {"login": "tomas", "passphrase": PASSPHRASE, "code": second_factor.code_at(tomas.totp, NOW)}
    given = browser.post("/sign-in", form)
    cookie = given.cookies[settings.TOCSIN_COOKIE]
    assert cookie.value != chosen
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    other = Client()
    other.cookies[settings.TOCSIN_COOKIE] = chosen
    assert other.get("/").status_code == 302


def test_a_cookie_with_one_bit_changed_is_no_session(hire: Hire) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    raw = base64.urlsafe_b64decode(client.cookies[settings.TOCSIN_COOKIE].value)
    for bit in range(0, len(raw) * 8, 7):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        other = Client()
        other.cookies[settings.TOCSIN_COOKIE] = base64.urlsafe_b64encode(bytes(changed)).decode()
        assert other.get("/").headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 200


def test_too_many_tries_are_said_and_a_known_browser_still_enters(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    known = Client()
    good = {"login": "tomas", "passphrase": PASSPHRASE, "code": second_factor.code_at(tomas.totp, NOW)}
    assert known.post("/sign-in", good).status_code == 302
    known.post("/sign-out")
    assert known.cookies[settings.TOCSIN_MARK_COOKIE].value
    bad = good | {"passphrase": "wrong horse battery staple"}
    attacker = Client()
    assert [attacker.post("/sign-in", bad).status_code for _ in range(7)] == [400] * 5 + [429] * 2
    later = second_factor.code_at(tomas.totp, NOW + timedelta(seconds=30))
    assert known.post("/sign-in", good | {"code": later}).status_code == 302


def test_an_administrators_pages_hold_no_secret_of_anybody(administrator: NewAccount, hire: Hire) -> None:
    tomas, root = hire("tomas", "case_lead"), root_client(administrator)
    factors.offer_totp(tomas.actor, now=NOW)
    offered = factors.offered_totp(tomas.actor, now=NOW) or b""
    secrets = [base64.b32encode(each).decode().rstrip("=") for each in (tomas.totp, offered)]
    secrets += [tomas.recovery_code, PASSPHRASE, tomas.actor.ring.box.hex(), "tomas"]
    pages = [
        "/people",
        f"/people/{tomas.actor.id}",
        f"/people/{tomas.actor.id}/vouch",
        "/account/second-factor",
        "/account",
    ]
    for page in pages:
        shown = root.get(page)
        assert shown.status_code == 200
        assert [each for each in secrets if each in re.sub(r"[ \n]", "", words(shown))] == []


FOREIGN = {"account": "{id}", "account_id": "{id}", "id": "{id}", "user": "{id}", "login": "tomas"}


@pytest.mark.parametrize(
    "name", ["totp-offer", "totp-code", "passkey-add", "recovery-code", "passphrase", "second-factor", "totp-picture"]
)
def test_no_page_of_second_factors_takes_somebody_elses_account(
    administrator: NewAccount, hire: Hire, name: str
) -> None:
    """The enrolment of a second factor is for who has signed in, whatever ids are sent along."""
    tomas = hire("tomas", "case_lead").actor
    before = Account.objects.filter(id=tomas.id).values().get(), list(Passkey.objects.values())
    sent = {key: value.format(id=tomas.id) for key, value in FOREIGN.items()} | {"code": "000000", "answer": "{}"}
    address = reverse(name)
    for ask in (root_client(administrator).post, root_client(administrator).get):
        ask(address + "?" + "&".join(f"{key}={value}" for key, value in sent.items() if key != "answer"), sent)
    assert (Account.objects.filter(id=tomas.id).values().get(), list(Passkey.objects.values())) == before
    assert "<" not in reverse(name), "the address names no account"


@pytest.mark.parametrize("extra", ["disabled_at", "totp", "name", "last_step", "id", "login"])
def test_a_field_of_the_table_that_the_form_does_not_offer_is_refused(
    administrator: NewAccount, hire: Hire, extra: str
) -> None:
    tomas = hire("tomas", "case_lead").actor
    before = Account.objects.filter(id=tomas.id).values().get()
    root = root_client(administrator)
    assert root.post(f"/people/{tomas.id}/roles", {"roles": "verifier", extra: "1"}).status_code == 400
    assert Account.objects.filter(id=tomas.id).values().get() == before
    assert root.post(f"/people/{tomas.id}/roles", {"roles": "verifier"}).status_code == 302
    assert Account.objects.filter(id=tomas.id).values().get() == before | {"roles": "verifier"}


# What a person may write by each form. A form that gets a field is looked at here again.
FIELDS = {
    "SignInForm": "login passphrase code answer",
    "ConfirmForm": "code answer",
    "CodeForm": "code",
    "PasskeyForm": "answer",
    "LostFactorForm": "login passphrase recovery_code",
    "JoinForm": "passphrase again",
    "ComeBackForm": "secret",
    "PassphraseForm": "present passphrase again",
    "RolesForm": "roles",
    "InviteForm": "login name roles",
    "VouchForm": "fingerprint",
}


def test_every_form_takes_the_fields_that_are_listed_and_is_bound_to_no_table() -> None:
    ours = {
        name: " ".join(form.base_fields)
        for name, form in inspect.getmembers(our_forms, inspect.isclass)
        if issubclass(form, forms.BaseForm) and form.__module__ == our_forms.__name__ and not name.startswith("_")
    }
    assert {name: sorted(fields.split()) for name, fields in ours.items()} == {
        name: sorted(fields.split()) for name, fields in FIELDS.items()
    }
    assert not any(issubclass(getattr(our_forms, name), forms.models.BaseModelForm) for name in ours)


@pytest.mark.parametrize("change", ["disable", "enable", "reset", "restore", "invite-again", "roles"])
def test_an_administrator_changes_an_account_by_its_page(administrator: NewAccount, hire: Hire, change: str) -> None:
    amina = hire("amina", "verifier").actor
    if change == "enable":
        staff.disable(administrator.actor, amina.id, now=NOW)
    if change == "invite-again":
        staff.invite(administrator.actor, "late", "Late", [], now=NOW)
        amina_id = Invitation.objects.get().account_id
    else:
        amina_id = amina.id
    root = root_client(administrator)
    assert f"/people/{amina_id}/{change}" in words(root.get(f"/people/{amina_id}"))
    done = root.post(f"/people/{amina_id}/{change}", {"roles": "auditor"} if change == "roles" else {})
    if change in {"reset", "restore", "invite-again"}:
        assert "http://testserver/link/" in words(done)
    else:
        assert done.headers["Location"] == (f"/people/{amina_id}/cases" if change == "disable" else "/people")
    assert root.get("/people").status_code == 200
    assert root.post(f"/people/{administrator.actor.id}/disable").status_code == 400


def test_a_lost_factor_is_replaced_by_way_of_the_page(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    browser = Client()
    form = {"login": "tomas", "passphrase": PASSPHRASE, "recovery_code": tomas.recovery_code.lower()}
    assert browser.post("/lost-second-factor", form | {"login": "nobody"}).status_code == 400
    assert browser.post("/lost-second-factor", form).headers["Location"] == "/account/second-factor"
    assert "Set up one of them to go on" in words(browser.get("/account/second-factor"))
    for page in ("/", "/account", "/people", "/account/passphrase"):
        assert browser.get(page).headers["Location"] == "/account/second-factor"
    assert browser.post("/sign-out").status_code == 302


def test_a_link_for_a_second_factor_asks_for_the_passphrase(administrator: NewAccount, hire: Hire) -> None:
    amina = hire("amina", "verifier").actor
    link = "/link/" + staff.reset_second_factor(administrator.actor, amina.id, now=NOW)
    browser = Client()
    assert "This link takes the place of your second factor" in words(browser.get(link))
    assert [browser.post(link, {"secret": "a guess"}).status_code for _ in range(6)] == [400] * 5 + [429]
    assert actions.resume(b"", now=NOW) is None


def test_the_passphrase_is_changed_by_its_page(hire: Hire) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    other = Client(cookies={})
    other.cookies[settings.TOCSIN_COOKIE] = client.cookies[settings.TOCSIN_COOKIE].value
    form = {"present": PASSPHRASE, "passphrase": CHOSEN, "again": CHOSEN}
    assert client.post("/account/passphrase", form | {"present": "wrong"}).status_code == 400
    assert client.post("/account/passphrase", form).headers["Location"] == "/account"
    assert client.get("/").status_code == 200
    assert other.get("/").headers["Location"] == "/sign-in"


def test_who_forgot_her_passphrase_comes_in_by_her_recovery_code_and_chooses_another(hire: Hire, clock: Clock) -> None:
    tomas = hire("tomas", "case_lead")
    assert "Forgotten? Give your recovery code here" in words(Client().get("/sign-in"))
    browser = Client()
    form = {"login": "tomas", "passphrase": tomas.recovery_code, "code": second_factor.code_at(tomas.totp, NOW)}
    came_in = browser.post("/sign-in", form)
    assert came_in.headers["Location"] == "/account/passphrase?forgotten"
    assert "You came in by your recovery code" in words(browser.get(came_in.headers["Location"]))
    changed = {"present": tomas.recovery_code, "passphrase": CHOSEN, "again": CHOSEN}
    assert browser.post("/account/passphrase?forgotten", changed).headers["Location"] == "/account"
    clock.now = NOW + timedelta(minutes=1)
    for passphrase, status in ((PASSPHRASE, 400), (CHOSEN, 302)):
        form = {"login": "tomas", "passphrase": passphrase, "code": second_factor.code_at(tomas.totp, clock.now)}
        assert Client().post("/sign-in", form).status_code == status


@pytest.mark.parametrize(
    ("host", "works"), [("testserver", True), ("localhost:8000", True), ("127.0.0.1", False), ("[::1]:8000", False)]
)
def test_passkeys_are_offered_where_browsers_make_them_and_nowhere_else(host: str, works: bool) -> None:
    page = words(Client(headers={"host": host}).get("/sign-in"))
    assert ("data-question" in page, "Passkeys work only where" in page) == (works, not works)


@pytest.mark.parametrize("address", ["/", "/people", "/account"])
def test_a_page_asks_no_more_questions_for_more_people(hire: Hire, administrator: NewAccount, address: str) -> None:
    lead, counts = hire("tomas", "case_lead"), []
    for names in (("amina", "noor"), ("luc", "ada", "bo", "cleo")):
        for name in names:
            hire(name, "case_lead")
        client = signed_in(administrator if address == "/people" else lead)
        client.get(address)
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            assert client.get(address).status_code == 200
        counts.append(len(main) + len(keys))
    assert counts[0] == counts[1]


def test_passkeys_and_the_recovery_code_are_changed_by_their_pages(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    client, own = signed_in(tomas), Authenticator()
    made = {"answer": own.make(passkeys.ask_to_make(tomas.actor.id, [], DESK, now=NOW))}
    for wrong in ({}, {"answer": "noise"}):
        answer = client.post("/account/passkeys", wrong)
        assert (answer.status_code, Passkey.objects.count()) == (400, 0)
    assert client.post("/account/passkeys", made).headers["Location"] == "/account"
    again = client.post("/account/passkeys", made)
    assert (again.status_code, "This passkey could not be taken. Try again." in words(again)) == (400, True)
    passkey = Passkey.objects.get()
    Account.objects.filter(id=tomas.actor.id).update(totp=b"")
    last = client.post(f"/account/passkeys/{passkey.id}/remove")
    assert (last.status_code, Passkey.objects.count()) == (400, 1)
    assert "This is your last second factor. Set up another one first." in words(last)
    assert "This field is required" not in words(last)
    Account.objects.filter(id=tomas.actor.id).update(totp=b"x")
    assert client.post(f"/account/passkeys/{passkey.id}/remove").headers["Location"] == "/account"
    assert not Passkey.objects.exists()
    assert client.post("/account/second-factor/code", {"code": ""}).status_code == 400
    shown = re.search(r"[A-Z2-7]{1,6}(?:-[A-Z2-7]{1,6}){5,}", words(client.post("/account/recovery-code")))
    assert shown
    assert shown[0] != tomas.recovery_code
    assert keys.unlock_by_recovery(tomas.actor.id, shown[0])


def test_who_locks_the_desk_is_out_everywhere_at_once(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    here, there = signed_in(tomas), Client()
    there.cookies[settings.TOCSIN_COOKIE] = here.cookies[settings.TOCSIN_COOKIE].value
    amina = signed_in(hire("amina", "verifier"))
    assert here.post("/lock").headers["Location"] == "/sign-in?locked"
    assert [each.get("/").headers.get("Location") for each in (here, there, amina)] == ["/sign-in", "/sign-in", None]


def test_confirming_without_a_factor_is_asked_again_and_opens_nothing(
    hire: Hire, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    clock.now = NOW + timedelta(minutes=6)
    before = Session.objects.get().confirmed_at
    assert client.get("/confirm?next=/account").status_code == 200
    said = {"confirm-next": "/account", "confirm-code": ""}
    click = said | {"confirm-click": "1"}
    assert client.post("/confirm", said).status_code == 400
    assert client.post("/confirm", click, REMOTE_ADDR="192.0.2.9").status_code == 404, "not from this machine"
    monkeypatch.setattr(settings, "TOCSIN_DEMONSTRATION", None)
    assert client.post("/confirm", click).status_code == 404, "a click is for demonstrations"
    assert Session.objects.get().confirmed_at == before
