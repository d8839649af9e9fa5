"""Reads one list and refuses it where it breaks a rule.

A list is a TOML file:

```toml
version = 1
owner = "Documentation desk"
description = "What a named person is to the appeal."
codes = "snake_case"             # the form of its codes; this one where the line is absent

[properties]                     # what only this list has: text, flag, code (of this list) or texts (one a language)
inverse = "code"

[terms.lawyer]
labels.en = "Lawyer"             # required
labels.fr = "Avocat·e"           # a draft until "fr" stands in reviewed
crosswalks.huridocs = "21:010602010000"
attested = ["en"]
reviewed = []
notes = "For translators and coders."
default_release_class = "R"
retired_on = 2031-01-01
replaced_by = "counsel"
```
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import tomli

from tocsin.core.errors import BadVocabulary
from tocsin.core.vocab.terms import SOURCE_LANGUAGE, Property, Term, Vocabulary

# Language, script and region of RFC 5646, in the case that section 2.1.1 recommends; variants have not been needed.
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_CODE_FORMS = {
    "snake_case": re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*"),
    "letter": re.compile(r"[A-Z]"),
    "digit": re.compile(r"[0-9]"),
    "language_tag": _LANGUAGE_TAG,
}
_CROSSWALKS = {
    "huridocs": re.compile(r"[0-9]{1,2}:[0-9]{12}"),
    "sdg": re.compile(r"killing|enforced_disappearance|torture|arbitrary_detention|kidnapping|other"),
}
_RELEASE_CLASSES = ("P", "R", "C", "N")
_PROPERTY_TYPES: Mapping[str, type] = {"text": str, "code": str, "flag": bool, "texts": dict}
_HEADER = {"version", "owner", "description", "codes", "properties", "terms"}
_TERM = {
    "labels",
    "crosswalks",
    "attested",
    "reviewed",
    "notes",
    "default_release_class",
    "retired_on",
    "replaced_by",
}

Table = dict[str, Any]


def parse(text: str, *, name: str, frozen: Collection[str]) -> Vocabulary:
    """Read a list from the text of its file.

    Args:
        text: The file, in TOML.
        name: The name of the list.
        frozen: Every code of this list that was ever published.

    Raises:
        BadVocabulary: The list breaks a rule; `where` is the list, or `list.code`.
    """
    try:
        table = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise BadVocabulary(f"the file does not parse: {error}", where=name) from error
    _check_header(table, name)
    properties = table.get("properties", {})
    _check_properties(properties, name)
    terms = {code: _Entry(name, code, entry, properties).term() for code, entry in table["terms"].items()}
    _check_codes(terms, _CODE_FORMS[table.get("codes", "snake_case")], name)
    _check_frozen(terms, frozen, name)
    _check_references(terms, properties, name)
    _check_labels_differ(terms, name)
    return Vocabulary(name, table["version"], table["owner"], table["description"], MappingProxyType(terms))


def _check_header(table: Table, name: str) -> None:
    if unknown := table.keys() - _HEADER:
        raise BadVocabulary(f"unknown key {_quoted(unknown)}", where=name)
    if type(table.get("version")) is not int or table["version"] < 1:
        raise BadVocabulary("version is not a whole number from 1", where=name)
    for key in ("owner", "description"):
        if not _is_text(table.get(key)):
            raise BadVocabulary(f"{key} is missing or empty", where=name)
    if table.get("codes", "snake_case") not in tuple(_CODE_FORMS):
        raise BadVocabulary(f"codes is none of {_quoted(_CODE_FORMS)}", where=name)
    for key in ("properties", "terms"):
        if not isinstance(table.get(key, {}), dict):
            raise BadVocabulary(f"{key} is not a table", where=name)
    if not table.get("terms"):
        raise BadVocabulary("there are no terms", where=name)


def _check_properties(properties: Table, name: str) -> None:
    for key, kind in properties.items():
        if key in _TERM:
            raise BadVocabulary(f"property '{key}' is a key that every term has", where=name)
        if kind not in tuple(_PROPERTY_TYPES):
            raise BadVocabulary(f"the type of property '{key}' is none of {_quoted(_PROPERTY_TYPES)}", where=name)


class _Entry:
    """One entry of a list on its way to a term."""

    def __init__(self, name: str, code: str, entry: Table, property_types: Table) -> None:
        self.where, self.code, self.entry, self.property_types = f"{name}.{code}", code, entry, property_types

    def term(self) -> Term:
        if not isinstance(self.entry, dict):
            raise self._refusal("the term is not a table")
        if unknown := self.entry.keys() - _TERM - self.property_types.keys():
            raise self._refusal(f"unknown key {_quoted(unknown)}")
        labels = self._texts("labels")
        if SOURCE_LANGUAGE not in labels:
            raise self._refusal("the English label is missing")
        return Term(
            code=self.code,
            labels=labels,
            crosswalks=self._crosswalks(),
            attested=self._languages("attested", labels),
            reviewed=self._languages("reviewed", labels),
            notes=self._text("notes"),
            default_release_class=self._release_class(),
            retired_on=self._date("retired_on"),
            replaced_by=self._text("replaced_by"),
            properties=MappingProxyType({key: self._property(key) for key in self.property_types if key in self.entry}),
        )

    def _refusal(self, what: str) -> BadVocabulary:
        return BadVocabulary(what, where=self.where)

    def _text(self, key: str) -> str | None:
        value = self.entry.get(key)
        if value is not None and not _is_text(value):
            raise self._refusal(f"{key} is not a text, or has white space around it")
        return value

    def _texts(self, key: str) -> Mapping[str, str]:
        texts = self.entry.get(key, {})
        if not isinstance(texts, dict):
            raise self._refusal(f"{key} is not one text a language")
        for language, text in texts.items():
            if not _LANGUAGE_TAG.fullmatch(language):
                raise self._refusal(f"{key}: '{language}' is not a language tag")
            if not _is_text(text):
                raise self._refusal(f"{key}.{language} is not a text, or has white space around it")
        return MappingProxyType(texts)

    def _languages(self, key: str, labels: Mapping[str, str]) -> tuple[str, ...]:
        tags = self.entry.get(key, [])
        if not isinstance(tags, list) or not all(isinstance(tag, str) and _LANGUAGE_TAG.fullmatch(tag) for tag in tags):
            raise self._refusal(f"{key} is not a list of language tags")
        if unlabelled := set(tags) - labels.keys():
            raise self._refusal(f"{key} names {_quoted(unlabelled)}, which has no label")
        if len(set(tags)) < len(tags):
            raise self._refusal(f"{key} names a language twice")
        return tuple(tags)

    def _crosswalks(self) -> Mapping[str, str]:
        crosswalks = self.entry.get("crosswalks", {})
        if not isinstance(crosswalks, dict):
            raise self._refusal("crosswalks is not one code a scheme")
        for scheme, code in crosswalks.items():
            if scheme not in _CROSSWALKS:
                raise self._refusal(f"unknown crosswalk '{scheme}'")
            if not isinstance(code, str) or not _CROSSWALKS[scheme].fullmatch(code):
                raise self._refusal(f"crosswalks.{scheme} is not a code of that scheme")
        return MappingProxyType(crosswalks)

    def _release_class(self) -> str | None:
        value = self._text("default_release_class")
        if value is not None and value not in _RELEASE_CLASSES:
            raise self._refusal(f"default_release_class is none of {_quoted(_RELEASE_CLASSES)}")
        return value

    def _date(self, key: str) -> dt.date | None:
        value = self.entry.get(key)
        if value is not None and type(value) is not dt.date:
            raise self._refusal(f"{key} is not a date")
        return value

    def _property(self, key: str) -> Property:
        kind, value = self.property_types[key], self.entry[key]
        if not isinstance(value, _PROPERTY_TYPES[kind]):
            raise self._refusal(f"{key} is not a {kind}")
        if kind == "texts":
            return self._texts(key)
        return bool(value) if kind == "flag" else self._text(key) or ""


def _check_codes(terms: Mapping[str, Term], form: re.Pattern[str], name: str) -> None:
    for code in terms:
        if not form.fullmatch(code):
            raise BadVocabulary("the code does not have the form of the list's codes", where=f"{name}.{code}")


def _check_frozen(terms: Mapping[str, Term], frozen: Collection[str], name: str) -> None:
    for code in frozen:
        if code not in terms:
            hint = "put it back; to end it, give it retired_on and replaced_by"
            raise BadVocabulary("a published code was renamed or removed", where=f"{name}.{code}", hint=hint)
    for code in terms:
        if code not in frozen:
            hint = f"to publish it, add the line '{name} {code}' to frozen_codes.txt"
            raise BadVocabulary("the code is not among the frozen codes", where=f"{name}.{code}", hint=hint)


def _check_references(terms: Mapping[str, Term], properties: Table, name: str) -> None:
    code_properties = [key for key, kind in properties.items() if kind == "code"]
    for term in terms.values():
        for key in code_properties:
            if term.properties.get(key, term.code) not in terms:
                raise BadVocabulary(f"{key} names a code that is not in the list", where=f"{name}.{term.code}")
        if term.replaced_by is None:
            continue
        if term.retired_on is None or term.replaced_by not in terms.keys() - {term.code}:
            what = "replaced_by stands without retired_on, or names no other code of the list"
            raise BadVocabulary(what, where=f"{name}.{term.code}")


def _check_labels_differ(terms: Mapping[str, Term], name: str) -> None:
    seen: dict[tuple[str, str], str] = {}
    for term in terms.values():
        if term.retired_on is not None:
            continue
        for language, text in term.labels.items():
            other = seen.setdefault((language, text.casefold()), term.code)
            if other != term.code:
                raise BadVocabulary(f"labels.{language} is also the label of '{other}'", where=f"{name}.{term.code}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value == value.strip() != ""


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
