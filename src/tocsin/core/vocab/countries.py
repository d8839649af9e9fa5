"""Countries: the names, nationalities and codes by which appeals print them.

The two tables are lines of text and not TOML, because 250 countries in five languages must open in milliseconds.
Invented countries (user-assigned codes such as `XZV`) are in neither table.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from tocsin.core.errors import BadVocabulary
from tocsin.core.vocab.lists import read_packaged
from tocsin.core.vocab.terms import SOURCE_LANGUAGE, lookup_chain

LANGUAGES = ("en", "fr", "es", "ru", "ar")

_LONGEST_NAME = 320  # characters; a longer text is no name, and is not searched for one


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """A country of ISO 3166-1, or Kosovo.

    Attributes:
        alpha3: ISO 3166-1 alpha-3; `XKX` for Kosovo.
        alpha2: ISO 3166-1 alpha-2; `XK` for Kosovo.
        names: The name by language, in `LANGUAGES`.
    """

    alpha3: str
    alpha2: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Give the name in a language, or the English one."""
        return self.names[_known(language) or SOURCE_LANGUAGE]


def country(code: str) -> Country | None:
    """Give a country by its alpha-3 or alpha-2 code, or by a code that appeals print in its place (`IRA`, `ALG`)."""
    return _by_code().get(code.strip().upper())


def country_name(code: str, language: str, invented: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> str:
    """Name a country in a language; a code that is in no table stands for itself.

    Args:
        code: The alpha-3 code, or one of the others that `country` knows.
        language: The language of the name; English where there is none.
        invented: Names of countries that are in no table here, by code and language.
    """
    found = country(code)
    if found:
        return found.name(language)
    names = invented.get(code, {})
    return names.get(_known(language) or SOURCE_LANGUAGE) or names.get(SOURCE_LANGUAGE) or code


def find_country(words: str, language: str) -> str | None:
    """Give the alpha-3 code of the country that the words name, or `None`.

    Case, accents and punctuation do not matter, but an abbreviation (`UK`) must be in capitals. Words of style around
    the name are passed over ("the Republic of", "Royaume de"). A name that two countries share ("Congo") finds neither.
    """
    if len(words) > _LONGEST_NAME:
        return None
    names = _by_key(_known(language), "name")
    if (found := names.get(_abbreviation(words))) is not None:
        return found
    shorter = _without_style(_fold(words).split(), _style(_known(language)))
    return next((names[name] for name in shorter if name in names), None)


def find_nationality(words: str, language: str) -> str | None:
    """Give the alpha-3 code of the country whose adjective or people the words are (`Kazakh`, `marocaines`), or `None`.

    English, French and Spanish only. A word that two countries share ("Congolese") finds neither.
    """
    return _by_key(_known(language), "nationality").get(_key(words)) if len(words) <= _LONGEST_NAME else None


def countries_by_name(language: str) -> Mapping[str, str]:
    """Give the alpha-3 code by each printed name and abbreviation of a country; ambiguous ones are left out."""
    return _by_printed(_known(language), "name")


def countries_by_nationality(language: str) -> Mapping[str, str]:
    """Give the alpha-3 code by each printed adjective and name of a people; ambiguous ones are left out."""
    return _by_printed(_known(language), "nationality")


@lru_cache(maxsize=64)
def _known(language: str) -> str | None:
    return next((tag for tag in lookup_chain(language) if tag in LANGUAGES), None)


def _key(words: str) -> str:
    return _abbreviation(words) or _fold(words)


_SIGNS = re.compile(r"[\W_]+")
_ASCII_SIGNS = {point: None if chr(point) == "." else " " for point in range(128) if not chr(point).isalnum()}


def _fold(words: str) -> str:
    """Reduce words to lower case without accents and dots, with one space for all else between them."""
    if words.isascii():
        return " ".join(words.translate(_ASCII_SIGNS).lower().split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c) and c not in ".ـ")
    return " ".join(_SIGNS.sub(" ", bare).casefold().split())


def _abbreviation(words: str) -> str:
    """Give the key of what may be an abbreviation, `UK` for `U.K.`; folded names have no capitals, so keys differ."""
    letters = words.replace(".", "").replace(" ", "").replace("-", "")
    return letters if letters.isupper() and len(letters) <= 5 else ""


def _without_style(parts: list[str], style: frozenset[str]) -> Iterator[str]:
    """Give the words as a name, then with one word of style less each time, from the front and then from the end."""
    start, end = 0, len(parts)
    while start < end:
        yield " ".join(parts[start:end])
        if parts[start] not in style:
            break
        start += 1
    while start < end and parts[end - 1] in style:
        end -= 1
        yield " ".join(parts[start:end])


@cache
def _style(language: str | None) -> frozenset[str]:
    return frozenset(_fold(word) for word, _ in _words(language, "style"))


@cache
def _by_key(language: str | None, kind: str) -> Mapping[str, str]:
    return _unambiguous((_key(words), alpha3) for words, alpha3 in _words(language, kind))


@cache
def _by_printed(language: str | None, kind: str) -> Mapping[str, str]:
    clear = _by_key(language, kind)
    return MappingProxyType({words: alpha3 for words, alpha3 in _words(language, kind) if _key(words) in clear})


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str | None] = {}
    for key, alpha3 in pairs:
        found[key] = alpha3 if found.get(key, alpha3) == alpha3 else None
    return MappingProxyType({key: alpha3 for key, alpha3 in found.items() if alpha3 is not None})


def _words(language: str | None, kind: str) -> Iterator[tuple[str, str]]:
    """Give the printed words of one kind in one language, each with its country."""
    if kind == "name" and language is not None:
        for known in _table().values():
            yield known.names[language], known.alpha3
    for alpha3, row_language, row_kind, words in _rows("country_words.txt", 4):
        if row_language == language and row_kind == kind:
            for word in words.split(", "):
                yield word, alpha3


@cache
def _table() -> Mapping[str, Country]:
    table = {}
    for alpha3, alpha2, *names in _rows("countries.txt", 2 + len(LANGUAGES)):
        table[alpha3] = Country(alpha3, alpha2, MappingProxyType(dict(zip(LANGUAGES, names, strict=True))))
    return table


@cache
def _by_code() -> Mapping[str, Country]:
    table = _table()
    printed = {code: table[alpha3] for code, alpha3 in _words("-", "code")}
    return printed | {known.alpha2: known for known in table.values()} | dict(table)


@cache
def _rows(file: str, columns: int) -> tuple[list[str], ...]:
    return split_rows(read_packaged(file), columns, file)


def split_rows(text: str, columns: int, file: str) -> tuple[list[str], ...]:
    """Split a table of `|`-separated lines, without its comments.

    Raises:
        BadVocabulary: A line has another number of columns, or an empty one.
    """
    rows = tuple(line.split("|") for line in text.splitlines() if line and not line.startswith("#"))
    for row in rows:
        if len(row) != columns or not all(row):
            raise BadVocabulary(f"the line has not {columns} filled columns", where=f"{file}, {row[0]}")
    return rows
