"""Who did what to whom, sentence by sentence: a table that a case worker can extend.

`sentences/<language>.toml` holds sentences as appeals print them, each with the acts a careful human reads in it:
`type (method): victims < actors`, `-` for nobody named. Each is read alone, in an appeal about the same two lawyers.
`sentences/statuses.toml` says what has become of Lena Marosh by the end of a sentence, `sentences/charges.toml` what
she is accused of, `sentences/proceedings.toml` which proceedings it tells of and how they stand,
`sentences/people.toml` who else is named and which groups.
`sentences/reports.toml` holds messages of partners, read whole.
"""

import tomllib
from pathlib import Path

import pytest

from tocsin.core.appeal import Act
from tocsin.core.reader import read

TABLES = Path(__file__).parent / "sentences"
APPEALS = {
    "en": """Zarvania: Attacks against Lena Marosh and Ivo Tarn

XZV 001 / 0621 / OBS 010
Arbitrary detention
June 20, 2021
The Observatory for Human Rights Defenders requests your urgent intervention in the following situation in Zarvania.
Description of the situation:
The Observatory has been informed about the situation of Ms. Lena Marosh and Mr. Ivo Tarn, lawyers.
""",
    "fr": """Zarvanie : Attaques contre Lena Marosh et Ivo Tarn

XZV 001 / 0621 / OBS 010
Détention arbitraire
20 juin 2021
L'Observatoire pour les défenseurs vous prie d'intervenir de toute urgence sur la situation suivante en Zarvanie.
Description de la situation :
L'Observatoire a été informé de la situation de Mme Lena Marosh et de M. Ivo Tarn, avocats.
""",
    "es": """Zarvania: Ataques contra Lena Marosh e Ivo Tarn

XZV 001 / 0621 / OBS 010
Detención arbitraria
20 de junio de 2021
El Observatorio para los Defensores solicita su intervención urgente ante la siguiente situación en Zarvania.
Descripción de la situación:
El Observatorio ha sido informado sobre la situación de la Sra. Lena Marosh y del Sr. Ivo Tarn, abogados.
""",
}
CASES = [
    (path.stem, case["text"], case["acts"])
    for path in sorted(TABLES.glob("??.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
STATUSES = [
    (case["language"], case["text"], case["status"])
    for case in tomllib.loads((TABLES / "statuses.toml").read_text(encoding="utf-8"))["case"]
]
CHARGES = [
    (case["language"], case["text"], case["charges"])
    for case in tomllib.loads((TABLES / "charges.toml").read_text(encoding="utf-8"))["case"]
]

PEOPLE = [
    (case["language"], case["text"], case["people"], case["groups"])
    for case in tomllib.loads((TABLES / "people.toml").read_text(encoding="utf-8"))["case"]
]
PROCEEDINGS = [
    (case["language"], case["text"], case["proceedings"])
    for case in tomllib.loads((TABLES / "proceedings.toml").read_text(encoding="utf-8"))["case"]
]

REPORTS = tomllib.loads((TABLES / "reports.toml").read_text(encoding="utf-8"))["case"]


def shown(act: Act) -> str:
    noted = ", ".join(filter(None, (act.method, act.mode if act.mode == "risk" else None)))
    noted = f" ({noted})" if noted else ""
    return f"{act.type}{noted}: {', '.join(act.victims) or '-'} < {', '.join(act.actors) or '-'}"


@pytest.mark.parametrize(("language", "sentence", "acts"), CASES, ids=[f"{case[0]}: {case[1][:60]}" for case in CASES])
def test_the_acts_of_a_sentence_are_those_a_careful_human_reads(language: str, sentence: str, acts: list[str]) -> None:
    document = read(APPEALS[language] + sentence + "\n")[0].document
    found = [shown(act) for event in document.facts.events if event.sentence in sentence for act in event.acts]
    assert found == acts


@pytest.mark.parametrize(
    ("language", "sentence", "status"), STATUSES, ids=[f"{case[0]}: {case[1]}" for case in STATUSES]
)
def test_what_became_of_somebody_is_what_the_sentence_ends_with(language: str, sentence: str, status: str) -> None:
    document = read(APPEALS[language] + sentence + "\n")[0].document
    assert [(left.person, left.status) for left in document.facts.status_as_of] == (
        [("Lena Marosh", status)] if status else []
    )


@pytest.mark.parametrize(
    ("language", "sentence", "charges"), CHARGES, ids=[f"{case[0]}: {case[1]}" for case in CHARGES]
)
def test_what_somebody_is_accused_of_is_what_the_sentence_names(
    language: str, sentence: str, charges: list[str]
) -> None:
    document = read(APPEALS[language] + sentence + "\n")[0].document
    assert [f"{each.offence}: {each.status}" for each in document.facts.charges] == charges
    assert {each.person for each in document.facts.charges} <= {"Lena Marosh"}
    said = {each.text for each in document.facts.quotations}
    assert not said & {each.offence for each in document.facts.charges}, "an offence is nobody's words"


@pytest.mark.parametrize(
    ("language", "sentence", "people", "groups"), PEOPLE, ids=[f"{case[0]}: {case[1][:60]}" for case in PEOPLE]
)
def test_people_are_what_a_sentence_says_of_each(
    language: str, sentence: str, people: list[str], groups: list[str]
) -> None:
    facts = read(APPEALS[language] + sentence + "\n")[0].document.facts
    told = [person for person in facts.people if person.name not in {"Lena Marosh", "Ivo Tarn"}]
    assert [
        f"{each.name}: {', '.join(each.described_as)} @ {', '.join(each.organisations) or '-'}" for each in told
    ] == people
    assert [f"{group.label}: {group.actor_type}" for group in facts.groups] == groups


MEMBERSHIPS = [
    (
        "fr",
        "M. Ivo Tarn, de l'Association des riverains de la Salve, a été arrêté.",
        "Association des riverains de la Salve",
    ),
    ("fr", "M. Ivo Tarn (Ligue kestrane des droits humains) a été arrêté.", "Ligue kestrane des droits humains"),
    (
        "fr",
        "Mme Lena Marosh, présidente de l'Union des paysannes de Velm, et M. Ivo Tarn, membre de la même organisation",
        "Union des paysannes de Velm",
    ),
    (
        "es",
        "El Sr. Ivo Tarn, quien preside la Federación Campesina de Quiruma, fue detenido.",
        "Federación Campesina de Quiruma",
    ),
    (
        "fr",
        "Nous dénonçons l'arrestation de M. Ivo Tarn et le procès de Mme Lena Marosh, membres de la Ligue des écluses.",
        "Ligue des écluses",
    ),
    (
        "fr",
        "M. Ivo Tarn, membre de la Convention kestrane pour la défense des riverains et des pêcheurs (CKDRP), dort.",
        "Convention kestrane pour la défense des riverains et des pêcheurs",
    ),
    (
        "fr",
        "M. Ivo Tarn, président de l'Association salvienne pour la Protection des Eaux et des Forêts (APROEF), dort.",
        "Association salvienne pour la Protection des Eaux et des Forêts",
    ),
    (
        "es",
        "El Sr. Ivo Tarn, miembro de Defensa del agua en la costa (DEFAC), fue detenido.",
        "Defensa del agua en la costa",
    ),
    ("en", "Mr. Ivo Tarn, a member of Fishers against the new dam (FANDAM), was held.", "Fishers against the new dam"),
    ("fr", "M. Ivo Tarn, membre du mouvement citoyen Salve La Belle, a été arrêté.", "Salve La Belle"),
    ("fr", "M. Ivo Tarn, membre du mouvement kestran « On a soif », a été arrêté.", "On a soif"),
    (
        "es",
        "El Sr. Ivo Tarn y la Sra. Lena Marosh, presidente y tesorera, respectivamente, de la Red Juvenil, huyeron.",
        "Red Juvenil",
    ),
]


@pytest.mark.parametrize(("language", "sentence", "body"), MEMBERSHIPS)
def test_to_which_organisation_somebody_belongs_is_what_the_sentence_says(
    language: str, sentence: str, body: str
) -> None:
    people = read(APPEALS[language] + sentence + "\n")[0].document.facts.people
    assert [person.organisations for person in people if person.name == "Ivo Tarn"] == [(body,)]


def test_who_is_accused_in_french_is_charged_whatever_accents_fold_to() -> None:
    told = "M. Tarn a été accusé d' « sabotage » et de « sédition »."
    told += " Il a parlé pour huit pêcheurs qui sont accusés de vol."
    charges = read(APPEALS["fr"] + told)[0].document.facts.charges
    assert [(one.person, one.offence) for one in charges] == [
        ("Ivo Tarn", "sabotage"),
        ("Ivo Tarn", "sédition"),
        ("huit pêcheurs", "vol"),
    ]


def test_a_country_with_its_letters_behind_it_is_no_organisation() -> None:
    told = "M. Ivo Tarn a écrit sur la République démocratique du Congo (RDC) et la République centrafricaine (RCA)."
    assert read(APPEALS["fr"] + told)[0].document.facts.organisations == ()


def test_a_date_says_which_day_is_meant_by_the_day() -> None:
    told = "Dans la journée du jeudi 15 avril 2021 vers 20 heures, Mme Marosh a été arrêtée."
    events = read(APPEALS["fr"] + told)[0].document.facts.events
    assert [(one.date, one.time) for one in events if one.sentence == told] == [("2021-04-15", "20:00")]


def test_a_body_is_one_under_its_acronym_in_the_title_and_its_name_below() -> None:
    told = (
        "M. Ivo Tarn, membre des organisations kestranes « Salve » et « Rive », et de la Ligue de l'eau potable (LEP)."
    )
    appeal = APPEALS["fr"].replace("Lena Marosh et Ivo Tarn\n", "Lena Marosh et Ivo Tarn de LEP\n", 1)
    bodies = read(appeal + told)[0].document.facts.organisations
    assert sorted(body.name for body in bodies) == ["Ligue de l'eau potable", "Rive", "Salve"]


def test_what_is_done_in_a_moment_does_not_go_on() -> None:
    told = "Mr. Ivo Tarn was released on bail, whereas Ms. Lena Marosh is still being held in Velm Prison."
    (event,) = [each for each in read(APPEALS["en"] + told)[0].document.facts.events if each.sentence in told]
    assert [(act.type, act.mode) for act in event.acts] == [
        ("conditional_release", "occurred"),
        ("arbitrary_detention", "ongoing"),
    ]


@pytest.mark.parametrize("thing", ["a police bus", "a police van", "the police station", "an army truck"])
def test_a_thing_that_belongs_to_a_body_is_no_group(thing: str) -> None:
    facts = read(APPEALS["en"] + f"Mr. Ivo Tarn was pushed into {thing} by two soldiers and beaten.\n")[
        0
    ].document.facts
    assert [group.label for group in facts.groups] == ["two soldiers"]


def test_a_title_in_capitals_makes_nobody_up() -> None:
    title = "Zarvania: Attacks against Lena Marosh and Ivo Tarn"
    appeal = APPEALS["en"].replace(title, "ZARVANIA: FEARS FOR LIFE OF STUDENT ACTIVIST")
    assert [person.name for person in read(appeal)[0].document.facts.people] == ["Lena Marosh", "Ivo Tarn"]


def test_every_language_has_its_table() -> None:
    assert {case[0] for case in CASES} == set(APPEALS)
    assert len(CASES) > 140


@pytest.mark.parametrize(
    ("language", "sentence", "proceedings"), PROCEEDINGS, ids=[f"{case[0]}: {case[1]}" for case in PROCEEDINGS]
)
def test_the_proceedings_of_a_sentence_are_for_or_against_whom_it_says(
    language: str, sentence: str, proceedings: list[str]
) -> None:
    document = read(APPEALS[language] + sentence + "\n")[0].document
    assert [f"{one.direction} {one.status}" for one in document.facts.proceedings] == proceedings


def test_a_text_that_ends_in_brackets_behind_a_name_is_read() -> None:
    told = "On 3 May 2021 the police came to the village and Ms. Ana Lot spoke with all of them for a long time there. "
    (reading,) = read(f"{told}Ms. Ana Lot (Red Line Movement, was arrested)")
    assert "Ana Lot" in [person.name for person in reading.document.facts.people]


@pytest.mark.parametrize("case", REPORTS, ids=[case["text"].split("\n\n")[1][:60] for case in REPORTS])
def test_a_report_says_what_a_careful_human_reads_in_it(case: dict[str, str | list[str]]) -> None:
    document = read(f"{case['text']}\n")[0].document
    facts = document.facts
    found = {
        "people": [f"{person.name}: {person.role}" for person in facts.people],
        "acts": [shown(act) for event in facts.events for act in event.acts],
        "charges": [f"{each.person}: {each.offence}: {each.status}" for each in facts.charges],
        "statuses": [f"{left.person}: {left.status}" for left in facts.status_as_of],
        "speakers": [each.speaker or "-" for each in facts.quotations],
        "dates": [event.date or "-" for event in facts.events],
        "memberships": [f"{person.name}: {body}" for person in facts.people for body in person.organisations],
    }
    assert document.kind == "report"
    assert {name: found[name] for name in found if name in case} == {name: case[name] for name in found if name in case}
