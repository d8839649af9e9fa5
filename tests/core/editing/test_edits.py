"""Edits of a case: whatever is changed, the case reads back equal, and what was said of a status is never lost."""

import dataclasses
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import ROOT
from drawing import examples
from tocsin.core import vocab
from tocsin.core.editing import (
    Added,
    Changed,
    Edit,
    Entered,
    Withdrawn,
    edited,
    entered,
    key_of,
    lives,
    named_by,
    new_id,
    record_at,
    section_slot,
    status_type,
)
from tocsin.core.errors import BadCase, BadRequest, NotAllowed
from tocsin.core.records import Case, Event, Status, changes_since, from_plain, from_yaml, in_force, to_plain
from tocsin.core.records.folding import fold, unfold
from tocsin.core.records.shape import slots

TODAY = dt.date(2021, 10, 20)
ROWS = tomllib.loads(Path(__file__).with_name("lifecycles.toml").read_text("utf-8"))["rows"]
EXAMPLE = from_yaml((ROOT / "examples/case.yaml").read_text("utf-8"))
SMALL = from_plain(
    {
        "schema": "tocsin/case/1",
        "appeal": {"id": "appeal:a", "type": "urgent_appeal", "language": "en", "publisher": "org:a"},
        "organisations": [{"id": "org:a", "name": {"en": "Watch"}, "kind": "ngo_local"}],
        "persons": [
            {"id": "person:a", "names": [{"full": "Ada Karv", "use": "preferred"}]},
            {"id": "person:b", "names": [{"full": "Bo Tell", "use": "preferred"}]},
        ],
        "consents": [{"id": "consent:a", "person": "person:a", "state": "not_requested"}],
        "events": [{"id": "e01", "kind": "act", "act_type": "arbitrary_arrest", "victims": ["person:a"]}],
        "detentions": [{"id": "det1", "persons": ["person:a"]}],
        "proceedings": [{"id": "pr1", "kind": "criminal"}],
        "demands": [{"id": "d1", "types": ["release"], "beneficiaries": ["person:a", "person:b"]}],
        "sources": [{"id": "source1", "type": "family"}, {"id": "source2", "type": "victim"}],
        "claims": [{"id": "claim1", "about": ["e01", "det1"], "sources": ["source1"], "status": "recorded"}],
    }
)
AT = {
    "Detention": ("detentions", "det1"),
    "Proceeding": ("proceedings", "pr1"),
    "Demand": ("demands", "d1"),
    "Consent": ("consents", "consent:a"),
    "Person": ("persons", "person:a"),
    "Claim": ("claims", "claim1"),
    "Organisation": ("organisations", "org:a"),
    "Case": ("", ""),
}


def status(life: str, entry: Any, number: int) -> Status:
    said = entry if isinstance(entry, dict) else {"value": entry}
    plain = {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in said.items()}
    day, month = plain.pop("on", number), plain.pop("month", 10)
    made: Status = fold({**plain, "as_of": f"2021-{month:02}-{day:02}"}, status_type(lives()[life]))
    return made


def with_what_it_says(row: dict[str, Any]) -> Case:
    plain = to_plain(SMALL)
    says = {"claims": row.get("claim", {}), "sources": row.get("source", {})}
    says |= {AT[row["life"]][0]: row["record"]} if "record" in row else {}
    for section, more in says.items():
        plain[section][0].update(more)
    return from_plain(plain)


def enter(case: Case, life: str, new: Status) -> Case:
    return edited(case, Entered(*AT[life], new, TODAY))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['life']}: {row['entries'][-1]}")
def test_a_status_follows_what_may_come_before_it(row: dict[str, Any]) -> None:
    case = with_what_it_says(row)
    *before, last = [status(row["life"], entry, number) for number, entry in enumerate(row["entries"], 1)]
    for each in before:
        case = enter(case, row["life"], each)
    if row["taken"]:
        after = enter(case, row["life"], last)
        holder = after if row["life"] == "Case" else record_at(after, *AT[row["life"]])
        assert sorted(map(str, lives()[row["life"]].all_of(holder))) == sorted(map(str, [*before, last]))
        assert from_plain(to_plain(after)) == after
    else:
        with pytest.raises(BadRequest) as refused:
            enter(case, row["life"], last)
        assert refused.value.where == row.get("where")


