"""Guessing is slowed down, and nobody is shut out by somebody else's guesses."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test.utils import CaptureQueriesContext

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


def test_whoever_does_not_exist_is_refused_after_the_same_work(tomas: NewAccount, administrator: NewAccount) -> None:
    """Deterministic, where a clock would only measure the machine: the same look-ups and the same stretching."""
    from django.db import connections

    staff.invite(administrator.actor, "invited", "Invited", ["verifier"], now=NOW)
    closed = Account.objects.get(id=tomas.actor.id)
    work = {}
    for login in ("nobody", "invited", VICTIM, "closed"):
        if login == "closed":
            Account.objects.filter(id=closed.id).update(disabled_at=NOW)
        with (
            CaptureQueriesContext(connections["default"]) as data,
            CaptureQueriesContext(connections["keys"]) as keys,
            patch.object(secrets, "stretch", wraps=secrets.stretch) as stretch,
        ):
            guess("192.0.2.9", VICTIM if login == "closed" else login)
        looked_up = [query["sql"] for query in data.captured_queries if "SELECT" in query["sql"]]
        forms = [re.sub(r"[0-9a-f-]{32,}|'.*?'", "…", each) for each in looked_up if "tries" not in each]
        work[login] = (forms, len(keys), [call.args[2] for call in stretch.call_args_list])
    assert work["nobody"] == work["invited"] == work[VICTIM] == work["closed"]
    assert len(work["nobody"][2]) == 1
