"""The words of one language for people, groups, acts and justice, ready for looking up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.core.appeal.document import Mode
from tocsin.core.reader import lexicon
from tocsin.core.reader.dates import time_words
from tocsin.core.reader.tokens import Families, Phrases, Tokens, fold

_AGREEMENT = {"fr": ("", "e", "s", "es"), "es": ("o", "a", "os", "as")}
# Articles, and words that begin a sentence so often that they are never the first word of a name.
ARTICLES = frozenset(
    "the a an le la les l' un une des el los las una unos unas this that these those ce cette ces este esta".split()
)

# They join a name to another as often as they stand inside one.
_OUTER_LINKS = frozenset("and et y e & in to on with".split())


@dataclass(frozen=True, slots=True)
class ActWords:
    """One entry of `acts.toml`."""

    type: str
    method: str | None
    needs: Phrases | None
    self: bool
    also: str | None
    no_victim: bool
    mode: Mode | None
    about: bool


@dataclass(frozen=True)
class Words:
    """Everything the facts half of the reader knows of a language.

    Of phrases in one family the longest wins, so phrases that must not hide one another are in different families.
    """

    language: str
    drops_subject: bool
    object_marker: frozenset[str]
    families: Families
    groups: Phrases
    act_entries: tuple[ActWords, ...]
    act_forms: Mapping[str, tuple[tuple[str, int], ...]]
    grammar: Mapping[str, frozenset[str]]
    attempted: Phrases
    not_names: frozenset[str]
    organisation_words: frozenset[str]
    organisation_links: frozenset[str]
    particles: frozenset[str]
    place_prepositions: frozenset[str]
    locatives: frozenset[str]
    belonging: frozenset[str]
    belonging_links: frozenset[str]
    inner_links: frozenset[str]
    noun_first: bool
    tail_links: frozenset[str]
    purpose_links: frozenset[str]
    before_nouns: frozenset[str]
    adjective_endings: tuple[str, ...]
    calendar: frozenset[str]
    qualities: frozenset[str]
    function_words: frozenset[str]
    titles_by_gender: Mapping[str, str]
    roles_by_gender: Mapping[str, str]
    against_others: Phrases
    rights: Phrases


@cache
def words_of(language: str) -> Words:
    """Load the words of a language; one without a lexicon has none, so nothing is found in it."""
    known = language in lexicon.LANGUAGES
    people, groups, acts, justice = (
        lexicon.load(language, subject) if known else {} for subject in ("people", "groups", "acts", "justice")
    )
    grammar = {
        name: frozenset(map(fold, group)) for name, group in acts.get("grammar", {}).items() if name != "drops_subject"
    }
    entries, forms = _acts(acts.get("act", []), language)
    light = [(phrase, "light", "") for phrase in acts.get("grammar", {}).get("light", [])]
    of_groups = Phrases(_groups(groups))
    return Words(
        language=language,
        drops_subject=acts.get("grammar", {}).get("drops_subject", False),
        object_marker=frozenset(map(fold, acts.get("grammar", {}).get("object_marker", []))),
        families=Families(
            {
                "names": Phrases(_names(people)),
                "groups": of_groups,
                "acts": Phrases([*((phrase, "act", phrase) for phrase in forms), *light]),
                "justice": Phrases(_justice(justice)),
                "outcomes": Phrases(_valued(justice, "outcomes", "outcome")),
                "verdicts": Phrases(_valued(justice, "verdicts", "verdict")),
                "hedges": Phrases(_listed(people, "hedges", "hedge")),
            }
        ),
        groups=of_groups,
        act_entries=tuple(entries),
        act_forms={phrase: tuple(found) for phrase, found in forms.items()},
        grammar={name: grammar.get(name, frozenset()) for name in _GRAMMAR},
        attempted=Phrases((phrase, "attempted", "") for phrase in acts.get("grammar", {}).get("attempted", [])),
        not_names=_set(people, "not_names") | frozenset((*time_words(language).months, *time_words(language).weekdays)),
        organisation_words=_set(people, "organisation_words"),
        organisation_links=_set(people, "organisation_links"),
        particles=_set(people, "particles"),
        place_prepositions=_set(people, "place_prepositions"),
        locatives=_set(people, "locatives"),
        belonging=_set(people, "belonging"),
        belonging_links=_set(people, "belonging") | ARTICLES | {"of"},
        inner_links=_set(people, "organisation_links") - _OUTER_LINKS,
        noun_first=bool(people.get("name_tail", {}).get("links")),
        tail_links=frozenset(map(fold, people.get("name_tail", {}).get("links", []))),
        purpose_links=frozenset(map(fold, people.get("name_tail", {}).get("purpose_links", []))),
        before_nouns=frozenset(map(fold, people.get("name_tail", {}).get("before_nouns", []))),
        adjective_endings=tuple(map(fold, people.get("name_tail", {}).get("adjective_endings", []))),
        calendar=frozenset((*time_words(language).months, *time_words(language).weekdays)),
        qualities=_set(groups, "qualities"),
        function_words=ARTICLES | grammar.get("prepositions", frozenset()) | grammar.get("clause", frozenset()),
        titles_by_gender=_by_gender(people, "titles"),
        roles_by_gender=_by_gender(people, "roles"),
        against_others=Phrases(_valued(justice, "against", "against")),
        rights=Phrases(_valued(justice, "rights", "right")),
    )


_GRAMMAR = (
    "be", "have", "by", "negation", "irrealis", "object_of", "conjunctions", "clause", "prepositions", "reflexive",
    "recalling", "prison", "suspended",
)  # fmt: skip


def _acts(table: list[Mapping[str, Any]], language: str) -> tuple[list[ActWords], dict[str, list[tuple[str, int]]]]:
    """Give the entries, and for each form of a verb or noun the entries it may belong to, in their order."""
    entries: list[ActWords] = []
    forms: dict[str, list[tuple[str, int]]] = {}
    for number, entry in enumerate(table):
        needs = entry.get("needs")
        entries.append(
            ActWords(
                entry["type"],
                entry.get("method"),
                Phrases((phrase, "need", "") for phrase in needs) if needs else None,
                entry.get("self", False),
                entry.get("also"),
                entry.get("no_victim", False),
                entry.get("mode"),
                entry.get("about", False) or entry.get("mode") == "omission",
            )
        )
        for form in ("active", "participle", "nouns", "phrases"):
            for phrase in entry.get(form, []):
                for inflected in _inflected(phrase, language) if form == "participle" else (phrase,):
                    # One key for "attaque" and "attaqué": folding takes the accent that tells them apart.
                    forms.setdefault(" ".join(Tokens(inflected).folded), []).append((form, number))
    return entries, forms


def _inflected(participle: str, language: str) -> Iterator[str]:
    """Give the agreement forms of a participle: "arrêté" → arrêtée, arrêtés, arrêtées; "detenido" → detenida, etc."""
    head, _, rest = participle.partition(" ")
    endings = _AGREEMENT.get(language, ("",))
    stem = head
    if language == "es":
        if not head.endswith("o"):
            endings = ("",)
        else:
            stem = head[:-1]
    for ending in endings:
        if not (language == "fr" and ending in {"s", "es"} and stem.endswith("s") and ending == "s"):
            yield f"{stem}{ending} {rest}".strip()


def _names(people: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from _valued(people, "titles", "title")
    yield from _valued(people, "roles", "role")
    yield from _listed(people, "membership", "member")
    yield from _valued(people, "named", "named")
    yield from _valued(people, "place_words", "place")


def _groups(groups: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from _valued(groups, "anaphors", "anaphor")
    yield from _valued(groups, "pronouns", "pronoun")
    yield from _valued(groups, "sizes", "size")
    yield from _valued(groups, "heads", "head")
    yield from _valued(groups, "institutions", "institution")
    yield from _valued(groups, "follows", "follows")


def _justice(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, kind in (
        ("charge_openers", "charge"),
        ("instruments", "instrument"),
        ("procedure_nouns", "procedure"),
        ("procedure_verbs", "step"),
        ("charge_words", "charge_word"),
        ("article", "article"),
        ("law_heads", "law"),
        ("attribution", "attribution"),
        ("speech", "speech"),
        ("international", "international"),
    ):
        for value, group in table.get(name, {}).items():
            for phrase in group:
                yield phrase, kind, value


def _valued(table: Mapping[str, Any], name: str, kind: str) -> Iterator[tuple[str, str, str]]:
    for value, group in table.get(name, {}).items():
        for phrase in group:
            yield phrase, kind, value


def _listed(table: Mapping[str, Any], name: str, kind: str) -> Iterator[tuple[str, str, str]]:
    for phrase in table.get(name, {}).get("words", []):
        yield phrase, kind, ""


def _by_gender(people: Mapping[str, Any], of: str) -> dict[str, str]:
    """Map the titles, or the folded words for what a person is, that tell a gender."""
    found = ((word, table[0]) for table in ("feminine", "masculine") for word in people.get(table, {}).get(of, []))
    return {(word if of == "titles" else fold(word)): gender for word, gender in found}


def _set(table: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(_first_words(table.get(name, {}).get("words", [])))


def _first_words(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        folded = Tokens(phrase).folded
        if len(folded) == 1:
            yield folded[0]
