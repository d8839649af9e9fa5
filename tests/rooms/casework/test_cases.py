"""A case on its way: sealed part by part, opened whole, saved by several people, and as it stood at an earlier time."""

import dataclasses
from pathlib import Path
from uuid import uuid4

import pytest

from people import LATER, NOW, Hire
from tocsin.accounts.actor import Actor
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import CaseFile, SealedRecord
from tocsin.casework.parts import compartments
from tocsin.casework.search.listing import Wanted, list_cases
from tocsin.core.errors import CannotOpen, ChangedMeanwhile, NotAllowed
from tocsin.core.records import Case, Event, Person, from_yaml
from tocsin.core.records.shape import slots_by_key
from tocsin.journal.queries import list_entries

WORDS = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))


@pytest.fixture
def lead(hire: Hire) -> Actor:
    return hire("tomas", "case_lead").actor


@pytest.fixture
def opened(lead: Actor) -> OpenCase:
    return actions.open_new_case(lead, WORDS, reason="a report came in", now=NOW)


@pytest.fixture
def colleague(hire: Hire, lead: Actor, opened: OpenCase) -> Actor:
    colleague = hire("amina", "case_lead").actor
    actions.give_access(lead, opened.id, "facts", colleague.id, reason="verifies", ends_at=LATER, now=NOW)
    return colleague


def with_event(case: Case, event_id: str, **fields: object) -> Case:
    events = tuple(dataclasses.replace(each, **fields) if each.id == event_id else each for each in case.events)
    return dataclasses.replace(case, events=events)


def added(case: Case, event: Event, at: int) -> Case:
    return dataclasses.replace(case, events=(*case.events[:at], event, *case.events[at:]))


def test_a_case_comes_back_as_it_was_saved(lead: Actor, opened: OpenCase) -> None:
    assert actions.read_case(lead, opened.id, now=NOW).case == WORDS


def test_who_does_not_hold_a_compartment_sees_none_of_its_fields(colleague: Actor, opened: OpenCase) -> None:
    case = actions.read_case(colleague, opened.id, now=NOW).case
    assert case.sources[0].identity is None
    assert case.persons[0].contact_points == ()
    assert case.events == WORDS.events


def test_saving_without_a_compartment_keeps_what_lies_in_it(lead: Actor, colleague: Actor, opened: OpenCase) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    actions.save_case(colleague, hers, with_event(hers.case, "e01", manner="quickly"), now=NOW)
    case = actions.read_case(lead, opened.id, now=NOW).case
    assert case == with_event(WORDS, "e01", manner="quickly")


def test_a_field_of_a_compartment_that_one_does_not_hold_cannot_be_written(colleague: Actor, opened: OpenCase) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    sources = (dataclasses.replace(hers.case.sources[0], identity="somebody else"),)
    with pytest.raises(NotAllowed):
        actions.save_case(colleague, hers, dataclasses.replace(hers.case, sources=sources), now=NOW)


