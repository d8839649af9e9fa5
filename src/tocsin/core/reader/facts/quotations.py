"""Words in quotation marks, and who said them."""

import re

from tocsin.core.appeal import Quotation
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.phrases import NounPhrase
from tocsin.core.reader.tokens import Hit

# A quotation opened with one kind of mark is often closed with another; the text between never holds a third.
_QUOTED = re.compile(r"[“«„\"]\s*([^“”«»„\"\n]{2,1200}?)\s*[”»\"]|‘([^‘\n]{20,1200}?)’(?!\w)")
_LEAST_WORDS = 2
_ENOUGH_WORDS = 4
_BREAKS = frozenset({",", ";", ":", "that", "and", "que", "et", "y", "while", "where", "but"})


def read_quotations(passage: Passage, phrases: list[NounPhrase], offences: set[str]) -> list[Quotation]:
    """Find the quotations of a passage.

    Args:
        passage: The passage.
        phrases: Noun phrases of all its sentences.
        offences: Names of offences, which stand in quotation marks too but are nobody's words.
    """
    found: list[Quotation] = []
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
    starts = passage.tokens.starts
    before = [hit for hit in passage.justice if hit.kind == "speech" and starts[hit.first] < start]
    sentence_start = max((starts[s.first] for s in passage.sentences if starts[s.first] <= start), default=0)
    if before and starts[before[-1].first] >= sentence_start:
        return before[-1]
    behind = [hit for hit in passage.justice if hit.kind == "speech" and end <= starts[hit.first] <= end + 40]
    return behind[0] if behind else None


def _speaker(passage: Passage, verb: Hit, phrases: list[NounPhrase], quote_start: int) -> str | None:
    tokens = passage.tokens
    if tokens.starts[verb.first] > quote_start:
        behind = next((p for p in phrases if verb.last <= p.first <= verb.last + 3), None)
        if behind is not None:
            return _named(passage, behind)
    first = verb.first
    while (
        first > 0
        and verb.first - first < 14
        and tokens.folded[first - 1] not in _BREAKS
        and tokens.words[first - 1] not in {".", "“", "”", "»", '"'}
    ):
        first -= 1
    inside = [p for p in phrases if first <= p.first and p.last <= verb.first and not p.possessive]
    if inside:
        return _named(passage, inside[0])
    return tokens.slice(first, _before_auxiliary(passage, first, verb.first)) or None


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
