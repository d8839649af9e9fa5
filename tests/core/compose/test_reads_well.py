"""What an editor of appeals would change in a composed text, one case each: it is mended, and stays so."""

from collections.abc import Callable
from typing import Any

import pytest
from one_act import case_of_one_act

from command_line import ROOT
from tocsin.core.compose import Composition, compose
from tocsin.core.phrasebook import open_phrasebook
from tocsin.core.records import from_plain, from_yaml, to_plain
from tocsin.core.render import render

Change = Callable[[dict[str, Any]], None]


def record(plain: dict[str, Any], record_id: str) -> dict[str, Any]:
    listed = [each for records in plain.values() if isinstance(records, list) for each in records]
    return next(each for each in listed if each.get("id") == record_id)


def composed(name: str, change: Change, language: str) -> Composition:
    plain = to_plain(from_yaml((ROOT / f"tests/cases/{name}.yaml").read_text("utf-8")))
    change(plain)
    return compose(from_plain(plain), language=language)


def printed(made: Composition) -> str:
    return " ".join(render(made.document, "txt").split())


def as_it_is(_plain: dict[str, Any]) -> None:
    pass


def with_an_investigation(plain: dict[str, Any]) -> None:
    opened = {"id": "e50", "kind": "procedure", "procedure": "investigation_opened", "t": {"date": "2021-03-17"}}
    plain["events"].append(opened)


def of_nobody(plain: dict[str, Any]) -> None:
    for each in plain["events"]:
        each["rc"] = "C"
    plain["persons"][0] |= {"identity_in_public": "unnamed", "names": [{"full": "Hid Denham", "use": "preferred"}]}
    plain["persons"][0] = {key: each for key, each in plain["persons"][0].items() if not key.startswith("described_as")}
    for each in ("title", "summary"):
        plain["appeal"].pop(each, None)
    plain.pop("demands", None)
    plain["appeal"].pop("demands", None)


def asked(*types: str) -> Change:
    def ask(plain: dict[str, Any]) -> None:
        org = ["org:minutes"]
        plain["demands"] = [{"id": "d1", "ordinal": "i", "types": [*types], "beneficiaries": org}]
        plain["appeal"]["demands"] = ["d1"]

    return ask


def in_english_alone(plain: dict[str, Any]) -> None:
    plain["appeal"]["title"] = {"en": "Zarvania: Threats against a health worker"}
    plain["demands"][0]["text_en"] = "Protect P.D."


