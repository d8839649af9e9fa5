"""The words of one language for people, groups, acts and justice, ready for looking up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from tocsin.core.appeal.document import Mode
from tocsin.core.reader import lexicon
from tocsin.core.reader.dates import time_words
from tocsin.core.reader.facts.inflection import agreeing, inflect
from tocsin.core.reader.tokens import Families, Phrases, first_word, fold, folded_words

# Articles, and words that begin a sentence so often that they are never the first word of a name.
ARTICLES = frozenset(
    "the a an le la les l' un une des el los las una unos unas this that these those ce cette ces este esta".split()
)

# Signs and words behind which a sentence may end.
SENTENCE_ENDS = frozenset({".", "!", "?", "…", "p.m.", "a.m."})

QUOTES = frozenset("“”«»„‘'\"")  # folded: an apostrophe that stands alone closes too

GENITIVES = frozenset({"of", "de", "del", "du", "des", "d'"})
INNER_SIGNS = frozenset({".", "'", "'s"})

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
    named: bool
    told: bool
    of_person: bool
    negated: bool
    moves: bool
    spoken: bool
    anywhere: bool
    official: str | None
    reach: int | None


class ActForm(NamedTuple):
    """A form by which the entry with a number is told; `head` is its first word with its accents."""

    form: str
    entry: int
    head: str


class ActForms(dict[str, tuple[ActForm, ...]]):
    """The entries that a phrase may belong to, in their order, by its folded words.

    They wait under their first words, as phrases do (`Phrases`).
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, list[tuple[str, str, int]]] = {}

    def add(self, phrase: str, form: str, entry: int) -> None:
        """Add a phrase that tells the entry with a number."""
        self._waiting.setdefault(first_word(phrase), []).append((phrase, form, entry))

    def told(self) -> Iterator[tuple[str, int]]:
        """Give each phrase as it is printed with each entry that it may belong to."""
        return ((phrase, entry) for those in self._waiting.values() for phrase, _, entry in those)

    def __missing__(self, folded: str) -> tuple[ActForm, ...]:
        forms: dict[str, dict[ActForm, None]] = {}
        for phrase, form, entry in self._waiting[folded.partition(" ")[0]]:
            # One key for "attaque" and "attaqué": folding takes the accent that tells them apart.
            told = ActForm(form, entry, phrase.partition(" ")[0])
            forms.setdefault(" ".join(folded_words(phrase)), {})[told] = None
        self.update((words, tuple(found)) for words, found in forms.items())
        return tuple(forms[folded])


GivenNames = tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]
"""For each gender the given names that are listed, and the endings that tell it; the lists of all come first."""


