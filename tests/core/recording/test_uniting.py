"""Two records of one person put into one with all that names either, with the narrower consent, and apart again."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.core.errors import BadCase, BadRequest
from tocsin.core.preflight.consents import agrees, consent_of
from tocsin.core.recording.uniting import Uniting, divided, likely_same, united
from tocsin.core.records import Case, Person, acts, from_plain, from_yaml, to_plain

ONE, OTHER = "person:lena", "person:lena-2"
SAYS = Uniting("somebody", dt.date(2026, 11, 20), "word", "one person was here twice")
CASE = from_yaml(Path(__file__).with_name("twice.yaml").read_text("utf-8"))


def put_into_one(case: Case = CASE) -> Case:
    return united(case, ONE, OTHER, SAYS)


def with_consents(one: dict[str, Any] | None, other: dict[str, Any] | None) -> Case:
    consents = [
        {"id": f"consent:{word}", "person": person, **said}
        for word, person, said in (("a", ONE, one), ("b", OTHER, other))
        if said is not None
    ]
    return from_plain({**to_plain(CASE), "consents": consents})


def test_pairs_are_proposed_by_their_names_in_any_script_and_what_speaks_against_one_is_said() -> None:
    found = {(each.one, each.other): each for each in likely_same(CASE)}
    assert found[ONE, OTHER].names == ("Lena Marosh", "Лена Марош")
    assert [pair.how for pair in found[ONE, OTHER].pairs]
    assert found["place:velm", "place:velm-2"].score > 0.9
    # Whoever was threatened with her, or spoke beside her, is not herself, however alike the names: these come last.
    against = [each.together for each in likely_same(CASE)]
    assert against == [(), (), ("e03",), ("e02",)]


def test_whatever_named_either_names_the_one_that_stays_and_nothing_that_was_said_is_lost() -> None:
    case = put_into_one()
    assert OTHER not in str(to_plain(case))
    person = case.get_record(ONE, Person)
    assert [(each.full, each.use) for each in person.names] == [
        ("Lena Marosh", "preferred"),
        ("Лена Марош", "transliteration"),
        ("L. Marosh", "alias"),
    ]
    assert (person.birth_date, person.nationality, person.rc) == ("1981", ("XZV",), "C")
    assert (person.identity_in_public, person.defender and person.defender.works_on) == (
        "initials",
        ("land_environment", "labour"),
    )
    assert [each.value for each in person.statuses] == ["in_hiding", "disappeared"]
    assert person.relationships == ()
    # She is one victim of what both files told of her, and not two.
    assert [(each.event, each.victim) for each in acts(case)].count(("e03", ONE)) == 1
    assert case.detentions[0].persons == (ONE,)
    assert case.risks[0].exposed == (ONE,)
    assert case.appeal.protagonists == (ONE,)
    assert [each.value for each in case.demands[0].statuses] == ["issued", "acknowledged", "met"]
    said = [(each.predicate, each.value, each.sources, bool(each.disagrees_with)) for each in case.claims]
    assert ("birth_date", "1981", ("source:sister",), True) in said
    assert ("birth_date", "1982-03-04", ("source:lawyer",), True) in said
    assert [each.about for each in case.claims] == [(ONE,)] * len(case.claims)


def test_they_come_apart_as_they_were_and_what_was_done_since_stays() -> None:
    one = put_into_one()
    assert to_plain(divided(one, CASE, one)[0]) == to_plain(CASE)
    person = one.get_record(ONE, Person)
    later = replace(person, pronouns="she", names=(*person.names, replace(person.names[0], full="Maro", use="alias")))
    changed = replace(one, persons=tuple(later if each is person else each for each in one.persons))
    apart, told = divided(changed, CASE, one)
    back = apart.get_record(ONE, Person)
    assert ([each.full for each in back.names], back.pronouns, back.birth_date) == (
        ["Lena Marosh", "Maro"],
        "she",
        "1981",
    )
    assert apart.by_id[OTHER] == CASE.by_id[OTHER]
    assert told == ()
    changed = replace(one, persons=tuple(replace(each, rc="N") if each is person else each for each in one.persons))
    apart, told = divided(changed, CASE, one)
    assert (apart.by_id[ONE].rc, told) == ("N", (ONE,))


YES = {"use": "publish_name", "audience": "public", "answer": "yes"}
GIVEN = {"state": "given", "answers": [{**YES, "identity_form": "full_name"}]}


@pytest.mark.parametrize(
    ("other", "state", "form"),
    [
        (None, "given", "full_name"),
        (GIVEN, "given", "full_name"),
        ({"state": "limited", "answers": [{**YES, "identity_form": "initials"}]}, "limited", "initials"),
        ({"state": "given", "answers": [{**YES, "answer": "no"}]}, "", ""),
        ({"state": "given", "answers": []}, "", ""),
        ({"state": "refused"}, "refused", ""),
        ({"state": "withdrawn"}, "withdrawn", ""),
        ({"state": "requested"}, "requested", ""),
        ({"state": "unobtainable_justified"}, "unobtainable_justified", ""),
        ({**GIVEN, "expires_on": "2026-01-01"}, "given", "full_name"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_no_consent_gets_wider(other: dict[str, Any] | None, state: str, form: str, *, turned: bool) -> None:
    case = with_consents(other, GIVEN) if turned else with_consents(GIVEN, other)
    one = put_into_one(case)
    holding = consent_of(one, one.get_record(ONE, Person))
    assert holding is not None
    assert not state or holding.state == state
    # Whichever consent somebody asks, it allows no more than both did.
    for each in one.consents:
        said = agrees(each, "publish_name")
        assert (said.identity_form if said else "") == form, each
        assert each.person == ONE
        assert other is None or str(each.expires_on) == other.get("expires_on", "None")
    assert to_plain(divided(one, case, one)[0]) == to_plain(case)


def test_what_cannot_be_one_is_refused() -> None:
    for one, other in ((ONE, ONE), (ONE, "place:velm"), ("e01", "e02"), (ONE, "person:nobody")):
        with pytest.raises(BadRequest, match="two records of one kind"):
            united(CASE, one, other, SAYS)
    with pytest.raises(BadCase, match="part of itself"):
        united(CASE, "place:velm", "place:region", SAYS)