def test_a_mistake_stays_and_no_longer_counts() -> None:
    wrong = {"value": "pretrial_detention", "corrects": True, "reason": "it was somebody else"}
    case = SMALL
    for number, each in enumerate(["in_police_custody", "released", wrong], 1):
        case = enter(case, "Detention", status("Detention", each, number))
    life, detention = lives()["Detention"], record_at(case, "detentions", "det1")
    entered_values = [each.value for each in life.all_of(detention)]
    assert entered_values == ["in_police_custody", "released", "pretrial_detention"]
    assert [each.value for each in life.in_force(detention)] == ["in_police_custody", "pretrial_detention"]
    assert detention.status.value == "pretrial_detention"
    assert [each.on.day for each in changes_since(case, dt.date(2021, 10, 1))] == [3]


def test_what_corrects_the_status_of_one_leaves_that_of_another_beside_it() -> None:
    people = ("person:a", "person:b")
    entries = [{"value": value, "beneficiary": each} for value in ("issued", "refused") for each in people]
    wrong = {"value": "no_response", "beneficiary": "person:a", "corrects": True, "reason": "it was somebody else"}
    case = with_what_it_says({"life": "Demand", "record": {"deadline": "2021-10-01"}})
    for number, each in enumerate([*entries, wrong], 1):
        case = enter(case, "Demand", status("Demand", each, number))
    assert [each.on.day for each in changes_since(case, dt.date(2021, 9, 30))] == [1, 2, 4, 5]


@pytest.mark.parametrize("life", sorted(lives()))
def test_a_life_cycle_knows_every_status_of_its_list_and_no_other(life: str) -> None:
    found = lives()[life]
    (value,) = (each for each in slots(status_type(found)) if each.key == "value")
    known = set(vocab.load(found.list)) if found.list else set(value.leaf.__args__)
    assert found.follows.keys() == known
    assert {each for after in found.follows.values() for each in after} <= known
    assert set(found.begins) <= known
    named = {each.key for each in slots(status_type(found))}
    assert {name for needed in found.needs.values() for name in needed} | set(found.asks) <= named
    assert found.needs.keys() <= known


@pytest.mark.parametrize("life", sorted(AT))
def test_every_life_has_a_way_to_be_tried(life: str) -> None:
    assert life in lives()
    assert AT.keys() == lives().keys()


def test_a_status_is_not_changed_by_changing_the_record() -> None:
    case = enter(SMALL, "Detention", status("Detention", "in_police_custody", 1))
    detention = record_at(case, "detentions", "det1")
    for other in (None, status("Detention", "released", 1)):
        with pytest.raises(BadRequest, match="never overwritten"):
            edited(case, Changed("detentions", "det1", dataclasses.replace(detention, status=other)))
    case = enter(case, "Case", status("Case", "verification", 1))
    (row,) = case.statuses
    for edit in (Changed("statuses", "#0", row), Withdrawn("statuses", "#0"), Added("statuses", row)):
        with pytest.raises(BadRequest, match="never overwritten"):
            edited(case, edit)


def test_what_is_named_by_others_stays() -> None:
    assert named_by(SMALL, "person:a") == ("consent:a", "e01", "det1", "d1")
    with pytest.raises(BadRequest, match="still name"):
        edited(SMALL, Withdrawn("persons", "person:a"))


def test_a_claim_goes_with_the_last_record_that_it_is_about() -> None:
    case = edited(SMALL, Withdrawn("events", "e01"))
    assert [each.about for each in case.claims] == [("det1",)]
    assert edited(case, Withdrawn("detentions", "det1")).claims == ()


def test_a_new_record_stands_behind_the_one_that_it_was_put_beside() -> None:
    event = Event(id=new_id("events", "k3m9"), kind="context")
    case = edited(EXAMPLE, Added("events", event, EXAMPLE.events[1].id))
    assert case.events.index(event) == 2
    assert edited(SMALL, Added("events", event)).events[-1] == event


def test_a_section_of_one_record_has_no_second() -> None:
    assert EXAMPLE.involvement_defaults is not None
    with pytest.raises(BadRequest, match="one record only"):
        edited(EXAMPLE, Added("involvement_defaults", EXAMPLE.involvement_defaults))
    assert edited(EXAMPLE, Withdrawn("involvement_defaults", "")).involvement_defaults is None
    with pytest.raises(BadRequest, match="cannot be without"):
        edited(EXAMPLE, Withdrawn("appeal", ""))


