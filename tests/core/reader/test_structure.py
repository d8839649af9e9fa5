"""The structure of appeals and messages in the layouts of several years and three languages, as tables of cases."""

import datetime as dt
from pathlib import Path

import pytest

from tocsin.core import reader
from tocsin.core.appeal import Addressee, AppealDocument
from tocsin.core.reader.marks import unread
from tocsin.core.reader.normalise import normalise
from tocsin.core.reader.structure import structure

OPENING = (
    "The Observatory for the Protection of Human Rights Defenders, a partnership of the World Organisation Against "
    "Torture (OMCT) and FIDH, requests your urgent intervention in the following situation in Zarvania."
)
STORY = "On February 9, 2021, Ms. Lena Marosh was arrested at her home in Velm by officers who showed no warrant."
POSITION = "The Observatory condemns the arrest of Lena Marosh and calls on the authorities to release her."
INTRO = "Please write to the authorities in Zarvania, urging them to:"


def read(text: str) -> AppealDocument:
    (skeleton,) = structure(normalise(text))
    return skeleton.document


def left_unread(text: str) -> list[str]:
    normalised = normalise(text)
    (skeleton,) = structure(normalised)
    return [item.text for item in unread(normalised, skeleton.marks, 0, len(normalised))]


def appeal(header: str, *, opening: str = OPENING, body: str = "") -> str:
    return "\n".join([header, opening, "Description of the situation:", STORY, POSITION, body])


# --- header ---------------------------------------------------------------------------------------------------------

HEADERS = {
    "2021": (
        "Zarvania: Arbitrary arrest of Lena Marosh\n\nXZV 003 / 0221 / OBS 014\nArbitrary arrest /\nFebruary 11, 2021",
        "Zarvania: Arbitrary arrest of Lena Marosh",
    ),
    "2009, with a banner and a country": (
        "URGENT APPEAL - THE OBSERVATORY\n\nXZV 003 / 0221 / OBS 014\n\nArbitrary arrest\nZARVANIA\nFebruary 11, 2021",
        None,
    ),
    "2001, day before month": (
        "URGENT APPEAL -THE OBSERVATORY\nXZV 003 /0221/ OBS 014\nArbitrary arrest/\nZarvania\n11th February 2021",
        None,
    ),
    "words run together": (
        "URGENTAPPEAL - THE OBSERVATORY\nXZV003/0221/OBS014\nArbitrary arrest\nFebruary11, 2021",
        None,
    ),
    "code in the title": (
        "Zarvania: Arrest of Lena Marosh - XZV 003 / 0221 / OBS 014\nArbitrary arrest\nFebruary 11, 2021",
        "Zarvania: Arrest of Lena Marosh",
    ),
    "code glued to the title": (
        "Zarvania: Arrest of Lena Marosh- XZV 003 / 0221 / OBS 014\nArbitrary arrest\nFebruary 11, 2021",
        "Zarvania: Arrest of Lena Marosh",
    ),
    "all on one line": (
        "URGENT APPEAL - THE OBSERVATORY XZV 003 / 0221 / OBS 014 Arbitrary arrest / February 11, 2021",
        None,
    ),
    "navigation of a site around it": (
        (
            "Home\nUrgent appeals\nShare\n11/02/2021\nZarvania: Arrest of Lena Marosh\nXZV 003 / 0221 / OBS 014\n"
            "Arbitrary arrest /\nFebruary 11, 2021"
        ),
        "Zarvania: Arrest of Lena Marosh",
    ),
    "style sheet before it": (
        (
            'Normal 0 false false false EN-GB X-NONE X-NONE\n@font-face {font-family:"Times";} p.MsoNormal {x:0;}\n'
            "URGENT APPEAL - THE OBSERVATORY\nXZV 003 / 0221 / OBS 014\nArbitrary arrest\nFebruary 11, 2021"
        ),
        None,
    ),
    "style sheet on the line of the banner": (
        (
            "/* Style Definitions */ table.MsoNormalTable {mso-style-name:x;} URGENT APPEAL - THE OBSERVATORY\n"
            "XZV 003 / 0221 / OBS 014\nArbitrary arrest\nFebruary 11, 2021"
        ),
        None,
    ),
}


@pytest.mark.parametrize(("header", "title"), HEADERS.values(), ids=HEADERS.keys())
def test_header_of_any_layout_is_read(header: str, title: str | None) -> None:
    document = read(appeal(header))
    assert document.reference is not None
    assert document.reference.canonical == "XZV 003 / 0221 / OBS 014"
    assert [violation.code for violation in document.violations] == ["arbitrary_arrest"]
    assert document.issued_on == dt.date(2021, 2, 11)
    assert (document.title.text if document.title else None) == title
    assert document.countries == ("XZV",)
    assert document.kind == "urgent_appeal"
    assert document.language == "en"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"Press release\n\n4 March 2022 – Zarvania should free Lena Marosh, we urge today. {STORY}\n", "2022-03-04"),
        (f"URGENT ACTION\nIndex: ABC 12/034/2021 Zarvania Date: 5 May 2021\n{OPENING}\n{STORY}\n", "2021-05-05"),
        (f"Alert 11/02/2021\n\nZarvania: Arrest of Lena Marosh\n\n{STORY}\n\n{POSITION}\n", "2021-02-11"),
    ],
)
def test_the_day_of_issue_stands_where_sites_put_it(text: str, day: str) -> None:
    document = read(text)
    assert (str(document.issued_on), document.issued_at) == (day, ())


def test_neither_a_headline_nor_a_case_number_is_a_violation() -> None:
    header = "Zarvania: killing and risk of torture\n\nCase ZAR 130502\nKilling / Risk of torture -\n\nMay 4, 2021"
    assert [each.as_printed for each in read(appeal(header)).violations] == ["Killing", "Risk of torture"]


def test_header_without_a_code_is_still_a_header() -> None:
    document = read(appeal("Zarvania: Arrest of Lena Marosh\nArbitrary arrest\nFebruary 11, 2021"))
    assert document.reference is None
    assert document.title is not None
    assert document.title.text == "Zarvania: Arrest of Lena Marosh"
    assert document.issued_on == dt.date(2021, 2, 11)


def test_ambiguous_month_of_a_code_follows_the_date_of_issue() -> None:
    document = read(appeal("URGENT APPEAL\nXZV 003 /0106/ OBS 058\nArbitrary arrest\n29th June 2001"))
    assert document.reference is not None
    assert (document.reference.year, document.reference.month) == (2001, 6)


