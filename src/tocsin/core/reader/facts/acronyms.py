"""Names told by the acronym behind them: where "Shelter for sailors (SHELSA)" begins, its letters say."""

from collections.abc import Iterator

from tocsin.core.reader.facts.name_signs import acronym_behind
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.tokens import fold

_REACH = 18  # words of the longest name
_SHORTEST = 3  # letters: two may be anybody's
_PREFIX = 4  # letters that one word may give: the "PROD" of "Promotion of Democracy"
_APOSTROPHES = frozenset({"'", "’", "-"})
_SMALL = 3  # letters of a word that may give none


def spelled_names(passage: Passage, ends: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """Give the names whose acronym in brackets shows that they reach farther than their capitals.

    Args:
        passage: The passage.
        ends: Where a body's name that was read ends, and where it begins.

    Yields:
        The first word of the name, the word behind its last, and the acronym.
    """
    tokens = passage.tokens
    if "(" not in tokens.words:
        return
    for bracket, word in enumerate(tokens.words):
        acronym = acronym_behind(tokens, bracket) if word == "(" else None
        if acronym is None or len(acronym) < _SHORTEST:
            continue
        letters = "".join(filter(str.isalpha, fold(acronym)))
        known = ends.get(bracket)
        if known is not None and tokens.folded[known][0] == letters[:1]:
            continue  # as the words of the name showed
        first = _beginning(passage, bracket, letters)
        if first is not None:
            yield first, bracket, acronym


def _beginning(passage: Passage, end: int, letters: str) -> int | None:
    """Find the capital from which the words up to `end` give the letters, with the fewest that give none."""
    tokens, words = passage.tokens, passage.words
    stops = words.grammar["be"] | words.grammar["have"]
    best, least = None, end
    for first in range(end - 1, max(end - _REACH, 0) - 1, -1):
        word, folded = tokens.words[first], tokens.folded[first]
        if not (word[0].isalpha() or word in _APOSTROPHES) or folded in stops:
            break
        if folded[0] == letters[0] and first in passage.capitals and folded not in words.calendar:
            idle = _idle(passage, first, end, letters)
            if idle is not None and idle < least:
                best, least = first, idle
        if passage.starts_sentence(first):
            break
    return best


def _idle(passage: Passage, first: int, end: int, letters: str) -> int | None:
    """Count the words that give no letter; nothing if the words do not give all, or most of them give none."""
    words = [word for word in passage.tokens.folded[first:end] if word[0].isalpha()]
    small = [len(word) < _SMALL or word in passage.words.function_words for word in words]
    # A word may give one letter or more, a small one none: "Movement for Peace" is (MFP), (MP) or (MOPE).
    ways = {(0, 0, 0)}  # letters given, words that gave some, words that gave none; few, however alike the words are
    for word, is_small in zip(words, small, strict=True):
        following = set()
        for at, given, idle in ways:
            taken = _shared(word, letters, at)
            following |= {(at + some, given + 1, idle) for some in range(1, taken + 1)}
            if is_small or not taken:
                following.add((at, given, idle + (not is_small)))
        ways = following
    whole = [idle for at, given, idle in ways if at == len(letters) and given > max(idle, 1)]
    return min(whole, default=None)


def _shared(word: str, letters: str, at: int) -> int:
    """Count the first letters of a word with which the acronym goes on."""
    count = 0
    while count < _PREFIX and at + count < len(letters) and word[count : count + 1] == letters[at + count]:
        count += 1
    return count
