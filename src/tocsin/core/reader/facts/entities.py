"""Who and what a document names: people, organisations and places, with every form in which they are printed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, pairwise, repeat, zip_longest
from operator import attrgetter, ne

from msgspec import Struct

from tocsin.core.appeal import Span
from tocsin.core.reader.facts.first_names import called_by_one_word, given_names, is_listed_place, listed_with
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.runs import Run, Sort, continues_list, find_runs
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Tokens, fold, within

_ROLE_ORDER = ("relative", "lawyer", "official", "defender")
# A misspelling is looked for among this many names; no appeal has more, and a list of thousands must not take minutes.
_NEARLY_AMONG = 150
_CLEARNESS: dict[Sort, int] = {"unknown": 0, "organisation": 1, "place": 2, "person": 3}
_order = attrgetter("order")
# What is done to people, and to no place.
_TO_PEOPLE = frozenset(
    {"arbitrary_arrest", "arbitrary_detention", "abduction", "killing", "release", "sentencing", "charge"}
)
_DONE_REACH = 5  # words
_LONGEST_NOUN, _OBJECT_REACH = 6, 6  # words
# Behind these a name with "a" may be where somebody was taken to.
_MOVING = frozenset({"transfer", "arbitrary_detention", "travel_ban", "expulsion", "abduction", "release"})
_LONGEST_NAMING, _ANDS = 40, frozenset({",", "and", "et", "y", "e"})
# "Lo de X", "what happened to X", "la familia de X", "el régimen de X".
_HAPPENED = frozenset({"lo", "happened", "arrive", "paso", "sucedio", "caso", "familia", "familiares", "regimen"})
_HOMES = frozenset({"casa", "domicilio", "vivienda", "maison", "domicile", "home", "house", "appartement"})
_NOBODY: dict["Entity", None] = {}
_NAMING_PASSAGES = frozenset({"title", "situation", "new_information", "background", "position", "note"})


@dataclass(eq=False, slots=True)
class Entity:
    """A person, organisation or place while the document is being read.

    `beneficiary` says that a demand names it; `known_as` are its names cut into words; `short` a one-word name in
    quotation marks within the full one; `ours` says that who writes calls somebody "our treasurer".
    """

    kind: str
    name: str
    parts: tuple[str, ...]
    span: Span
    order: int = 0
    forms: dict[str, None] = field(default_factory=dict)
    title: str | None = None
    gender: str | None = None
    place_kind: str | None = None
    acronym: str | None = None
    short: str | None = None
    roles: set[str] = field(default_factory=set)
    protagonist: bool = False
    beneficiary: bool = False
    organisations: dict[str, None] = field(default_factory=dict)
    described_as: dict[str, None] = field(default_factory=dict)
    known_as: set[tuple[str, ...]] = field(default_factory=set)
    mentions: int = 0
    ours: bool = False

    @property
    def role(self) -> str:
        """What the person is in this case: a protagonist is a defender, whatever else is said of them."""
        if self.protagonist:
            return "defender"
        for role in _ROLE_ORDER if self.roles else ():
            if role in self.roles:
                return role
        return "other"


class Mention(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) of a passage name `entity`; at `name` it begins without its title."""

    first: int
    name: int
    last: int
    entity: Entity