VIOLATION_LINES = {
    "Attack/ Arbitrary detention /": ["physical_attack", "arbitrary_detention"],
    "Arbitrary arrest\nJudicial harassment\nTravel ban": ["arbitrary_arrest", "judicial_harassment", "travel_ban"],
    "Provisional release / Arbitrary detention / Sentence to prison": [
        "conditional_release",
        "arbitrary_detention",
        "sentencing",
    ],
    "Death threats / Smear campaign / Break-in": ["death_threat", "smear_campaign", "burglary"],
    "Torture and ill-treatment / Denial of access to lawyers": ["torture", "ill_treatment", "denial_of_counsel"],
    "Killing / Impunity": ["killing", "impunity"],
    "Closure of an NGO / Search and seizure": ["dissolution", "search_seizure"],
    "Arbitrary arrest / Restrictive amendment bill": ["arbitrary_arrest", None],
    "Détention au secret / Actes d’intimidation": ["incommunicado", "intimidation"],
    "Assassinat / Tentative d’assassinat / Menaces de mort": ["killing", "attempted_killing", "death_threat"],
    "Entraves à la liberté de rassemblement / Libération": ["assembly_obstructed", "release"],
    "Desaparición forzada / Amenazas de muerte / Allanamiento": [
        "enforced_disappearance",
        "death_threat",
        "search_seizure",
    ],
    "Hostigamiento judicial / Campaña de difamación": ["judicial_harassment", "smear_campaign"],
}


@pytest.mark.parametrize(("line", "codes"), VIOLATION_LINES.items())
def test_violation_line_gives_codes_in_printed_order(line: str, codes: list[str | None]) -> None:
    document = read(appeal(f"URGENT APPEAL\nXZV 003 / 0221 / OBS 014\n{line}\nFebruary 11, 2021"))
    assert [violation.code for violation in document.violations] == codes


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("At risk of torture and ill-treatment", "risk"),
        ("Risque de torture", "risk"),
        ("Riesgo de tortura", "risk"),
        ("Attempted abduction", "attempted"),
        ("Ongoing judicial harassment", "ongoing"),
        ("Judicial harassment", "occurred"),
    ],
)
def test_violation_keeps_its_mode(line: str, mode: str) -> None:
    document = read(appeal(f"URGENT APPEAL\nXZV 003 / 0221 / OBS 014\n{line} /\nFebruary 11, 2021"))
    assert {violation.mode for violation in document.violations} == {mode}


DATELINES = {
    "Velm-Paris, February 11, 2021": ("Velm", "Paris"),
    "Geneva - Paris, 11 February 2021": ("Geneva", "Paris"),
    "Genève, le 11 février 2021": ("Genève",),
    "París-Ginebra, 11 de febrero de 2021": ("París", "Ginebra"),
    "Bangkok-Dhaka-Geneva-Paris-Quezon City, 11 February 2021": ("Bangkok", "Dhaka", "Geneva", "Paris", "Quezon City"),
}


@pytest.mark.parametrize(("line", "places"), DATELINES.items())
def test_dateline_gives_places_and_date(line: str, places: tuple[str, ...]) -> None:
    body = f"Actions requested:\n{INTRO}\ni. Release Lena Marosh;\n{line}\nKindly inform us of any action undertaken."
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014\nArbitrary arrest", body=body))
    assert document.issued_at == places
    assert document.issued_on == dt.date(2021, 2, 11)


OPENINGS = {
    OPENING: (
        True,
        (
            "Observatory for the Protection of Human Rights Defenders",
            "World Organisation Against Torture (OMCT)",
            "FIDH",
        ),
    ),
    "The Observatory for the Protection of Human Rights Defenders, a joint programme of FIDH and the World "
    "Organisation Against Torture (OMCT), has received new information and requests your intervention in the "
    "following situation in Zarvania.": (
        False,
        (
            "Observatory for the Protection of Human Rights Defenders",
            "FIDH",
            "World Organisation Against Torture (OMCT)",
        ),
    ),
    "L’Observatoire pour la protection des défenseurs, un partenariat de la FIDH et de l’OMCT, vous prie d’intervenir "
    "de toute urgence dans la situation suivante en Zarvanie.": (
        True,
        ("Observatoire pour la protection des défenseurs", "FIDH", "OMCT"),
    ),
    "L’Observatoire vous prie d’intervenir à propos de la situation suivante en Zarvanie.": (False, ("Observatoire",)),
    "El Observatorio, una alianza de la OMCT y la FIDH, solicita su intervención URGENTE ante la siguiente "
    "situación en Zarvania.": (True, ("Observatorio", "OMCT", "FIDH")),
}


@pytest.mark.parametrize(("opening", "expected"), OPENINGS.items())
def test_opening_names_publishers_and_urgency(opening: str, expected: tuple[bool, tuple[str, ...]]) -> None:
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", opening=opening))
    assert document.opening is not None
    assert (document.opening.urgent, document.publishers) == expected


# --- kind and language ----------------------------------------------------------------------------------------------

KINDS = {
    "mark above the code": (
        "URGENT APPEAL\nNew information\nXZV 003 / 0221 / OBS 014.1\nRelease\nMay 1, 2021",
        "new_information",
    ),
    "follow-up number": ("URGENT APPEAL\nXZV 003 / 0221 / OBS 014.2\nRelease\nMay 1, 2021", "new_information"),
    "French mark": (
        "APPEL URGENT - L’OBSERVATOIRE\nNouvelles informations\nXZV 003 / 0221 / OBS 014",
        "new_information",
    ),
    "publisher before the mark": ("THE OBSERVATORY - URGENT APPEAL\nXZV 003 / 0221 / OBS 014", "urgent_appeal"),
    "first issue": ("URGENT APPEAL\nXZV 003 / 0221 / OBS 014\nArbitrary arrest\nMay 1, 2021", "urgent_appeal"),
}


@pytest.mark.parametrize(("header", "kind"), KINDS.values(), ids=KINDS.keys())
def test_kind_follows_the_marks_of_the_header(header: str, kind: str) -> None:
    assert read(appeal(header)).kind == kind


def test_a_title_that_ends_like_a_mark_stays_a_title() -> None:
    title = "Arbitrary arrest of two lawyers - Press release"
    document = read(appeal(f"URGENT APPEAL\nXZV 003 / 0221 / OBS 014\n{title}\nMay 1, 2021"))
    assert document.title is not None
    assert (document.kind, document.title.text) == ("urgent_appeal", title)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            f"PRESS RELEASE - THE OBSERVATORY\nZarvania: Lena Marosh freed!!\nGeneva, May 1, 2021\n{STORY}\n{POSITION}",
            "press_release",
        ),
        (
            f"OPEN LETTER\nTo the President of Zarvania\nMay 1, 2021\nYour Excellency,\n{STORY}\n{POSITION}",
            "open_letter",
        ),
        (
            f"Open letter to Dr. Ilir Dosk,\nPresident of Zarvania\nMay 1, 2021\nYour Excellency,\n{STORY}\n{POSITION}",
            "open_letter",
        ),
        (
            f"Closing update\nXZV 003 / 0221 / OBS 014.3\nRelease\nMay 1, 2021\n{STORY}\nIt thanks all who wrote.",
            "closure",
        ),
    ],
)
def test_other_publications_are_told_apart(text: str, kind: str) -> None:
    assert read(text).kind == kind


