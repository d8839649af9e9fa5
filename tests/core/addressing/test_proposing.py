"""Who is proposed for what: a table of cases, and what holds of every directory."""

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from directories import TODAY, directories
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.addressing import (
    Asked,
    Check,
    ContactPoint,
    Directory,
    Need,
    Post,
    competences,
    need_of,
    proposal_of,
    propose,
)
from tocsin.core.records import from_yaml

TABLE = tomllib.loads((Path(__file__).parent / "competence.toml").read_text("utf-8"))
EXAMPLE = from_yaml((Path(__file__).parents[3] / "examples/case.yaml").read_text("utf-8"))


def post(key: str) -> Post:
    row = TABLE["directory"][key]
    reached = ContactPoint(
        type="email", address=f"{key}@zarvania.example", checks=(Check(on=TODAY - dt.timedelta(days=9), result="ok"),)
    )
    return Post(
        key=key,
        country=row.get("country", "XZV"),
        office=row["office"],
        names={"en": key},
        place=row.get("place", ""),
        demands=tuple(row.get("demands", ())),
        topics=tuple(row.get("topics", ())),
        contact_points=(reached,) if row.get("reached", True) else (),
    )


def need(case: dict[str, Any]) -> Need:
    demands = tuple(Asked(f"d{n}", n, tuple(types.split())) for n, types in case["demands"].items())
    return Need(frozenset({"XZV"}), demands, frozenset(case.get("places", ())), frozenset(case.get("topics", ())))


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["why"])
def test_the_right_posts_are_proposed_in_the_right_order(case: dict[str, Any]) -> None:
    directory = Directory({}, {key: post(key) for key in case["posts"]})
    proposed = propose(need(case), directory, today=TODAY, turnovers={})
    assert [each.post.key for each in proposed.proposals] == case["wanted"]
    assert [each.ordinal for each in proposed.unmet] == case.get("unmet", [])


def test_every_kind_of_office_has_its_competence_and_is_in_the_table_of_cases() -> None:
    assert set(competences()) | {"other"} == set(vocab.load("posts"))


demands = st.lists(st.sampled_from(sorted(vocab.load("demand_types"))), max_size=4, unique=True).map(
    lambda types: tuple(Asked(f"d{n}", str(n), (each,)) for n, each in enumerate(types))
)


@given(directories(), demands)
def test_who_is_proposed_is_of_the_country_and_meets_something_or_passes_on(
    directory: Directory, asked: tuple[Asked, ...]
) -> None:
    wanted = Need(frozenset({"XZV"}), asked)
    proposed = propose(wanted, directory, today=TODAY, turnovers={})
    met = {each.id for proposal in proposed.proposals for each, _ in proposal.meets}
    assert {each.id for each in asked} == met | {each.id for each in proposed.unmet}
    for each in proposed.proposals:
        assert each.post.country == "XZV"
        assert each.meets or each.passes_on
        assert each == proposal_of(wanted, each.post, today=TODAY, turnovers={})
    keys = [each.post.key for each in proposed.proposals]
    again = Directory(directory.institutions, dict(reversed(list(directory.posts.items()))))
    assert [each.post.key for each in propose(wanted, again, today=TODAY, turnovers={}).proposals] == keys


@given(directories(), demands)
def test_who_cannot_be_reached_stands_behind_all_who_can(directory: Directory, asked: tuple[Asked, ...]) -> None:
    found = propose(Need(frozenset({"XZV"}), asked), directory, today=TODAY, turnovers={}).proposals
    reached = [each.can_be_reached for each in found]
    assert reached == sorted(reached, reverse=True)


def test_a_case_says_itself_what_it_needs() -> None:
    found = need_of(EXAMPLE)
    assert found.countries == {"XZV"}
    assert [each.ordinal for each in found.demands] == ["i", "ii", "iii", "iv"]
    # One that the desk added has no number of its own, and nobody is shown an id.
    added = (*EXAMPLE.demands[:3], replace(EXAMPLE.demands[3], ordinal=None))
    assert [each.ordinal for each in need_of(replace(EXAMPLE, demands=added)).demands] == ["1", "2", "3", "4"]
    assert "Karvel" in found.places
    assert "land_environment" in found.topics
