"""A paragraph, demand, title or note, cut into words and sentences, with the phrases of every lexicon found in it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count
from operator import attrgetter, is_not

from msgspec import Struct

from tocsin.core.appeal import Span
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES, SENTENCE_ENDS, Words
from tocsin.core.reader.tokens import Hit, Tokens, fold, within

_FIRST = attrgetter("first")
_OWNER_REACH, _OWNER_SIGNS = 8, ARTICLES | {".", "de", "del", "al"}
NARRATIVE = frozenset({"situation", "new_information", "background"})
QUOTING = "quoting"  # the line above a quoted mail

_ALL = frozenset({"tous", "toutes", "todos", "todas"})
# Words. What is longer is none, and is cut: each thing told in a sentence is asked with everything else in it.
_LONGEST_SENTENCE = 300

_STOPS = frozenset(".!?…")
_OPENERS = frozenset(":“«•[")
_GOING_BACK = frozenset({"pronoun", "dative", "anaphor"})
_INSTRUMENTS, _LEADING = frozenset({"instrument", "law"}), frozenset({"named", "place"})
_QUOTES_OPEN, _QUOTES_CLOSE = frozenset("“«"), frozenset("”»")
_CLOSERS = frozenset("”’»\"')]")
_BEFORE_TITLE = frozenset({"del", "du", "al", ",", "y", "et", "e", "a", "de", ""})
_ABBREVIATIONS = frozenset(
    "mr ms mrs mx dr drs prof st no nos art arts sr sra sres sras srta lic dra m mm mme mmes mlle me mgr pr fr rev gen "
    "col lt capt sgt maj jr ltd inc co vs etc approx tel cf vol p pp n av hon messrs mses msses mssrs dept jan feb apr "
    "jun jul aug sep sept oct nov dec janv févr juil ene abr ago г гг г-н г-жа ул им тыс".split()
)
# Weekdays cut short end no sentence before a number: "hier (mar. 24/11/26)".
_WEEKDAYS = frozenset("mon tue tues wed thu thurs fri sat sun lun mar mer jeu ven sam dim mie jue vie sab dom".split())


class Sentence(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) of a passage."""

    first: int
    last: int


