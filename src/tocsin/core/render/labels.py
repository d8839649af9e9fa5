"""The fixed words of a rendered page in each language, and dates written out.

A language is one file in `labels/`; adding the file adds the language. Where none fits, English is used.
"""

import datetime as dt
import functools
import importlib.resources
from dataclasses import dataclass
from typing import Literal

import msgspec
import tomli

from tocsin.core.appeal import AppealDocument, tells_nothing_new
from tocsin.core.errors import BadVocabulary
from tocsin.core.render.characters import one_line
from tocsin.core.vocab import load, primary

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language.

    `status` is `draft` until a native human rights translator has read them. `months` stand beside a day,
    `months_alone` beside a year only, where the two differ. `comma`, `colon` and `semicolon` are what stands between
    two values, or between a label and its value, with the spaces that the language wants around it.
    """

    language: str
    status: Literal["draft", "reviewed"]
    months: list[str]
    date: str
    month_and_year: str
    kinds: dict[str, str]
    words: dict[str, str]
    first_day: str = "1"
    comma: str = ", "
    colon: str = ": "
    semicolon: str = "; "
    months_alone: list[str] | None = None

    def __getitem__(self, word: str) -> str:
        """Give one of the `words`."""
        return self.words[word]

    def kind_of(self, document: AppealDocument) -> str:
        """Name the kind of a document; a follow-up without a section of new information is not said to bring any."""
        return self.kinds["follow_up" if tells_nothing_new(document) else document.kind]

    def term(self, code: str, *lists: str) -> str:
        """Name a vocabulary code by the first of the lists that has it; a code in none of them is its own name."""
        found = (term for name in lists if (term := load(name).get(code)) is not None)
        term = next(found, None)
        return str(term.label(self.language)) if term else one_line(code.replace("_", " "))

    def day(self, date: dt.date) -> str:
        """Write a day out, as in `4 November 2026`."""
        day = self.first_day if date.day == 1 else str(date.day)
        return self.date.format(day=day, month=self.months[date.month - 1], year=date.year)

    def reduced(self, iso: str) -> str:
        """Write out an ISO 8601 date of reduced precision (`2026`, `2026-11`); leave anything else as it is."""
        try:
            whole = dt.date.fromisoformat(f"{iso}-01" if len(iso) == 7 else iso)
        except ValueError:
            return iso
        if len(iso) != 7:
            return self.day(whole)
        month = (self.months_alone or self.months)[whole.month - 1]
        return self.month_and_year.format(month=month, year=whole.year)


def labels_for(language: str | None) -> Labels:
    """Give the words for a BCP 47 tag, in English where we have none for it."""
    subtag = primary(language)
    return _load(subtag if subtag in languages() else FALLBACK)


@functools.cache
def languages() -> frozenset[str]:
    """List the languages that have words of their own."""
    return frozenset(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def _folder() -> importlib.resources.abc.Traversable:
    return importlib.resources.files("tocsin.core.render").joinpath("labels")


@functools.cache
def _load(language: str) -> Labels:
    where = f"render/labels/{language}.toml"
    try:
        words = msgspec.convert(tomli.loads(_folder().joinpath(f"{language}.toml").read_text("utf-8")), Labels)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadVocabulary(str(error), where=where) from error
    if {len(words.months), len(words.months_alone or words.months)} != {12}:
        raise BadVocabulary("not twelve months", where=where)
    return words
