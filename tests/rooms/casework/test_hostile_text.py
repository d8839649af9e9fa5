"""Whatever people type into a case, a reason or a name is text on the page, never markup; and pages write nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import URLPattern, get_resolver
from lxml import html

from desk import signed_in
from hostile_texts import HOSTILE
from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import demonstration, door
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.core.records import Case, from_plain

ADDRESSES = [each for each in get_resolver().url_patterns if isinstance(each, URLPattern)]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


def case_of(texts: list[str]) -> Case:
    """Make a case with a text in each place that a page shows, and an event for each text."""
    first = texts[0]
    plain: dict[str, Any] = {
        "schema": "tocsin/case/1",
        "appeal": {
            "id": "appeal:a",
            "type": "urgent_appeal",
            "language": "en",
            "publisher": "org:a",
            "protagonists": ["person:a"],
        },
        "organisations": [{"id": "org:a", "name": {"en": first}, "kind": "ngo_local"}],
        "persons": [
            {"id": "person:a", "names": [{"full": first, "use": "preferred"}], "memberships": [{"org": "org:a"}]}
        ],
        "groups": [{"id": "grp:a", "label_en": first}],
        "events": [
            {
                "id": f"e{at:02}",
                "kind": "act",
                "act_type": "threat",
                "what_en": text,
                "victims": ["person:a"],
                "actors": ["grp:a"],
            }
            for at, text in enumerate(texts, 1)
        ],
        "statements": [{"id": "s1", "speaker": "grp:a", "quote_en": first, "about_event": "e01"}],
        "proceedings": [
            {"id": "pr1", "kind": "civil", "case_number": first, "charges": [{"label_en": first}], "court": "org:a"}
        ],
        "demands": [{"id": "d1", "types": ["release"], "text_en": first}],
    }
    plain["events"][0]["statement"] = "s1"
    return from_plain(plain)


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Give the elements of a page with the names of their attributes, in order."""
    return [(str(each.tag), tuple(sorted(each.attrib))) for each in html.document_fromstring(page).iter()]


def pages(lead: NewAccount, texts: list[str]) -> list[str]:
    opened = actions.open_new_case(lead.actor, case_of(texts), reason=texts[0], now=NOW)
    client = signed_in(lead)
    found = [client.get(address) for address in (f"/cases/{opened.id}", "/", f"/cases/{opened.id}/access", "/journal")]
    client.post(f"/cases/{opened.id}/access", {"reason": texts[0], "until": texts[0], "colleague": texts[0]})
    found.append(client.post(f"/cases/{opened.id}/access", {"reason": texts[0], "until": texts[0]}))
    actions.shred_case(lead.actor, opened.id, now=NOW)
    return [each.content.decode() for each in found]


# Half a character is refused before a case is whole.
TEXTS = [text for text in HOSTILE if text.strip() and text.isascii() and "\0" not in text]
MARKUP = [text for text in TEXTS if "<" in text or '"' in text or "'" in text]


@pytest.mark.parametrize("first", MARKUP[:8])
def test_hostile_text_stands_on_every_page_as_text(administrator: NewAccount, first: str) -> None:
    rotated = [first, *(text for text in TEXTS if text != first)]
    one, other = (
        demonstration.settle(administrator.actor, login, name, PASSPHRASE, ("case_lead",), now=NOW)
        for login, name in (("one", first), ("other", "quiet words"))
    )
    hostile, quiet = pages(one, rotated), pages(other, ["quiet words"] * len(rotated))
    assert [skeleton(page) for page in hostile] == [skeleton(page) for page in quiet]
    whole = " ".join(html.document_fromstring(hostile[0]).text_content().split())
    assert [text for text in rotated if " ".join(text.split()) not in whole] == []


@contextmanager
def written(tables: set[str]) -> Iterator[None]:
    """Note which tables are written to."""

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        words = sql.replace('"', " ").split()
        if words and words[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            tables.add(next(word for word in words[1:] if word.upper() not in {"INTO", "FROM"}))
        return execute(sql, *rest)

    with connections["default"].execute_wrapper(note), connections["keys"].execute_wrapper(note):
        yield


def test_asking_for_a_page_writes_nothing_but_that_it_was_asked_for(hire: Hire) -> None:
    lead = hire("tomas", "case_lead")
    opened = actions.open_new_case(lead.actor, case_of(["words"]), reason="a report", now=NOW)
    client, tables = signed_in(lead), set[str]()
    with written(tables):
        for pattern in ADDRESSES:
            address = "/" + str(pattern.pattern).replace("<uuid:case_id>", str(opened.id))
            client.get(address.replace("<uuid:grant_id>", str(uuid4())))
    assert tables <= {"journal_entry", "journal_head", "accounts_session"}
    assert "journal_entry" in tables, "the pages were not shown"


def faceless(client: Client, address: str) -> tuple[int, dict[str, str], str]:
    """Give an answer without what differs from one to the next."""
    given = client.get(address)
    page = html.document_fromstring(given.content)
    for token in page.xpath("//input[@name='csrfmiddlewaretoken' or @name='next']"):
        token.set("value", "")
    headers = {name: value for name, value in given.headers.items() if name != "Content-Length"}
    return given.status_code, headers, html.tostring(page).decode()


def test_what_is_not_yours_looks_as_what_is_not_there(hire: Hire) -> None:
    lead, other = hire("tomas", "case_lead"), hire("eve", "case_lead")
    opened = actions.open_new_case(lead.actor, case_of(["words"]), reason="a report", now=NOW)
    grant = actions.give_access(
        lead.actor, opened.id, "facts", hire("amina", "verifier").actor.id, reason="reads", ends_at=LATER, now=NOW
    )
    client = signed_in(other)
    for way in ("/cases/{case}", "/cases/{case}/access", "/cases/{case}/access/{grant}/end"):
        there = faceless(client, way.format(case=opened.id, grant=grant.id))
        nowhere = faceless(client, way.format(case=UUID(int=9), grant=UUID(int=8)))
        assert there == nowhere
        assert there[0] == 404


def test_no_marker_of_a_visitor_is_kept(hire: Hire) -> None:
    agent, address = "Marker-Agent-4411", "203.0.113.44"
    visitor = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address, "HTTP_REFERER": f"https://{agent}.example/"}
    tables: set[str] = set()
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        seen.append(f"{sql} {params}")
        return execute(sql, params, *rest)

    with connections["default"].execute_wrapper(note), written(tables):
        for path in ("/", "/sign-in", "/nowhere"):
            Client().get(path, **visitor)  # type: ignore[arg-type]
        Client().post("/sign-in", {"login": "x", "passphrase": "y", "code": "1"}, **visitor)  # type: ignore[arg-type]
    assert seen
    assert [each for each in seen if agent in each or address in each] == []
    assert settings.LOGGING["root"]["level"] == "WARNING"
