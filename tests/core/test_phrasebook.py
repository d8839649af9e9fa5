"""Every formula of every language can be said without a hole, and English acts are understood by our own reader."""

import datetime as dt
import importlib.resources
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from tocsin.core.errors import BadPhrasebook
from tocsin.core.phrasebook import Phrase, Phrasebook, languages, open_phrasebook
from tocsin.core.phrasebook.book import Grammar
from tocsin.core.vocab import load


class _Variables(Visitor):  # type: ignore[misc]  # Fluent's classes carry no types
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's name
        self.names.add(node.id.name)


def formulae(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Give each formula of a language with the values that it asks for."""
    folder = importlib.resources.files("tocsin.core.phrasebook").joinpath(language)
    for entry in folder.iterdir():
        if not entry.name.endswith(".ftl"):
            continue
        for message in FluentParser().parse(entry.read_text(encoding="utf-8")).body:
            assert not isinstance(message, ast.Junk), f"{language}/{entry.name}: {message.content[:60]}"
            if isinstance(message, ast.Message):
                if message.value:
                    yield message.id.name, _asked(message.value)
                for attribute in message.attributes:
                    yield f"{message.id.name}.{attribute.id.name}", _asked(attribute.value)


def _asked(pattern: ast.Pattern) -> frozenset[str]:
    visitor = _Variables()
    visitor.visit(pattern)
    return frozenset(visitor.names)


ALL = [(language, formula, asked) for language in languages() for formula, asked in formulae(language)]
SUBJECTS = [
    Phrase("Mirela Tosk", 1, "f"),
    Phrase("Davit Anhalt", 1, "m"),
    Phrase("Noor Sellik", 1, "x"),
    Phrase("Mirela Tosk and Davit Anhalt", 2, "x"),
    Phrase("the Open River Network", 1, "n"),
]


@pytest.mark.parametrize(("language", "formula", "asked"), ALL, ids=[f"{where}:{name}" for where, name, _ in ALL])
def test_every_formula_can_be_said_of_anybody(language: str, formula: str, asked: frozenset[str]) -> None:
    book = open_phrasebook(language)
    for subject in SUBJECTS:
        text = book.say(formula, **dict.fromkeys(asked, subject))
        assert text.strip()
        assert not set("{}$") & set(text)
        assert "  " not in text


def test_a_formula_without_choices_is_filled_as_by_fluent(monkeypatch: pytest.MonkeyPatch) -> None:
    # French puts spaces that do not break into its formulae; English is what all others follow.
    quick = {language: open_phrasebook(language) for language in ("en", "fr")}
    monkeypatch.setattr("tocsin.core.phrasebook.book._parts_of", lambda _pattern: None)
    by_fluent = {language: open_phrasebook.__wrapped__(language) for language in quick}
    for language, formula, asked in ALL:
        if language in quick:
            values: dict[str, Any] = {name: f"{{ $x }} “{name}” K. T." for name in asked} | {"victims": SUBJECTS[3]}
            assert quick[language].say(formula, **values) == by_fluent[language].say(formula, **values)
    for given in ({}, {"clause": "x" * 2501, "when": "On a day"}):
        told = []
        for book in (quick["en"], by_fluent["en"]):
            with pytest.raises(BadPhrasebook) as refused:
                book.say("sentence", **given)
            told.append(str(refused.value))
        assert told[0] == told[1]


@pytest.mark.parametrize("language", languages())
def test_no_formula_stands_twice(language: str) -> None:
    names = [name for name, _ in formulae(language)]
    assert sorted(names) == sorted(set(names))


# What a formula is given that English has no use for.
ALSO_GIVEN = dict.fromkeys(("mode-attempted.nominal", "mode-risk.nominal"), frozenset({"what", "victims"}))


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_a_language_asks_for_nothing_that_english_does_not_get(language: str) -> None:
    english = {name: asked | ALSO_GIVEN.get(name, frozenset()) for name, asked in formulae("en")}
    for name, asked in formulae(language):
        assert name in english, f"{name} is in no other language"
        assert asked <= english[name], f"{name} asks for {asked - english[name]}"


# These are said where a language has them, and go without saying where it has not.
OPTIONAL = ("method-", "how-", "right-", "position-aim-named")
OPTIONAL_FORMS = (".among", ".risk", ".ongoing", ".ongoing-by", ".joined", ".again")


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_a_language_has_all_formulae_that_an_appeal_may_need(language: str) -> None:
    needed = {name for name, _ in formulae("en") if not name.startswith(OPTIONAL) and not name.endswith(OPTIONAL_FORMS)}
    assert needed - {name for name, _ in formulae(language)} == set()


@pytest.mark.parametrize("code", list(load("violation_types")))
def test_every_kind_of_violation_has_its_words(code: str) -> None:
    book = open_phrasebook("en")
    assert all(book.has(f"act-{code}{form}") for form in ("", ".nominal", ".active", ".passive"))


@pytest.mark.parametrize(
    ("listed", "prefix"),
    [("demand_types", "demand-"), ("detention_status", "status-"), ("defender_topics", "topic-")],
)
def test_every_code_of_a_list_has_its_words(listed: str, prefix: str) -> None:
    book = open_phrasebook("en")
    assert [code for code in load(listed) if not book.has(f"{prefix}{code}")] == []


@pytest.fixture
def book() -> Phrasebook:
    return open_phrasebook("en")


def test_lists_dates_and_quotes_are_those_of_the_genre(book: Phrasebook) -> None:
    assert book.names(["Ms. A", "Mr. B", "Ms. C"]) == "Ms. A, Mr. B and Ms. C"
    assert book.day(dt.date(2021, 5, 1)) == "May 1, 2021"
    assert book.clock(dt.time(15, 5)) == "15:05"
    assert book.quote("no") == "“no”"


@pytest.mark.parametrize(
    ("titles", "names", "text"),
    [
        (["Ms."], ["Tosk"], "Ms. Tosk"),
        (["Ms.", "Ms."], ["Tosk", "Brill"], "Mses. Tosk and Brill"),
        (["Mr.", "Mr.", "Mr."], ["A", "B", "C"], "Messrs. A, B and C"),
        (["Ms.", "Mr."], ["Tosk", "Anhalt"], "Ms. Tosk and Mr. Anhalt"),
        (["", "Mr."], ["Sellik", "Anhalt"], "Sellik and Mr. Anhalt"),
        (["Dr.", "Dr."], ["A", "B"], "Dr. A and Dr. B"),
    ],
)
def test_titles_stand_before_names(book: Phrasebook, titles: list[str], names: list[str], text: str) -> None:
    assert book.names(book.titled(titles, names)) == text


def test_a_missing_formula_is_an_error(book: Phrasebook) -> None:
    with pytest.raises(BadPhrasebook, match="en: act-levitation: a formula is missing"):
        book.say("act-levitation")


def test_a_hole_in_a_formula_is_an_error(book: Phrasebook) -> None:
    with pytest.raises(BadPhrasebook, match=r"en: act-killing\.active: a formula cannot be filled"):
        book.say("act-killing.active", victims=Phrase("Mirela Tosk", 1, "f"))


def test_a_language_without_phrasebook_is_named() -> None:
    with pytest.raises(BadPhrasebook, match=r"tlh: no phrasebook for this language \(there are en"):
        open_phrasebook("tlh")


@pytest.mark.parametrize(
    ("language", "name", "of", "within"),
    [
        ("en", "Zarvania", "of Zarvania", "in Zarvania"),
        ("en", "Philippines", "of the Philippines", "in the Philippines"),
        ("en", "Solomon Islands", "of the Solomon Islands", "in the Solomon Islands"),
        ("fr", "Zarvanie", "de Zarvanie", "en Zarvanie"),
        ("fr", "Kazakhstan", "du Kazakhstan", "au Kazakhstan"),
        ("fr", "Iran", "d’Iran", "en Iran"),
        ("fr", "Philippines", "des Philippines", "aux Philippines"),
        ("fr", "Cuba", "de Cuba", "à Cuba"),
        ("fr", "Mexique", "du Mexique", "au Mexique"),
        ("fr", "République centrafricaine", "de la République centrafricaine", "en République centrafricaine"),
    ],
)
def test_a_country_stands_in_a_sentence_as_its_language_wants(language: str, name: str, of: str, within: str) -> None:
    assert sentence(language, "{ OF_COUNTRY($x) }|{ IN_COUNTRY($x) }", Phrase(name)) == f"{of}|{within}"


def sentence(language: str, formula: str, phrase: Phrase) -> str:
    """Say a formula in the grammar of a language."""
    return Phrasebook(open_phrasebook(language).grammar, [f"it = {formula}"]).say("it", x=phrase)


@pytest.mark.parametrize(
    ("formula", "names", "text"),
    [
        ("de l’arrestation { OF($x) }", ("Mme A", "M. Idir"), "de l’arrestation de Mme A et de M. Idir"),
        ("{ OF($x) }", ("Idir Haddad",), "d’Idir Haddad"),
        ("{ OF($x) }", ("le Comité", "les Amis", "la Ligue"), "du Comité, des Amis et de la Ligue"),
        ("infligés { TO($x) }", ("Mme A", "le Comité"), "infligés à Mme A et au Comité"),
    ],
)
def test_each_name_of_a_french_list_has_its_own_preposition(formula: str, names: tuple[str, ...], text: str) -> None:
    assert sentence("fr", formula, Phrase(" et ".join(names), len(names), "m", names)) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Observatoire pour les défenseurs", "l’Observatoire pour les défenseurs"),
        ("Ligue des riverains", "la Ligue des riverains"),
        ("Barreau mondial", "le Barreau mondial"),
        ("Archives de la mer", "les Archives de la mer"),
        ("Open River Network", "Open River Network"),
    ],
)
def test_a_french_name_takes_the_article_of_its_first_word(name: str, text: str) -> None:
    assert open_phrasebook("fr").with_article(name, "ngo_local") == text


def test_small_numbers_are_words(book: Phrasebook) -> None:
    assert [book.number(number) for number in (1, 10, 11)] == ["one", "ten", "11"]


RUSSIAN = """
charged = { $people } { FORM($people, one-f: "обвиняется", one: "обвиняется", other: "обвиняются") }
held = { $n } { FORM($n, one: "день", few: "дня", many: "дней", other: "дня") }
in = положение { IN_COUNTRY($country) }, власти { OF_COUNTRY($country) }
"""
ARABIC = """
arrested = { FORM($people, one-f: "اعتُقلت", one: "اعتُقل", two: "اعتُقل كلا", other: "اعتُقل") } { $people }
held = { FORM($n, one: "يوم واحد", two: "يومان", few: "أيام", other: "يومًا") }
"""


def book_of(language: str, messages: str, **grammar: Any) -> Phrasebook:
    """Make the phrasebook of a language that has none yet, of tables and messages alone."""
    plain = {"language": language, "status": "draft", "locale": language, "time": "HH:mm", "first_day": "1"}
    plain |= {"date": "d MMMM y", "month": "LLLL y", "mixed": "m", "opening_quote": "«", "closing_quote": "»", "of": ""}
    return Phrasebook(msgspec.convert({**plain, **grammar}, Grammar), [messages])


def test_russian_needs_tables_only() -> None:
    rules = [{"endings": ["стан"], "of": "", "of_ending": "стана", "within": "в ", "within_ending": "стане"}]
    book = book_of("ru", RUSSIAN, countries=rules, mixed="x")
    days = [book.say("held", n=Phrase(str(n), n)) for n in (1, 3, 5, 21)]
    assert days == ["1 день", "3 дня", "5 дней", "21 день"]
    assert book.say("charged", people=Phrase("А и Б", 2, "x")) == "А и Б обвиняются"
    assert book.say("in", country=Phrase("Казахстан")) == "положение в Казахстане, власти Казахстана"
    assert (book.day(dt.date(2021, 5, 29)), book.names(["А", "Б", "В"])) == ("29 мая 2021", "А, Б и В")


def test_arabic_needs_tables_only() -> None:
    book = book_of("ar", ARABIC)
    assert book.say("arrested", people=Phrase("منى", 1, "f")) == "اعتُقلت منى"
    assert [book.say("held", n=Phrase(str(n), n)) for n in (1, 2, 5, 11)] == ["يوم واحد", "يومان", "أيام", "يومًا"]
    assert (book.day(dt.date(2021, 5, 29)), book.names(["منى", "سامي"])) == ("29 مايو 2021", "منى وسامي")
