"""The fixed words of appeals in all languages of the lexicon, ready to be looked up.

Lines are recognised before their language is known (a page may hold two editions, a French text English headings), so
the languages are merged into one set of words.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from tocsin.core.codes import OBSERVATORY, Scheme
from tocsin.core.reader import lexicon
from tocsin.core.reader.lines import flatten, squeeze
from tocsin.core.reader.structure.links import Links
from tocsin.core.reader.structure.phrases import PhraseBook

_LEAD = 3
_SHORTEST_VERB = 4
_LEADS = range(_LEAD, 0, -1)


class Prefixes:
    """Flattened words with their meanings, looked for at one place of a text; the longest wins."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._by_lead: dict[str, list[tuple[str, str]]] = {}
        for word, meaning in sorted(meanings.items(), key=lambda pair: -len(pair[0])):
            self._by_lead.setdefault(word[:_LEAD], []).append((word, meaning))
        self._initials = frozenset(word[:1] for word in meanings)

    def at(self, flat: str, start: int, end: int | None = None) -> tuple[str, str] | None:
        """Give the word at `start`, which ends before a letter or digit, and its meaning."""
        if flat[start : start + 1] not in self._initials:
            return None
        for lead in _LEADS:
            for word, meaning in self._by_lead.get(flat[start : start + lead], ()):
                if flat.startswith(word, start):
                    after = start + len(word)
                    if not flat[after : after + 1].isalnum() and (end is None or after <= end):
                        return word, meaning
        return None


@dataclass(frozen=True, slots=True)
class Wording:
    """What `structure.toml` and `channels.toml` of every language say; heads are squeezed, books ask flattened text."""

    function_words: Mapping[str, frozenset[str]]
    banners: Mapping[str, str]
    banner_leads: frozenset[str]
    follow_up_marks: tuple[str, ...]
    follow_up_leads: tuple[str, ...]
    letter_leads: tuple[str, ...]
    headings: Mapping[str, str]
    opening: PhraseBook
    partnership: PhraseBook
    publisher_subjects: tuple[str, ...]
    position: PhraseBook
    narrative: tuple[str, ...]
    intro: PhraseBook
    demands: PhraseBook
    asking: PhraseBook
    whom: PhraseBook
    links: Mapping[str, Links]
    asides: PhraseBook
    violations: PhraseBook
    modes: PhraseBook
    offices: PhraseBook
    honorifics: Prefixes
    copy: tuple[str, ...]
    postal: PhraseBook
    labels: Prefixes
    requests: PhraseBook
    about: PhraseBook
    contact_openers: tuple[str, ...]
    contact_leads: frozenset[str]
    mail_headers: Mapping[str, str]
    quoting: Mapping[str, tuple[str, ...]]
    weekdays: frozenset[str]
    greetings: tuple[str, ...]
    sign_offs: tuple[str, ...]
    navigation: frozenset[str]
    date_words: frozenset[str]
    published: frozenset[str]
    bylines: tuple[str, ...]
    alerts: frozenset[str]
    thanks: PhraseBook
    scheme: Scheme = OBSERVATORY


@cache
def wording(scheme: Scheme = OBSERVATORY) -> Wording:
    """Give the words of every language, loaded once, and whose codes stand in the text."""
    return replace(_loaded(), scheme=scheme)


