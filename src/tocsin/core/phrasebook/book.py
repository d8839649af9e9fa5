"""Opening a phrasebook, and saying a formula without a hole in it."""

import datetime as dt
import functools
import importlib.resources
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Literal

import msgspec
import tomli
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import MAX_PART_LENGTH
from fluent.syntax.ast import Placeable, StringLiteral, TextElement, VariableReference

from tocsin.core.errors import BadPhrasebook
from tocsin.core.phrasebook.countries import Case, CountryRule, say_country
from tocsin.core.phrasebook.phrases import Gender, Phrase

_GRAMMAR = "grammar.toml"
_POINTS = re.compile(r"(?<=\w)\.\.(?!\.)")
# Where a message or a term of a Fluent file begins, and how one names another.
_BEGINS = re.compile(r"^(?=(-?[A-Za-z][\w-]*)[ ]*=)", re.MULTILINE)
_NAMED = re.compile(r"\{\s*(-?[a-z][\w-]*)")
# Between the first word of a name and the rest of it.
_FIRST_WORD = re.compile(r"[^\w]")
# A text says few days, and each again and again.
_written_date = functools.lru_cache(maxsize=2_000)(format_date)
Value = str | int | Phrase
_Parts = tuple[tuple[str, bool], ...]
"""The texts of a formula, and the names of the values between them, which are marked."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What of a language is no formula.

    `locale` is the CLDR locale for lists, dates and plurals; `date` and `month` are CLDR date patterns, `time` the
    pattern of a time of day. `mixed` is the gender of a group of several genders. `of` is the language's "of", with
    `elided` before the letters `elides_before` and the words `elides_words`, and `contractions` of it with an article.
    `definite` turns the first word of a description into that of a second mention, `definite_else` stands before one
    that begins otherwise.
    Organisations of `kinds_with_article` take `article`. `speech_verbs` begin reported speech that has its own verb,
    `place_prepositions` the name of a place that needs none before it, `place_articles` one that needs no article.
    `common_starts` are words that a description may begin with and that take a small letter inside a sentence.
    The nouns of `plural_acts` are plural; `demands_ask_also` says which further demands the formula of a demand makes.
    A name of an organisation takes `article` if its noun, before a small word or at the end, is in
    `names_with_article`. `pronouns` are those for the subject of a sentence, by number and gender (`one-f`); those who
    have none are named again.
    `title_articles` are what stands before a title inside a sentence.
    `preposition_kinds` gives the formula by which a kind of place is added, where it is not `at-place`, and
    `preposition_words` that for places with such a word in their name.
    A title drops `noun_articles`; `and_starts` begin the manner of a deed that is a next deed; composed texts have the
    `apostrophe`.
    Where the gender of the first word decides, `articles` gives the words behind each article. `to` is the language's
    "to", with `to_contractions`. `countries` says how names of countries stand in a sentence. `numbers` are the words
    for 1, 2, 3 and so on; later numbers are written in digits. `separator` stands between demands.
    """

    language: str
    status: Literal["draft", "reviewed"]
    locale: str
    date: str
    month: str
    time: str
    first_day: str
    mixed: Gender
    opening_quote: str
    closing_quote: str
    of: str
    elided: str = ""
    elides_before: str = ""
    elides_words: frozenset[str] = frozenset()
    noun_articles: tuple[str, ...] = ()
    and_starts: tuple[str, ...] = ()
    apostrophe: str = "'"
    contractions: dict[str, str] = field(default_factory=dict)
    plural_of_titles: dict[str, str] = field(default_factory=dict)
    title_articles: dict[str, str] = field(default_factory=dict)
    definite: dict[str, str] = field(default_factory=dict)
    definite_else: str = ""
    singular_starts: tuple[str, ...] = ()
    kinds_with_article: tuple[str, ...] = ()
    article: str = ""
    speech_verbs: tuple[str, ...] = ()
    common_starts: tuple[str, ...] = ()
    place_prepositions: tuple[str, ...] = ()
    place_articles: tuple[str, ...] = ()
    plural_acts: tuple[str, ...] = ()
    demands_ask_also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names_with_article: tuple[str, ...] = ()
    pronouns: dict[str, str] = field(default_factory=dict)
    preposition_kinds: dict[str, str] = field(default_factory=dict)
    preposition_words: dict[str, str] = field(default_factory=dict)
    articles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    to: str = ""
    to_contractions: dict[str, str] = field(default_factory=dict)
    countries: tuple[CountryRule, ...] = ()
    numbers: tuple[str, ...] = ()
    separator: str = ";"