def test_to_whom_an_open_letter_goes_is_its_title() -> None:
    document = read(
        f"Open letter to the President of Zarvania\nMinister of the Interior\n\nYour Excellency,\n{STORY} {POSITION}\n"
    )
    assert document.title is not None
    assert document.title.text == "Open letter to the President of Zarvania"


def test_follow_up_that_thanks_instead_of_asking_closes_the_case() -> None:
    text = appeal(
        "URGENT APPEAL\nNew information\nXZV 003 / 0221 / OBS 014.1\nRelease\nMay 1, 2021",
        body="The Observatory thanks all those who wrote to the authorities.",
    )
    assert read(text).kind == "closure"


OTHER_LANGUAGES = {
    "ru": "Обсерватория по защите правозащитников сообщает о задержании правозащитницы в городе.",
    "ar": "تدعو المنظمة السلطات إلى الإفراج الفوري عن المدافعة عن حقوق الإنسان",
    "pt": "O Observatório foi informado da detenção de uma defensora dos direitos humanos, que não foi libertada.",
    "de": "Die Beobachtungsstelle wurde über die Festnahme der Anwältin und des Journalisten informiert, die nicht.",
}


@pytest.mark.parametrize(("language", "sentence"), OTHER_LANGUAGES.items())
def test_other_languages_give_code_date_and_channels_and_leave_the_rest_unread(language: str, sentence: str) -> None:
    text = f"{sentence}\nXZV 003 / 0221 / OBS 014\n11.02.2021\n{sentence}\nE-mail: desk@observatory.example\n{sentence}"
    document = read(text)
    assert document.language == language
    assert document.reference is not None
    assert document.issued_on == dt.date(2021, 2, 11)
    assert [contact.value for contact in document.contacts] == ["desk@observatory.example"]
    assert sentence.rstrip(".") in left_unread(text)


DATED_REPORTS = {
    "ru": "Правозащитницу задержали 11 февраля 2021 г. в 14:00. На следующий день её отпустили. Дело не закрыто.\n"
    "Тел.: +371 2000 0000, факс: +371 2000 0001, эл. почта: desk@observatory.example",
    "ar": "اعتقلت المدافعة يوم 11 فبراير 2021 الساعة 14:00. في اليوم التالي أفرج عنها. القضية لم تغلق.\n"
    "هاتف: +371 2000 0000 فاكس: +371 2000 0001 البريد الإلكتروني: desk@observatory.example",
}


@pytest.mark.parametrize("language", DATED_REPORTS)
def test_a_report_in_another_language_gives_its_dated_sentences_and_channels_and_no_acts(language: str) -> None:
    text = DATED_REPORTS[language]
    document = reader.read(text)[0].document
    assert [event.date for event in document.facts.events] == ["2021-02-11", "2021-02-12"]
    assert document.facts.events[0].time == "14:00"
    assert not [act for event in document.facts.events for act in event.acts]
    assert [contact.kind for contact in document.contacts] == ["phone", "fax", "email"]


# --- sections -------------------------------------------------------------------------------------------------------


def roles(document: AppealDocument) -> list[tuple[str, int]]:
    return [(section.role, len(section.paragraphs)) for section in document.sections]


@pytest.mark.parametrize("learnt", ["was further informed", "has also been informed", "further learned"])
def test_what_the_publisher_learnt_goes_on_with_the_story(learnt: str) -> None:
    document = read(appeal("XZV 003 / 0221 / OBS 014").replace(POSITION, f"The Observatory {learnt} that she is ill."))
    assert [section.role for section in document.sections] == ["situation"]


def test_position_begins_with_the_publisher_and_not_with_what_it_has_learnt() -> None:
    text = "\n".join(
        [
            *["URGENT APPEAL", "XZV 003 / 0221 / OBS 014", OPENING, "Description of the situation:"],
            *["The Observatory has been informed about the arrest of Lena Marosh.", STORY],
            *["The Observatory strongly condemns this arrest.", "More generally, FIDH and OMCT urge them to act."],
        ]
    )
    assert roles(read(text)) == [("situation", 2), ("position", 2)]


POSITIONS = [
    "The Observatory further calls on the authorities to release her.",
    "In view of the above, the Observatory urges the authorities to release her.",
    "Our organisations express their deepest concern.",
    "The World Organisation Against Torture deplores this sentence.",
    "L’Observatoire exprime sa plus vive préoccupation.",
    "L’Observatoire se félicite de cette libération.",
    "Nos organisations dénoncent cette condamnation.",
    "El Observatorio condena enérgicamente la detención.",
    "El Observatorio hace un llamado a las autoridades.",
    "Nuestras organizaciones manifiestan su preocupación.",
]


@pytest.mark.parametrize("paragraph", POSITIONS)
def test_position_is_known_by_subject_and_verb(paragraph: str) -> None:
    text = f"URGENT APPEAL\nXZV 003 / 0221 / OBS 014\n{OPENING}\nDescription of the situation:\n{STORY}\n{paragraph}"
    assert roles(read(text)) == [("situation", 1), ("position", 1)]


def test_follow_up_has_news_background_and_position() -> None:
    text = "\n".join(
        [
            *["URGENT APPEAL", "New information", "XZV 003 / 0221 / OBS 014.1", OPENING, "Newinformation:"],
            *[STORY, STORY],
            *["Background information:", "The Observatory recalls that she was held in 2019.", STORY, POSITION],
        ]
    )
    assert roles(read(text)) == [("new_information", 2), ("background", 2), ("position", 1)]


def test_note_is_anchored_and_defined() -> None:
    for marker in ("[1]", "¹"):
        text = appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=f"{marker} See the earlier appeal.")
        document = read(text.replace("no warrant.", f"no warrant.{marker}"))
        assert document.sections[0].paragraphs[0].notes == ("1",)
        assert [(note.marker, note.text) for note in document.notes] == [("1", "See the earlier appeal.")]


# --- demands --------------------------------------------------------------------------------------------------------

DEMANDS = [
    (
        "Guarantee in all circumstances the physical and psychological integrity of Lena Marosh;",
        ("guarantee_integrity",),
    ),
    ("Put an end to all acts of harassment against her and ensure her safety;", ("end_harassment", "guarantee_safety")),
    ("Release her immediately and unconditionally and drop all charges against her;", ("release", "drop_charges")),
    ("Disclose the fate and whereabouts of Lena Marosh;", ("disclose_whereabouts",)),
    (
        "Carry out an independent investigation, bring those responsible before a tribunal and sanction them;",
        ("investigate", "prosecute", "sanction"),
    ),
    ("Grant her access to a lawyer of her choice and to her family;", ("access_lawyer", "access_family")),
    ("Provide adequate medical care and reparation;", ("access_medical", "reparation")),
    ("Lift the travel ban and return the confiscated equipment;", ("lift_restrictions", "return_property")),
    ("Guarantee a fair trial in accordance with international standards;", ("fair_trial",)),
    ("Comply with the UN Declaration on Human Rights Defenders;", ("respect_declaration",)),
    ("Refrain from deporting her to Ostrevia;", ("no_refoulement",)),
    ("Repeal the law on foreign agents;", ("reform_law",)),
    ("Libérer immédiatement et sans condition Mme Marosh et abandonner les charges ;", ("release", "drop_charges")),
    ("Mener une enquête indépendante et traduire les responsables en justice ;", ("investigate", "prosecute")),
    ("Mettre fin à toute forme de harcèlement, y compris judiciaire ;", ("end_harassment",)),
    (
        "Adoptar medidas de protección y garantizar la integridad física de la Sra. Marosh;",
        ("protection_measures", "guarantee_integrity"),
    ),
    ("Poner fin a todo acto de hostigamiento y anular la condena;", ("end_harassment", "quash_conviction")),
    ("Conceder una reparación adecuada;", ("reparation",)),
]


