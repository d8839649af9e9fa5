"""What one person did is sent again by another, word for word; and what one may not know of a case stands on no page.

Every text of the case is a canary, and each canary lies in a compartment.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from canaries import STEM, Cage, case_with
from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import verbs_of_roles
from tocsin.accounts.models import Account, Passkey, Session
from tocsin.casework import actions
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import CaseFile
from tocsin.casework.parts import compartments, take_apart
from tocsin.core.records import from_yaml, to_plain
from tocsin.vault.models import Grant

CASES = Path(__file__).parents[1] / "cases"
LARGEST = max(CASES.glob("*.yaml"), key=lambda path: path.stat().st_size)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


@dataclass
class Filled:
    """A case full of canaries, who opened it, and in which compartment each canary lies."""

    owner: NewAccount
    opened: actions.OpenCase
    places: dict[str, str] = field(default_factory=dict)

    def of(self, *names: str) -> set[str]:
        return {word for word, compartment in self.places.items() if compartment in names}


@pytest.fixture
def filled(hire: Hire) -> Filled:
    owner = hire("owner", "case_lead")
    case = case_with(Cage(), from_yaml(LARGEST.read_text("utf-8")))
    opened = actions.open_new_case(owner.actor, case, reason=f"{STEM}reason", now=NOW)
    found = Filled(owner, opened)
    for key, part in take_apart(to_plain(case)).items():
        for word in re.findall(rf"{STEM}\d+", json.dumps(part)):
            found.places[word] = key.compartment
    return found


def canaries(response: HttpResponse) -> set[str]:
    return set(re.findall(rf"{STEM}\w+", response.content.decode("utf-8", "replace").lower()))


# --- what one may not know of a case ---

NAMES = list(compartments().words)
HELD = [("facts", *more) for count in range(len(NAMES)) for more in combinations(NAMES[1:], count)]


@pytest.mark.parametrize("held", HELD, ids="+".join)
def test_on_no_page_stands_a_word_of_a_compartment_that_one_does_not_hold(
    filled: Filled, hire: Hire, held: tuple[str, ...]
) -> None:
    reader = hire("reader", "case_lead")
    actions.give_accesses(
        filled.owner.actor, filled.opened.id, held, reader.actor.id, reason="reads", ends_at=LATER, now=NOW
    )
    closed = filled.of(*(set(NAMES) - set(held)))
    client, case = signed_in(reader), f"/cases/{filled.opened.id}"
    pages = [client.get(address) for address in ("/", case, f"{case}/access", "/journal", "/search", "/account")]
    pages += [client.post("/search", {"question": word}) for word in sorted(closed)[:20]]
    pages += [client.post("/search", {"question": STEM})]
    assert {page.status_code for page in pages} == {200}
    seen = set().union(*map(canaries, pages[:6]))
    assert seen & filled.of(*held), "the pages show what one holds"
    assert seen & closed == set()
    # What was typed stands in the box again; it is found nowhere.
    assert not any(f'href="{case}"'.encode() in page.content for page in pages[6:-1])
    assert f'href="{case}"'.encode() in pages[-1].content
    # The control: who holds everything finds it by each of them.
    for word in sorted(closed)[:20]:
        page = signed_in(filled.owner).post("/search", {"question": word})
        assert f'href="{case}"'.encode() in page.content


def test_no_form_of_any_room_is_bound_to_a_table() -> None:
    def kinds(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from kinds(each)

    ours = [kind for kind in kinds(forms.BaseForm) if kind.__module__.startswith("tocsin.")]
    assert len(ours) > 10
    assert [kind for kind in ours if issubclass(kind, forms.BaseModelForm)] == []


# --- what one did, sent by another ---


class Recording(Client):
    """A browser that remembers what it sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str, dict[str, Any]]] = []

    def tell(self, method: str, address: str, fields: dict[str, Any] | None = None) -> HttpResponse:
        """Send something; whatever is wrong with it would show nothing when another sends it."""
        response: HttpResponse = getattr(self, method)(address, fields or {})
        assert response.status_code in {200, 302, 303}, (address, response.status_code)
        self.sent.append((method, address, fields or {}))
        return response


def a_day_of(filled: Filled, verifier: NewAccount) -> Recording:
    """Do what a case lead can do, through the pages."""
    client, case = Recording(), f"/cases/{filled.opened.id}"
    client.cookies = signed_in(filled.owner).cookies
    owner, until = filled.owner.actor.id, timezone.localdate(NOW).replace(day=30).isoformat()
    for address in (
        "/",
        case,
        f"{case}/access",
        "/journal",
        f"/journal?case={filled.opened.id}",
        "/search",
        "/account",
    ):
        client.tell("get", address)
    client.tell("post", "/search", {"question": STEM})
    given = {"colleague": verifier.actor.id, "compartments": ["facts"], "reason": "verifies", "until": until}
    client.tell("post", f"{case}/access", given)
    grant = Grant.objects.get(case=filled.opened.id, holder=verifier.actor.id)
    client.tell("post", f"{case}/access/{grant.id}/end", {"reason": next(iter(reasons_to_end()))})
    passkeys = [
        Passkey.objects.create(account_id=owner, credential=bytes([at]), public_key=b"k", uses=0, added_at=NOW)
        for at in range(2)
    ]
    client.tell("post", f"/account/passkeys/{passkeys[0].id}/remove")
    client.tell("get", "/account/second-factor")
    client.tell("post", "/language", {"language": "fr", "next": case})
    return client


def test_what_a_case_lead_did_is_nothing_to_whoever_sends_it_again(filled: Filled, hire: Hire) -> None:
    verifier = hire("amina", "verifier")
    day = a_day_of(filled, verifier)
    actions.give_access(
        filled.owner.actor, filled.opened.id, "facts", verifier.actor.id, reason="again", ends_at=LATER, now=NOW
    )
    before = state(filled)
    for role in verbs_of_roles():
        hers = signed_in(hire(role, role))
        hers.raise_request_exception = False
        for method, address, fields in day.sent:
            answer = getattr(hers, method)(address, fields)
            shown = canaries(answer) - {STEM}
            assert shown == set(), (role, address)
            if re.search(r"/[0-9a-f]{8}-", address):
                assert answer.status_code == 404, (role, address)
        assert state(filled) == before, role
    again = {
        (method, address): getattr(signed_in(filled.owner), method)(address, fields)
        for method, address, fields in day.sent[:7]
    }
    assert {answer.status_code for answer in again.values()} == {200}
    assert set().union(*map(canaries, again.values())), "the control: to her they show her case"


def state(filled: Filled) -> list[Any]:
    """Give what belongs to a case and to whoever opened it."""
    owner, case = filled.owner.actor.id, filled.opened.id
    return [
        list(CaseFile.objects.filter(id=case).values()),
        list(Grant.objects.filter(case=case).order_by("id").values()),
        list(Passkey.objects.filter(account=owner).values()),
        list(Account.objects.filter(id=owner).values()),
        Session.objects.filter(account=owner).count(),
    ]