def languages() -> tuple[str, ...]:
    """List the languages that have a phrasebook."""
    folder = importlib.resources.files(__package__)
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.joinpath(_GRAMMAR).is_file()))


class Phrasebook:
    """The formulae of one language."""

    def __init__(self, grammar: Grammar, messages: Sequence[str]) -> None:
        self.grammar = grammar
        self.language = grammar.language
        self._locale = Locale.parse(grammar.locale)
        functions: dict[str, Any] = {
            "FORM": self._form,
            "OF": functools.partial(self._each, self._of),
            "TO": functools.partial(self._each, self._to),
            "OF_COUNTRY": functools.partial(self._each, functools.partial(self._country, "of")),
            "IN_COUNTRY": functools.partial(self._each, functools.partial(self._country, "within")),
        }
        # Isolation is the outlet's business: the document holds plain text, which the reader must read again.
        self._bundle = FluentBundle([grammar.locale.replace("_", "-")], functions=functions, use_isolating=False)
        self._patterns: dict[str, Any] = {}
        # The parts of those formulae that are texts and values by turns, which most are.
        self._plain: dict[str, _Parts | None] = {}
        self._unread = {name: text for each in messages for name, text in _cut(each)}

    def has(self, formula: str) -> bool:
        """Whether the book has a formula (`message` or `message.attribute`)."""
        return self._pattern(formula) is not None

    def say(self, formula: str, **values: Value) -> str:
        """Give a formula filled with values.

        Raises:
            BadPhrasebook: The formula is missing, or asks for a value that it was not given.
        """
        pattern = self._pattern(formula)
        if pattern is None:
            raise BadPhrasebook(
                "a formula is missing", where=f"{self.language}: {formula}", hint="add it to the phrasebook"
            )
        if (parts := self._plain[formula]) and (filled := _filled(parts, values)) is not None:
            return _pointed(filled)
        text, problems = self._bundle.format_pattern(pattern, dict(values))
        if problems:
            raise BadPhrasebook(
                f"a formula cannot be filled: {problems[0]}",
                where=f"{self.language}: {formula}",
                hint="compare it with the English one",
            )
        return _pointed(str(text))

    def _pattern(self, formula: str) -> Any:
        """Give what a formula says, found once; nothing where the book has it not."""
        if (known := self._patterns.get(formula)) is not None:
            return known
        name, _, attribute = formula.partition(".")
        self._read(name)
        if not self._bundle.has_message(name):
            return None
        message = self._bundle.get_message(name)
        found = message.attributes.get(attribute) if attribute else message.value
        self._patterns[formula], self._plain[formula] = found, _parts_of(found)
        return found

    def _read(self, name: str) -> None:
        """Parse a message, and those that it names, when it is first asked for: an appeal needs few of them."""
        text = self._unread.pop(name, None)
        if text is not None:
            self._bundle.add_resource(FluentResource(text))
            for other in _NAMED.findall(text):
                self._read(other)

    def names(self, texts: Sequence[str]) -> str:
        """Join names into a list: `A, B and C`."""
        if len(texts) == 1:
            return texts[0]
        return format_list(list(texts), locale=self._locale) if texts else ""

    def day(self, date: dt.date) -> str:
        """Write a day out, as the appeals of the language do."""
        text = _written_date(date, self.grammar.date, locale=self._locale)
        return re.sub(r"\b1\b", self.grammar.first_day, text, count=1) if date.day == 1 else text

    def number(self, number: int) -> str:
        """Write a number, a small one as a word."""
        return self.grammar.numbers[number - 1] if 0 < number <= len(self.grammar.numbers) else str(number)

    def begins_with_number(self, label: str) -> bool:
        """Whether a description says itself how many there are, as far as numbers are known: `three soldiers`."""
        return label.startswith((*(f"{each} " for each in self.grammar.numbers), *self.grammar.singular_starts))

    def month(self, date: dt.date) -> str:
        """Write a month and its year out."""
        return format_date(date, self.grammar.month, locale=self._locale)

    def clock(self, time: dt.time) -> str:
        """Write a time of day."""
        return format_time(time, self.grammar.time, locale=self._locale)

    def definite(self, label: str) -> str:
        """Turn a description into that of a second mention: `a crowd` into `the crowd`."""
        for start, instead in self.grammar.definite.items():
            if label.startswith(start):
                return instead + label[len(start) :]
        return self.grammar.definite_else + label

    def inside(self, label: str) -> str:
        """Give a description as it stands inside a sentence: a common word loses its capital."""
        return label[:1].lower() + label[1:] if label.startswith(self.grammar.common_starts) else label

    def is_singular(self, label: str) -> bool:
        """Whether a description speaks of one: `a soldier`, `the manager`."""
        return label.startswith(self.grammar.singular_starts)

    def with_article(self, name: str, kind: str) -> str:
        """Put the article before the name of an organisation that takes one: `the Ministry of Justice`."""
        article, words = self.grammar.article, name.split()
        noun = [*takewhile(lambda word: not word[0].islower(), words)][-1:] if len(words) > 1 else []
        by_noun = next((each for each, nouns in self.grammar.articles.items() if words[:1] and words[0] in nouns), None)
        if by_noun is not None:
            return by_noun + name
        takes_one = kind in self.grammar.kinds_with_article or not set(noun).isdisjoint(self.grammar.names_with_article)
        return article + name if takes_one and not name.startswith(article) else name

    def pronoun(self, phrase: Phrase) -> str | None:
        """Give the pronoun for a subject that was named right before; `None` where the language has none for it."""
        return self.grammar.pronouns.get(f"{self._locale.plural_form(phrase.count)}-{phrase.gender}")

    def is_plural(self, act: str) -> bool:
        """Whether the noun of a type of act is plural: `threats`."""
        return act in self.grammar.plural_acts

    def without_article(self, noun: str) -> str:
        """Give a noun as it stands in a title: `attack against Ms. A`."""
        return next((noun.removeprefix(each) for each in self.grammar.noun_articles if noun.startswith(each)), noun)

    def typeset(self, label: str) -> str:
        """Give a label of a vocabulary with the apostrophe that the texts of the language have."""
        return label.replace("'", self.grammar.apostrophe)

    def law(self, name: str) -> str:
        """Put the article before the name of a law, a treaty or a federation that has none."""
        if self.grammar.articles:
            return self.with_article(name, "")
        return name if name.startswith(self.grammar.article) else f"{self.grammar.article}{name}"

    def has_preposition(self, place: str) -> bool:
        """Whether the name of a place says itself how one stands to it: `in front of the court`."""
        return place.startswith(self.grammar.place_prepositions)

    def stands_alone(self, place: str) -> bool:
        """Whether the name of a place takes no article: it has one, has a preposition, or is a number of a street."""
        return place[:1].isdigit() or self.has_preposition(place) or place.startswith(self.grammar.place_articles)

    def is_proper(self, place: str) -> bool:
        """Whether a place is called so, as a town is: `Port Asha`; a `Central Court` is described in capitals."""
        words = place.split()
        if not words or any(word[0].islower() for word in words) or self.stands_alone(place):
            return False
        return self.with_article(place, "") == place and words[-1] not in self.grammar.names_with_article

    def quote(self, text: str) -> str:
        """Put words into the quotation marks of the language."""
        return f"{self.grammar.opening_quote}{text}{self.grammar.closing_quote}"

    def titled(self, titles: Sequence[str], names: Sequence[str]) -> list[str]:
        """Give names with their titles: `Ms. A`, `Mr. B`; those with one title as one: `Mses. A and B`."""
        article = self.grammar.title_articles.get
        if len(names) > 1 and len(set(titles)) == 1 and (plural := self.grammar.plural_of_titles.get(titles[0])):
            return [f"{article(plural, '')}{plural} {self.names(names)}"]
        pairs = zip(titles, names, strict=True)
        return [f"{article(title, '')}{title} {name}" if title else name for title, name in pairs]

    def _form(self, phrase: Phrase | str, **forms: str) -> str:
        count, gender = (phrase.count, phrase.gender) if isinstance(phrase, Phrase) else (1, "n")
        category = self._locale.plural_form(count)
        for key in (f"{category}-{gender}", category, f"other-{gender}", "other"):
            if key in forms:
                return str(forms[key])
        raise KeyError(f"no form for {category}-{gender}")

    def _each(self, say: Callable[[str], str], phrase: Phrase | str) -> str:
        """Say each name of a list in its own right: `de Mme A et du Comité`."""
        parts = phrase.parts if isinstance(phrase, Phrase) else ()
        if parts:
            return self.names([say(part) for part in parts])
        return say(str(phrase.text if isinstance(phrase, Phrase) else phrase))

    def _country(self, case: Case, name: str) -> str:
        return say_country(self.grammar.countries, name, case, otherwise=self.grammar.of if case == "of" else "")

    def _to(self, text: str) -> str:
        for article, contracted in self.grammar.to_contractions.items():
            if text.startswith(article):
                return f"{contracted}{text[len(article) :]}"
        return f"{self.grammar.to}{text}"

    def _of(self, text: str) -> str:
        grammar = self.grammar
        for article, contracted in grammar.contractions.items():
            if text.startswith(article):
                return f"{contracted}{text[len(article) :]}"
        first = text.removeprefix(grammar.opening_quote)
        if first[:1].casefold() in grammar.elides_before or _FIRST_WORD.split(first, 1)[0] in grammar.elides_words:
            return f"{grammar.elided}{text}"
        return f"{grammar.of}{text}"


