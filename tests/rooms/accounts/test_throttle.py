"""Guessing is slowed down, and nobody is shut out by somebody else's guesses."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client

from paths import recorded
from people import NOW, PASSPHRASE, Hire
from tocsin.accounts import actions, second_factor, staff, throttle
from tocsin.accounts.actions import NewAccount, login_digest
from tocsin.accounts.models import Account, Tries
from tocsin.accounts.throttle import FROM_ONE_NETWORK, FROM_ONE_PLACE, Visitor
from tocsin.core.errors import TooManyTries, WrongSecret
from tocsin.journal.queries import list_entries
from tocsin.vault import secrets

VICTIM = "tomas"


@pytest.fixture
def tomas(hire: Hire) -> NewAccount:
    return hire(VICTIM, "case_lead")


def guess(address: str = "192.0.2.1", login: str = VICTIM, mark: str = "", seconds: float = 0) -> str:
    now = NOW + timedelta(seconds=seconds)
    try:
        actions.sign_in(login, "a wrong passphrase", "000000", visitor=Visitor(address, mark), now=now)
    except WrongSecret:
        return "wrong"
    except TooManyTries:
        return "wait"
    return "in"


def test_the_sixth_guess_in_a_minute_waits_and_the_next_minute_is_new(tomas: NewAccount) -> None:
    assert [guess() for _ in range(7)] == ["wrong"] * FROM_ONE_PLACE + ["wait"] * 2
    assert guess(seconds=59) == "wait"
    assert guess(seconds=60) == "wrong"


def test_a_guess_that_waits_costs_no_work_and_one_line_of_the_journal(tomas: NewAccount) -> None:
    for _ in range(FROM_ONE_PLACE):
        guess()
    with patch.object(secrets, "hash_secret_raw", side_effect=AssertionError("work was done")):
        assert [guess() for _ in range(20)] == ["wait"] * 20
    assert [entry.kind for entry in list_entries()].count("accounts.session.throttled") == 1


def test_somebody_who_came_in_before_comes_in_while_the_whole_world_guesses(tomas: NewAccount) -> None:
    mark = throttle.new_mark(login_digest(VICTIM))
    for number in range(120):
        guess(f"198.51.{number}.7")
    assert guess("203.0.113.9") == "wait"
    code = second_factor.code_at(tomas.totp, NOW)
    assert actions.sign_in(VICTIM, PASSPHRASE, code, visitor=Visitor("203.0.113.9", mark), now=NOW)


def test_a_known_browser_has_no_endless_tries_either(tomas: NewAccount) -> None:
    mark = throttle.new_mark(login_digest(VICTIM))
    assert [guess(mark=mark) for _ in range(6)] == ["wrong"] * 5 + ["wait"]


@pytest.mark.parametrize("mark", ["", ".", "x.y", "é.é", "00" * 16 + "." + "0" * 64, "a" * 5000])
def test_a_mark_that_is_none_of_ours_gives_no_tries(tomas: NewAccount, mark: str) -> None:
    assert [guess(mark=mark) for _ in range(6)][-1] == "wait"
    assert guess() == "wait"


def test_a_mark_of_one_name_is_worth_nothing_at_another(tomas: NewAccount) -> None:
    mark = throttle.new_mark(login_digest("somebody else"))
    for _ in range(5):
        guess(mark=mark)
    assert guess() == "wait"


def test_one_network_cannot_try_all_names_and_an_ipv6_network_is_one(tomas: NewAccount) -> None:
    said = [guess(f"2001:db8::{number:x}", f"name{number}") for number in range(FROM_ONE_NETWORK + 2)]
    assert said == ["wrong"] * FROM_ONE_NETWORK + ["wait"] * 2
    assert guess("2001:db8:1::1", "name1") == "wrong"


def test_an_unknown_name_waits_like_a_known_one(tomas: NewAccount) -> None:
    assert [guess(login="nobody") for _ in range(6)] == [guess("192.0.2.2") for _ in range(6)]


def test_coming_in_forgets_the_tries_of_that_place(tomas: NewAccount) -> None:
    for _ in range(4):
        guess()
    code = second_factor.code_at(tomas.totp, NOW)
    assert actions.sign_in(VICTIM, PASSPHRASE, code, visitor=Visitor("192.0.2.1"), now=NOW)
    assert [guess() for _ in range(5)] == ["wrong"] * 5


def test_neither_names_nor_addresses_are_kept_and_old_tries_are_removed(tomas: NewAccount) -> None:
    guess("192.0.2.77")
    kept = " ".join(Tries.objects.values_list("id", flat=True))
    assert not {"192.0.2.77", VICTIM, login_digest(VICTIM).hex()} & set(kept.split())
    assert all(len(each) == 64 for each in kept.split())
    first = set(Tries.objects.values_list("id", flat=True))
    guess("192.0.2.78", "another", seconds=7200)
    guess("192.0.2.78", "another", seconds=7300)
    assert not first & set(Tries.objects.values_list("id", flat=True))


# Of one length, since what was typed stands in the form again.
STANDINGS = {"known": VICTIM, "nobody": "nemos", "invited": "petra", "closed": "lucia"}
# One row that is there, or none, read by the same statement.
ROWS = {"slots.py _payload", "slots.py _sealed", "slots.py _sealed.<locals>.<genexpr>"}


@pytest.mark.parametrize("address", ["/sign-in", "/lost-second-factor"])
@pytest.mark.parametrize("recovery", [False, True], ids=["passphrase", "recovery code"])
def test_whoever_does_not_exist_is_refused_by_the_same_path(
    hire: Hire, administrator: NewAccount, frozen: None, address: str, recovery: bool
) -> None:
    """Deterministic, where a clock would only measure the machine: the same functions, statements and stretching."""
    hire(VICTIM, "case_lead")
    staff.invite(administrator.actor, STANDINGS["invited"], "Invited", ["verifier"], now=NOW)
    Account.objects.filter(id=hire(STANDINGS["closed"], "case_lead").actor.id).update(disabled_at=NOW)
    sent = {"passphrase": secrets.new_recovery_code() if recovery else "a wrong passphrase"}
    sent |= {"code": "000000"} if address == "/sign-in" else {"recovery_code": secrets.new_recovery_code()}
    seen = {}
    # The first request of a process loads modules and tables.
    for at, (standing, login) in enumerate([("first", "first"), *STANDINGS.items()]):
        client = Client(REMOTE_ADDR=f"192.0.2.{at}")
        client.handler.load_middleware()
        with recorded() as path:
            answer = client.post(address, {"login": login, **sent})
        path.calls = [each for each in path.calls if each not in ROWS]
        seen[standing] = (path, answer.status_code, sorted(answer.headers.items()), shown(answer, login))
    first, *said = seen["nobody"]
    assert said[0] == 400
    assert len(first.stretched) == (0 if recovery else 1)
    for standing in STANDINGS:
        path, *same = seen[standing]
        assert path.first_difference(first) == "", standing
        assert same == said, standing


def shown(answer: HttpResponse, login: str) -> str:
    """Give a page without what was typed and what is drawn for each page."""
    drawn = r'csrfmiddlewaretoken" value="[^"]*|data-(question|ask)="[^"]*'
    return re.sub(drawn, "…", answer.content.decode()).replace(f'value="{login}"', "…")
