"""A sentence as the readers of acts see it: its words, its noun phrases, its verbs, and what was read of it so far."""

from collections.abc import Callable, Collection, Sequence
from itertools import chain, pairwise, starmap
from operator import attrgetter

from msgspec import Struct

from tocsin.core.appeal.document import Voice
from tocsin.core.reader.facts.entities import Entity
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import Passage, Sentence
from tocsin.core.reader.facts.words import ARTICLES, ActForm
from tocsin.core.reader.tokens import Hit, within

POINTS = frozenset({";", ":", "(", ")"})
LIGHT_REACH = 14  # words between a light verb and its noun
_PLACE = attrgetter("first", "last")
_BRACKETS, _ASIDE = 9, 14  # words of what is said of somebody between brackets, between commas
_NO_VERB = frozenset({"infinitive", "nouns"})
_LONGEST_OPENER = 6  # words of "acquitted of the charges of"
_MEANS_REACH = 12  # words


class Verb(Struct, frozen=True, gc=False):
    """How the words around a verb make it: its voice, and the first word of its auxiliary."""

    voice: Voice
    start: int


class Before(Struct, frozen=True, gc=False):
    """What was told before a sentence.

    `topic` is whom the sentence before was about: the subject where this one has none; `beside` who else was spoken of
    in it; `actors` who acted in it: who acts here where the language leaves the subject out; `house` the organisation
    that the document is about, if it is: what is done to an office is done to it; `body` gives the organisation that
    "it" means; `dissolved` the one to which something was done in the sentence before; `suffering` to whom
    something was done before: whom nobody protects; `searched` whose home or office was searched before.
    """

    topic: NounPhrase | None
    house: NounPhrase | None
    actors: NounPhrase | None
    beside: Sequence[Entity]
    body: Callable[[], str | None]
    dissolved: NounPhrase | None
    suffering: NounPhrase | None
    searched: NounPhrase | None


