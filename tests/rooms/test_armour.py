"""The armour of the desk: the headers of every answer, limits, whom it believes, and what it writes down."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from command_line import ROOT
from desk import client_of, signed_in
from observatory import score
from people import NOW, Hire
from tocsin.accounts import door
from tocsin.casework import actions as casework
from tocsin.casework import views
from tocsin.config import armour, logs, writing
from tocsin.core.records import from_yaml
from tocsin.vault import emergency

CASE = from_yaml((Path(__file__).parent / "casework/case.yaml").read_text("utf-8"))
ANSWERS = {
    "a page": ("get", "/sign-in", {}, 200),
    "a redirect": ("get", "/", {}, 302),
    "a style": ("get", "/static/desk.css", {}, 200),
    "bad request": ("get", "/sign-in", {"HTTP_HOST": "elsewhere.example"}, 400),
    "a form without its token": ("post", "/sign-in", {}, 403),
    "not there": ("get", "/nowhere", {}, 404),
    "no such style": ("get", "/static/nowhere.css", {}, 404),
    "wrong way": ("get", "/language", {}, 405),
    "no length": ("post", "/sign-in", {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}, 411),
    "too much": ("post", "/sign-in", {"CONTENT_LENGTH": "1048577"}, 413),
    "an endless number": ("post", "/sign-in", {"CONTENT_LENGTH": "9" * 5000}, 413),
    "no number": ("post", "/sign-in", {"CONTENT_LENGTH": "-1"}, 400),
    "too long": ("get", "/sign-in?" + "x" * 2000, {}, 414),
    "broken": ("get", "/sign-in", {}, 500),
    "a database that is gone": ("get", "/sign-in", {}, 503),
}
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


def answer(monkeypatch: pytest.MonkeyPatch, what: str, *, secure: bool = False) -> HttpResponse:
    method, address, meta, status = ANSWERS[what]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if what == "broken":
        from tocsin.accounts import demonstration

        monkeypatch.setattr(demonstration, "people", lambda: 1 / 0)
    if what == "a database that is gone":
        monkeypatch.setattr(emergency, "is_frozen", Mock(side_effect=OperationalError("no elsewhere at nowhere")))
    given = getattr(client, method)(address, secure=secure, **meta)
    assert given.status_code == status
    given.close()
    return given


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_carries_every_header(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    given = answer(monkeypatch, what)
    assert {name: given.headers.get(name) for name in EXACT} == EXACT
    policy = dict(part.strip().partition(" ")[::2] for part in given.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    # The sign-in page talks to authenticators; nothing else here has a script.
    assert ("script-src" in policy) == (what == "a page")
    powers = dict(part.strip().split("=") for part in given.headers["Permissions-Policy"].split(","))
    assert {name for name, value in powers.items() if value != "()"} == set(armour._OWN_POWERS)
    assert {"camera", "geolocation", "microphone", "browsing-topics"} <= powers.keys()
    assert given.headers.get("Cache-Control") == ("max-age=60, public" if what == "a style" else "no-store")
    assert "Server" not in given.headers
    assert "X-Powered-By" not in given.headers


@pytest.mark.parametrize("what", [name for name, row in ANSWERS.items() if row[3] >= 400 and "style" not in name])
def test_what_went_wrong_is_said_on_a_page_of_the_desk_and_nothing_of_what_was_asked(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    page = answer(monkeypatch, what).content.decode()
    assert "/static/desk.css" in page
    assert "<h1>" in page
    assert re.search(r"nowhere|ZeroDivision|Traceback|elsewhere|xxxx", page) is None


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_who_loses_the_database_is_not_told_that_nothing_was_saved(
    hire: Hire, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A commit whose answer was lost may have been made."""
    client = signed_in(hire("tomas", "case_lead"))
    client.raise_request_exception = False
    monkeypatch.setattr(
        sys.modules[views.home.__module__], "list_work", Mock(side_effect=error("the connection is lost"))
    )
    given = client.get("/")
    page = given.content.decode()
    assert given.status_code == 503
    assert "The database cannot be reached" in page
    assert "Whether this step was saved is not known" in page
    assert "Nothing was saved" not in page


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_error_pages_speak_the_language_of_the_reader(language: str) -> None:
    page = Client().get("/nowhere", HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


@pytest.mark.parametrize("view", ["case", "home", "access", "journal"])
def test_whatever_breaks_in_a_view_neither_page_nor_log_says_what_it_worked_on(
    hire: Hire, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    canary = "Canary-Lena-Marosh-7731"
    tomas = hire("tomas", "case_lead")
    opened = casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    addresses = {
        "case": f"/cases/{opened.id}",
        "home": "/",
        "access": f"/cases/{opened.id}/access",
        "journal": "/journal",
    }
    module = sys.modules[getattr(views, view).__module__]

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(canary)

    monkeypatch.setattr(module, "render", broken)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Sparing())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client = signed_in(tomas)
        client.raise_request_exception = False
        given = client.get(addresses[view] + f"?case={opened.id}", HTTP_USER_AGENT=canary, REMOTE_ADDR="203.0.113.77")
    finally:
        logger.removeHandler(handler)
    assert given.status_code == 500
    line = written.getvalue()
    assert f"500 GET {view}" in line
    assert "RuntimeError" in line
    number = re.search(r"<code><bdi>([0-9a-f]{8})</bdi></code>", given.content.decode())
    assert number is not None
    assert number[1] in line
    for secret in (canary, str(opened.id), "203.0.113.77", client.cookies[settings.TOCSIN_COOKIE].value):
        assert secret not in line
        assert secret not in given.content.decode()


def test_a_log_line_is_one_line_whatever_it_was_given() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "a %s\r\n\x1b[31mb\u202e", ("secret",), None)
    line = logs.Sparing().format(record)
    assert line.isprintable()
    assert "secret" not in line