@cache
def _loaded() -> Wording:
    files = {language: lexicon.load(language, "structure") for language in lexicon.LANGUAGES}
    channels = {language: lexicon.load(language, "channels") for language in lexicon.DATED}
    banners = _heads(_merged(files, "banners"))
    return Wording(
        function_words={language: frozenset(file["function_words"].split()) for language, file in files.items()},
        banners=banners,
        banner_leads=frozenset([head[:3] for head in banners]),
        follow_up_marks=_squeezed(files, "follow_up_marks"),
        follow_up_leads=_squeezed(files, "follow_up_leads"),
        letter_leads=_squeezed(files, "letter_leads"),
        headings=_heads(_merged(files, "headings")),
        opening=PhraseBook(_merged(files, "opening")),
        partnership=PhraseBook(_merged(files, "partnership")),
        publisher_subjects=_flat(files, "publisher_subjects"),
        position=PhraseBook(_merged(files, "position")),
        narrative=_flat(files, "narrative"),
        intro=PhraseBook({"intro": _listed(files, "intro")}),
        demands=PhraseBook(_demands(files)),
        asking=PhraseBook(_merged(files, "asking")),
        whom=PhraseBook({"whom": _listed(files, "whom")}),
        links={language: Links.of(file["links"]) for language, file in files.items()},
        asides=PhraseBook({"aside": _listed(files, "asides")}),
        violations=PhraseBook(_merged(files, "violations")),
        modes=PhraseBook(_merged(files, "violation_modes")),
        offices=PhraseBook(_merged(files, "offices")),
        honorifics=Prefixes(_by_flat(_merged(files, "honorifics"))),
        copy=_flat(files, "copy"),
        postal=PhraseBook({"post": _listed(files, "postal")}),
        labels=Prefixes(_by_flat(_merged(channels, "labels"))),
        requests=PhraseBook(_merged(files, "requests")),
        about=PhraseBook({"about": _listed(files, "about")}),
        contact_openers=_squeezed(files, "contact_openers"),
        contact_leads=frozenset(opener[:4] for opener in _flat(files, "contact_openers")),
        mail_headers=_by_flat(_merged(files, "mail_headers")),
        quoting={part: tuple(map(flatten, words)) for part, words in _merged(files, "quoting").items()},
        weekdays=frozenset(map(flatten, _weekdays())),
        greetings=_flat(files, "greetings"),
        sign_offs=_flat(files, "sign_offs"),
        navigation=frozenset(_flat(files, "navigation")),
        date_words=frozenset((*_flat(files, "date_words"), *_flat(files, "published"))),
        published=frozenset(_flat(files, "published")),
        bylines=_flat(files, "bylines"),
        alerts=frozenset(_flat(files, "alerts")),
        thanks=PhraseBook({"thanks": _listed(files, "thanks")}),
    )


def _weekdays() -> Iterator[str]:
    """Give the names of the days in every language, those cut short among them."""
    for table in (lexicon.load(language, "time") for language in lexicon.LANGUAGES):
        yield from table["short_weekdays"]["words"]
        yield from (word for words in table["weekdays"].values() for word in words)


_Files = Mapping[str, Mapping[str, Any]]


def _merged(files: _Files, key: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for file in files.values():
        for value, phrases in file[key].items():
            table.setdefault(value, []).extend(phrases)
    return table


def _demands(files: _Files) -> dict[str, list[str]]:
    """Give what may be asked, with the moods in which the verb that begins a phrase stands behind `que`."""
    table: dict[str, list[str]] = {}
    for file in files.values():
        moods = sorted(file["subjunctive"].items(), key=lambda pair: -len(pair[0]))
        for value, phrases in file["demands"].items():
            table.setdefault(value, []).extend(chain(phrases, *(_moods(phrase, moods) for phrase in phrases)))
    return table


def _moods(phrase: str, moods: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    verb, blank, rest = phrase.partition(" ")
    for ending, forms in moods:
        if verb.endswith(ending) and len(verb) > _SHORTEST_VERB:
            yield from (verb.removesuffix(ending) + form + blank + rest for form in forms)
            return


def _listed(files: _Files, key: str) -> list[str]:
    return [phrase for file in files.values() for phrase in file[key]]


def _flat(files: _Files, key: str) -> tuple[str, ...]:
    return tuple(flatten(phrase) for phrase in _listed(files, key))


def _squeezed(files: _Files, key: str) -> tuple[str, ...]:
    return tuple(squeeze(phrase) for phrase in _flat(files, key))


def _by_flat(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn `value → phrases` into `phrase → value`, longest phrase first."""
    pairs = [(flatten(phrase), value) for value, phrases in table.items() for phrase in phrases]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _heads(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {squeeze(flat): value for flat, value in _by_flat(table).items()}
