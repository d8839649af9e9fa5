"""The controlled lists as they are shipped: whole, labelled, in the right script, and marked as drafts."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from importlib import resources
from typing import get_args

import pytest

from tocsin.core import vocab
from tocsin.core.appeal import document
from tocsin.core.errors import BadVocabulary
from tocsin.core.vocab import Term

LANGUAGES = ("en", "fr", "es", "ru", "ar")
SCRIPTS = {"en": "LATIN", "fr": "LATIN", "es": "LATIN", "ru": "CYRILLIC", "ar": "ARABIC"}
LATIN_ABBREVIATIONS = {"SMS", "SLAPP"}


def every_term() -> Iterator[tuple[str, Term]]:
    return ((f"{name}.{term.code}", term) for name in vocab.names() for term in vocab.load(name).values())


def scripts(text: str) -> set[str]:
    words = re.sub(r"\{[^}]*\}", "", text).split()
    letters = "".join(word for word in words if word not in LATIN_ABBREVIATIONS)
    return {unicodedata.name(c).split()[0] for c in letters if c.isalpha() and c not in "°ºª"}


@pytest.mark.parametrize("name", vocab.names())
def test_each_list_opens_and_says_what_it_is_for(name: str) -> None:
    vocabulary = vocab.load(name)
    assert vocabulary.name == name
    assert vocabulary.version >= 1
    assert vocabulary.owner
    assert vocabulary.description.endswith(".")
    assert len(vocabulary) == len(list(vocabulary)) > 1


def test_every_list_file_is_among_the_frozen_codes() -> None:
    files = {file.name for file in resources.files("tocsin.core.vocab").iterdir() if file.name.endswith(".toml")}
    assert files == {f"{name}.toml" for name in vocab.names()}


def test_a_list_is_read_once() -> None:
    assert vocab.load("claim_status") is vocab.load("claim_status")


def test_an_unknown_list_is_refused_with_the_names_of_the_lists() -> None:
    with pytest.raises(BadVocabulary, match=r"no list 'colours'.*violation_types"):
        vocab.load("colours")


def test_every_label_is_in_the_script_of_its_language() -> None:
    wrong = [
        f"{where}.{language}: {text}"
        for where, term in every_term()
        for language, text in term.labels.items()
        if not scripts(text) <= {SCRIPTS[language]}
    ]
    assert wrong == []


# Whose wording in Arabic is for local partners to decide: the wrong word endangers people.
LEFT_TO_PARTNERS = {("charge_categories.morality", "ar"), ("defender_topics.lgbtq_rights", "ar")}
# They are the same in every language.
NAMES_OF_CHANNELS = "twitter facebook instagram telegram mastodon signal whatsapp".split()


def test_every_term_has_a_label_in_each_language_of_the_desk() -> None:
    missing = {
        (where, language)
        for where, term in every_term()
        for language in ("en", "fr", "es", "ru", "ar")
        if language not in term.labels and where not in {f"channel_types.{each}" for each in NAMES_OF_CHANNELS}
    }
    assert missing == LEFT_TO_PARTNERS


def test_every_label_is_in_a_known_language_and_composed() -> None:
    for where, term in every_term():
        assert set(term.labels) <= set(LANGUAGES), where
        assert all(unicodedata.is_normalized("NFC", text) for text in term.labels.values()), where


def test_every_label_that_no_native_reviewer_signed_is_a_draft() -> None:
    for where, term in every_term():
        for language in term.labels:
            assert term.is_draft(language) == (language != "en" and language not in term.reviewed), (
                f"{where} {language}"
            )


def test_no_label_counts_as_reviewed_yet() -> None:
    assert [where for where, term in every_term() if term.reviewed] == []


def test_the_lists_that_case_workers_see_have_nearly_all_labels_in_every_language() -> None:
    for name in (
        "violation_types",
        "demand_types",
        "detention_status",
        "proceeding_status",
        "act_methods",
        "instruments",
    ):
        terms = vocab.load(name).values()
        for language in LANGUAGES:
            assert sum(language in term.labels for term in terms) >= 0.95 * len(terms), f"{name} {language}"


def test_placeholders_of_a_heading_are_the_same_in_every_language() -> None:
    for code, term in vocab.load("section_headings").items():
        names = {language: re.findall(r"\{(\w+)", text) for language, text in term.labels.items()}
        assert all(found == names["en"] for found in names.values()), code


def test_letter_forms_give_each_office_a_salutation_and_a_closing_in_every_language() -> None:
    for code, term in vocab.load("letter_forms").items():
        for part in ("salutation", "closing"):
            texts = term.properties[part]
            assert isinstance(texts, dict | type(term.labels)), code
            assert tuple(texts) == LANGUAGES, code


@pytest.mark.parametrize(
    ("name", "code", "huridocs", "sdg"),
    [
        ("violation_types", "killing", "4:010101000000", "killing"),
        ("violation_types", "abduction", "4:030104000000", "kidnapping"),
        ("violation_types", "impunity", None, None),
        ("violation_types", "ill_treatment", None, "other"),
        ("actor_types", "police", "24:010104000000", None),
        ("involvement_degrees", "suspected", "18:010600000000", None),
    ],
)
def test_crosswalks_lead_to_the_codes_of_other_schemes(
    name: str, code: str, huridocs: str | None, sdg: str | None
) -> None:
    crosswalks = vocab.load(name)[code].crosswalks
    assert (crosswalks.get("huridocs"), crosswalks.get("sdg")) == (huridocs, sdg)


@pytest.mark.parametrize(
    ("name", "code", "key", "value"),
    [
        ("relation_types", "member_of", "inverse", "has_member"),
        ("event_links", "causes", "inverse", "consequence_of"),
        ("document_types", "urgent_appeal", "coded", True),
        ("document_types", "press_release", "coded", False),
        ("channel_types", "signal", "intake_only", True),
        ("languages", "ar", "direction", "rtl"),
        ("languages", "zh-Hans", "direction", "ltr"),
        ("instruments", "iccpr", "force", "treaty"),
    ],
)
def test_lists_keep_what_only_they_have(name: str, code: str, key: str, value: object) -> None:
    assert vocab.load(name)[code].properties[key] == value


@pytest.mark.parametrize(
    ("name", "code", "release_class"),
    [
        ("violation_types", "sexual_violence", "N"),
        ("act_methods", "rape", "N"),
        ("relation_types", "relative_of", "C"),
        ("document_types", "closed_letter", "R"),
        ("violation_types", "killing", None),
    ],
)
def test_sensitive_terms_start_in_their_release_class(name: str, code: str, release_class: str | None) -> None:
    assert vocab.load(name)[code].default_release_class == release_class


@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("demand_types", "lift_restrictions", "Lift restrictions (travel, assets, activity)"),
        ("proceeding_status", "announced", "Announced, not filed"),
        ("information_credibility", "1", "Confirmed by other independent sources"),
        ("release_class", "N", "Never published"),
    ],
)
def test_labels_are_kept_whole(name: str, code: str, label: str) -> None:
    assert vocab.load(name)[code].label("en").text == label


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("violation_modes", get_args(document.Mode)),
        ("request_kinds", ("write_to_mission", "report_action")),
        ("person_roles", ("defender", "relative", "lawyer", "official", "other")),
    ],
)
def test_lists_hold_the_codes_that_the_appeal_document_promises(name: str, codes: tuple[str, ...]) -> None:
    assert tuple(vocab.load(name)) == codes


class TestLabels:
    def test_a_label_comes_in_the_language_asked_for_as_a_draft(self) -> None:
        label = vocab.load("violation_types")["killing"].label("fr")
        assert (label.text, label.language, label.draft, label.fallback) == ("Assassinat", "fr", True, False)

    def test_a_regional_tag_finds_the_label_of_its_language(self) -> None:
        assert str(vocab.load("violation_types")["killing"].label("es-419")) == "Asesinato"

    def test_a_missing_label_falls_back_to_english_and_says_so(self) -> None:
        term = vocab.load("defender_topics")["lgbtq_rights"]
        label = term.label("ar")
        assert (label.text, label.language, label.draft, label.fallback) == (
            "LGBTQ+ rights",
            "en",
            False,
            True,
        )
        assert term.is_draft("ru")

    def test_an_odd_language_tag_falls_back_too(self) -> None:
        assert vocab.load("violation_types")["killing"].label("").fallback
        assert vocab.load("violation_types")["killing"].label("-").fallback

    def test_english_is_the_source_and_never_a_draft(self) -> None:
        label = vocab.load("violation_types")["killing"].label("en-GB")
        assert (label.draft, label.fallback) == (False, False)


def test_all_terms_are_offered_while_none_is_retired() -> None:
    vocabulary = vocab.load("violation_types")
    assert vocabulary.offered(dt.date(2030, 1, 1)) == tuple(vocabulary.values())
