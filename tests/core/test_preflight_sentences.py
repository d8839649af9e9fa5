"""A finding says the same in every language of the desk: each file has all that English says, and nothing else."""

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources

import pytest
import tomli
from preflight_frame import checked

from tocsin.config.languages import languages as desk_languages
from tocsin.core.codes import ODDITIES
from tocsin.core.preflight import Report, is_draft, languages, load_rules, sentences, words
from tocsin.core.preflight.rule import Rule

TRANSLATIONS = [each for each in languages() if each != "en"]
FRENCH = resources.files(sentences).joinpath("fr.toml").read_text("utf-8")
TRAITS = {trait for each in words.languages() for trait in words.tables(each).get("traits", ())}
EXAMPLES = [(rule, parts) for rule in load_rules().values() for parts in rule.examples["bad"]]


@pytest.fixture(scope="module")
def in_english() -> list[Report]:
    return [checked(parts, rule) for rule, parts in EXAMPLES]


def test_findings_are_said_in_every_language_of_the_desk() -> None:
    assert {each.tag for each in desk_languages()} <= {*languages()}
    assert not any(is_draft(each.tag) and not each.draft for each in desk_languages()), "the page calls it done"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_language_finds_the_same_and_says_it_in_its_own_words(language: str, in_english: list[Report]) -> None:
    for (rule, parts), english in zip(EXAMPLES, in_english, strict=True):
        report = checked(parts, rule, language)
        assert (report.checked, report.blocked) == (english.checked, english.blocked)
        for found, source in zip(report.findings, english.findings, strict=True):
            assert (found.rule, found.cause, found.severity) == (source.rule, source.cause, source.severity)
            assert found.places == source.places
            assert found.says != source.says, rule.id
            assert found.fix != source.fix, rule.id
            assert not set("{}") & set(found.says + found.fix)
        for missing, source_missing in zip(report.unchecked, english.unchecked, strict=True):
            assert missing.says != source_missing.says, missing.rule


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_is_no_copy_of_the_english(language: str) -> None:
    """Words that are the same by chance are listed: a sentence that was forgotten shows here."""
    english, other = sentences.load("en"), sentences.load(language)
    same = {
        (table, key)
        for table, listed in english.words.items()
        for key, said in listed.items()
        if said == other.words[table][key] and re.sub(r"\{\w+\}", "", said).strip(" ,;:/()“”")
    }
    assert same <= {("SEC-07", "orientation"), ("SEC-07", "religion"), ("FCT-12", "torture")}


def test_the_words_of_the_document_stand_apart_in_a_sentence_from_the_right() -> None:
    report = checked({"contacts": "To contact the Observatory:\n• Tel GBAT: + 44 (0) 20 7946 0612"}, language="ar")
    (found,) = (each for each in report.findings if each.rule == "ADR-08")
    assert "\u2068+ 44 (0) 20 7946 0612\u2069" in found.says


# What a translator may get wrong, and what is said of it.
DAMAGED = {
    "a sentence is missing": ('fix = "Recomptez."\n', "", "fr: FCT-10: fix is missing"),
    "a rule is missing": (r"\[LNG-09\]\n(?:.+\n)+", "", "fr: LNG-09 is missing"),
    "a place is missing": (r"mais les parties font \{added\}", "mais non", "fr: FCT-10.says: added is missing"),
    "a place is translated": (r"\{total\} en tout", "{total} {somme} en tout", "fr: FCT-10.says: English has no somme"),
    "a sentence too many": ('fix = "Recomptez."', 'fix = "Recomptez."\nmore = "!"', "fr: FCT-10: English has no more"),
    "nobody says whether it was read": ('status = "draft"', "", "fr: its status is draft or reviewed"),
}


@pytest.mark.parametrize(("there", "instead", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_not_whole_is_refused_and_the_place_named(there: str, instead: str, said: str) -> None:
    damaged, number = re.subn(there, instead, FRENCH, count=1)
    assert number == 1
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        sentences.read("fr", damaged)


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(ValueError, match="no sentences in the language de"):
        checked({}, language="de")


def test_every_phrase_of_a_rule_is_said_and_every_one_that_is_said_is_there() -> None:
    english = tomli.loads(resources.files(sentences).joinpath("en.toml").read_text("utf-8"))
    by_file: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules().values():
        if rule.find:
            by_file[rule.find.__module__].append(rule)
    for module, there in by_file.items():
        tree = ast.parse(inspect.getsource(importlib.import_module(module)))
        known = {key for rule in there for key in rule.phrases}
        assert known - {*_texts(tree)} <= TRAITS, "no rule says it"
        assert {*_phrases(tree)} <= known | english["shared"].keys() | ODDITIES.keys(), module


def test_every_trait_of_a_person_that_is_looked_for_has_a_name() -> None:
    """The rule says the trait by its key in the tables of words."""
    assert load_rules()["SEC-07"].phrases.keys() >= TRAITS


def _texts(tree: ast.AST) -> Iterator[str]:
    """Give every text in code but docstrings: keys of phrases are found in tables there, or in the codes of a case."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from (node.value, node.value.replace(" ", "_"), node.value.lower())
            yield from node.value.split()


def _phrases(tree: ast.AST) -> Iterator[str]:
    """Give the keys of the phrases that code names outright."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Phrase", "Phrase.of"):
            key = node.args[0]
            if isinstance(key, ast.Constant):
                yield key.value