def _parts_of(pattern: Any) -> _Parts | None:
    """Give the texts and the names of values of a formula; `None` for one that chooses or calls, or names another."""
    parts: list[tuple[str, bool]] = []
    for each in getattr(pattern, "elements", (pattern,)):
        if isinstance(each, TextElement):
            parts.append((each.value, False))
        elif isinstance(each, StringLiteral):
            parts.append((each.parse()["value"], False))
        elif isinstance(each, Placeable) and isinstance(each.expression, VariableReference):
            parts.append((each.expression.id.name, True))
        else:
            return None
    return tuple(parts)


def _filled(parts: _Parts, values: Mapping[str, Value]) -> str | None:
    """Fill a formula as Fluent would; `None` where a value is missing, a number, or longer than Fluent lets pass."""
    filled = []
    for part, is_name in parts:
        value = values.get(part) if is_name else part
        text = value.text if isinstance(value, Phrase) else value
        if not isinstance(text, str) or len(text) > MAX_PART_LENGTH:
            return None
        filled.append(text)
    return "".join(filled)


def _pointed(text: str) -> str:
    """Leave one point where a name in initials brings the one that ends a sentence."""
    return _POINTS.sub(".", text) if ".." in text else text


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Cut a Fluent file into its messages; of a name that stands twice the first counts, as in Fluent itself."""
    begins = list(_BEGINS.finditer(text))
    ends = [each.start() for each in begins[1:]] + [len(text)]
    for begin, end in reversed(list(zip(begins, ends, strict=True))):
        yield begin[1], text[begin.start() : end]


@functools.cache
def open_phrasebook(language: str) -> Phrasebook:
    """Open the phrasebook of a language.

    Raises:
        BadPhrasebook: There is none, or it cannot be read.
    """
    folder = importlib.resources.files(__package__).joinpath(language)
    if language not in languages():
        known = ", ".join(languages())
        raise BadPhrasebook("no phrasebook for this language", where=language, hint=f"there are {known}")
    try:
        grammar = msgspec.convert(tomli.loads(folder.joinpath(_GRAMMAR).read_text(encoding="utf-8")), Grammar)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPhrasebook(str(error), where=f"{language}/{_GRAMMAR}") from error
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".ftl")), key=lambda entry: entry.name)
    return Phrasebook(grammar, [file.read_text(encoding="utf-8") for file in files])
