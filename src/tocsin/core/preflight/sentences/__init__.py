"""The sentences of findings, a file a language; English, the source, stands with the rules themselves.

A language says all that English says, each with the same places for what differs: a file that leaves one out, or has
one that English does not know, is not loaded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

import tomli

from tocsin.core import vocab
from tocsin.core.codes import ODDITIES
from tocsin.core.preflight.catalogue import load_rules
from tocsin.core.preflight.wording import Phrase, Several, Term, Value
from tocsin.core.vocab import SOURCE_LANGUAGE, direction_of

_FIRST_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Sentences:
    """All that findings say in a language.

    Attributes:
        language: Its tag.
        draft: Whether a native translator has yet to sign them off.
        words: The sentences and phrases, by the rule (or `shared`, `lacks`, `oddities`) and the key there.
        phrases: The same, but each rule has those of several beside its own.
    """

    language: str
    draft: bool
    words: Mapping[str, Mapping[str, str]]
    phrases: Mapping[str, Mapping[str, str]]

    def say(self, rule: str, key: str, values: Mapping[str, Value] | None = None) -> str:
        """Say a sentence of a rule with what it names in braces."""
        return self.worded(rule, Phrase(key, values or {}))

    def worded(self, rule: str, value: Value) -> str:
        """Put a value of a finding into words."""
        match value:
            case str():
                return self._isolated(value)
            case Phrase():
                inside = {name: self.worded(rule, each) for name, each in value.values.items()}
                return self.phrases[rule][value.key].format_map(inside)
            case Term():
                return self._label(value)
            case Several():
                return self.words["shared"][value.joined].join(self.worded(rule, each) for each in value.values)

    def _label(self, term: Term) -> str:
        listed = vocab.load(term.vocabulary).get(term.code)
        if listed is None:
            return term.code.replace("_", " ")
        label = listed.label(self.language).text
        # Within a sentence a label loses its capital, but not those of a name in it.
        return label if term.is_name or label[1:2].isupper() else label[:1].lower() + label[1:]

    def _isolated(self, words: str) -> str:
        """Keep words of the document that run the other way from turning the sentence around them."""
        return f"{_FIRST_ISOLATE}{words}{_END_ISOLATE}" if words and direction_of(self.language) == "rtl" else words


@cache
def languages() -> tuple[str, ...]:
    """Name the languages that findings can be said in, English first."""
    files = (one.name for one in resources.files(__package__).iterdir() if one.name.endswith(".toml"))
    tags = sorted(name.removesuffix(".toml") for name in files)
    return (SOURCE_LANGUAGE, *(tag for tag in tags if tag != SOURCE_LANGUAGE))


def is_draft(language: str) -> bool:
    """Tell whether a native translator has yet to sign off what findings say in a language."""
    return load(language).draft


@cache
def load(language: str) -> Sentences:
    """Load the sentences of a language.

    Raises:
        ValueError: there are none, or they are not those that English has.
    """
    if language not in languages():
        raise ValueError(f"findings have no sentences in the language {language}")
    text = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return read(language, text)


def read(language: str, text: str) -> Sentences:
    """Read the file of a language.

    Raises:
        ValueError: it is not whole; says which sentence.
    """
    given = tomli.loads(text)
    if language == SOURCE_LANGUAGE:
        return _sentences(language, _english(given), draft=False)
    if given.get("status") not in ("draft", "reviewed"):
        raise ValueError(f"{language}: its status is draft or reviewed")
    found = {name: table for name, table in given.items() if name != "status"}
    _compare(language, load(SOURCE_LANGUAGE).words, found)
    return _sentences(language, found, draft=given["status"] == "draft")


def _sentences(language: str, words: Mapping[str, Mapping[str, str]], *, draft: bool) -> Sentences:
    phrases = {rule: {**words["oddities"], **words["shared"], **own} for rule, own in words.items()}
    return Sentences(language, draft, words, phrases)


def _english(given: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    rules = {
        rule.id: {"says": rule.says, "fix": rule.fix, **rule.phrases} if rule.find else {"later": rule.later or ""}
        for rule in load_rules().values()
    }
    return {**given, "oddities": ODDITIES, **rules}


def _compare(language: str, english: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]]) -> None:
    _agree(language, english, found)
    for name, sentences in english.items():
        _agree(f"{language}: {name}", sentences, found[name])
        for key, sentence in sentences.items():
            _agree(f"{language}: {name}.{key}", _places(sentence), _places(found[name][key]))


def _agree(where: str, wanted: Iterable[str], found: Iterable[str]) -> None:
    """Refuse what is missing, and what English does not have."""
    if missing := sorted({*wanted} - {*found}):
        raise ValueError(f"{where}: {missing[0]} is missing")
    if unknown := sorted({*found} - {*wanted}):
        raise ValueError(f"{where}: English has no {unknown[0]}")


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
