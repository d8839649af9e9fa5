"""Cases made by dice for the bench: acts and methods of every kind, done to people of an invented country."""

import random
from collections.abc import Iterator
from typing import Any

from tocsin.core.records import Case, from_plain
from tocsin.core.vocab import load

_GIVEN = {
    "f": ["Mirela", "Orla", "Sunniva", "Yevanna", "Runa", "Ilse"],
    "m": ["Davit", "Pell", "Cato", "Jorun", "Bram", "Oswin"],
}
_FAMILY = [
    "Tosk",
    "Anhalt",
    "Venn",
    "Brill",
    "Ibarrol",
    "Wendt",
    "Pomar",
    "Halvek",
    "Otteken",
    "Varn",
    "Leuwen",
    "Sturm",
]
_TOWNS = ["Karvel", "Brennsund", "Velm", "Marn", "Ollanta", "San Ovel"]
_GROUPS = [
    ("four masked men", 4, "unknown"),
    ("two men in plain clothes", 2, "unknown"),
    ("police officers", None, "police"),
    ("three soldiers", 3, "military"),
    ("armed men", None, "unknown"),
]
# What courts and registries decide is told by proceedings, not by an act with an actor who does it with his hands.
_TYPES = [
    *("killing", "abduction", "torture", "ill_treatment", "physical_attack", "verbal_attack", "threat", "death_threat"),
    *("intimidation", "harassment", "arbitrary_arrest", "arbitrary_detention", "incommunicado", "house_arrest"),
    *("denial_medical_care", "denial_family_contact", "denial_of_counsel", "summons", "surveillance", "search_seizure"),
    *("burglary", "property_damage", "smear_campaign", "travel_ban", "expulsion", "dismissal", "excessive_force"),
]
_LEFT_IN = {
    "arbitrary_arrest": "in_police_custody",
    "arbitrary_detention": "in_police_custody",
    "incommunicado": "in_police_custody",
    "house_arrest": "house_arrest",
    "expulsion": "expelled",
}
_METHODS = {
    "physical_attack": ["beaten", "kicked", "punched_in_face", "dragged_by_hair"],
    "killing": ["shot", "stabbed"],
}


def invented_cases(number: int, seed: int, *, events: int = 6) -> Iterator[Case]:
    """Give invented cases; the same seed gives the same ones."""
    dice = random.Random(seed)
    for index in range(number):
        yield from_plain(_case(dice, index, events))


def _case(dice: random.Random, index: int, events: int) -> dict[str, Any]:
    families = dice.sample(_FAMILY, 3)
    people = [_person(dice, family) for family in families[: dice.choice([1, 1, 2, 3])]]
    groups = [
        {"id": f"grp:g{at}", "label_en": label, "size": size, "actor_type": actor}
        for at, (label, size, actor) in enumerate(dice.sample(_GROUPS, 3))
    ]
    town = dice.choice(_TOWNS)
    told = [_event(dice, at, people, groups, last=at == events - 1) for at in range(events)]
    dead = {victim: event["id"] for event in told if event["act_type"] == "killing" for victim in event["victims"]}
    for person in people:
        if person["id"] in dead:
            person["statuses"] = [{"value": "killed", "as_of": "2021-10-30", "since": dead[person["id"]]}]
    return {
        "schema": "tocsin/case/1",
        "appeal": {
            "id": f"appeal:{index}",
            "type": "urgent_appeal",
            "code": {
                "country": "XZV",
                "country_seq": 1 + index % 99,
                "month": 10,
                "year": 2021,
                "series": "OBS",
                "series_seq": 1 + index % 150,
            },
            "issued_on": "2021-10-30",
            "issued_at_places": ["Paris", "Geneva"],
            "language": "en",
            "countries": ["XZV"],
            "urgency_wording": "requests_your_urgent_intervention",
            "publisher": "org:observatory",
            "protagonists": [person["id"] for person in people],
        },
        "organisations": [
            {
                "id": "org:observatory",
                "name": {"en": "Observatory for Human Rights Defenders"},
                "short": "the Observatory",
                "kind": "programme",
            }
        ],
        "persons": people,
        "groups": groups,
        "places": [
            {"id": "place:country", "name": {"en": "Zarvania"}, "type": "country", "country": "XZV"},
            {"id": "place:town", "name": {"en": town}, "type": "city", "in": "place:country"},
        ],
        "events": told,
        "detentions": [
            detention
            for at, person in enumerate(people)
            if person["id"] not in dead and (detention := _detention(at, person["id"], told)) is not None
        ],
    }


def _detention(at: int, person: str, events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Say what the last event that took somebody's liberty left them in, on the day of the appeal."""
    taken = [event for event in events if event["act_type"] in _LEFT_IN and person in event["victims"]]
    if not taken:
        return None
    status = {"value": _LEFT_IN[taken[-1]["act_type"]], "as_of": "2021-10-30"}
    return {"id": f"det{at + 1}", "persons": [person], "apprehended_in": taken[-1]["id"], "status": status}


def _person(dice: random.Random, family: str) -> dict[str, Any]:
    gender = dice.choice(["f", "m"])
    given = dice.choice(_GIVEN[gender])
    return {
        "id": f"person:{family.lower()}",
        "names": [{"full": f"{given} {family}", "given": given, "family": family, "use": "preferred"}],
        "title": {"en": "Ms." if gender == "f" else "Mr."},
        "grammatical_gender": gender,
        "role": "defender",
        "defender": {"is_hrd": True, "works_on": [dice.choice(list(load("defender_topics")))]},
        "identity_in_public": "full_name",
    }


def _event(
    dice: random.Random, at: int, people: list[dict[str, Any]], groups: list[dict[str, Any]], *, last: bool
) -> dict[str, Any]:
    kind = dice.choice(_TYPES)
    if kind == "killing" and not last:
        kind = "attempted_killing"  # nothing more is done to the dead
    victims = dice.sample([person["id"] for person in people], dice.randint(1, len(people)))
    moment = f"2021-10-{3 + 3 * at:02d}" if at < 9 else f"2021-{1 + at % 9:02d}-{1 + at % 28:02d}"
    clock = dice.choice(["", "", f"T{dice.randint(6, 21):02d}:{dice.choice(['00', '15', '30'])}"])
    event: dict[str, Any] = {
        "id": f"e{at + 1}",
        "kind": "act",
        "act_type": kind,
        "victims": victims,
        "actors": [dice.choice(groups)["id"]] if dice.random() < 0.7 else [],
        "t": {"start": moment + clock, "precision": "minute" if clock else "day"},
    }
    if kind in _METHODS and dice.random() < 0.7:
        event["method"] = dice.choice(_METHODS[kind])
    if dice.random() < 0.5:
        event["place"] = "place:town"
    return event
