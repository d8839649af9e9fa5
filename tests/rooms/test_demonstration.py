"""What a demonstration shows: fifteen invented cases, each of which reads, says who leads it, and rests on sources.

A new case of the demonstration is a file in `config/demonstration/cases/` and a row in `cases.toml`.
"""

import itertools
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from command_line import ROOT
from people import NOW
from tocsin.casework.pages import standing
from tocsin.config.first_appeals import documents_of
from tocsin.config.founding import dated
from tocsin.core.archive import Shelf, find_in, plan
from tocsin.core.editing import lives
from tocsin.core.preflight import check
from tocsin.core.records import Case, Event, from_yaml
from tocsin.core.records.ordering import bounds

FOLDER = files("tocsin.config").joinpath("demonstration")
APPEALS = tomllib.loads(FOLDER.joinpath("appeals.toml").read_text("utf-8"))["appeals"]
ROWS = tomllib.loads(FOLDER.joinpath("cases.toml").read_text("utf-8"))["cases"]
FILES = [row["file"] for row in ROWS]
PEOPLE = tomllib.loads(files("tocsin.config").joinpath("people.toml").read_text("utf-8"))["people"]


def _case(name: str) -> Case:
    return from_yaml(dated(FOLDER.joinpath("cases", name).read_text("utf-8"), NOW))


def test_there_are_fifteen_cases_with_that_of_the_example() -> None:
    assert len(FILES) + 1 == 15
    assert len(set(FILES)) == len(FILES)
    assert sorted(each.name for each in FOLDER.joinpath("cases").iterdir()) == sorted(FILES)


@pytest.mark.parametrize("row", ROWS, ids=FILES)
def test_who_leads_a_case_may_open_one_and_who_reads_it_is_there(row: dict[str, str]) -> None:
    roles = {person["login"]: person["roles"] for person in PEOPLE}
    assert "case_lead" in roles[row["lead"]]
    assert row["lead"] not in row.get("read_by", ())
    assert set(row.get("read_by", ())) <= set(roles)


@pytest.mark.parametrize("name", FILES)
def test_a_case_is_invented_tells_a_story_and_has_a_name(name: str) -> None:
    case = _case(name)
    assert case.appeal.countries == ("XZV",), "the invented country"
    assert standing.title_of(case)
    assert any(isinstance(record, Event) for record in case.records())
    said = {about for claim in case.claims for about in claim.about}
    acts = {event.id for event in case.events if event.kind in {"act", "omission"}}
    assert acts <= said, "every act rests on a claim of a source"


def test_no_two_cases_bear_one_code_or_one_person() -> None:
    cases = [*map(_case, FILES), from_yaml((ROOT / "examples/case.yaml").read_text("utf-8"))]
    codes = [case.appeal.code.display for case in cases if case.appeal.code]
    people = [person.preferred.full for case in cases for person in case.persons]
    assert len(set(codes)) == len(codes)
    assert len(set(people)) == len(people)


def test_the_cases_are_in_every_state_that_a_team_meets() -> None:
    cases = list(map(_case, FILES))
    assert {"draft", "in_review", "published", "closed", "abandoned"} <= {case.appeal.status for case in cases}
    assert {status.value for case in cases if (status := standing.status_of_case(case))} == {
        "verification",
        "active",
        "monitoring",
        "dormant",
        "closed",
    }
    life = lives()["Case"]
    for case in cases:
        ways = [each.value for each in case.statuses]
        assert ways[0] in life.begins
        assert all(new in life.follows[old] for old, new in itertools.pairwise(ways)), ways
    held = {each.status.value for case in cases for each in case.detentions if each.status}
    assert {"released", "released_conditions", "serving_sentence", "unacknowledged"} <= held
    assert {"killed", "disappeared", "in_hiding", "left_country"} <= {
        status.value for case in cases for person in case.persons for status in person.statuses
    }
    assert {"given", "withdrawn", "unobtainable_justified"} <= {each.state for case in cases for each in case.consents}
    scripts = {name.script for case in cases for person in case.persons for name in person.names}
    assert {"Cyrl", "Arab"} <= scripts


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("row", APPEALS, ids=lambda row: row.get("case") or row["editions"][0])
def test_no_appeal_of_the_demonstration_tells_what_came_after_its_day_of_issue(row: dict[str, Any]) -> None:
    for document in documents_of(row):
        assert document.issued_on
        found = check(document, on=document.issued_on).findings
        assert [f"{each.rule} {each.says}" for each in found if each.rule in {"DAT-01", "DAT-03", "DAT-09"}] == []
    if "case" in row:
        case = _case(row["case"])
        issued = case.appeal.issued_on
        told = [each for each in case.events if each.kind != "plan"]
        starts = [bounds(each.t, each.as_of).earliest for each in told]
        assert [each.id for each, at in zip(told, starts, strict=True) if at and issued and at.date() > issued] == []


def test_each_old_text_of_the_demonstration_is_taken_over_without_a_doubt() -> None:
    for file in FOLDER.joinpath("archive").iterdir():
        text = file.read_text("utf-8")
        (row,) = plan(find_in(text, file=file.name, digest="0" * 64), Shelf()).rows
        assert (row.outcome, row.doubts, row.found.unread) == ("taken", (), 0)