class Frame:
    """A sentence while its acts are being read.

    Args:
        passage: The passage.
        sentence: The sentence.
        phrases: Its noun phrases, from left to right.
        named: Its names, as the places of their first word and of the word behind.

    Attributes:
        hits: The verbs, nouns and light verbs of acts in it; those inside a name or a quotation are none.
        acts: Those of them that tell an act, without the light verbs.
        there: Its words, in no order.
        spoken: What somebody says in it that tells an act: a threat between quotation marks.
        last: The verb read last, its subject and its words.
        objects: Those to whom something was done so far.
    """

    def __init__(
        self,
        passage: Passage,
        sentence: Sentence,
        phrases: Sequence[NounPhrase],
        named: Collection[tuple[int, int]] = (),
    ) -> None:
        self.passage, self.sentence, self.phrases = passage, sentence, phrases
        self.folded, self.words, self.grammar = passage.tokens.folded, passage.words, passage.words.grammar
        in_names = set(chain.from_iterable(starmap(range, named)))
        self.hits: list[Hit] = []
        self.spoken: list[Hit] = []
        quoted, spoken = passage.quoted, passage.words.spoken
        for hit in within(passage.acts, sentence.first, sentence.last):
            if hit.first in quoted:
                if hit.value in spoken:
                    self.spoken.append(hit)
            elif hit.value not in spoken and not (
                (hit.first in in_names and _lies_in(hit, named)) or self._names_offence(hit)
            ):
                self.hits.append(hit)
        self.acts = [hit for hit in self.hits if hit.kind == "act"]
        self.there = frozenset(self.folded[sentence.first : sentence.last])
        self._in_acts = set(chain.from_iterable(starmap(range, map(_PLACE, self.acts))))
        self.last: tuple[Verb, NounPhrase | None, Hit] | None = None
        self.objects: list[NounPhrase] = []

    def _names_offence(self, hit: Hit) -> bool:
        """Tell what somebody is accused of: "under Article 212 (insulting an official)", "acquitted of assaulting Y".

        Of what officers are accused it was done to somebody.
        """
        at, folded = hit.first, self.folded
        if at > 1 and folded[at - 1] == "(" and folded[at - 2][0].isdecimal():
            return True
        if not folded[at].endswith("ing") or not at or folded[at - 1] not in self.grammar["prepositions"]:
            return False
        near = within(self.passage.justice, hit.first - _LONGEST_OPENER, hit.first)
        opener = next((each for each in near if each.kind == "charge" and each.last == hit.first), None)
        accused = next((p for p in reversed(self.phrases) if opener and p.last <= opener.first and p.refs), None)
        return accused is not None and bool(accused.people)

    def as_printed(self, hit: Hit, forms: Sequence[ActForm]) -> Sequence[ActForm]:
        """Leave out what the accents rule out: "arrestó" is no noun, "arrête" no participle; no accents say nothing."""
        printed = self.passage.tokens.words[hit.first].lower()
        if printed.isascii():
            return forms
        return [form for form in forms if form.head.lower() == printed] or forms

    def leads(self, light: Hit, hit: Hit) -> bool:
        """Tell whether a light verb leads to a noun: not in "has received no news since his arrest"."""
        near = 0 < hit.first - light.first <= LIGHT_REACH
        return near and (
            light.value == "telling" or self.grammar["apart"].isdisjoint(self.folded[light.last : hit.first])
        )

    def begin_at(self, at: int) -> None:
        """Leave out the acts before a place: what is condemned there is told elsewhere."""
        self.acts = [hit for hit in self.acts if hit.first >= at]

    def before(self, at: int) -> str:
        """Give the word before a place in the sentence, or nothing at its beginning."""
        return self.folded[at - 1] if at > self.sentence.first else ""

    def governor(self, phrase: NounPhrase) -> str:
        """Give the word before a noun phrase, its article and its title in small letters aside."""
        at = phrase.first
        if at > self.sentence.first and (title := self.passage.small_title(at)) is not None:
            at = title.first  # "under the command of colonel X"
        while (word := self.before(at)) in ARTICLES and word not in self.grammar["prepositions"]:
            at -= 1
        return word

    def past_brackets(self, at: int) -> int:
        """Pass over brackets behind a name, an acronym or an age, or to their end from inside them."""
        if self.folded[at : at + 1] == ["("] and ")" in self.folded[at : at + _BRACKETS]:
            at = self.folded.index(")", at)
        return at + 1 if self.folded[at : at + 1] == [")"] else at

    def past_aside(self, at: int) -> int:
        """Pass over what is said of somebody between commas."""
        if self.folded[at : at + 1] == [","] and "," in self.folded[at + 1 : at + _ASIDE]:
            return self.folded.index(",", at + 1) + 1
        return at

    def parenthesis_between(self, first: int, last: int) -> bool:
        """Tell whether commas enclose all that lies between: "X, summoned on 12 May, was charged"."""
        return last - first > 1 and self.folded[first] == "," and self.folded[last - 1] == ","

    def goes_on_with_verb(self, words: Sequence[str]) -> bool:
        """Tell "a travel ban and has to report to": behind "and" something else is said."""
        verbs = self.grammar["have"] | self.grammar["be"]
        return any(first in self.grammar["conjunctions"] and second in verbs for first, second in pairwise(words))

    def verb_between(self, first: int, last: int) -> bool:
        """Tell whether a verb lies between that no conjunction joins to what follows; an infinitive is none."""
        acts = within(self.acts, first, last)
        told = acts and any(self.is_finite(hit) and not self._is_aside(hit) for hit in acts)
        return bool(told) and (
            self.grammar["clause"].isdisjoint(self.folded[first:last]) or self._leads_to_clause(first, last)
        )

    def _leads_to_clause(self, first: int, last: int) -> bool:
        """Tell "a judge ordered that both be held": who orders is no subject of what he orders."""
        between = self.folded[first:last]
        that = first + between.index("that") if "that" in between else last
        return that < last and any(hit.last == that for hit in within(self.acts, first, that))

    def _is_aside(self, hit: Hit) -> bool:
        """Tell whether a participle only says more of the noun before it: "officers led by Captain X arrested …"."""
        by = hit.last < self.sentence.last and self.folded[hit.last] in self.grammar["by"]
        return by and self.before(hit.first) not in self.grammar["be"]

    def is_finite(self, hit: Hit) -> bool:
        """Tell whether the words of an act may be more than an infinitive or a noun."""
        return any(form.form not in _NO_VERB for form in self.words.act_forms[hit.value])

    def is_participle(self, hit: Hit) -> bool:
        """Tell whether the words of an act may be a participle."""
        return any(form.form == "participle" for form in self.words.act_forms[hit.value])

    def is_impersonal(self, hit: Hit, start: int) -> bool:
        """Tell whether nobody is said to act: "se le impidió", unlike "se lo llevaron"."""
        near = self.folded[max(self.sentence.first, start - 3) : hit.first]
        reflexive = self.words.drops_subject and not self.grammar["reflexive"].isdisjoint(near)
        return reflexive and not {"le", "les"}.isdisjoint(near)

    def ends_before(self, phrases: Sequence[Hit], at: int, reach: int) -> bool:
        """Tell whether one of these phrases begins at most `reach` words before a place and ends right before it."""
        near = within(phrases, max(self.sentence.first, at - reach), at) if phrases else ()
        return bool(near) and any(hit.last == at for hit in near)

    def means_of(self, hit: Hit, kind: str) -> str | None:
        """Find by what means an act was done where the words near it say so: "threatened … by text message"."""
        means = self.words.means.get(kind)
        if means is None or not means.may_begin_in(self.there):
            return None
        first = max(self.sentence.first, hit.first - _MEANS_REACH)
        found = means.find(self.passage.tokens, first, min(self.sentence.last, hit.last + _MEANS_REACH))
        return min(found, key=lambda each: abs(each.first - hit.first)).value if found else None

    def may_stand_between(self, at: int) -> bool:
        """Tell whether a word may stand between auxiliary and verb: adverbs, "and", another participle."""
        word = self.folded[at]
        return word in self.words.between or at in self._in_acts or word.endswith(("ly", "ment", "mente"))

    def follows_last(self, hit: Hit) -> bool:
        """Tell whether only "and", commas, adverbs or the last verb's own complement lie between it and this one."""
        if self.last is None:
            return False
        before = self.last[2].last
        gap = _without_brackets(self.folded[before : hit.first])
        if not gap or not POINTS.isdisjoint(gap):
            return False
        joined = not self.grammar["conjunctions"].isdisjoint(gap[-3:])
        same = self.last[1].refs if self.last[1] is not None else ()  # "was arrested as she left, and fined"
        return joined and not any(
            before <= phrase.first < hit.first and phrase.refs != same and self._is_subject(phrase)
            for phrase in self.phrases
        )

    def _is_subject(self, phrase: NounPhrase) -> bool:
        if phrase.possessive or phrase.clitic or phrase.first == self.sentence.first:
            return not (phrase.possessive or phrase.clitic)
        before = self.folded[phrase.first - 1]
        if before == "," and self.folded[phrase.last : phrase.last + 1] == [","]:
            return False  # "without his lawyer, Mr. X, and released"
        return before in self.grammar["clause"] or before in {",", "and", "et", "y"}


def _lies_in(hit: Hit, stretches: Collection[tuple[int, int]]) -> bool:
    return any(first <= hit.first and hit.last <= last for first, last in stretches)


def _without_brackets(words: Sequence[str]) -> list[str]:
    """Leave out what stands in brackets: "charged (Article 214) and released"."""
    kept: list[str] = []
    depth = 0
    for word in words:
        depth += word == "("
        if not depth:
            kept.append(word)
        depth -= word == ")" and depth > 0
    return kept
