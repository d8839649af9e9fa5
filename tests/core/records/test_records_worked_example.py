"""The worked example of the domain loads without loss; it lies outside the project, and no word of it is here."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tocsin.core import records
from tocsin.core.records import Case, Count, Event, Group

EXAMPLE = Path(__file__).parents[4] / "shared" / "domain" / "worked-example.yaml"

# Codes of the earlier form that our lists call otherwise.
RENAMED = {
    "indoor_meeting_place": "meeting_place",
    "restaurant_cafe": "cafe",
    "never_named": "unnamed",
    "initiation_announced": "announced",
    "write_to_mission_in_reader_country": "write_to_mission",
    "report_action_quoting_code": "report_action",
}


@pytest.fixture(scope="module")
def text() -> str:
    if not EXAMPLE.is_file():
        pytest.skip("the worked example is not there: it lies beside the project, under shared/")
    return EXAMPLE.read_text("utf-8")


@pytest.fixture(scope="module")
def case(text: str) -> Case:
    return records.from_yaml(text)


def normalised(plain: Any) -> Any:
    """Write a value as `to_plain` does: dates as texts, nothing that is null or empty, codes under our names."""
    if isinstance(plain, dict):
        return {key: normalised(value) for key, value in plain.items() if value is not None and value != []}
    if isinstance(plain, list):
        return [normalised(value) for value in plain]
    if isinstance(plain, dt.date):
        return plain.isoformat()
    return RENAMED.get(plain, plain) if isinstance(plain, str) else plain


def test_every_key_and_value_of_the_source_comes_back(text: str, case: Case) -> None:
    source = normalised(yaml.safe_load(text))
    source["schema"] = records.SCHEMA
    assert records.to_plain(case) == source


def test_what_was_written_reads_back_equal(case: Case) -> None:
    assert records.from_yaml(records.to_yaml(case)) == case
    assert records.from_json(records.to_json(case)) == case
    assert records.from_plain(records.to_plain(case)) == case


def test_it_holds_what_the_domain_counts_in_it(case: Case) -> None:
    acts = records.acts(case)
    assert (len(case.events), sum(event.act_type is not None for event in case.events), len(acts)) == (30, 17, 31)
    by_kind = [act.victim.partition(":")[0] for act in acts]
    assert {kind: by_kind.count(kind) for kind in by_kind} == {"person": 25, "org": 5, "grp": 1}
    assert {actor.degree for act in acts for actor in act.actors} == {"suspected"}
    assert len({act.id for act in acts}) == 31


def test_its_chronology_keeps_to_the_relations_that_its_events_state(case: Case) -> None:
    order = [event.id for event in records.chronology(case)]
    assert sorted(order) == sorted(event.id for event in case.events)
    at = {name: number for number, name in enumerate(order)}
    for event in case.events:
        if event.t:
            assert all(at[other] < at[event.id] for other in event.t.after)
            assert all(at[event.id] < at[other] for other in (*event.t.before, *event.t.order_before))
    # Arrest, then the blows during it, then custody, then the release; what is true up to the issue comes last.
    assert at["e20"] < at["e21"] < at["e22"] < at["e25"] < at["e28"]


def test_a_record_is_found_by_its_id(case: Case) -> None:
    assert case.get_record("grp:three-men", Group).size == Count(exact=3)
    assert case.find_record("grp:three-men", Event) is None