@dataclass(frozen=True)
class Words:
    """Everything the facts half of the reader knows of a language.

    Of phrases in one family the longest wins, so phrases that must not hide one another are in different families.

    Attributes:
        name_joints: The folded words and signs that may join two capitalised words to one name.
        between: The words that may stand between an auxiliary and its verb, or between two verbs of one subject.
    """

    language: str
    drops_subject: bool
    object_marker: frozenset[str]
    bound_pronouns: Mapping[str, str]
    families: Families
    groups: Phrases
    act_entries: tuple[ActWords, ...]
    act_forms: ActForms
    grammar: Mapping[str, frozenset[str]]
    denying: frozenset[str]
    between: frozenset[str]
    means: Mapping[str, Phrases]
    not_names: frozenset[str]
    organisation_words: frozenset[str]
    organisation_links: frozenset[str]
    authorities: frozenset[str]
    civic: frozenset[str]
    named_things: frozenset[str]
    closing_posts: frozenset[str]
    closing_bodies: frozenset[str]
    particles: frozenset[str]
    name_joints: frozenset[str]
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
    things: frozenset[str]
    function_words: frozenset[str]
    titles_by_gender: Mapping[str, str]
    roles_by_gender: Mapping[str, str]
    articles_by_gender: Mapping[str, str]
    ours: frozenset[str]
    carriers: frozenset[str]
    no_offences: frozenset[str]
    no_offence_opens: frozenset[str]
    given_names: GivenNames

    def gender_of(self, given_name: str) -> str | None:
        """Tell the gender that a folded given name says in this language, by its ending but for those listed."""
        return next(
            (
                gender
                for gender, names, endings in self.given_names
                if given_name in names or (given_name.endswith(endings) and endings)
            ),
            None,
        )

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The phrases that tell an act where somebody says them, between quotation marks."""
        return frozenset(
            " ".join(folded_words(phrase)) for phrase, entry in self.act_forms.told() if self.act_entries[entry].spoken
        )


@cache
def words_of(language: str) -> Words:
    """Load the words of a language; one without a lexicon has none, so nothing is found in it."""
    known = language in lexicon.LANGUAGES
    people, groups, acts, justice = (
        lexicon.load(language, subject) if known else {} for subject in ("people", "groups", "acts", "justice")
    )
    grammar = {name: frozenset(map(fold, group)) for name, group in acts.get("grammar", {}).items() if name in _GRAMMAR}
    entries, forms = _acts(acts.get("act", []), language)
    of_groups = Phrases([*_spoken_of(people), *_groups(groups)])
    return Words(
        language=language,
        drops_subject=acts.get("grammar", {}).get("drops_subject", False),
        object_marker=frozenset(map(fold, acts.get("grammar", {}).get("object_marker", []))),
        bound_pronouns=_bound(groups) if acts.get("grammar", {}).get("bound_pronouns") else {},
        families=_families(language, people, groups, acts, justice, of_groups, forms),
        groups=of_groups,
        act_entries=tuple(entries),
        act_forms=forms,
        grammar={name: grammar.get(name, frozenset()) for name in _GRAMMAR},
        denying=grammar.get("negation", frozenset()) | grammar.get("irrealis", frozenset()),
        between=grammar.get("conjunctions", frozenset()) | grammar.get("between", frozenset()),
        means=_means(acts.get("means", [])),
        not_names=_set(people, "not_names") | frozenset((*time_words(language).months, *time_words(language).weekdays)),
        organisation_words=_set(people, "organisation_words"),
        organisation_links=_set(people, "organisation_links"),
        authorities=_set(people, "authorities"),
        civic=_set(people, "civic"),
        named_things=frozenset(map(fold, people.get("no_one", {}).get("things", []))),
        closing_posts=frozenset(map(fold, people.get("no_one", {}).get("closing_posts", []))),
        closing_bodies=frozenset(map(fold, people.get("no_one", {}).get("closing_bodies", []))),
        particles=_set(people, "particles"),
        name_joints=_set(people, "particles") | INNER_SIGNS,
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
        things=_set(groups, "things"),
        function_words=ARTICLES | grammar.get("prepositions", frozenset()) | grammar.get("clause", frozenset()),
        titles_by_gender=_by_gender(people, "titles"),
        roles_by_gender=_by_gender(people, "roles"),
        articles_by_gender=_by_gender(people, "articles"),
        ours=frozenset(map(fold, groups.get("pronouns", {}).get("possessive_ox", []))),
        carriers=frozenset(map(fold, justice.get("carriers", {}).get("words", []))),
        no_offences=frozenset(map(fold, justice.get("no_offences", {}).get("words", []))),
        no_offence_opens=frozenset(map(fold, justice.get("no_offences", {}).get("opening", []))),
        given_names=tuple(_given_names(people)),
    )


def _families(
    language: str,
    people: Mapping[str, Any],
    groups: Mapping[str, Any],
    acts: Mapping[str, Any],
    justice: Mapping[str, Any],
    of_groups: Phrases,
    forms: ActForms,
) -> Families:
    return Families(
        {
            "names": Phrases(_names(people)),
            "groups": of_groups,
            "acts": Phrases(
                [*((phrase, "act", None) for phrase, _ in forms.told()), *_light(acts.get("light", {}), language)]
            ),
            "justice": Phrases(_justice(justice)),
            "outcomes": Phrases([*_valued(justice, "outcomes", "outcome"), *_at_liberty(justice)]),
            "verdicts": Phrases(_valued(justice, "verdicts", "verdict")),
            "hedges": Phrases(_listed(people, "hedges", "hedge")),
            "against": Phrases(_valued(justice, "against", "against")),
            "rights": Phrases(_valued(justice, "rights", "right")),
            "times": time_words(language).anchors,
            "attempted": _told(acts, "attempted"),
            "factual": _told(acts, "factual"),
            "unreal": _told(acts, "unreal", "denying", "wished"),
            "companions": _told(acts, "companions"),
            "kin": Phrases(_valued(groups, "kin", "kin")),
            "naming": Phrases(_valued(groups, "naming", "naming")),
            "counted": Phrases((phrase, "anaphor", "counted") for phrase in groups.get("counted", {}).get("words", [])),
        },
        {
            "qualities": _set(groups, "qualities"),
            "temporal": time_words(language).single,
            "sentence_ends": SENTENCE_ENDS,
            "quotes": QUOTES,
        },
        numbers=("qualities", "temporal"),
    )


_GRAMMAR = (
    "be", "have", "by", "negation", "privative", "irrealis", "object_of", "conjunctions", "clause", "prepositions",
    "reflexive", "recalling", "never_subjects", "singular", "holding", "lasting", "lasted", "not_yet", "briefly",
    "prison", "suspended", "between", "be_infinitive", "causative", "having", "perceiving", "against", "relative",
    "object_or_owner", "coordinating", "predicates", "term", "not_prison", "premises", "putting", "conditional",
    "future_in_past", "past", "pluperfect", "speaking", "agreeing",
    "apart", "asking", "coming", "fearing", "accusing", "refusing", "prisons", "facing", "remaining", "wherever",
    "suffered", "demanding", "for_offence", "of_offence", "before_offence",
)  # fmt: skip


def _at_liberty(justice: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give the words for being free, which say that somebody was released only where they were held before."""
    return ((phrase, "outcome", "at_liberty") for phrase in justice.get("at_liberty", {}).get("words", []))