def test_changes_of_two_people_in_different_records_are_both_kept(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    mine = with_event(opened.case, "e02", manner="curtly")
    actions.save_case(lead, opened, mine, now=NOW)
    between = Event(id="e03", kind="context")
    saved = actions.save_case(
        colleague, hers, added(with_event(hers.case, "e01", manner="quickly"), between, 1), now=NOW
    )
    assert [(event.id, event.manner) for event in saved.case.events] == [
        ("e01", "quickly"),
        ("e03", None),
        ("e02", "curtly"),
    ]
    assert actions.read_case(lead, opened.id, now=NOW).case.events == saved.case.events


def test_the_second_of_two_who_change_one_record_is_told_and_nothing_is_saved(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    actions.save_case(lead, opened, with_event(opened.case, "e01", manner="slowly"), now=NOW)
    with pytest.raises(ChangedMeanwhile) as told:
        actions.save_case(colleague, hers, with_event(hers.case, "e01", manner="quickly"), now=NOW)
    assert told.value.records == {("events", "e01")}
    assert "e01" not in str(told.value)
    assert actions.read_case(lead, opened.id, now=NOW).case == with_event(WORDS, "e01", manner="slowly")


def test_taking_out_what_another_changed_is_told_too(lead: Actor, colleague: Actor, opened: OpenCase) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    actions.save_case(lead, opened, with_event(opened.case, "e02", manner="curtly"), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.save_case(colleague, hers, dataclasses.replace(hers.case, events=hers.case.events[:1]), now=NOW)


def test_a_record_taken_out_by_who_sees_half_of_it_leaves_the_case_whole(
    lead: Actor, colleague: Actor, opened: OpenCase
) -> None:
    hers = actions.read_case(colleague, opened.id, now=NOW)
    actions.save_case(colleague, hers, dataclasses.replace(hers.case, sources=()), now=NOW)
    assert actions.read_case(lead, opened.id, now=NOW).case == dataclasses.replace(WORDS, sources=())


def test_the_case_can_be_read_as_it_stood(lead: Actor, opened: OpenCase) -> None:
    second = actions.save_case(lead, opened, with_event(opened.case, "e01", manner="slowly"), now=NOW)
    actions.save_case(lead, second, dataclasses.replace(second.case, events=()), now=NOW)
    states = [actions.read_case(lead, opened.id, now=NOW, version=version).case for version in (1, 2, 3)]
    assert states == [WORDS, second.case, dataclasses.replace(WORDS, events=())]


def test_saving_nothing_new_adds_nothing(lead: Actor, opened: OpenCase) -> None:
    before = SealedRecord.objects.count()
    assert actions.save_case(lead, opened, opened.case, now=NOW).version == 1
    assert SealedRecord.objects.count() == before


def test_saving_adds_versions_and_changes_none(lead: Actor, opened: OpenCase) -> None:
    before = set(SealedRecord.objects.values_list("id", "sealed"))
    actions.save_case(lead, opened, with_event(opened.case, "e01", manner="slowly"), now=NOW)
    after = set(SealedRecord.objects.values_list("id", "sealed"))
    assert before < after
    assert len(after - before) == 2, "the record and the outline"


def test_a_part_that_was_removed_from_the_database_is_noticed(lead: Actor, opened: OpenCase) -> None:
    SealedRecord.objects.filter(case=opened.id).exclude(row=opened.id).first().delete()  # type: ignore[union-attr]
    with pytest.raises(CannotOpen):
        actions.read_case(lead, opened.id, now=NOW)


def test_a_part_that_was_put_in_the_place_of_another_is_noticed(lead: Actor, opened: OpenCase) -> None:
    one, other = SealedRecord.objects.filter(case=opened.id, compartment="facts").exclude(row=opened.id)[:2]
    one.sealed = other.sealed
    one.save()
    with pytest.raises(CannotOpen):
        actions.read_case(lead, opened.id, now=NOW)


def test_a_whole_case_that_was_set_back_is_noticed(lead: Actor, opened: OpenCase) -> None:
    """Every part of the earlier version is genuine; only the journal knows that there was a later one."""
    actions.save_case(lead, opened, with_event(opened.case, "e01", manner="quickly"), now=NOW)
    assert actions.read_case(lead, opened.id, now=NOW).version == 2
    SealedRecord.objects.filter(case=opened.id, row=opened.id, version=2).delete()
    CaseFile.objects.filter(id=opened.id).update(version=1)
    with pytest.raises(CannotOpen, match="set it back"):
        actions.read_case(lead, opened.id, now=NOW)
    with pytest.raises(CannotOpen, match="set it back"):
        actions.save_case(lead, opened, WORDS, now=NOW)
    assert [row.title for row in list_cases(lead, Wanted(), now=NOW).rows] == [None]


def test_reading_is_in_the_journal_before_anything_is_opened(lead: Actor, opened: OpenCase) -> None:
    before = list_entries(subject=opened.id).count()
    actions.read_case(lead, opened.id, now=NOW)
    newest = list_entries(subject=opened.id)[0]
    assert (list_entries(subject=opened.id).count(), newest.kind, newest.actor) == (
        before + 1,
        "casework.case.read",
        lead.id,
    )


@pytest.mark.parametrize("verb", ["read", "save", "grant", "shred"])
def test_a_stranger_can_do_nothing_with_a_case(hire: Hire, opened: OpenCase, verb: str) -> None:
    stranger = hire("jon", "case_lead").actor
    attempts = {
        "read": lambda: actions.read_case(stranger, opened.id, now=NOW),
        "save": lambda: actions.save_case(stranger, opened, dataclasses.replace(WORDS, events=()), now=NOW),
        "grant": lambda: actions.give_access(
            stranger, opened.id, "facts", stranger.id, reason="mine", ends_at=LATER, now=NOW
        ),
        "shred": lambda: actions.shred_case(stranger, opened.id, now=NOW),
    }
    with pytest.raises(NotAllowed):
        attempts[verb]()


def test_a_shredded_case_is_not_there_any_more(lead: Actor, opened: OpenCase) -> None:
    actions.shred_case(lead, opened.id, now=NOW)
    with pytest.raises(NotAllowed) as gone:
        actions.read_case(lead, opened.id, now=NOW)
    with pytest.raises(NotAllowed) as never:
        actions.read_case(lead, uuid4(), now=NOW)
    assert CaseFile.objects.get(id=opened.id).shredded_at == NOW
    assert gone.value.code == never.value.code


def test_ended_access_ends_at_once(lead: Actor, colleague: Actor, opened: OpenCase) -> None:
    grant = actions.give_access(lead, opened.id, "sources", colleague.id, reason="asks her", ends_at=LATER, now=NOW)
    assert actions.read_case(colleague, opened.id, now=NOW).case == WORDS
    actions.end_access(lead, grant.id, reason="done", now=NOW)
    assert actions.read_case(colleague, opened.id, now=NOW).case.sources[0].identity is None


SECTIONS = {"persons": Person, **{slot.key: slot.leaf for slot in slots_by_key(Case).values()}}


@pytest.mark.parametrize("section", compartments().fields)
def test_a_field_that_is_sealed_apart_is_one_that_its_record_can_do_without(section: str) -> None:
    slots = slots_by_key(SECTIONS[section])
    for field, compartment in compartments().fields[section].items():
        assert compartment in compartments().words
        assert not slots[field].required, f"{section}.{field}"
