"""The languages of the desk: every string has words in each, and what is compiled is what is written."""

import gettext
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.test import Client

import catalogues
from desk import signed_in
from people import NOW, Hire
from tocsin.accounts import door
from tocsin.config.isolating import isolated
from tocsin.config.languages import languages

TAGS = catalogues.translated()
# What is said of catalogues alone is said once: no database has a part in it.
OF_FILES = pytest.mark.database("sqlite")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


def test_the_switch_offers_what_has_a_catalogue() -> None:
    assert {path.name for path in catalogues.LOCALE.iterdir()} == set(TAGS)
    assert [tag for tag, _ in settings.LANGUAGES] == [each.tag for each in languages()] == ["en", *TAGS]


@OF_FILES
@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_holds_the_strings_of_today(tag: str) -> None:
    assert catalogues.path_of(tag).read_text("utf-8") == catalogues.update(tag), "run `make messages`"


@cache
def kept(tag: str, _path: Path) -> Catalog:
    """Give a catalogue as it lies there, which takes a second to read; nobody here changes it."""
    return catalogues.catalogue(tag)


def strings(tag: str) -> list[tuple[str, str]]:
    """Give every form of every string with its translation."""
    found = []
    for message in kept(tag, catalogues.path_of(tag)):
        originals = (message.id,) if isinstance(message.id, str) else message.id
        translations = (message.string,) if isinstance(message.string, str) else message.string
        found += [(originals[-1] if at else originals[0], each) for at, each in enumerate(translations) if message.id]
    return found


@OF_FILES
@pytest.mark.parametrize("tag", TAGS)
def test_no_string_is_left_in_english_and_none_lost_its_places(tag: str) -> None:
    pairs = strings(tag)
    assert len(pairs) > 150
    assert [original for original, words in pairs if not words.strip()] == []
    lost = [
        original for original, words in pairs if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(words))
    ]
    assert lost == []


@OF_FILES
@pytest.mark.parametrize("tag", TAGS)
def test_no_translation_brings_markup_or_turns_the_direction(tag: str) -> None:
    assert [words for _, words in strings(tag) if re.search(r"[<>{}\u202a-\u202e\u2066-\u2069]", words)] == []


@OF_FILES
@pytest.mark.parametrize("tag", TAGS)
def test_what_is_compiled_is_what_is_written(tag: str) -> None:
    compiled = catalogues.path_of(tag).with_suffix(".mo")
    assert compiled.is_file(), "run `make setup`"
    with compiled.open("rb") as file:
        read = gettext.GNUTranslations(file)
    for message in kept(tag, catalogues.path_of(tag)):
        if isinstance(message.id, str) and message.id:
            said = read.pgettext(message.context, message.id) if message.context else read.gettext(message.id)
            assert said == message.string, "run `make setup`"


def test_a_string_that_nobody_translated_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = catalogues.path_of("fr").read_text("utf-8")
    fewer = re.sub(r'(msgid "Sign in"\nmsgstr ").*"', r'\1"', kept)
    assert fewer != kept
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr/LC_MESSAGES/django.po").write_text(fewer, "utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    assert [original for original, words in strings("fr") if not words] == ["Sign in"]


@pytest.mark.parametrize(
    ("tag", "direction", "heading"),
    [
        ("en", "ltr", "Sign in"),
        ("fr", "ltr", "Se connecter"),
        ("es", "ltr", "Iniciar sesión"),
        ("ru", "ltr", "Войти"),
        ("ar", "rtl", "تسجيل الدخول"),
    ],
)
def test_a_page_speaks_the_language_of_the_browser_and_of_the_switch(tag: str, direction: str, heading: str) -> None:
    client = Client()
    asked = client.get("/sign-in", HTTP_ACCEPT_LANGUAGE=f"{tag}-XX,en;q=0.5").content.decode()
    client.post("/language", {"language": tag, "next": "/sign-in"})
    chosen = client.get("/sign-in", HTTP_ACCEPT_LANGUAGE="es").content.decode()
    for page in (asked, chosen):
        assert f'<html lang="{tag}" dir="{direction}">' in page
        assert f"<h1>{heading}</h1>" in page
        assert ("draft" in page or any(word in page for word in ("brouillon", "borrador", "черновой", "مسودة"))) is (
            tag != "en"
        )


@pytest.mark.parametrize("tag", TAGS)
def test_dates_are_said_in_the_language_of_the_page(hire: Hire, monkeypatch: pytest.MonkeyPatch, tag: str) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    client = signed_in(hire("jon", "auditor"))
    page = client.get("/journal", HTTP_ACCEPT_LANGUAGE=tag).content.decode()
    said = {
        "fr": "mer. 25 nov. 2026",
        "es": "mié, 25 nov 2026",
        "ru": "ср, 25 нояб. 2026",
        "ar": "الأربعاء، 25 نوفمبر 2026",
    }
    assert said[tag] in page


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("2021-05-29~ · 2021-05", '<bdi dir="ltr">2021-05-29~</bdi> · <bdi dir="ltr">2021-05</bdi>'),
        ("2021-05-03/2021-05-05", '<bdi dir="ltr">2021-05-03/2021-05-05</bdi>'),
        ("2021-06-01 10:00", '<bdi dir="ltr">2021-06-01 10:00</bdi>'),
        ("حوالي 15:30 · 2021.", 'حوالي <bdi dir="ltr">15:30</bdi> · 2021.'),
        ("01:20, or 01:20-02:05", '<bdi dir="ltr">01:20</bdi>, or <bdi dir="ltr">01:20-02:05</bdi>'),
        ("<b>1-2</b>", '&lt;b&gt;<bdi dir="ltr">1-2</bdi>&lt;/b&gt;'),
        ("nothing", "nothing"),
    ],
)
def test_figures_keep_their_order_in_a_line_of_any_direction(words: str, shown: str) -> None:
    assert isolated(words) == shown
