"""Words in quotation marks, and who said them."""

import re
from bisect import bisect_left, bisect_right
from operator import attrgetter

from tocsin.core.appeal import Quotation
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.tokens import Hit, within

# A quotation opened with one kind of mark is often closed with another; the text between never holds a third.
_QUOTED = re.compile(r"[“«„\"‘](?:(?<!‘)\s*([^“”«»„\"\n]{2,1200}?)\s*[”»\"]|(?<=‘)([^‘\n]{20,1200}?)’(?!\w))")
_FIRST = attrgetter("first")
_AUXILIARIES = 3  # words between "who" and the verb of saying: "qui lui a dit"
_LEAST_WORDS = 2
_ENOUGH_WORDS = 4
_BEHIND = 40  # characters between a quotation and "he said"
_AUXILIARIES = 2  # words before a participle
_PARENTHETIC = frozenset({",", '"', "”", "»"})
# What is left where a pronoun goes back to a letter, a law or a court.
_NOBODY_NAMED = frozenset(
    ["", *"it this that which il elle cela ceci celle-ci celui-ci esto eso este esta ese".split()]
)
_SAID_OF = ([","], ["("])
_BREAKS = frozenset({",", ";", ":", "that", "and", "que", "et", "y", "while", "where", "but"})


def read_quotations(passage: Passage, phrases: list[NounPhrase], offences: set[str]) -> list[Quotation]:
    """Find the quotations of a passage.

    Args:
        passage: The passage.
        phrases: Noun phrases of all its sentences.
        offences: Names of offences, which stand in quotation marks too but are nobody's words.
    """
    found: list[Quotation] = []
    if not passage.quotes:
        return found
    for match in _QUOTED.finditer(passage.tokens.text, *passage.span):
        group = 1 if match[1] is not None else 2
        text = match[group]
        size = len(text.split())
        if size < _LEAST_WORDS or text.strip(".,;") in offences or _is_name(text):
            continue
        verb = _speech_verb(passage, match.start(), match.end())
        if verb is None and size < _ENOUGH_WORDS:
            continue
        speaker = _speaker(passage, verb, phrases, match.start()) if verb is not None else None
        found.append(Quotation(text, speaker, match.span(group)))
    return found


def _is_name(text: str) -> bool:
    """Tell whether every word of a few is capitalised: the title of a book or an organisation, not speech."""
    words = text.split()
    return len(words) < _ENOUGH_WORDS + 2 and all(word[0].isupper() or len(word) <= 3 for word in words)


def _speech_verb(passage: Passage, start: int, end: int) -> Hit | None:
    """Find the verb of saying nearest before the quotation in its sentence, else right behind it."""
    tokens = passage.tokens
    first, last = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    sentence = passage.sentences[bisect_right(passage.sentences, first, key=_FIRST) - 1]
    if before := within(passage.speech, sentence.first, first):
        return before[-1]
    behind = within(passage.speech, last, last + _BEHIND)
    return behind[0] if behind and tokens.starts[behind[0].first] <= end + _BEHIND else None


def _speaker(passage: Passage, verb: Hit, phrases: list[NounPhrase], quote_start: int) -> str | None:
    tokens, grammar = passage.tokens, passage.words.grammar
    auxiliaries = tokens.folded[max(0, verb.first - _AUXILIARIES) : verb.first]
    if not grammar["be"].isdisjoint(auxiliaries) and tokens.starts[verb.first] < quote_start:
        # "Was called “a traitor” by the minister": who was called so says nothing.
        agents = (p for p in within(phrases, verb.last, verb.last + _BEHIND) if p.refs and not p.clitic)
        agent = next((p for p in agents if not grammar["by"].isdisjoint(tokens.folded[p.first - 2 : p.first])), None)
        return _named(passage, agent) if agent is not None else None
    behind = within(phrases, verb.last, verb.last + 4)
    if behind and tokens.starts[verb.first] > quote_start:
        return _named(passage, behind[0])
    first = verb.first
    while (
        first > 0
        and verb.first - first < 14
        and tokens.folded[first - 1] not in _BREAKS
        and tokens.words[first - 1] not in {".", "“", "”", "»", '"'}
    ):
        first -= 1
    near = within(phrases, first, verb.first)
    inside = [p for p in near if p.last <= verb.first and not (p.possessive or p.clitic)]
    if inside and inside[-1].relative and verb.first - inside[-1].last <= _AUXILIARIES:
        return " and ".join(inside[-1].refs) or None  # "a call from a stranger who told him"
    carriers = passage.words.carriers
    if (
        at := next((at for at in range(verb.first - 1, first - 1, -1) if tokens.folded[at] in carriers), None)
    ) is not None:
        sender = next((phrase for phrase in inside if phrase.first > at), None)
        return _named(passage, sender) if sender is not None else None  # "got a text message saying"
    if inside:
        return _named(passage, inside[0])
    last = min([p.first for p in near if p.clitic], default=verb.first)
    if passage.words.function_words.issuperset(tokens.folded[first:last]):
        last = first  # "as he said", "según dijo"
    words = tokens.slice(first, _before_auxiliary(passage, first, last))
    if words or not first or tokens.words[first - 1] not in _PARENTHETIC:
        return words if words.lower() not in _NOBODY_NAMED else None
    # "The officer on duty, by the name of X, said", "a man who called himself “Y” told her": who speaks stands before.
    opening = passage.sentences[bisect_right(passage.sentences, first, key=_FIRST) - 1].first
    before = [p for p in within(phrases, opening, first) if not (p.possessive or p.clitic or p.relative)]
    people = [p for p in before if p.people and tokens.words[p.last : p.last + 1] in _SAID_OF]
    # "X, director of Z, said": what stands between the commas is said of X.
    return _named(passage, (people if people and not before[-1].people else before)[-1]) if before else None


def _named(passage: Passage, phrase: NounPhrase) -> str | None:
    if phrase.people:
        return " and ".join(person.name for person in phrase.people)
    return passage.tokens.slice(phrase.first, phrase.last)


def _before_auxiliary(passage: Passage, first: int, last: int) -> int:
    grammar = passage.words.grammar
    auxiliaries = (grammar["have"], grammar["be"], {"also", "then"})
    while last > first and any(passage.tokens.folded[last - 1] in words for words in auxiliaries):
        last -= 1
    return last
