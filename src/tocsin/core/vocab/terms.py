"""What a controlled list is made of: labels, terms, and the list itself."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SOURCE_LANGUAGE = "en"

Property = str | bool | Mapping[str, str]


def lookup_chain(language: str) -> Iterator[str]:
    """Give a BCP 47 tag and its shorter forms, longest first: `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647, section 3.4)."""
    tag = language
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Label:
    """The printed words for a term.

    Attributes:
        text: The words.
        language: The BCP 47 tag of the words, which is not the language asked for where `fallback` is set.
        draft: No native reviewer has signed the words off. English, the source, is never a draft.
        fallback: The language asked for has no label, so this is the English one.
    """

    text: str
    language: str
    draft: bool = False
    fallback: bool = False

    def __str__(self) -> str:
        """Give the words alone."""
        return self.text


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One entry of a list.

    Attributes:
        code: Stable for ever: never renamed, never used for something else.
        labels: Printed words by language; English is always there.
        crosswalks: Codes for the same thing elsewhere, by scheme: `huridocs` (`list:code` of the micro-thesauri), `sdg`
            (categories of violation in the method of indicator 16.10.1).
        attested: Languages in which a published appeal was seen to use the label.
        reviewed: Languages whose label a native reviewer has signed off.
        notes: What a translator or coder must know.
        default_release_class: Code of `release_class` that facts with this term start with.
        retired_on: The first day on which the term is no longer offered; old documents keep it.
        replaced_by: The code to use instead.
        properties: What only this list has, as its header declares.
    """

    code: str
    labels: Mapping[str, str]
    crosswalks: Mapping[str, str]
    attested: tuple[str, ...]
    reviewed: tuple[str, ...]
    notes: str | None
    default_release_class: str | None
    retired_on: dt.date | None
    replaced_by: str | None
    properties: Mapping[str, Property]

    def label(self, language: str) -> Label:
        """Give the words in a language, or the English ones marked as a fallback."""
        for tag in lookup_chain(language):
            if tag in self.labels:
                return Label(self.labels[tag], tag, draft=self._unsigned(tag))
        return Label(self.labels[SOURCE_LANGUAGE], SOURCE_LANGUAGE, fallback=True)

    def is_draft(self, language: str) -> bool:
        """Say whether the words in a language still need a native reviewer; words that are missing do."""
        label = self.label(language)
        return label.draft or label.fallback

    def _unsigned(self, tag: str) -> bool:
        return tag != SOURCE_LANGUAGE and tag not in self.reviewed


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary(Mapping[str, Term]):
    """A controlled list: its terms by code, in the order of the file, retired ones included.

    Attributes:
        name: The name of the list and of its file.
        version: Counts up with each published change.
        owner: Who decides on changes.
        description: What the list is for and when it applies.
        terms: The terms by code.
    """

    name: str
    version: int
    owner: str
    description: str
    terms: Mapping[str, Term]

    def __getitem__(self, code: str) -> Term:
        return self.terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def offered(self, on: dt.date) -> tuple[Term, ...]:
        """Give the terms that may be chosen on a day: those not retired by then."""
        return tuple(term for term in self.terms.values() if term.retired_on is None or on < term.retired_on)