@pytest.mark.parametrize(
    "edit",
    [
        Withdrawn("nothing", "e01"),
        Withdrawn("timezone_default", ""),
        Withdrawn("events", "e99"),
        Entered("groups", "grp:none", Status(value="x", as_of=TODAY), TODAY),
    ],
)
def test_what_is_not_there_is_refused(edit: Edit) -> None:
    with pytest.raises(NotAllowed):
        edited(SMALL, edit)


def test_no_record_becomes_another_one() -> None:
    event = SMALL.events[0]
    with pytest.raises(BadRequest, match="id of a record"):
        edited(SMALL, Changed("events", "e01", dataclasses.replace(event, id="e02")))
    with pytest.raises(BadRequest, match="another kind"):
        edited(SMALL, Changed("events", "e01", SMALL.persons[0]))


RECORDS = [
    (slot.key, key_of(slot, number, each))
    for slot in slots(Case)
    if slot.nests
    for number, each in enumerate(slot.items(getattr(EXAMPLE, slot.name)))
]


# Edits as they are said: what is done, with which record, on which day; whether they can be is seen later.
WAYS = st.sampled_from(["change", "withdraw", "status", "add"])
EDITS = st.lists(st.tuples(WAYS, st.sampled_from(RECORDS), st.integers(1, 20), st.data()), max_size=8)


def _edit(case: Case, said: tuple[str, tuple[str, str], int, st.DataObject], number: int) -> Edit:
    what, (section, at), day, data = said
    record = record_at(case, section, at)
    life = lives().get(type(record).__name__)
    if what == "withdraw":
        return Withdrawn(section, at)
    if what == "status" and life is not None:
        value = data.draw(st.sampled_from(life.next(record) or life.begins))
        needed = {"reason": "r", "confidence": "reported", "conditions": "c", "claim": None}
        asked = {name: needed.get(name) for name in life.needs.get(value, ())}
        plain = {"value": value, "as_of": f"2021-10-{day:02}"} | {key: each for key, each in asked.items() if each}
        return Entered(section, at, fold(plain, status_type(life)), TODAY)
    if what == "add" and hasattr(record, "id"):
        return Added(section, dataclasses.replace(record, id=new_id(section, f"w{number}")), at)
    rc = data.draw(st.sampled_from([None, "P", "R", "C", "N"]))
    return Changed(section, at, dataclasses.replace(record, rc=rc) if hasattr(record, "rc") else record)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(EDITS)
def test_after_any_edits_the_case_reads_back_equal_and_statuses_only_grow(drawn: list[Any]) -> None:
    case = EXAMPLE
    for number, said in enumerate(drawn):
        before = _all_statuses(case)
        try:
            edit = _edit(case, said, number)
            case = edited(case, edit)
        except (BadRequest, BadCase, NotAllowed):
            continue
        assert from_plain(to_plain(case)) == case
        gone = edit.at if isinstance(edit, Withdrawn) else None
        after = _all_statuses(case)
        assert all(set(map(str, rows)) <= set(map(str, after.get(at, []))) for at, rows in before.items() if at != gone)


def _all_statuses(case: Case) -> dict[str, list[Status]]:
    found = {"": list(case.statuses)}
    for record in case.records():
        life = lives().get(type(record).__name__)
        if life is not None:
            found[record.id] = list(life.all_of(record))
    return found


@given(st.lists(st.booleans(), max_size=12))
def test_of_statuses_and_corrections_the_last_of_each_run_is_in_force(corrections: list[bool]) -> None:
    rows = [Status(value=f"s{number}", as_of=TODAY, corrects=each or None) for number, each in enumerate(corrections)]
    standing = in_force(rows)
    assert len(standing) == len(rows) - sum(corrections[1:])
    annulled = {number for number, corrects in enumerate(corrections[1:]) if corrects}
    assert list(standing) == [row for number, row in enumerate(rows) if number not in annulled]


def test_entering_asks_for_a_record_that_has_a_life() -> None:
    assert entered(lives()["Case"], SMALL, status("Case", "verification", 1), TODAY).statuses
    assert section_slot("events").leaf is Event
    assert unfold(SMALL.events[0])["id"] == "e01"