def test_what_django_would_write_or_mail_is_not_written() -> None:
    assert logs.LOGGING["loggers"]["django"]["propagate"] is False
    assert {handler for row in logs.LOGGING["loggers"].values() for handler in row["handlers"]} == {"stderr"}


def believed(peer: str, **meta: str) -> tuple[str, str]:
    seen: list[HttpRequest] = []

    def note(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    armour.Proxy(note)(RequestFactory().get("/", REMOTE_ADDR=peer, **meta))
    return seen[0].META["REMOTE_ADDR"], seen[0].META.get("HTTP_X_FORWARDED_PROTO", "")


@pytest.mark.parametrize(
    ("peer", "said", "address", "scheme"),
    [
        ("10.0.0.2", {"HTTP_X_FORWARDED_PROTO": "https"}, "10.0.0.2", "https"),
        ("10.0.0.2", {"HTTP_X_FORWARDED_FOR": "198.51.100.7"}, "198.51.100.7", ""),
        ("10.0.0.2", {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 198.51.100.7"}, "198.51.100.7", ""),
        ("203.0.113.9", {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "203.0.113.9", ""),
        ("", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "", ""),
    ],
)
def test_a_proxy_is_believed_and_nobody_else(
    settings: Settings, peer: str, said: dict[str, str], address: str, scheme: str
) -> None:
    settings.TOCSIN_PROXIES = ("10.0.0.2", "::1")
    assert believed(peer, **said) == (address, scheme)


# Compared with a real working site below.
WORKING = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LANGUAGE_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "TOCSIN_COOKIE": "__Host-session",
    "TOCSIN_PROXIES": ("127.0.0.1",),
    "TOCSIN_DEMONSTRATION": None,
}


@pytest.fixture
def working(settings: Settings) -> None:
    """The settings of a working site, one by one."""
    for name, value in WORKING.items():
        setattr(settings, name, value)


_LOOK = """
import json
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
print(json.dumps({name: getattr(settings, name) for name in %r}))
"""


def test_a_working_site_passes_the_check_for_deployment_and_has_the_settings_that_are_tested_here(
    tmp_path: Path,
) -> None:
    writing.write_new(tmp_path / "site.toml", "working", ("desk.example",))
    environment = {**os.environ, "TOCSIN_SITE": str(tmp_path / "site.toml")}
    environment["DJANGO_SETTINGS_MODULE"] = "tocsin.config.settings"
    # The tests in a browser leave this behind in the process that they share; it is no setting of a site.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    words = [sys.executable, "-c", _LOOK % [*WORKING]]
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout.splitlines()[-1])
    found["SECURE_PROXY_SSL_HEADER"] = tuple(found["SECURE_PROXY_SSL_HEADER"])
    assert found == WORKING | {"TOCSIN_PROXIES": ["127.0.0.1", "::1"]}


def test_a_site_behind_a_proxy_that_speaks_tls_does_not_redirect_for_ever(working: None) -> None:
    assert Client().get("/sign-in").headers["Location"] == "https://testserver/sign-in"
    behind = Client().get("/sign-in", HTTP_X_FORWARDED_PROTO="https")
    assert behind.status_code == 200
    assert behind.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    stranger = Client().get("/sign-in", HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="203.0.113.9")
    assert stranger.status_code == 301


def test_no_answer_of_a_demonstration_binds_the_browser_to_tls() -> None:
    assert "Strict-Transport-Security" not in Client().get("/sign-in").headers


@pytest.mark.parametrize("what", [name for name in ANSWERS if name != "bad request"])
def test_mozillas_observatory_would_give_at_least_120(
    working: None, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    given = answer(monkeypatch, what, secure=True)
    assert score(given) >= 120, what


def test_the_score_notices_what_is_missing(working: None) -> None:
    given = Client().get("/sign-in", secure=True)
    whole = score(given)
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        kept = given.headers.pop(name)
        assert score(given) < whole - 4
        given.headers[name] = kept
    given.cookies[settings.CSRF_COOKIE_NAME]["secure"] = ""
    assert score(given) < whole - 19


def test_cookies_are_bound_to_this_host_and_out_of_reach(working: None, hire: Hire) -> None:
    given = Client().post("/language", {"language": "fr", "next": "/sign-in"}, secure=True)
    signing = Client().get("/sign-in", secure=True)
    fresh = HttpResponse()
    door.give_cookie(fresh, b"x" * 32)
    cookies = {**given.cookies, **signing.cookies, **fresh.cookies}
    assert set(cookies) == {"__Host-language", "__Host-csrf", "__Host-session"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
            *(True, True, "Strict", "/", ""),
        )


@pytest.mark.parametrize(
    ("back", "goes"),
    [
        ("/journal", "/journal"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("journal", "/"),
        ("/a\r\nX: y", "/a%0D%0AX:%20y"),
    ],
)
def test_the_language_switch_leads_nowhere_else(back: str, goes: str) -> None:
    given = Client().post("/language", {"language": "ar", "next": back})
    assert (given.status_code, given.headers["Location"]) == (302, goes)
    assert given.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ar"


@pytest.mark.parametrize("language", ["xx", "../../etc", "", "de"])
def test_a_language_that_the_desk_does_not_speak_is_not_remembered(language: str) -> None:
    given = Client().post("/language", {"language": language, "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in given.cookies


def test_no_template_has_anything_inline_or_from_elsewhere() -> None:
    templates = sorted((ROOT / "src/tocsin/config/templates").rglob("*.html"))
    assert len(templates) > 8
    inline = re.compile(r"<script|<style|\sstyle=|\son[a-z]{3,}=|javascript:|https?://|//[a-z]|\|safe\b|autoescape off")
    # Each script of ours has its page, which can do without.
    scripts = {"passkey.html": "passkey.js", "report.html": "reading.js"}
    tags = {name: f"""<script src="{{% static '{script}' %}}" defer></script>""" for name, script in scripts.items()}
    texts = {path.name: path.read_text("utf-8") for path in templates}
    assert [name for name, tag in tags.items() if texts[name].count(tag) != 1] == []
    assert [
        (name, found[0])
        for name, text in texts.items()
        if (found := inline.search(text.replace(tags.get(name, "<script"), "")))
    ] == []
    styles = (ROOT / "src/tocsin/config/static/desk.css").read_text("utf-8")
    assert re.search(r"url\(|@import|https?:", styles) is None


def test_styles_say_start_and_end_so_that_pages_mirror() -> None:
    styles = re.sub(r"/\*.*?\*/", "", (ROOT / "src/tocsin/config/static/desk.css").read_text("utf-8"), flags=re.DOTALL)
    sided = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?:text-align|float): *(?:left|right)"
        r"|(?<![-\w(])(?:left|right|width|height):"
    )
    assert re.findall(sided, styles) == []
    assert re.search(r"animation|transition", styles) is None


# --- what is read of a request ---


class Untouched(io.RawIOBase):
    """The body of a request that nobody may read."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("the body was read")


def send_form(client: Client, length: int) -> HttpResponse:
    kind = "multipart/form-data; boundary=x"
    sent: Any = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}
    return client.generic("POST", "/reports/new", **sent)


@pytest.mark.parametrize("sender", ["a stranger", "a false cookie", "somebody without a second factor", "an auditor"])
def test_nothing_of_a_large_form_is_read_of_whoever_may_not_send_it(hire: Hire, sender: str) -> None:
    client = Client(enforce_csrf_checks=True)
    if sender == "a false cookie":
        client.cookies[settings.TOCSIN_COOKIE] = "A" * 43
    elif sender != "a stranger":
        proof = "totp" if sender == "an auditor" else ""
        client.cookies = client_of(hire("petra", "auditor").actor, proof=proof).cookies
    answer = send_form(client, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    where = {"an auditor": "", "somebody without a second factor": "/account/second-factor"}.get(sender, "/sign-in")
    assert (answer.status_code, answer.headers.get("Location", "")) == (302 if where else 404, where)


def test_what_is_too_large_is_not_read_of_anybody(hire: Hire) -> None:
    client = client_of(hire("tomas", "case_lead").actor)
    assert send_form(client, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1).status_code == 413


def test_the_control_the_body_of_a_form_is_read_of_whoever_may_send_it(hire: Hire) -> None:
    client = client_of(hire("tomas", "case_lead").actor)
    with pytest.raises(AssertionError, match="the body was read"):
        send_form(client, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