@pytest.mark.parametrize(("demand", "types"), DEMANDS)
def test_demand_types_follow_the_words(demand: str, types: tuple[str, ...]) -> None:
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=f"Actions requested:\n{INTRO}\ni. {demand}"))
    assert [(one.ordinal, one.text, one.types) for one in document.demands] == [("i", demand, types)]


LISTS = {
    "roman": ("i. {}\nii. {}\niii. {}", ["i", "ii", "iii"]),
    "figures": ("1. {}\n2. {}\n3. {}", ["1", "2", "3"]),
    "letters": ("a) {}\nb) {}\nc) {}", ["a", "b", "c"]),
    "bullets": ("• {}\n• {}\n• {}", [None] * 3),
    "dashes": ("- {}\n- {}\n- {}", [None] * 3),
    "no signs": ("{}\n{}\n{}", [None] * 3),
    "one line": ("i. {} ii. {} iii. {}", ["i", "ii", "iii"]),
    "blank lines": ("i. {}\n\nii. {}\n\niii. {}", ["i", "ii", "iii"]),
}
THREE = ["Release Lena Marosh;", "Ensure that her school can open again;", "Comply with the Universal Declaration."]


@pytest.mark.parametrize(("layout", "ordinals"), LISTS.values(), ids=LISTS.keys())
@pytest.mark.parametrize("heading", ["Actions requested:\n", ""], ids=["heading", "no heading"])
def test_list_of_demands_in_any_layout(layout: str, ordinals: list[str | None], heading: str) -> None:
    body = f"{heading}{INTRO}\n{layout.format(*THREE)}\n- Mr. Ilir Dosk, Minister of Justice, Fax: +33 1 99 00 47 12"
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=body))
    assert [one.text for one in document.demands] == THREE
    assert [one.ordinal for one in document.demands] == ordinals
    assert [one.name for one in document.addressees] == ["Ilir Dosk"]
    assert [section.role for section in document.sections] == ["situation", "position", "actions"]


LEADS = (
    "We are asking the authorities of Zarvania to:",
    "The organisations ask the Government to:",
    "Please write to the authorities in Zarvania, urging them to:",
)


@pytest.mark.parametrize("lead", LEADS)
def test_a_sentence_that_asks_leads_to_the_demands_without_a_heading(lead: str) -> None:
    body = f"{lead}\n- Release Lena Marosh;\n- Return her telephone.\nKindly inform us of any action undertaken."
    assert [demand.text for demand in read(appeal("XZV 003 / 0221 / OBS 014", body=body)).demands] == [
        "Release Lena Marosh;",
        "Return her telephone.",
    ]


# --- addressees -----------------------------------------------------------------------------------------------------


def addressees(listing: str) -> tuple[Addressee, ...]:
    body = (
        f"Actions requested:\n{INTRO}\ni. Release Lena Marosh.\n{listing}\nKindly inform us of any action undertaken."
    )
    return read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=body)).addressees


ENTRIES: dict[str, tuple[str | None, str | None, str | None, str | None, str | None]] = {
    "- H.E. Ovid Tarn, President of Zarvania, Twitter: @OvidTarn": (
        "H.E.",
        None,
        "Ovid Tarn",
        "President of Zarvania",
        None,
    ),
    "- H.E. Ms. Ina Vel, Ambassador of Zarvania in Brussels, Belgium, Email: x@y.example": (
        "H.E.",
        "Ms.",
        "Ina Vel",
        "Ambassador of Zarvania",
        "Brussels, Belgium",
    ),
    "Mr. Ilir Dosk, Minister of Justice, Fax: +33 1 99 00 47 12": (
        None,
        "Mr.",
        "Ilir Dosk",
        "Minister of Justice",
        None,
    ),
    "• President of the Republic, Mr. Ovid Tarn, Fax: +33 1 99 00 47 12": (
        None,
        "Mr.",
        "Ovid Tarn",
        "President of the Republic",
        None,
    ),
    "- Minister of the Interior: General Rustam Ketz, Fax: + 7 …": (
        None,
        "General",
        "Rustam Ketz",
        "Minister of the Interior",
        None,
    ),
    "- Ministry of Justice, E-mail: justice@gov.example": (None, None, None, "Ministry of Justice", None),
    "- M. Karim Ould Sid, Ministre de la Justice, Courriel : x@y.example": (
        None,
        "M.",
        "Karim Ould Sid",
        "Ministre de la Justice",
        None,
    ),
    "- S.E. Mme Nadia Petrel, Ambassadrice à Genève, Suisse, Tél : +41 22 000 17 31": (
        "S.E.",
        "Mme",
        "Nadia Petrel",
        "Ambassadrice",
        "Genève, Suisse",
    ),
    "- Sra. Inés Carvallo, Ministra de Justicia, Correo electrónico: x@y.example": (
        None,
        "Sra.",
        "Inés Carvallo",
        "Ministra de Justicia",
        None,
    ),
    "- Sr. Evaristo Landemar, Presidente de Zarvania. Correo electrónico: x@y.example": (
        None,
        "Sr.",
        "Evaristo Landemar",
        "Presidente de Zarvania",
        None,
    ),
    "- Ovid Tarn, President of Zarvania, Fax: +41 22 000 18 40. Email: x@y.example.": (
        None,
        None,
        "Ovid Tarn",
        "President of Zarvania",
        None,
    ),
    "- Ambassador Ina Vel, Permanent Mission of Zarvania, Email: x@y.example": (
        None,
        "Ambassador",
        "Ina Vel",
        "Permanent Mission of Zarvania",
        None,
    ),
    "- General de División Omar Tuñón, Secretario de Defensa, Fax: +41 22 000 18 40": (
        None,
        "General de División",
        "Omar Tuñón",
        "Secretario de Defensa",
        None,
    ),
}


@pytest.mark.parametrize(("line", "parts"), ENTRIES.items())
def test_addressee_is_parted_into_style_title_name_office_and_place(line: str, parts: tuple[str | None, ...]) -> None:
    (one,) = addressees(line)
    assert (one.style, one.title, one.name, one.post, one.location) == parts


