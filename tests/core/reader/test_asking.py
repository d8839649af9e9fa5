"""What is asked of an authority in running prose, as tables of cases in three languages."""

import pytest

from tocsin.core import reader

ASKED = {
    "en": [
        (
            (
                "We call on the Government of Belmara to disclose the whereabouts of Ada Rill, to bring those "
                "who killed Bo Lind to justice, and to release Cy Dar. We further urge the authorities to lift "
                "his travel ban."
            ),
            ["disclose_whereabouts", "prosecute", "release", "lift_restrictions"],
        ),
        (
            (
                "We demand the immediate release of Ada Rill, an independent investigation into the torture of "
                "Bo Lind and an end to all harassment of the union."
            ),
            ["release", "investigate", "end_harassment"],
        ),
        ("Free Press Now demands that the authorities immediately release Ada Rill.", ["release"]),
        ("The authorities must release Ada Rill and drop all charges against her.", ["release drop_charges"]),
        ("We ask you to write to the ministry to release her.", []),
        ("The protesters asked the mayor to release Ada Rill and were beaten.", []),
        ("Ada Rill called for an investigation into the death of her son.", []),
    ],
    "fr": [
        (
            (
                "Le Collectif demande aux autorités ostréviennes de libérer Ada Rill, d'enquêter sur la mort de "
                "Bo Lind et de garantir la sécurité de Cy Dar. Il exige également qu'il soit mis fin à tout acte "
                "de harcèlement."
            ),
            ["release", "investigate", "guarantee_safety", "end_harassment"],
        ),
        (
            (
                "Nous exigeons la libération immédiate d'Ada Rill, l'ouverture d'une enquête sur sa mort et le "
                "respect de la Constitution."
            ),
            ["release", "investigate", "respect_constitution"],
        ),
        (
            ("Nous demandons que Ada Rill soit libérée et que les auteurs des tortures soient traduits en justice."),
            ["release", "prosecute"],
        ),
        ("La Ligue appelle le Gouvernement de Belmara à lever l'interdiction de voyager.", ["lift_restrictions"]),
        ("Nous vous demandons d'écrire au ministre pour la libération de Bo Lind.", []),
        ("Sa sœur avait demandé au procureur de libérer Bo Lind.", []),
    ],
    "es": [
        (
            (
                "Exigimos al Estado de Zarvania que presente con vida a Ada Rill; que anule la sentencia contra "
                "Bo Lind; que brinde medidas de protección a Cy Dar; y que cese la persecución contra la junta."
            ),
            ["disclose_whereabouts", "quash_conviction", "protection_measures", "end_harassment"],
        ),
        (
            (
                "Pedimos a las autoridades de Ostrevia que digan dónde está Ada Rill, que dejen en libertad a Bo "
                "Lind y que castiguen a los responsables."
            ),
            ["disclose_whereabouts", "release", "sanction"],
        ),
        ("El Comité exhorta a las autoridades a liberar a Ada Rill.", ["release"]),
        (
            ("Las organizaciones exigen al Gobierno la liberación inmediata de Ada Rill y el cese del hostigamiento."),
            ["release", "end_harassment"],
        ),
        ("Les pedimos que nos ayuden a exigir la libertad de Ada Rill.", []),
        ("Su abogado pidió a la jueza que liberara a Ada Rill.", []),
    ],
}


@pytest.mark.parametrize("language", ASKED)
def test_what_a_sentence_asks_of_an_authority_is_a_demand(language: str) -> None:
    for sentence, types in ASKED[language]:
        (reading,) = reader.read(f"{_STORY[language]}\n\n{sentence}", with_facts=False)
        assert (sentence, [" ".join(demand.types) for demand in reading.document.demands]) == (sentence, types)


_STORY = {
    "en": "On 3 May 2021, Ada Rill and her colleague were arrested by the police at their office in the town of Velm.",
    "fr": "Le 3 mai 2021, Ada Rill et son collègue ont été arrêtés par la police dans leurs bureaux de la ville.",
    "es": "El 3 de mayo de 2021, Ada Rill y su compañero fueron detenidos por la policía en las oficinas de la ciudad.",
}


def test_a_list_of_demands_outweighs_the_sentences_that_ask() -> None:
    text = f"{_STORY['en']}\n\nWe call on the Government to free Bo Lind and to release Cy Dar.\n\n"
    (reading,) = reader.read(text + "We urge the authorities to:\n- Release Ada Rill\n- Return the seized files\n")
    assert [demand.text for demand in reading.document.demands] == ["Release Ada Rill", "Return the seized files"]


@pytest.mark.parametrize(
    "asking",
    [
        "We call on the Government of Zarvania to release Ada Rill without delay.",
        "We urge the authorities to:\nRelease Ada Rill\nReturn the files seized from the office",
    ],
)
def test_a_headline_a_dateline_and_a_demand_make_a_statement_without_any_banner(asking: str) -> None:
    text = "Zarvania: Teacher held for a poem\n\nVelm-Brask, 9 March 2021 – Ada Rill, a teacher, was arrested in Velm "
    text += f"on 3 March 2021 because of a poem, the Writers' Circle of Velm said.\n\n{asking}"
    (reading,) = reader.read(text)
    document = reading.document
    assert document.kind == ("urgent_appeal" if "\n" in asking else "press_release")
    assert (document.issued_at, str(document.issued_on)) == (("Velm", "Brask"), "2021-03-09")
    assert document.title is not None
    assert document.title.text == "Zarvania: Teacher held for a poem"
    assert document.unread == ()
    (letter,) = reader.read(f"Dear friends,\n\n{text}")
    assert letter.document.kind == "report"