class Entities:
    """All entities of a document, and where each passage mentions them.

    Names are first collected where they are complete ("Lena Marosh", "Velm Legal Aid Centre"), then shorter forms
    ("Ms. Marosh", "the Centre") are tied to them. A name that some context shows to be a place or an organisation is
    one everywhere. Demands name nobody new.

    Args:
        passages: The passages of the document.
        country_names: Folded names of countries and nationalities.
        ignored: Names of addressees and publishers, which are fields of their own.
    """

    def __init__(self, passages: Sequence[Passage], country_names: frozenset[str], ignored: Iterable[str]) -> None:
        self.people: list[Entity] = []
        self.organisations: list[Entity] = []
        self.places: list[Entity] = []
        self._ignored = frozenset(fold(name) for name in ignored)
        self._mentions: dict[int, list[Mention]] = {}
        self._by_word: dict[str, dict[Entity, None]] = {}
        self._by_rarest: dict[str, dict[Entity, None]] = {}
        self._fitting_before: dict[str, dict[tuple[str, ...], list[Entity]]] = defaultdict(dict)
        self._count = 0
        found = [(passage, find_runs(passage, country_names)) for passage in passages]
        self._sorts = _voted(run for _, runs in found for run in runs)
        self._titled = {run.parts[-1] for _, runs in found for run in runs if run.title is not None and run.parts}
        self._bare = {parts for passage, runs in found for parts in _bare_names(passage, runs)}
        self._subjects = {run.parts for passage, runs in found for run in runs if _is_subject(passage, run)}
        self._given = given_names(found, self._bare)
        self._sorts |= dict.fromkeys(called_by_one_word(found), "person")
        self._sorts |= {parts: "person" for passage, runs in found for parts in listed_with(passage, runs)}
        naming = [(passage, runs) for passage, runs in found if _may_name(passage)]
        for passage, runs in naming:
            for run in runs:
                self._collect(passage, run)
        self._collect_given_names(naming)
        for passage, runs in found:
            self._mentions[id(passage)] = [m for run in runs if (m := self._mention(passage, run)) is not None]
        self.people = [person for person in self.people if person.mentions]

    def mentions(self, passage: Passage) -> list[Mention]:
        """List the mentions in a passage, from left to right."""
        return self._mentions[id(passage)]

    def _sort(self, run: Run) -> Sort:
        """Tell what a run is, by its own words, or else by those of all that are spelt so."""
        sort = self._sorts.get(run.parts, "unknown") if run.sort == "unknown" else run.sort
        # "Infligée à Mirela Tosk" is done to a person where the text speaks of "Mme Tosk".
        of_titled = sort == "place" and run.place_kind is None and len(run.parts) > 1 and run.parts[-1] in self._titled
        # "Remis à Oran Vell", where the text says elsewhere "Oran Vell a été arrêté".
        of_titled = of_titled or (sort == "place" and run.place_kind is None and run.parts in self._subjects)
        if of_titled or (sort == "place" and self._may_be_first_name(run) and run.parts[0] in self._given):
            return "unknown"
        # "La maison d'Étienne" is no place where the text calls somebody so.
        return "person" if self._sorts.get(run.parts) == "person" and self._may_be_first_name(run) else sort

    @staticmethod
    def _may_be_first_name(run: Run) -> bool:
        return len(run.parts) == 1 and run.sort != "organisation" and run.place_kind is None and not run.firmly

    def _collect(self, passage: Passage, run: Run) -> None:
        """Take complete names into the registry."""
        sort = self._sort(run)
        if sort == "organisation":
            self._add(self.organisations, "organisation", passage, run)
        elif sort == "place":
            if not self._known(self.people, passage, run):
                self._add(self.places, "place", passage, run)
        elif self._is_free(run) or (sort == "person" and run.title is None):
            self._add(self.people, "person", passage, run)
        elif run.last - run.first >= 2:
            self._add(self.places, "place", passage, run)

    def _is_free(self, run: Run) -> bool:
        return run.last - run.first >= 2 and (run.parts in self._bare or run.parts[:2] in self._bare)

    def _collect_given_names(self, found: Sequence[tuple[Passage, Sequence[Run]]]) -> None:
        """Take in people whom a message calls by one name only ("Lena", "our colleague Ivo").

        One word is a person where it stands free twice, and at least once inside a sentence or before a verb or comma;
        so a word that is only capitalised because it begins a sentence is none.
        """
        free: dict[tuple[str, ...], list[tuple[Passage, Run, bool]]] = {}
        for passage, runs in found:
            for before, run in pairwise((None, *runs)):
                alone = run is not None and run.sort == "unknown" and run.last - run.first == 1
                if run is None or not alone or is_listed_place(passage, before, run):
                    continue
                if _stands_free(passage, run) and run.parts[0] not in passage.words.authorities:
                    inside = _inside_sentence(passage, run)
                    free.setdefault(run.parts, []).append((passage, run, inside))
        for parts, mentions in free.items():
            if len(mentions) < 2 or not any(inside for *_, inside in mentions) or self._by_word.get(parts[0]):
                continue
            self._add(self.people, "person", mentions[0][0], mentions[0][1])

    def _add(self, known: list[Entity], kind: str, passage: Passage, run: Run) -> Entity | None:
        tokens = passage.tokens
        name = tokens.slice(run.first, run.last)
        if fold(name) in self._ignored:
            return None
        parts, short = run.parts, _quoted_word(tokens, run)
        entity = self._known(known, passage, run)
        if entity is None and short is not None:
            named = (each for each in self._by_word.get(short, ()) if each.kind == kind)
            entity = next((each for each in named if _distinct(passage, each.parts) == (short,)), None)
        if entity is None and run.acronym is not None:  # "VLAC" may stand in the title, and its name below
            of_acronym = self._by_word.get(fold(run.acronym), ())
            entity = next((e for e in of_acronym if e.kind == kind and e.parts == (fold(run.acronym),)), None)
        if entity is None:
            entity = Entity(kind, name, parts, tokens.span(run.first, run.last), order=self._count)
            self._count += 1
            known.append(entity)
        elif len(parts) > len(entity.parts):
            entity.forms[entity.name] = None
            entity.name, entity.parts = name, parts
        entity.place_kind = entity.place_kind or run.place_kind
        if parts in entity.known_as and short in (None, entity.short) and run.acronym in (None, entity.acronym):
            return entity  # most names come again as they are
        entity.known_as.add(parts)
        self._index(entity, parts, short, fold(run.acronym or ""))
        entity.acronym = entity.acronym or run.acronym
        entity.short = entity.short or short
        self._fitting_before[kind].clear()
        return entity

    def _known(self, known: list[Entity], passage: Passage, run: Run) -> Entity | None:
        """Find the entity whose name holds the run's words in order, or differs from them by one letter."""
        parts = run.parts
        if not (parts and known):
            return None
        # Names come again and again, and what fits them changes only with a name of their kind that is added.
        before = self._fitting_before[known[0].kind]
        fitting = before.get(parts)
        if fitting is None:
            fitting = before[parts] = self._fitting(known, passage, parts)
        if len(fitting) > 1:
            # "Petru Hald" is he, though his wife is "Ms. Hald", too.
            whole = [each for each in fitting if len(parts) > 1 and parts in each.known_as]
            return whole[0] if len(whole) == 1 else _likeliest(fitting, run, passage)
        return fitting[0] if fitting else None

    def _fitting(self, known: list[Entity], passage: Passage, parts: tuple[str, ...]) -> list[Entity]:
        kind = known[0].kind
        sharing = self._sharing(parts, kind)
        if known is self.places:
            return [entity for entity in sharing if entity.parts == parts][:1]
        fitting = [
            entity
            for entity in sharing
            if parts in entity.known_as
            or any(_holds(form, parts) or _holds(parts, form) for form in entity.known_as)
            or (entity.short is not None and (entity.short,) == _distinct(passage, parts))
        ]
        if not fitting and sum(map(len, parts)) >= 7 and len(known) <= _NEARLY_AMONG:
            fitting = self._misspelt(known, parts)
        if not fitting and len(parts) == 1:
            fitting = [entity for entity in sharing if entity.acronym and fold(entity.acronym) == parts[0]]
        return fitting

    def _sharing(self, parts: tuple[str, ...], kind: str) -> list[Entity]:
        """Give the entities of a kind that may have this name, in the order in which they were found.

        Their name holds all its words, so it is enough to look under one of them, or it holds all of theirs, so it
        holds the word under which they were put away. Both are the rarest: many share "Committee", few the rest.
        """
        under_each: list[dict[Entity, None]] = list(map(self._by_word.get, parts, repeat(_NOBODY)))
        fewest = min(under_each, key=len)
        found = set(fewest)
        for word in parts:
            if word in self._by_rarest:
                found.update(self._by_rarest[word])
        of_kind = [entity for entity in found if entity.kind == kind] if found else []
        return sorted(of_kind, key=_order) if len(of_kind) > 1 else of_kind

    def _misspelt(self, known: list[Entity], parts: tuple[str, ...]) -> list[Entity]:
        """Give the entities whose name differs by one letter; of several words, all others are the same."""
        among = known
        if len(parts) > 1:
            sharing = {entity for word in parts for entity in self._by_word.get(word, ())}
            among = sorted((entity for entity in sharing if entity.kind == known[0].kind), key=_order)
        return [entity for entity in among if any(_nearly(form, parts) for form in entity.known_as)]

    def _index(self, entity: Entity, parts: tuple[str, ...], short: str | None, acronym: str) -> None:
        for word in (*parts, *filter(None, (short, acronym))):
            self._by_word.setdefault(word, {})[entity] = None
        rarest = min(parts, key=lambda word: len(self._by_word[word]), default=None)
        for word in filter(None, (rarest, short)):
            self._by_rarest.setdefault(word, {})[entity] = None

    def _mention(self, passage: Passage, run: Run) -> Mention | None:
        entity = self._entity_of(passage, run)
        if entity is None:
            return None
        tokens = passage.tokens
        entity.mentions += 1
        if run.title is not None:
            entity.title = entity.title or run.title
            entity.gender = entity.gender or passage.words.titles_by_gender.get(run.title)
        entity.forms[_form(passage, run)] = None
        if run.acronym is not None and entity.name != run.acronym:
            entity.forms[run.acronym] = None
        if tokens.starts[run.first] < entity.span[0]:
            entity.span = tokens.span(run.first, run.last)
        return Mention(run.start, run.first, run.last, entity)

    def _entity_of(self, passage: Passage, run: Run) -> Entity | None:
        sort = self._sort(run)
        if sort == "organisation":
            return self._known(self.organisations, passage, run)
        if sort == "place":
            return self._known(self.places, passage, run) or self._known(self.people, passage, run)
        person = self._known(self.people, passage, run)
        if person is not None:
            return person
        if run.title is not None and passage.role in _NAMING_PASSAGES:
            return self._add(self.people, "person", passage, run)
        return self._known(self.organisations, passage, run) or self._known(self.places, passage, run)