def test_the_full_stop_behind_an_address_is_no_part_of_it() -> None:
    (one,) = addressees("- Ovid Tarn, President of Zarvania, 1 Bastion Square, 1207 Karvel. Email: x@y.example.")
    assert [(channel.kind, channel.value) for channel in one.channels] == [
        ("post", "1 Bastion Square, 1207 Karvel"),
        ("email", "x@y.example"),
    ]


def test_blocks_with_the_office_first_are_read_one_by_one() -> None:
    first, second = addressees(
        "Addresses:\n\nMinister of the Interior\nGeneral de División Omar Tuñón\nAvenida Central 300\nVelm, Zarvania\n"
        "Fax: +33 1 99 00 47 12\nEmail: a@b.example, c@D.Example\nSalutation: Dear Minister\n\n"
        "Ministry of Justice\nMr. Ilir Dosk, Minister\nP.O. Box 12, Velm\nPhone: +33 1 99 00 47 13"
    )
    assert (first.title, first.name, first.post) == ("General de División", "Omar Tuñón", "Minister of the Interior")
    assert first.salutation == "Dear Minister"
    assert [(channel.kind, channel.value) for channel in first.channels][1:] == [
        ("fax", "+33199004712"),
        ("email", "a@b.example"),
        ("email", "c@d.example"),
    ]
    assert [channel.kind for channel in second.channels] == ["post", "phone"]
    assert second.name == "Ilir Dosk"


def test_a_copy_for_one_is_a_copy_for_nobody_else() -> None:
    first = "Mr. Ilir Dosk\nMinister of Justice\nVelm, Zarvania\n(copy)\nX (Twitter): @MinJust\n"
    addressees = read(
        appeal("URGENT APPEAL", body=f"Addresses:\n{first}\nMs. Ana Kell\nProsecutor\nE-mail: b@c.example\n")
    ).addressees
    assert [(one.name, one.post, one.location, one.copy) for one in addressees] == [
        ("Ilir Dosk", "Minister of Justice", "Velm, Zarvania", True),
        ("Ana Kell", "Prosecutor", None, False),
    ]
    assert [channel.kind for channel in addressees[0].channels] == ["twitter"]


def test_those_below_cc_get_a_copy() -> None:
    listed = addressees(
        "- Mr. Ilir Dosk, Minister, E-mail: a@b.example\ncc:\n- Ms. Ina Vel, Ombudsperson, E-mail: c@d.example"
    )
    assert [(one.name, one.copy) for one in listed] == [("Ilir Dosk", False), ("Ina Vel", True)]


CHANNELS: dict[str, list[tuple[str, str | None]]] = {
    "Email: Kense@MVD.example": [("email", "Kense@mvd.example")],
    "Email: a@b.example, c@d.example": [("email", "a@b.example"), ("email", "c@d.example")],
    "Email: [email protected]": [("email", None)],
    "Email: office (at) gov.example": [("email", "office@gov.example")],
    "Fax: + 33 (0) 1 43 55 25 18": [("fax", "+33143552518")],
    "Fax: + 7 …": [("fax", None)],
    "Tel: +33 1 43 55 25 18 / +33 1 43 55 25 19": [("phone", "+33143552518"), ("phone", "+33143552519")],
    "Tel and fax: +33 1 43 55 25 18 / +33 1 43 55 25 19": [("phone", "+33143552518"), ("fax", "+33143552519")],
    "Twitter: @A_b ; @Cd": [("twitter", "@A_b"), ("twitter", "@Cd")],
    "Facebook: GovernmentOfZarvania": [("facebook", "GovernmentOfZarvania")],
    "Instagram: @gov.zarvania": [("instagram", "@gov")],
    "www.gov.example/contact": [("web_form", "www.gov.example/contact")],
    "https://twitter.com/gov": [("twitter", "https://twitter.com/gov")],
}


@pytest.mark.parametrize(("printed", "channels"), CHANNELS.items())
def test_channels_are_normalised(printed: str, channels: list[tuple[str, str | None]]) -> None:
    (one,) = addressees(f"- Mr. Ilir Dosk, Minister of Justice, {printed}")
    assert [(channel.kind, channel.value) for channel in one.channels] == channels


def test_number_without_country_code_is_completed_from_the_country() -> None:
    text = appeal(
        "Belgium: Arrest of Lena Marosh\nBEL 003 / 0221 / OBS 014",
        body="Addresses:\n- Mr. A. Dosk, Minister, Tel: 02 555 12 12",
    )
    assert [channel.value for channel in read(text).addressees[0].channels] == ["+3225551212"]


# --- closing --------------------------------------------------------------------------------------------------------

REQUESTS = {
    "Please also write to the diplomatic mission or embassy of Zarvania located in your country.": ["write_to_mission"],
    "Kindly inform us of any action undertaken quoting the code of this appeal in your reply.": ["report_action"],
    "Merci d’écrire également aux représentations diplomatiques de Zarvanie dans votre pays.": ["write_to_mission"],
    "Merci de nous informer de toute action entreprise en citant le code de cet appel.": ["report_action"],
    "Se ruega escribir también a las embajadas de Zarvania en sus respectivos países.": ["write_to_mission"],
    "Les agradecemos que nos informen de cualquier acción emprendida, citando el código.": ["report_action"],
    "Please write to the embassies of Zarvania in your country. Kindly inform us of any action.": [
        "write_to_mission",
        "report_action",
    ],
    "Please do not send copies to the family.": [None],
}


@pytest.mark.parametrize(("line", "kinds"), REQUESTS.items())
def test_closing_requests(line: str, kinds: list[str | None]) -> None:
    body = (
        f"Actions requested:\n{INTRO}\ni. Release Lena Marosh.\n- Mr. Ilir Dosk, Minister, E-mail: a@b.example\n{line}"
    )
    assert [
        request.kind for request in read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=body)).requests
    ] == kinds


CONTACTS = {
    "To contact the Observatory, call the emergency line:\n• E-mail: a@B.example\n• Tel FIDH: + 33 (0) 1 43 55 25 18": [
        ("email", "a@b.example", None),
        ("phone", "+33143552518", "FIDH"),
    ],
    "To contact the Observatory: E-mail: a@b.example; Tel and fax OMCT: + 41 22 809 49 39 / + 41 22 809 49 29": [
        ("email", "a@b.example", None),
        ("phone", "+41228094939", "OMCT"),
        ("fax", "+41228094929", "OMCT"),
    ],
    "Pour contacter l’Observatoire, appeler :\nTél. et fax FIDH : + 33 (0) 1 43 55 25 18 / + 33 1 43 55 18 80": [
        ("phone", "+33143552518", "FIDH"),
        ("fax", "+33143551880", "FIDH"),
    ],
}


@pytest.mark.parametrize(("lines", "contacts"), CONTACTS.items())
def test_contacts_have_numbers_and_holders(lines: str, contacts: list[tuple[str, str, str | None]]) -> None:
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=lines))
    assert [(one.kind, one.value, one.holder) for one in document.contacts] == contacts