class Passage:
    """One stretch of the source and what the lexicons find in it.

    Args:
        text: The whole normalised source.
        span: The stretch.
        role: Role of its section, or `title`, `demand`, `note`.
        words: The words of the language.

    Attributes:
        capitals: Words that begin with a capital, or with a particle joined to one ("al-Hadouni").
        name_hits: Phrases about people, organisations and places, in order.
        names: The same by their first word.
        leading_nouns: Words that lead in the name of an organisation or a place ("coworking centre", "prison").
        group_hits: Phrases about groups, and pronouns, in order.
        groups: The same by their first word.
        going_back: Those that go back to somebody ("she", "the two defenders"), in order.
        heads: Those that name a group ("police officers").
        sizes: Those that say how many it has.
        institutions: Those that name a body ("the police").
        follows: Those that say more of a group, behind it.
        acts: Verbs and nouns of acts, in order.
        verbs: The acts alone, without light verbs.
        justice: Phrases about charges, proceedings, laws and speech, in order.
        instruments: Those of them that name laws and treaties.
        in_instruments: The words of those names.
        speech: The verbs of saying.
        outcomes: Phrases that say what has become of somebody, in order.
        verdicts: What courts do, in order.
        hedges: Words that say how sure the text is, in order.
        against: Words that say against whom something is, in order.
        rights: Words that name a right, in order.
        times: Phrases that are temporal by themselves, in order.
        temporal: Numbers and single words of time.
        qualities: Numbers and words that may stand before a group ("unknown", "armed").
        companions: Words before somebody who shares what is told ("together with").
        quotes: Where quotation marks stand, in order.
        quoted: The words between quotation marks that open and close: what somebody says, not what the text tells.
        kin: Nouns for somebody by whom they belong to ("mother", "lawyer"), in order.
        naming: Words that open a sentence which says who those before are ("they are", "il s'agit de"), in order.
        attempted: Words that say that an act was tried only, in order.
        factual: Words behind which an infinitive tells a fact, in order.
        unreal: Words that make what follows a fear, a threat or a denial, in order.
    """

    # Slots, for it has more attributes than Python keeps at hand otherwise.
    __slots__ = (
        "_starts", "acts", "against", "attempted", "capitals", "companions", "factual", "follows", "going_back",
        "group_hits", "groups", "heads", "hedges", "in_instruments", "institutions", "instruments", "justice", "kin",
        "leading_nouns", "name_hits", "names", "naming", "outcomes", "qualities", "quoted", "quotes", "rights", "role",
        "sentences", "sizes", "span", "speech", "temporal", "times", "tokens", "unreal", "verbs", "verdicts", "words",
    )  # fmt: skip

    def __init__(self, text: str, span: Span, role: str, words: Words) -> None:
        self.role = role
        self.words = words
        self.span = span
        self.tokens = Tokens(text, *span)
        hits, places = words.families.scan(self.tokens)
        self.sentences = _cut_at(self.tokens, places["sentence_ends"])
        self._starts = frozenset(map(_FIRST, self.sentences))
        self.capitals = self._capitals()
        self.quotes = places["quotes"]
        self.quoted = _quoted(self.tokens.words, self.quotes)
        self.name_hits = hits["names"]
        self.names = _by_first(self.name_hits)
        self.leading_nouns = frozenset([hit.first for hit in self.name_hits if hit.kind in _LEADING])
        self.group_hits = hits["groups"]
        if counted := hits["counted"]:
            longer = {hit.first: hit.last for hit in self.group_hits if hit.last - hit.first > 1}
            alone = [  # "tous deux" is not "tous"
                hit
                for hit in counted
                if longer.get(hit.first, 0) <= hit.last and self._stands_alone(hit.last, hits["acts"])
            ]
            self.group_hits = sorted([*alone, *self.group_hits], key=_FIRST)
        self.groups = _by_first(self.group_hits)
        self.going_back: list[Hit] = []
        by_kind: dict[str, dict[int, Hit]] = {"head": {}, "size": {}, "institution": {}, "follows": {}}
        for hit in self.group_hits:
            kind = hit.kind
            if kind in by_kind:
                by_kind[kind][hit.first] = hit
            elif kind in _GOING_BACK:
                self.going_back.append(hit)
        self.heads, self.sizes, self.institutions, self.follows = by_kind.values()
        self.acts, self.justice = hits["acts"], hits["justice"]
        self.verbs = [hit for hit in self.acts if hit.kind == "act"]
        self.instruments = [hit for hit in self.justice if hit.kind in _INSTRUMENTS]
        self.in_instruments = frozenset([at for hit in self.instruments for at in range(hit.first, hit.last)])
        self.speech = [hit for hit in self.justice if hit.kind == "speech"]
        self.outcomes, self.verdicts, self.hedges = hits["outcomes"], hits["verdicts"], hits["hedges"]
        self.against, self.rights, self.times = hits["against"], hits["rights"], hits["times"]
        self.companions, self.kin, self.naming = hits["companions"], hits["kin"], hits["naming"]
        self.qualities, self.temporal = places["qualities"], places["temporal"]
        self.attempted, self.factual, self.unreal = hits["attempted"], hits["factual"], hits["unreal"]

    def _capitals(self) -> frozenset[int]:
        """Find the words that begin with a capital; those that folding leaves alone have none."""
        words = self.tokens.words
        changed = compress(count(), map(is_not, words, self.tokens.folded))
        return frozenset(
            [at for at in changed if (word := words[at])[0].isupper() or ("-" in word and self._has_particle(word))]
        )

    def _stands_alone(self, at: int, acts: Sequence[Hit]) -> bool:
        """Tell "the three were beaten" from "the three weeks", by the word behind."""
        folded, grammar = self.tokens.folded, self.words.grammar
        if at >= len(folded) or not folded[at].isalnum():
            return True
        if folded[at - 1] in _ALL:  # "tous ont été", unlike "tous les"
            return folded[at] in grammar["be"] or folded[at] in grammar["have"]
        known = folded[at] in self.words.function_words or folded[at] in self.words.between
        known = known or folded[at] in grammar["be"] or folded[at] in grammar["have"]
        return known or folded[at] in grammar["reflexive"] or bool(within(acts, at, at + 1))

    def _has_particle(self, word: str) -> bool:
        head, _, tail = word.partition("-")
        return tail[:1].isupper() and fold(head) in self.words.particles

    def is_modal(self, at: int) -> bool:
        """Tell whether word `at` makes what follows only possible ("would", "may"); "May" is a month."""
        word = self.tokens.folded[at]
        if word not in self.words.grammar["irrealis"]:
            return False
        return self.tokens.words[at][0].islower() or (at in self._starts and word not in self.words.calendar)

    def names_kin(self, at: int) -> bool:
        """Tell whether word `at` is the name of somebody's relative: "su hermano X", "her sister, X,"."""
        folded, last = self.tokens.folded, at
        if at > 1 and folded[at - 1] == "," and folded[at + 1 : at + 2] == [","]:
            last -= 1
        while last > 1 and folded[last - 1] in self.words.qualities:
            last -= 1  # "son fils aîné"
        near = within(self.kin, max(0, last - 3), last)
        if not near or near[-1].last != last:
            return last < at and self._ends_owner(last)
        if folded[near[-1].first - 1] == "'s":
            return True
        before = self.groups.get(near[-1].first - 1, ())
        return any(hit.kind == "pronoun" and hit.value.startswith("possessive") for hit in before)

    def _ends_owner(self, last: int) -> bool:
        """Tell whether "the wife of Mr. X" ends at a place."""
        words, folded = self.tokens.words, self.tokens.folded
        for hit in within(self.kin, max(0, last - _OWNER_REACH), last):
            if hit.last < last and folded[hit.last] in GENITIVES:
                return all(words[at][0].isupper() or folded[at] in _OWNER_SIGNS for at in range(hit.last + 1, last))
        return False

    def small_title(self, at: int) -> Hit | None:
        """Find the title in small letters before a name: "el comandante X", "le pasteur X", "doña X"."""
        names = self.names
        if at - 1 not in names and at - 2 not in names:
            return None
        for first in (at - 1, at - 2):
            hit = next((each for each in names.get(first, ()) if each.kind == "title" and each.last == at), None)
            if hit is None or not self.tokens.words[first].islower() or len(self.tokens.words[first]) < 3:
                continue
            before = self.tokens.folded[first - 1] if first else ""
            # Not "la directora general X"; "apareció muerto don X" needs no article.
            post = any(each.kind == "role" for each in names[first])
            if first < at - 1 or before in ARTICLES or before in _BEFORE_TITLE or not post:
                return hit
        return None

    def groups_at(self, at: int) -> list[Hit]:
        """Give the phrases about groups that begin at word `at`, also inside a longer phrase that hides them."""
        return self.groups.get(at) or self.words.groups.find(self.tokens, at, at + 1)

    def sentence_text(self, sentence: Sentence) -> str:
        """Give the printed sentence."""
        return self.tokens.slice(sentence.first, sentence.last)

    def starts_sentence(self, at: int) -> bool:
        """Tell whether word `at` is the first of a sentence, opening quotation marks aside."""
        if at == 0:
            return True
        before = self.tokens.words[at - 1]
        return before in _STOPS or before in _OPENERS or at in self._starts


