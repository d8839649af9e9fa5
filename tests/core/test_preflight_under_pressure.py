"""The mistakes that people make under pressure: each is found, in every language in which editions are made."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from preflight_frame import FRAME, checked

from tocsin.core.appeal import Addressee, AppealDocument, Channel, Demand, Paragraph, Person, Section, Text
from tocsin.core.appeal import Facts as AppealFacts
from tocsin.core.preflight import check

TOLD = FRAME["situation"]
QUOTED = "“You will not see your children again.” She was taken away."
ON = dt.date(2021, 10, 15)


def added(sentence: str) -> dict[str, Any]:
    return {"situation": f"{TOLD} {sentence}"}


MISTAKES: list[tuple[str, Mapping[str, Any]]] = [
    # The name is right everywhere but in one paragraph.
    ("NAM-01", added("On October 14, 2021, Ms. Mirella Tosk was denied a visit.") | {"case": {}}),
    ("NAM-09", added("On October 14, 2021, Ms. Tosc was denied a visit.") | {"case": {}}),
    ("NAM-05", added("On October 14, 2021, Mr. Tosk was denied a visit.")),
    ("DAT-01", added("On November 14, 2021, Ms. Tosk was denied a visit.")),
    ("SEC-02", added("She lives at 14 Mill Street in Karvel.")),
    ("SEC-02", added("Her number is +44 7700 900123.")),
    ("SEC-03", added("According to the receptionist of the hotel, she was crying.")),
    ("SEC-04", added("Her lawyer, Oskar Bell, was not let in.")),
    ("COD-02", {"code": "XBM 003 / 1021 / OBS 091", "case": {}}),
    (
        "LAW-03",
        {"position": FRAME["position"].replace("contravene", "contravene the right to freedom of expression in")},
    ),
    ("FCT-07", added(QUOTED)),
    # A paragraph, a demand and a country were left from another appeal.
    ("NAM-09", {"situation": f"{TOLD}\n\nOn July 3, 2021, Mr. Jorun Halvek was forcibly disappeared.", "case": {}}),
    (
        "DEM-01",
        {"demands": f"{FRAME['demands']}\n\niv. Disclose immediately the fate and whereabouts of Jorun Halvek."},
    ),
    (
        "LAW-11",
        {
            "situation": f"{TOLD}\n\nShe is charged under Article 241 of the Code of Administrative Offences.",
            "case": {},
        },
    ),
    ("COD-13", {"actions": "Please write to the authorities in Norway, urging them to:"}),
]


@pytest.mark.parametrize(("rule", "parts"), MISTAKES)
def test_a_mistake_is_found(rule: str, parts: Mapping[str, Any]) -> None:
    before = {key: each for key, each in parts.items() if key == "case"}
    assert rule not in {each.rule for each in checked(before).findings}
    assert rule in {each.rule for each in checked(parts).findings}


def edition(language: str, told: str, *, demands: int = 2, address: str = "office@justice.example") -> AppealDocument:
    return AppealDocument(
        kind="urgent_appeal",
        language=language,
        title=Text("-"),
        issued_on=ON,
        sections=(Section("situation", None, (Paragraph(told),)),),
        demands=tuple(Demand("i", "-") for _ in range(demands)),
        addressees=(Addressee(as_printed="-", channels=(Channel("email", address, address),)),),
        facts=AppealFacts(people=(Person("Mirela Tosk"),)),
    )


FIRST = edition("en", "On October 13, 2021, at 18:30, three officers arrested Mirela Tosk and two students.")
SAME = [
    edition("fr", "Le 13 octobre 2021, à 18h30, trois policiers ont arrêté Mirela Tosk et deux étudiants."),
    edition("es", "El 13 de octubre de 2021, a las 18:30, tres agentes detuvieron a Mirela Tosk y a dos estudiantes."),
    edition("ru", "13 октября 2021 года в 18:30 трое полицейских задержали Мирелу Тоск и двух студентов."),
    edition("ar", "في ١٣ تشرين الأول/أكتوبر ٢٠٢١ عند الساعة 18:30 اعتقل ثلاثة من أفراد الشرطة ميريلا توسك وطالبين."),
]
OTHER = [
    edition("fr", "Le 13 octobre 2021, à 18h30, quatre policiers ont arrêté Mirela Tosk et deux étudiants."),
    edition("es", "El 15 de octubre de 2021, a las 18:30, tres agentes detuvieron a Mirela Tosk y a dos estudiantes."),
    edition("fr", "Le 13 octobre 2021, à 18h30, trois policiers ont arrêté Marta Tosk et deux étudiants."),
    edition("ru", "15 октября 2021 года в 18:30 трое полицейских задержали Мирелу Тоск и двух студентов."),
    edition("ar", "في ١٥ تشرين الأول/أكتوبر ٢٠٢١ عند الساعة 18:30 اعتقل ثلاثة من أفراد الشرطة ميريلا توسك وطالبين."),
    edition("ru", SAME[2].sections[0].paragraphs[0].text, demands=3),
    edition("ar", SAME[3].sections[0].paragraphs[0].text, address="office@interior.example"),
]


@pytest.mark.parametrize("made", SAME, ids=lambda each: each.language)
def test_editions_that_say_the_same_are_left_alone(made: AppealDocument) -> None:
    assert "LNG-02" not in {each.rule for each in check(made, on=ON, beside=[FIRST]).findings}


BOTH = {
    "en": "On October 13, 2021, both were arrested.",
    "fr": "Le 13 octobre 2021, les deux ont été arrêtés.",
    "es": "El 13 de octubre de 2021 ambos fueron detenidos.",
    "ru": "13 октября 2021 года оба были задержаны.",
    "ar": "في 13 أكتوبر 2021 اعتقل كلاهما.",
}


@pytest.mark.parametrize("language", BOTH)
def test_both_is_two_in_another_edition_and_no_other_number(language: str) -> None:
    for one, told in BOTH.items():
        found = check(edition(language, BOTH[language]), on=ON, beside=[edition(one, told)]).findings
        assert "LNG-02" not in {each.rule for each in found}, one
    for counted, said in (("2", False), ("5", True)):
        first = edition("en", f"On October 13, 2021, the {counted} were arrested.")
        found = check(edition(language, BOTH[language]), on=ON, beside=[first]).findings
        assert ("LNG-02" in {each.rule for each in found}) is said


@pytest.mark.parametrize("made", OTHER)
def test_an_edition_that_says_something_else_is_found(made: AppealDocument) -> None:
    assert "LNG-02" in {each.rule for each in check(made, on=ON, beside=[FIRST]).findings}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "Elle habite au 12 rue des Lilas à Velm."),
        ("es", "Vive en la calle Mayor, 14."),
        ("ru", "Она проживает по адресу: ул. Речная, д. 5."),
        ("ar", "تسكن في شارع النهر 14 في كارفيل."),
        ("ru", "Её телефон: +44 7700 900123."),
        ("ar", "رقم هاتفها ‎+44 7700 900123."),
        ("fa", "mirela.home@mail.example"),
    ],
)
def test_what_leads_to_a_private_person_is_found_in_every_language(language: str, told: str) -> None:
    assert "SEC-02" in {each.rule for each in check(edition(language, told), on=ON).findings}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "Elle habite au bord du fleuve depuis 2019 avec 3 enfants."),
        ("fr", "Elle habite à 40 kilomètres de Velm."),
        ("es", "Vive en la calle desde hace 3 meses."),
        ("ru", "Она проживает по адресу своей матери с 2019 года."),
        ("ar", "تسكن في شارع النهر منذ عام 2019."),
    ],
)
def test_where_somebody_lives_is_no_address_without_a_number(language: str, told: str) -> None:
    assert "SEC-02" not in {each.rule for each in check(edition(language, told), on=ON).findings}