def test_paragraph_about_the_publisher_is_about() -> None:
    about = "The Observatory for the Protection of Human Rights Defenders (the Observatory) was created in 1997."
    body = (
        f"Actions requested:\n{INTRO}\ni. Release Lena Marosh.\n- Mr. Ilir Dosk, Minister, E-mail: a@b.example\n{about}"
    )
    document = read(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=body))
    assert document.about is not None
    assert document.about.text == about


# --- pages and messages ---------------------------------------------------------------------------------------------


def test_two_appeals_in_one_page_are_two_documents() -> None:
    second = "Ostrevia: Killing of Dan Ferro\nXOS 001 / 0321 / OBS 020\nKilling\nMarch 3, 2021"
    body = f"Actions requested:\n{INTRO}\ni. Release Lena Marosh.\n- Mr. Ilir Dosk, Minister, E-mail: a@b.example\n"
    text = normalise(appeal("URGENT APPEAL\nXZV 003 / 0221 / OBS 014", body=body) + appeal(second, body=body))
    documents = [skeleton.document for skeleton in structure(text)]
    assert [one.reference.number if one.reference else None for one in documents] == [14, 20]
    assert [len(one.demands) for one in documents] == [1, 1]
    assert documents[1].title is not None
    assert documents[1].title.text == "Ostrevia: Killing of Dan Ferro"


LEAD = (
    "The Observatory has been informed of the arrest of Ms. Lena Marosh, a member of the Velm Tenants' Council, and of "
    "Mr. Ivo Tarn, who defends tenants before the courts of the town of Velm and of the villages around it."
)


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [
        ("Zarvania: Arrest of Lena Marosh\n21/02/2021\nUrgent appeal\n\n{}\n\n", "{}\n", [LEAD, STORY]),
        ("Zarvania: Arrest of Lena Marosh\n21/02/2021\n\n{}\n\nURGENT APPEAL - THE OBSERVATORY\n", "", [LEAD, STORY]),
    ],
)
def test_a_paragraph_above_the_header_of_a_web_page_is_no_document_of_its_own(
    above: str, below: str, told: list[str]
) -> None:
    header = above.format(LEAD) + "XZV 003 / 0221 / OBS 014\nArbitrary detention\nFebruary 20, 2021"
    document = read("\n".join([header, OPENING, "Description of the situation:", below.format(LEAD), STORY]))
    assert document.reference is not None
    assert document.title is not None
    assert document.title.text == "Zarvania: Arrest of Lena Marosh"
    assert document.issued_on == dt.date(2021, 2, 20)
    assert [one.text for section in document.sections for one in section.paragraphs] == told
    assert left_unread("\n".join([header, OPENING, "Description of the situation:", below.format(LEAD), STORY])) == []


@pytest.mark.parametrize("repeated", ["Code of this appeal: XZV 003 / 0221 / OBS 014", "XZV 003 / 0221 / OBS 014"])
def test_a_code_that_is_printed_again_below_the_text_begins_no_document(repeated: str) -> None:
    text = normalise(
        f"{appeal('URGENT APPEAL' + chr(10) + 'XZV 003 / 0221 / OBS 014')}\n\n{repeated}\nPublished by: us\n"
    )
    assert len(structure(text)) == 1


def test_a_summary_above_the_opening_formula_begins_no_document() -> None:
    lead = (
        "The Observatory has been informed by reliable sources about the arbitrary arrest and subsequent detention of "
        "Ms. Lena Marosh, a leader of the Velm Rowers' League, as well as of acts of harassment against other "
        "members of the League, among them Mr. Ivo Tarn, who has been followed for several weeks on his way home."
    )
    header = "Arbitrary arrest of Ms. Lena Marosh - XZV 003 / 0221 / OBS 014\n\n11/02/2021\nUrgent Appeal"
    document = read(f"{header}\n\n{lead}\n\n{OPENING}\n\nDescription of the situation:\n\n{STORY}\n")
    assert document.opening is not None
    assert [[each.text for each in section.paragraphs] for section in document.sections] == [[lead], [STORY]]
    assert document.title is not None
    assert document.title.text == "Arbitrary arrest of Ms. Lena Marosh"


RELEASE = (
    "Nos associations condamnent l'arrestation de Mme Lena Marosh, tirée de son bureau à Velm par des gendarmes qui ne "
    "lui ont montré aucun mandat, et demeurent sans nouvelles de M. Ivo Tarn, qui avait été appelé au commissariat la "
    "veille et n'en est pas revenu, selon sa famille et les deux collègues qui l'y avaient accompagné jusqu'à la porte."
)


@pytest.mark.parametrize(
    ("text", "kind", "title", "places"),
    [
        (
            f"ZARVANIE : Une avocate arrêtée\n\nVelm, Port-Salve, 20 février 2021 - {RELEASE}\n",
            "report",
            "ZARVANIE : Une avocate arrêtée",
            ("Velm", "Port", "Salve"),
        ),
        (
            f"ZARVANIE : Une avocate arrêtée !\n\nsamedi 20 février 2021.\n\n{RELEASE}\n",
            "report",
            "ZARVANIE : Une avocate arrêtée !",
            (),
        ),
        (
            f"20.02.21\nInterventions urgentes\n\nZarvanie : Une avocate arrêtée\n\nVelm, 20 février 2021. {RELEASE}\n",
            "urgent_appeal",
            "Zarvanie : Une avocate arrêtée",
            ("Velm",),
        ),
    ],
)
def test_a_release_is_dated_by_its_dateline(text: str, kind: str, title: str, places: tuple[str, ...]) -> None:
    document = read(text)
    assert (document.kind, document.issued_on, document.issued_at) == (kind, dt.date(2021, 2, 20), places)
    assert document.title is not None
    assert document.title.text == title


def test_the_number_of_a_publication_is_no_title() -> None:
    document = read(
        f"DÉCLARATION PUBLIQUE\n\nIndex : ABC 12/3456/2021\n\nZarvanie. Une avocate arrêtée à Velm\n\n{RELEASE}\n"
    )
    assert document.kind == "press_release"
    assert document.title is not None
    assert document.title.text == "Zarvanie. Une avocate arrêtée à Velm"


def test_what_stands_behind_a_semicolon_is_not_asked_of_an_authority() -> None:
    told = "Notre ligue exige sa libération ; elle prévient les autorités de toute atteinte à son intégrité."
    assert read(f"Chers amis,\n\n{RELEASE} {told}\n\nBien à vous,\nIna Vel\n").demands == ()


MAIL = "From: <desk@observatory.example>\nTo: <us@velm.example>\nDate: Thu, 11 Feb 2021 21:14:00 +0100\nSubject: {}\n\n"