def _quoted(words: Sequence[str], quotes: Sequence[int]) -> frozenset[int]:
    """Find the words between quotation marks that open and close."""
    inside: set[int] = set()
    if _QUOTES_CLOSE.isdisjoint([words[at] for at in quotes]):
        # Straight marks open and close by turns, where all of them do.
        marks = [at for at in quotes if words[at] == '"']
        for pair in zip(marks[::2], marks[1::2], strict=False):
            inside.update(range(*pair))
        return frozenset(inside)
    opened: int | None = None
    for at in quotes:
        if words[at] in _QUOTES_OPEN:
            opened = at
        elif opened is not None and words[at] in _QUOTES_CLOSE:
            inside.update(range(opened, at))
            opened = None
    return frozenset(inside)


def _by_first(hits: Iterable[Hit]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.first, []).append(hit)
    return found


def cut_sentences(tokens: Tokens) -> list[Sentence]:
    """Cut at full stops that end a sentence: not behind an abbreviation or an initial, nor before a small letter."""
    return _cut_at(tokens, [at for at, word in enumerate(tokens.folded) if word in SENTENCE_ENDS])


def _cut_at(tokens: Tokens, ends: Iterable[int]) -> list[Sentence]:
    """Cut at those of some signs that end a sentence."""
    sentences: list[Sentence] = []
    words, folded = tokens.words, tokens.folded
    count, first = len(words), 0
    for at in ends:
        word, behind = words[at], at + 1
        while behind < count and words[behind] in _CLOSERS and tokens.starts[behind] == tokens.end(behind - 1):
            behind += 1
        if behind < count and not _begins(words[behind], tokens.text[tokens.end(behind - 1) : tokens.starts[behind]]):
            continue
        if (
            word == "."
            and at
            and (folded[at - 1] in _ABBREVIATIONS or (len(words[at - 1]) == 1 and words[at - 1].isupper()))
        ):
            continue
        if behind < count and folded[at - 1] in _WEEKDAYS and words[behind][0].isdecimal():
            continue
        sentences.append(Sentence(first, behind))
        first = behind
    if first < count:
        sentences.append(Sentence(first, count))
    if count > _LONGEST_SENTENCE:
        return [part for sentence in sentences for part in _parts(sentence)]
    return sentences


def _parts(sentence: Sentence) -> Iterator[Sentence]:
    for first in range(sentence.first, sentence.last, _LONGEST_SENTENCE):
        yield Sentence(first, min(first + _LONGEST_SENTENCE, sentence.last))


def _begins(word: str, gap: str) -> bool:
    # Arabic letters are neither small nor large.
    letter = word[0].isalpha() and not word[0].islower()
    return bool(gap) and (letter or word[0].isdecimal() or word[0] in "“«\"'‘[(¿¡•-–—")
