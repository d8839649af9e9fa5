"""What was done with a form is said by the page that comes after it: once, first, in its title, where the focus is."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from desk import signed_in
from people import NOW, Hire
from tocsin.accounts import door
from tocsin.casework import actions as casework
from tocsin.config.saying import cookie_name
from tocsin.core.records import from_yaml

HERE = Path(__file__).parent
CASE = from_yaml((HERE / "casework/case.yaml").read_text("utf-8"))
SAID = tomllib.loads((HERE.parents[1] / "src/tocsin/config/said.toml").read_text("utf-8"))
REVIEWED = {"value": "verification", "as_of": NOW.date().isoformat(), "seen": "1"}


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


@pytest.fixture
def client(hire: Hire) -> tuple[Client, str]:
    tomas = hire("tomas", "case_lead")
    opened = casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    return signed_in(tomas), f"/cases/{opened.id}"


def title_and_words(client: Client, address: str) -> tuple[str, list[str]]:
    page = client.get(address).content.decode()
    title = re.search("<title>(.*?) · Tocsin</title>", page)
    assert title
    return title[1], re.findall('role="status" tabindex="-1" autofocus>(.*?)</p>', page)


def test_every_form_is_answered_by_words(client: tuple[Client, str]) -> None:
    assert client
    assert {*SAID["own"]}.isdisjoint(SAID["said"])
    assert settings.TOCSIN_FIELDS.keys() - SAID["said"].keys() == {*SAID["own"]}
    assert SAID["said"].keys() <= settings.TOCSIN_ACCESS.keys()


@pytest.mark.parametrize("secure", [True, ""], ids=["TLS", "demonstration"])
def test_what_was_done_is_said_once(
    client: tuple[Client, str], monkeypatch: pytest.MonkeyPatch, secure: bool | str
) -> None:
    monkeypatch.setattr(settings, "CSRF_COOKIE_SECURE", bool(secure))
    browser, case = client
    assert cookie_name().startswith("__Host-") is bool(secure)
    assert title_and_words(browser, case) == ("Case", [])
    answer = browser.post(f"{case}/status", REVIEWED)
    assert answer.status_code == 302, answer.content.decode()
    carried = answer.cookies[cookie_name()]
    assert (carried["secure"], carried["httponly"], carried["samesite"]) == (secure, True, "Strict")
    assert (carried.value, carried["path"], carried["domain"]) == ("case-status", "/", "")
    assert title_and_words(browser, case) == ("Saved. Case", ["Saved."])
    assert title_and_words(browser, case) == ("Case", [])


def test_a_page_with_words_of_its_own_says_no_more(client: tuple[Client, str]) -> None:
    browser, case = client
    answer = browser.post(f"{case}/watch", {"watch": "yes"})
    page = title_and_words(browser, answer.headers["Location"])
    assert page == ("Done. Working together", ["You watch this case."])


def test_what_was_refused_was_not_done_and_nobody_makes_a_page_say_what_it_does_not_know(
    client: tuple[Client, str],
) -> None:
    browser, case = client
    assert browser.post(f"{case}/status", {**REVIEWED, "value": "none of these"}).status_code == 400
    assert title_and_words(browser, case) == ("Case", [])
    browser.cookies[cookie_name()] = "<b>All is well.</b>"
    assert title_and_words(browser, case) == ("Case", [])