@pytest.mark.parametrize(
    ("subject", "header"),
    [
        (
            "Urgent appeal XZV 003 / 0221 / OBS 014",
            "URGENT APPEAL\nXZV 003 / 0221 / OBS 014\nZarvania: Arrest of Lena Marosh",
        ),
        ("Fwd: XZV 003 / 0221 / OBS 014", "URGENT APPEAL\nZarvania: Arrest of Lena Marosh"),
        ("Fwd: Zarvania: Arrest of Lena Marosh", "URGENT APPEAL\nXZV 003 / 0221 / OBS 014"),
    ],
    ids=["says nothing new", "has the code", "has the title"],
)
def test_an_appeal_in_a_mail_is_read_without_the_header_of_the_mail(subject: str, header: str) -> None:
    document = read(MAIL.format(subject) + appeal(header))
    assert document.kind == "urgent_appeal"
    assert document.title is not None
    assert document.title.text == "Zarvania: Arrest of Lena Marosh"
    assert document.reference is not None
    assert document.reference.number == 14
    assert document.contacts == ()
    assert not any("velm.example" in unread.text for unread in document.unread)


MESSAGE = """From: Ina Vel <ina@velm.example>
To: desk@observatory.example
Date: Thu, 11 Feb 2021 21:14:00 +0100
Subject: Fwd: URGENT: our colleague was taken

Dear all,

Our colleague Lena Marosh was taken from her home last night. We think it was the State Security, but nobody confirms.

Please do not write to the authorities in Zarvania yet: her family is afraid.

Best regards,
Ina Vel
Tel: +33 1 99 00 47 12
"""


def test_message_in_prose_is_a_report() -> None:
    document = read(MESSAGE)
    assert document.kind == "report"
    assert document.title is not None
    assert document.title.text == "URGENT: our colleague was taken"
    assert document.issued_on == dt.date(2021, 2, 11)
    assert roles(document) == [("other", 1), ("situation", 2), ("other", 3)]
    assert [(contact.kind, contact.value) for contact in document.contacts] == [("phone", "+33199004712")]
    assert not document.demands
    assert not document.addressees


@pytest.mark.parametrize("greeting", ["Chers amis,", "Estimados compañeros:", "Hello,"])
def test_message_without_headers_is_a_report(greeting: str) -> None:
    document = read(f"{greeting}\n\n{STORY}\n\n{STORY}")
    assert document.kind == "report"
    assert document.title is None
    assert document.issued_on is None
    assert roles(document) == [("other", 1), ("situation", 2)]


@pytest.mark.parametrize(
    ("greeting", "dateline", "closing"),
    [
        ("Chers amis,", "Port-Sabran, le 16 mars 2016", "Cordialement,"),
        ("Estimados compañeros:", "Puerto Lirio, 16 de marzo de 2016", "Atentamente,"),
        ("Hello,", "Karvel, 16 March 2016", "Best regards,"),
    ],
)
def test_a_message_is_dated_wherever_its_dateline_stands(greeting: str, dateline: str, closing: str) -> None:
    place = dateline.partition(",")[0]
    for text in (
        f"{greeting}\n\n{STORY}\n\n{STORY}\n\n{closing}\nIna Vel\n{dateline}",
        f"{greeting}\n\n{STORY}\n\n{STORY}\n\n{dateline}\n\n{closing}\nIna Vel",
        f"{dateline}\n\n{greeting}\n\n{STORY}\n\n{STORY}\n\n{closing}\nIna Vel",
    ):
        document = read(text)
        assert document.issued_on == dt.date(2016, 3, 16)
        assert document.issued_at == (place,)
        assert [role for role, _ in roles(document)].count("situation") == 1


@pytest.mark.parametrize(
    ("above", "title", "day", "places"),
    [
        ("ALERT\n\nTwo nurses arrested in Velm\n\nVelm, 4 May 2021", "Two nurses arrested in Velm", 4, ("Velm",)),
        ("Two nurses arrested in Velm\n4 May 2021", "Two nurses arrested in Velm", 4, ()),
        ("URGENT ALERT: Two nurses arrested in Velm\nDate: 4 May 2021", "Two nurses arrested in Velm", 4, ()),
        ("Alerte n° 12/2021\nLe 4 mai 2021\n\nDeux infirmières arrêtées", "Deux infirmières arrêtées", 4, ()),
        (
            "Two nurses arrested in Velm\n\n4 May 2021\n\nA crowd came.\n\n5 May 2021",
            "Two nurses arrested in Velm",
            0,
            (),
        ),
        ("Two nurses were arrested in Velm\nand taken to the station.", None, 0, ()),
    ],
    ids=["apart", "above its date", "behind a colon", "numbered", "a chronology", "prose in short lines"],
)
def test_an_alert_without_a_code_has_a_headline_and_a_date(
    above: str, title: str | None, day: int, places: tuple[str, ...]
) -> None:
    document = read(f"{above}\n\n{STORY}\n\n{STORY}")
    assert document.kind == "report"
    assert (document.title.text if document.title else None) == title
    assert document.issued_on == (dt.date(2021, 5, day) if day else None)
    assert document.issued_at == places
    assert not document.unread


@pytest.mark.parametrize(
    ("byline", "is_one"),
    [
        ("Posted on 12 May 2021 by Velm Newsroom in News", True),
        ("Published: May 12, 2021 10:30 am\nAuthor: Anna Kole", True),
        ("By Anna Kole | 12 May 2021", True),
        ("12 May 2021 by Anna Kole", True),
        ("Publié le 12 mai 2021 à 10h30 par la rédaction", True),
        ("Publicado por Redacción el 12 de mayo de 2021", True),
        ("By order of 12 May 2021 the market was closed", False),
        ("By Anna Kole's account of 12 May 2021 she was alone", False),
        ("Posted on 12 May 2021, the notice was torn down.", False),
        ("Bylaws of 12 May 2021", False),
    ],
)
def test_the_line_of_a_site_below_a_headline_dates_the_text_and_is_no_event(byline: str, is_one: bool) -> None:
    (reading,) = reader.read(
        f"Two nurses arrested in Velm\n{byline}\n\nOn Monday Ms. Lena Marosh was arrested in Velm."
    )
    document = reading.document
    assert document.issued_on == (dt.date(2021, 5, 12) if is_one else None)
    told = [event for event in document.facts.events if event.acts]
    assert not is_one or [event.date for event in told] == ["2021-05-10"]
    assert not is_one or (told == list(document.facts.events) and document.issued_at == ())
    assert not is_one or [person.name for person in document.facts.people] == ["Lena Marosh"]
    assert not document.unread


def test_the_line_of_a_site_in_the_header_of_an_appeal_is_neither_title_nor_place() -> None:
    byline = "Posted on February 11, 2021 by the Observatory for the Protection of Human Rights Defenders"
    document = read(appeal(f"Arrest of Lena Marosh\n{byline}\nXZV 003 / 0221 / OBS 014\nArbitrary arrest"))
    assert (document.issued_on, document.issued_at) == (dt.date(2021, 2, 11), ())
    assert document.title is not None
    assert document.title.text == "Arrest of Lena Marosh"