def _voted(runs: Iterable[Run]) -> dict[tuple[str, ...], Sort]:
    """Let the clearest mention of a name decide what all its mentions are: a title before all, then the context."""
    sorts: dict[tuple[str, ...], Sort] = {}
    for run in runs:
        if run.parts not in sorts or _CLEARNESS[run.sort] > _CLEARNESS[sorts[run.parts]]:
            sorts[run.parts] = run.sort
    return sorts


def _likeliest(fitting: list[Entity], run: Run, passage: Passage) -> Entity:
    """Choose between people of one family: "Ms. Marosh" is the sister, "Dr. Marosh" the one who is a doctor.

    A bare name is more often the one named last.
    """
    gender = passage.words.titles_by_gender.get(run.title or "")
    if gender is None:
        called_so = [each for each in fitting if run.title is not None and each.title == run.title]
        return (called_so or fitting)[-1]
    return next((e for e in fitting if e.gender == gender), next((e for e in fitting if e.gender is None), fitting[0]))


def _inside_sentence(passage: Passage, run: Run) -> bool:
    """Tell whether a capital is owed to a name and not to the beginning of a sentence, by its place or what follows."""
    folded, grammar = passage.tokens.folded, passage.words.grammar
    if not passage.starts_sentence(run.first):
        return folded[run.start - 1] not in ARTICLES
    behind = folded[run.last] if run.last < len(folded) else ""
    return behind in {",", "who", "qui", "quien"} or behind in grammar["be"] or behind in grammar["have"]