# (case, change, language, what stands in it, what does not)
CASES: list[tuple[str, Change, str, str, str]] = [
    # The dead are spoken of in the past.
    ("killing", as_it_is, "en", "Ixtal Moreda was a defender of", "Moreda is a defender"),
    ("killing", as_it_is, "fr", "Ixtal Moreda était défenseur", "Moreda est"),
    ("killing", as_it_is, "es", "Ixtal Moreda era defensor", "Moreda es "),
    # Nobody says that there is no investigation where one was opened.
    ("killing", with_an_investigation, "en", "nobody has been brought to justice", "no investigation has been opened"),
    ("killing", with_an_investigation, "fr", "personne n’a été traduit en justice pour", "aucune enquête"),
    ("killing", with_an_investigation, "es", "nadie ha sido llevado ante la justicia por lo", "no se ha abierto"),
    # Where nothing may be told there is no sentence without an object, and who is described is described once.
    ("threat-only", of_nobody, "en", "about the situation of a human rights defender.", "about ."),
    ("threat-only", of_nobody, "en", "well-being of the human rights defender", "defender is a"),
    ("threat-only", of_nobody, "fr", "informé de la situation d’une personne défendant les droits humains.", "d’."),
    ("threat-only", of_nobody, "es", "sobre la situación de una persona defensora", "sobre ."),
    # What was done behind a place stands behind it; the means stand before.
    ("disappearance", as_it_is, "en", "in the centre of Brennsund and took him", "place at a bus stop"),
    ("lanceurs-d-alerte", as_it_is, "fr", "arrêté Mme Marsan et M. Kerval sans mandat devant", "Ligue sans mandat"),
    # Who was put at risk is named as the act names them, and titles have no article.
    ("organisation-raided", as_it_is, "en", "the threatened dissolution of the House", "threatened threat"),
    ("organisation-raided", as_it_is, "fr", "menace de dissolution pesant sur", "risque ("),
    ("organisation-raided", as_it_is, "es", "la amenaza de disolución contra", "riesgo ("),
    ("disappearance", as_it_is, "fr", "Zarvania : Disparition forcée de", ": La disparition"),
    # A text in another language stands nowhere in the middle of this one.
    ("threat-only", in_english_alone, "fr", "Garantir en toutes circonstances l’intégrité", "Protect P.D."),
    ("threat-only", in_english_alone, "fr", "Menaces de mort contre P.D.", "health worker"),
    ("threat-only", in_english_alone, "es", "Ministerio del Interior", "Minister "),
    # Who is described as agreed is described as nothing else where a language has no words for it.
    ("threat-only", as_it_is, "es", "Amenazas de muerte", "defensora de los derechos humanos ("),
    # What is registered is the organisation, not its property.
    ("organisation-raided", asked("return_property", "register_org"), "en", "register the organisation", "register it"),
    ("organisation-raided", asked("return_property", "register_org"), "fr", "de l’organisation", "son enregistrement"),
    ("organisation-raided", asked("return_property", "register_org"), "es", "de la organización", "a su registro"),
    # Several who are named are set apart from everybody else.
    ("different-fates", as_it_is, "en", "Ilse Pomar, as well as of all human rights", "Pomar and all human"),
    ("different-fates", as_it_is, "es", "Ilse Pomar, así como de todas", "Pomar y de todas"),
    # A pronoun stands for nobody who was not meant.
    ("attempted-killing", as_it_is, "en", "to punish Ms. Anquil for her", "to punish her"),
    # What goes on in a paragraph of its own day.
    ("smeared-online", as_it_is, "fr", "Mme Doran est harcelée sur les réseaux", "ce qui suit"),
    ("attempted-killing", as_it_is, "es", "recibe amenazas de muerte por SMS", "lo siguiente"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "language", "stands", "gone"), CASES)
def test_what_an_editor_would_change(name: str, change: Change, language: str, stands: str, gone: str) -> None:
    text = printed(composed(name, change, language))
    assert stands in text
    assert gone not in text


def test_an_agreed_description_is_that_one_from_its_second_mention_on() -> None:
    asked_for = [each.text for each in composed("threat-only", of_nobody, "en").document.demands]
    assert any("against the human rights defender" in each for each in asked_for)
    assert all(each.rstrip(" .;") for each in asked_for)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Halvek", "de Halvek"),
        ("Henri Astor", "d’Henri Astor"),
        ("House of Memory", "de House of Memory"),
        ("Élodie", "d’Élodie"),
        ("«_outrage_»", "d’«_outrage_»"),
        ("«_vol_»", "de «_vol_»"),
    ],
)
def test_elision_in_french(name: str, said: str) -> None:
    quoted = str.maketrans({"_": "\N{NO-BREAK SPACE}"})
    given = open_phrasebook("fr").say("step-release.nominal", victims=name.translate(quoted))
    assert given == f"la libération {said}".translate(quoted)


@pytest.mark.parametrize("mode", ["risk", "attempted"])
@pytest.mark.parametrize(
    "act", ["physical_attack", "search_seizure", "smear_campaign", "arbitrary_arrest", "travel_ban"]
)
def test_what_is_feared_or_tried_takes_its_victims_as_the_act_does(act: str, mode: str) -> None:
    case = case_of_one_act(act, method=None, by_somebody=False, language="en")
    plain = to_plain(case)
    plain["events"][0]["mode"] = mode
    plain["appeal"].pop("title", None)
    done, title = compose(case, language="en").document.title, compose(from_plain(plain), language="en").document.title
    adjective = {"risk": "Threatened", "attempted": "Attempted"}[mode]
    assert done is not None
    assert title is not None
    noun = done.text.partition(": ")[2]
    assert title.text == f"{done.text.partition(': ')[0]}: {adjective} {noun[:1].lower()}{noun[1:]}"