def _bound(groups: Mapping[str, Any]) -> dict[str, str]:
    """Give the object pronouns that may be bound to a verb, the longest first."""
    clitics = {word: value for word, _, value in _valued(groups, "pronouns", "") if value.startswith("clitic")}
    return dict(sorted(clitics.items(), key=lambda clitic: -len(clitic[0])))


def _told(acts: Mapping[str, Any], *kinds: str) -> Phrases:
    return Phrases((phrase, kind, "") for kind in kinds for phrase in acts.get("grammar", {}).get(kind, []))


def _means(table: list[Mapping[str, Any]]) -> dict[str, Phrases]:
    """Give for each type of act the words that say by what means it was done."""
    by_type: dict[str, list[tuple[str, str, str]]] = {}
    for entry in table:
        for kind in entry["of"]:
            by_type.setdefault(kind, []).extend((phrase, "means", entry["method"]) for phrase in entry["words"])
    return {kind: Phrases(phrases) for kind, phrases in by_type.items()}


def _light(table: Mapping[str, Any], language: str) -> Iterator[tuple[str, str, str]]:
    """Give the verbs that say little by themselves: "received", "faisait l'objet de", "tuvo lugar"."""
    for value, group in table.items():
        verbs = [inflect(verb, language) for verb in group.get("verbs", [])]
        participles = [*group.get("participle", []), *(form for verb in verbs for form in verb.participles)]
        inflected = (form for participle in participles for form in agreeing(participle, language))
        finite = (
            form for verb in verbs for form in (*verb.active, *(verb.infinitives if value == "receiving" else ()))
        )
        for phrase in (*group.get("words", []), *finite, *inflected):
            yield phrase, "light", value


def _acts(table: list[Mapping[str, Any]], language: str) -> tuple[list[ActWords], ActForms]:
    """Give the entries, and the entries that each form of a verb or noun may belong to."""
    entries: list[ActWords] = []
    forms = ActForms()
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
                bool(entry.get("about", False)) or entry.get("mode") == "omission",
                entry.get("about") == "named",
                entry.get("told", False),
                entry.get("of_person", False),
                entry.get("negated", False),
                entry.get("moves", False),
                entry.get("spoken", False),
                entry.get("anywhere", False),
                entry.get("official"),
                entry.get("reach"),
            )
        )
        for form, phrase in _forms(entry, language):
            forms.add(phrase, form, number)
    return entries, forms


def _forms(entry: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """Give each form that tells the act of an entry, in the order in which the forms of one entry are tried."""
    verbs = [inflect(verb, language) for verb in entry.get("verbs", [])]
    participles = [*entry.get("participle", []), *(form for verb in verbs for form in verb.participles)]
    for form, phrases in (
        ("active", [*entry.get("active", []), *(form for verb in verbs for form in verb.active)]),
        ("participle", [form for participle in participles for form in agreeing(participle, language)]),
        ("infinitive", [form for verb in verbs for form in verb.infinitives]),
        ("nouns", entry.get("nouns", [])),
        ("phrases", entry.get("phrases", [])),
    ):
        for phrase in phrases:
            yield form, phrase


def _names(people: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from _valued(people, "titles", "title")
    yield from _valued(people, "roles", "role")
    yield from _listed(people, "membership", "member")
    yield from _valued(people, "named", "named")
    yield from _valued(people, "place_words", "place")


def _spoken_of(people: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give what goes back to somebody by what they are: "la letrada"; not "el presidente", who may be anybody's."""
    posts = {*people.get("membership", {}).get("words", []), *people.get("roles", {}).get("official", [])}
    tables = [people.get(table, {}) for table in ("feminine", "masculine")]
    genders = [set(table.get("roles", [])) for table in tables]
    for role in people.get("roles", {}).get("defender", []):
        if " " in role or role in posts or role.endswith("s"):
            continue
        for table, other in zip(tables, reversed(genders), strict=True):
            if role not in other:
                yield from ((f"{article} {role}", "anaphor", "defender") for article in table.get("articles", []))


def _groups(groups: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from _valued(groups, "anaphors", "anaphor")
    yield from _valued(groups, "pronouns", "pronoun")
    yield from _valued(groups, "datives", "dative")
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
    # "Investigación por …" may lead to an offence, and is an investigation whatever it leads to.
    nouns = {noun: value for value, group in table.get("procedure_nouns", {}).items() for noun in group}
    for group in table.get("charge_openers", {}).values():
        for phrase in group:
            if (value := nouns.get(phrase.partition(" ")[0])) is not None:
                yield phrase, "procedure", value


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


def _given_names(people: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str], tuple[str, ...]]]:
    tables = [(table[0], people.get(table, {})) for table in ("feminine", "masculine")]
    for gender, table in tables:
        yield gender, frozenset(map(fold, table.get("given_names", []))), ()
    for gender, table in tables:
        yield gender, frozenset(), tuple(table.get("endings", []))


def _set(table: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(_first_words(table.get(name, {}).get("words", [])))


def _first_words(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        folded = folded_words(phrase)
        if len(folded) == 1:
            yield folded[0]