def test_a_banner_above_short_paragraphs_keeps_them_as_the_story() -> None:
    document = read(f"URGENT APPEAL\n\nTwo nurses arrested in Velm\n\nVelm, 4 May 2021\n\n{STORY} {STORY}\n\n{STORY}")
    assert document.title is not None
    assert roles(document) == [("situation", 2)]
    assert not document.unread


@pytest.mark.parametrize(
    ("language", "above", "told", "day"),
    [
        ("en", "On Mon, 3 May 2021, Ada Finch wrote:", "Yesterday, she was arrested in Velm.", "2021-05-02"),
        ("en", "On 3/5/2021 at 10:12, Ada Finch <ada@x.example>\nwrote:", "She was arrested in Velm.", "2021-05-03"),
        ("en", "From: Ada Finch\nSent: Monday, 3 May 2021 10:12", "She was arrested today in Velm.", "2021-05-03"),
        ("fr", "Le lun. 3 mai 2021 à 10:12, Ada Finch a écrit :", "Hier, elle a été arrêtée à Velm.", "2021-05-02"),
        ("es", "El lun, 3 may 2021 a las 10:12, Ada Finch escribió:", "Ayer fue detenida en Velm.", "2021-05-02"),
    ],
)
def test_the_line_above_a_quoted_mail_dates_it_and_is_no_event(language: str, above: str, told: str, day: str) -> None:
    opening = {"en": "Please read this of Ms. Lena Marosh.", "fr": "Lisez ceci de Mme Lena Marosh.",
               "es": "Lean esto sobre la Sra. Lena Marosh, por favor."}[language]  # fmt: skip
    more = {"en": "We have heard nothing of her since then.", "fr": "Nous n'avons plus rien su d'elle depuis.",
            "es": "Desde entonces no hemos sabido nada de ella."}[language]  # fmt: skip
    quoted = "\n".join(f"> {line}" for line in (told, more))
    document = reader.read(f"{opening}\n\n{above}\n{quoted}")[0].document
    assert document.language == language
    assert document.facts.events[0].date == day
    assert not [event for event in document.facts.events if "Finch" in event.sentence or "Sent" in event.sentence]


def test_who_is_told_to_have_written_something_is_told_in_the_story() -> None:
    text = f"Hello,\n\nOn 3 May 2021, Ms. Lena Marosh wrote:\n\n“They hit me.”\n\n{POSITION}"
    assert reader.read(text)[0].document.facts.events[0].sentence.startswith("On 3 May 2021")


def test_empty_text_holds_no_document() -> None:
    assert structure("") == []


# --- a published appeal ---------------------------------------------------------------------------------------------

SEED = Path(__file__).parents[4] / "shared" / "seeds" / "000_a04a79b03f1b4a59.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the published appeal lies beside the repository, not in it")
def test_published_appeal_is_read_without_a_rest() -> None:
    text = SEED.read_text("utf-8")
    document = read(text)
    assert left_unread(text) == []
    assert [violation.code for violation in document.violations] == ["physical_attack", "arbitrary_detention"]
    assert roles(document) == [("situation", 5), ("position", 4), ("actions", 1), ("contacts", 0)]
    assert [demand.types for demand in document.demands] == [
        ("guarantee_integrity",),
        ("end_harassment", "guarantee_safety"),
        ("investigate", "prosecute", "sanction"),
        ("investigate",),
    ]
    assert [bool(one.style) for one in document.addressees] == [True, False, False, True, True]
    assert [one.location is not None for one in document.addressees] == [False, False, False, True, True]
    assert all(one.name and one.post and one.channels[0].value for one in document.addressees)
    assert [request.kind for request in document.requests] == ["write_to_mission", "report_action"]
    assert [contact.kind for contact in document.contacts] == ["email", "phone", "phone"]
    assert len(document.issued_at) == 2
    assert len(document.publishers) == 3
    assert document.opening is not None
    assert not document.opening.urgent
    assert document.about is not None
    assert document.sections[0].paragraphs[0].notes == ("1",)
    assert [note.marker for note in document.notes] == ["1"]


@pytest.mark.parametrize("thanks", ["Thank you for your call yesterday.", "Many thanks, here is what you asked for."])
def test_thanks_that_open_a_message_do_not_make_a_signature_of_it(thanks: str) -> None:
    story = "On 3 May, Ms. Lena Marosh was arrested at her home in Velm, and nobody knows where she is."
    message = f"Subject: Arrest in Velm\nDate: 4 May 2021\n\n{thanks}\n\n{story}\n\nThank you,\n\nIvo Tarn\n"
    sections = structure(normalise(message))[0].document.sections
    assert [(each.role, len(each.paragraphs)) for each in sections] == [("situation", 2), ("other", 2)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[14/05/2021, 08:12:40] Ruth Ossel: ", "[15/05/2021, 13:30:00] Paul Inder: "),
        ("14/05/2021 08:12 - Ruth Ossel: ", "15/05/2021 13:30 - Paul Inder: "),
        ("[14.5.21 8:12:40] Ruth Ossel: ", "[15.5.21 13:30:00] +44 20 7946 0123: "),
    ],
    ids=["in brackets", "with a dash", "short"],
)
def test_who_writes_in_a_chat_and_when_is_no_part_of_the_story(first: str, second: str) -> None:
    told = "Officers arrested Denis Maru today.", "His wife says they beat him. He has bruises on his face"
    (reading,) = reader.read(f"{first}Hello all\n{first}{told[0]}\n{second}{told[1]}")
    document = reading.document
    assert document.kind == "report"
    acts = [(event.date, act.type, act.victims) for event in document.facts.events for act in event.acts]
    assert acts == [
        ("2021-05-14", "arbitrary_arrest", ("Denis Maru",)),
        ("2021-05-15", "physical_attack", ("Denis Maru",)),
    ]
    assert [person.name for person in document.facts.people] == ["Denis Maru"]
    assert first.strip() in [each.text for section in document.sections for each in section.paragraphs]
    assert not document.unread


def test_whom_a_family_writes_about_is_no_relative_in_the_case() -> None:
    story = "I write about my brother Denis Maru. On 3 May 2021 the police arrested him in Velm."
    (reading,) = reader.read(f"Hello,\n\n{story}\n\nBest regards,\nJoseph Maru")
    facts = reading.document.facts
    assert [(person.name, person.role) for person in facts.people][:1] == [("Denis Maru", "defender")]
    assert [(one.person, one.status) for one in facts.status_as_of] == [("Denis Maru", "in_police_custody")]


def test_a_place_and_a_day_before_the_first_sentence_date_a_report() -> None:
    led = "Velm – Genar, 19 de marzo de 2019. La Liga teme por él: el 4 de marzo desapareció el Sr. Ivo Tarn."
    document = read(f"{led}\n\nSegún su familia, salió de su casa por la mañana y no se sabe nada de él.\n")
    assert document.kind == "report"
    assert (document.issued_on, document.issued_at) == (dt.date(2019, 3, 19), ("Velm", "Genar"))
