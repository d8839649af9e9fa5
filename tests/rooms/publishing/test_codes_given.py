"""Each code is given out once: no number twice, none left out, whoever asks at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections, transaction

from people import NOW
from tocsin.core.codes import list_schemes, load_scheme, parse
from tocsin.core.errors import BadCode, BadRegistry
from tocsin.publishing import codes
from tocsin.publishing.models import GivenCode

TODAY = date(2026, 11, 26)
AT_ONCE, OF_EACH = 50, 2
WITHOUT_FOLLOW_UPS = {"pen"}


def test_numbers_follow_one_another_by_their_own_counters() -> None:
    given = [codes.give_code(country, on, now=NOW) for country, on in (("XZV", TODAY), ("XOS", TODAY), ("XZV", TODAY))]
    assert given == ["XZV 001 / 1126 / OBS 001", "XOS 001 / 1126 / OBS 002", "XZV 002 / 1126 / OBS 003"]
    assert codes.give_code("XZV", date(2027, 1, 2), now=NOW) == "XZV 001 / 0127 / OBS 001"
    assert codes.give_follow_up(given[2], TODAY, now=NOW) == "XZV 002 / 1126 / OBS 003.1"
    assert codes.give_follow_up(given[2], TODAY, now=NOW) == "XZV 002 / 1126 / OBS 003.2"


def test_what_is_rolled_back_was_never_given_and_what_is_void_is_not_given_again() -> None:
    with transaction.atomic():
        codes.give_code("XZV", TODAY, now=NOW)
        transaction.set_rollback(True)
    first = codes.give_code("XZV", TODAY, now=NOW)
    assert first == "XZV 001 / 1126 / OBS 001"
    codes.void_code(first)
    assert not codes.is_given(first)
    assert codes.give_code("XZV", TODAY, now=NOW) == "XZV 002 / 1126 / OBS 002"
    for wish in (codes.give_follow_up, lambda code, on, now: codes.void_code(code)):
        with pytest.raises(BadCode):
            wish("XZV 009 / 1126 / OBS 009", TODAY, now=NOW)


@pytest.mark.parametrize("name", list_schemes())
def test_every_scheme_gives_out_codes_that_it_reads(name: str) -> None:
    scheme = load_scheme(name)
    country = "KAZ" if "country" in scheme.parts else None
    first = codes.give_code(country, TODAY, scheme=scheme, now=NOW)
    second = codes.give_code(country, TODAY, scheme=scheme, now=NOW)
    assert len({first, second}) == 2
    assert codes.scheme_of(first) is scheme
    if name in WITHOUT_FOLLOW_UPS:
        with pytest.raises(BadCode, match="no follow-ups"):
            codes.give_follow_up(first, TODAY, scheme=scheme, now=NOW)
    else:
        follow_up = codes.give_follow_up(first, TODAY, scheme=scheme, now=NOW)
        assert parse(follow_up, scheme=scheme).code.follow_up == 1


LISTED = "XZV 004 / 1126 / OBS 017\t2026-11-03\nXOS 001 / 1126 / OBS 018\tvoid\nXZV 004 / 1126 / OBS 017.1\n"


def test_a_list_of_existing_codes_is_gone_on_from() -> None:
    assert codes.import_codes(LISTED, now=NOW) == 3
    assert codes.import_codes(LISTED, now=NOW) == 0
    assert codes.is_given("XZV 004 / 1126 / OBS 017")
    assert not codes.is_given("XOS 001 / 1126 / OBS 018")
    assert codes.give_code("XZV", TODAY, now=NOW) == "XZV 005 / 1126 / OBS 019"
    assert codes.give_follow_up("XZV 004 / 1126 / OBS 017", TODAY, now=NOW) == "XZV 004 / 1126 / OBS 017.2"


@pytest.mark.parametrize("line", ["XZV 001 / 1126 / OBS 044", "XZV 099 / 1126 / OBS 001", "nonsense"])
def test_a_list_that_contradicts_what_was_given_out_is_refused_whole(line: str) -> None:
    codes.give_code("XZV", TODAY, now=NOW)
    with pytest.raises(BadRegistry):
        codes.import_codes(f"XZV 007 / 1126 / OBS 077\n{line}\n", now=NOW)
    assert GivenCode.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_fifty_given_out_at_once_leave_no_gap_and_no_duplicate() -> None:
    def give(turn: int) -> list[str]:
        try:
            given = []
            for at in range(OF_EACH):
                with transaction.atomic():
                    code = codes.give_code(("XZV", "XOS")[(turn + at) % 2], TODAY, now=NOW)
                    if (turn, at) in GIVEN_UP:
                        transaction.set_rollback(True)
                        continue
                given.append(code)
            return given
        finally:
            connections.close_all()

    # Some draw back at the last moment: their numbers go to others.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        given = [code for each in pool.map(give, range(AT_ONCE)) for code in each]
    wanted = AT_ONCE * OF_EACH - len(GIVEN_UP)
    assert sorted(int(code.rpartition(" ")[2]) for code in given) == list(range(1, wanted + 1))
    for country in ("XZV", "XOS"):
        numbers = sorted(int(code.split()[1]) for code in given if code.startswith(country))
        assert numbers == list(range(1, len(numbers) + 1))
    assert GivenCode.objects.count() == wanted


GIVEN_UP = {(3, 1), (17, 0), (44, 1)}
