"""Two cases in one, and apart again: nothing is lost, no id changes that need not, and undoing gives both back."""

import dataclasses
from itertools import product
from pathlib import Path

import pytest

from tocsin.core.errors import BadCase, DanglingReference
from tocsin.core.records import Case, Event, changed_after, from_yaml, joined, parted, to_plain

FILES = sorted((Path(__file__).parents[2] / "cases").glob("*.yaml"))
CASES = {path.stem: from_yaml(path.read_text("utf-8")) for path in FILES}
# Of those that tell their times in one zone; each with itself too, where every id stands twice.
PAIRS = [
    (one, other)
    for one, other in product(CASES, CASES)
    if CASES[one].timezone_default == CASES[other].timezone_default
    and (one == other or (ord(one[0]) + ord(other[-1])) % 4 == 0)
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_all_records_of_both_are_there_and_undoing_gives_the_case_back(one: str, other: str) -> None:
    kept, taken = CASES[one], CASES[other]
    both, names = joined(kept, taken)
    assert len(list(both.records())) == len(list(kept.records())) + len(list(taken.records())) - 1
    assert [each.id for each in kept.records()] == [each.id for each in both.records() if each.id in kept.by_id]
    assert set(names) == set(taken.by_id)
    assert all(names[each] == each for each in taken.by_id if each not in kept.by_id and each != taken.appeal.id)
    assert both.cover == (kept.cover or taken.cover)
    assert len(both.claims) == len(kept.claims) + len(taken.claims)
    assert set(both.appeal.protagonists) >= set(kept.appeal.protagonists)
    assert to_plain(parted(both, kept, taken, names)) == to_plain(kept)
    assert changed_after(both, both, names) == ()


def test_a_claim_keeps_its_source_and_what_it_is_about_under_their_new_ids() -> None:
    case = next(each for each in CASES.values() if any(claim.sources for claim in each.claims))
    both, names = joined(case, case)
    for claim in case.claims:
        came = both.by_id[names[claim.id]]
        assert came.sources == tuple(names[each] for each in claim.sources)  # type: ignore[attr-defined]
        assert came.about == tuple(names.get(each, each) for each in claim.about)  # type: ignore[attr-defined]


def test_what_was_added_since_stays_and_what_names_a_record_that_goes_is_refused() -> None:
    case = next(each for each in CASES.values() if each.events and each.persons)
    both, names = joined(case, case)
    own = Event(id="e:later", kind="context", victims=(case.persons[0].id,))
    more = dataclasses.replace(both, events=(*both.events, own))
    assert parted(more, case, case, names).events[-1] == own
    theirs = dataclasses.replace(own, victims=(names[case.persons[0].id],))
    with pytest.raises(DanglingReference):
        parted(dataclasses.replace(both, events=(*both.events, theirs)), case, case, names)


def test_what_was_changed_since_is_named() -> None:
    case = next(each for each in CASES.values() if each.events)
    both, names = joined(case, case)
    came = names[case.events[0].id]
    events = tuple(dataclasses.replace(each, manner="slowly") if each.id == came else each for each in both.events)
    assert changed_after(dataclasses.replace(both, events=events), both, names) == (came,)


def test_cases_that_tell_their_times_in_different_zones_are_not_joined() -> None:
    case = next(iter(CASES.values()))
    here, there = (dataclasses.replace(case, timezone_default=zone) for zone in ("Europe/Paris", "Asia/Almaty"))
    with pytest.raises(BadCase, match="different zones"):
        joined(here, there)


def test_a_zone_that_came_goes_again() -> None:
    case: Case = dataclasses.replace(next(iter(CASES.values())), timezone_default=None)
    there = dataclasses.replace(case, timezone_default="Europe/Paris")
    both, names = joined(case, there)
    assert both.timezone_default == "Europe/Paris"
    assert parted(both, case, there, names) == case