def _may_name(passage: Passage) -> bool:
    """Tell whether people are introduced here; a title in capitals ("LIFE OF STUDENT ACTIVIST") hides a name."""
    return passage.role in _NAMING_PASSAGES and not (
        passage.role == "title" and passage.tokens.slice(0, passage.tokens.count).isupper()
    )


def _bare_names(passage: Passage, runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """Give the names that stand as people do, with the shorter forms a name has without its second surname."""
    for run, behind in zip_longest(runs, runs[1:]):
        if _stands_free(passage, run) or _is_spoken_of(passage, run) or (behind and _opens_list(passage, run, behind)):
            yield run.parts


def _opens_list(passage: Passage, run: Run, behind: Run) -> bool:
    """Tell whether a name goes on in a list of people: "declared X, Y and Z a target"; "near X, Mr. Y" is none."""
    if behind.title is not None or {run.sort, behind.sort} != {"unknown"} or behind.last - behind.first < 2:
        return False
    return continues_list(passage.tokens, run, behind) and _stands_free(passage, behind)


def _is_subject(passage: Passage, run: Run) -> bool:
    """Tell a name of two words or more, of no known kind, to whom something was done: "Oran Vell a été arrêté"."""
    tokens, grammar = passage.tokens, passage.words.grammar
    if run.sort == "place" and run.place_kind is None and run.last - run.first > 1:
        return _is_described(passage, run)  # "ont écrit à Oran Vell, militante"
    if run.sort != "unknown" or run.last - run.first < 2 or run.last + 1 >= tokens.count:
        return False
    done = [word for word in tokens.folded[run.last : run.last + 3] if word in grammar["be"] or word in grammar["have"]]
    arrested = within(passage.verbs, run.last, run.last + _DONE_REACH)
    return bool(done) and any(
        passage.words.act_entries[form.entry].type in _TO_PEOPLE
        for hit in arrested
        for form in passage.words.act_forms[hit.value]
    )


def _stands_free(passage: Passage, run: Run) -> bool:
    """Tell whether a name stands without "of", "from", "to" before it somewhere, as people do sooner or later.

    In titles and demands an act comes before ("arrest of X"), so there "of" says nothing.
    """
    before = passage.tokens.folded[run.start - 1] if run.start else ""
    if before == "(" and run.last - run.first == 1:
        return False  # "Ana Roth (Velm)"
    return (
        before not in passage.words.place_prepositions or passage.role in {"title", "demand"} or run.title is not None
    )


def _is_spoken_of(passage: Passage, run: Run) -> bool:
    """Tell a person behind a preposition: "dirigida por X", "a X, contadora", "la condena de X", "hirió a X"."""
    folded, grammar = passage.tokens.folded, passage.words.grammar
    before = folded[run.start - 1]
    if run.start > 1 and folded[run.start - 2] in _HAPPENED | _HOMES:
        return True
    if before in grammar["by"] or _is_described(passage, run) or _is_who_they_are(passage, run):
        return True
    names_act = any(
        hit.last == run.start - 1 and any(form.form == "nouns" for form in passage.words.act_forms[hit.value])
        for hit in within(passage.verbs, run.start - _LONGEST_NOUN, run.start)
    )
    if names_act:
        return before not in passage.words.locatives
    if before not in passage.words.object_marker:
        return False
    opens = run.start == 1 or passage.starts_sentence(run.start - 1)
    return opens or any(
        hit.last <= run.start - 1 and passage.words.act_entries[form.entry].type not in _MOVING
        for hit in within(passage.verbs, run.start - _OBJECT_REACH, run.start)
        for form in passage.words.act_forms[hit.value]
        if form.form == "active"
    )


def _is_who_they_are(passage: Passage, run: Run) -> bool:
    """Tell who is named of those before: "il s'agit de X et de Y"."""
    folded = passage.tokens.folded
    opening = next(reversed(within(passage.naming, run.start - _LONGEST_NAMING, run.start)), None)
    if opening is None or within(passage.sentences, opening.last, run.start):
        return False
    at = run.start
    while at > opening.last and (folded[at - 1] in ARTICLES or folded[at - 1] in GENITIVES):
        at -= 1
    return at == opening.last or (at < run.start and folded[at - 1] in _ANDS)


def _is_described(passage: Passage, run: Run) -> bool:
    """Tell whether a comma and what somebody is or how old they are stand behind: ", our treasurer", ", aged 34"."""
    tokens = passage.tokens
    if run.last + 1 >= tokens.count or tokens.words[run.last] != ",":
        return False
    near = within(passage.name_hits, run.last + 1, run.last + 4)
    return any(hit.kind == "role" and _leads(passage, run, hit.first) for hit in near)


def _leads(passage: Passage, run: Run, at: int) -> bool:
    """Tell whether only small words lie between the comma and a place: what stands there is said of the name."""
    return all(word.islower() for word in passage.tokens.words[run.last + 1 : at + 1]) and (
        passage.words.grammar["clause"].isdisjoint(passage.tokens.folded[run.last + 1 : at])
    )


def _quoted_word(tokens: Tokens, run: Run) -> str | None:
    """Give the one word in quotation marks at the end of a name: "Feminist Initiative ‘Dawn’" is also called Dawn."""
    if run.last - run.first >= 3 and tokens.words[run.last - 1] in "’”»'\"" and tokens.words[run.last - 3] in "‘“«'\"":
        return tokens.folded[run.last - 2]
    return None


def _distinct(passage: Passage, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the one word of a name that is not a common noun, if there is just one."""
    rest = tuple(part for part in parts if part not in passage.words.organisation_words)
    return rest if len(rest) == 1 else ()


def _form(passage: Passage, run: Run) -> str:
    """Give the printed form of a mention: the title of a shared list is put before each of its names."""
    name = passage.tokens.slice(run.first, run.last)
    if run.title is None:
        return name
    if run.start == run.first or passage.tokens.folded[run.start] != fold(run.title.rstrip(".")):
        return f"{run.title} {name}"
    return passage.tokens.slice(run.start, run.last)


def _holds(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Tell whether `part` stands in `whole` word by word, in order."""
    if len(part) >= len(whole):
        return whole == part
    size = len(part)
    return any(whole[at : at + size] == part for at in range(len(whole) - size + 1)) or (
        size > 1 and _in_order(whole, part)
    )


def _in_order(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def _nearly(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Tell whether the same name is spelt with one letter more, less or other, word by word."""
    if len(whole) < len(part):
        return False
    if len(part) == 1:
        return whole[-1] != part[0] and _one_slip_apart(whole[-1], part[0])
    differing = [pair for pair in zip(whole[-len(part) :], part, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _one_slip_apart(*differing[0])


def _one_slip_apart(left: str, right: str) -> bool:
    """Tell whether two different words are one letter more, less or other, or two swapped neighbours, apart."""
    if not -2 < len(left) - len(right) < 2 or (left[0] != right[0] and left[-1] != right[-1] and len(left) > 2):
        return False
    at = next(compress(count(), map(ne, left, right)), None)
    if at is None:
        return True
    swapped = left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
    return swapped or left[at + 1 :] == right[at + 1 :] or left[at:] == right[at + 1 :] or left[at + 1 :] == right[at:]
