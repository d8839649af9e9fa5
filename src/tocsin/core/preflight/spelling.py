"""Names that are nearly the same: which printed words are a slip or two away from a known one, in linear time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tocsin.core.preflight.subject import Found, Subject
from tocsin.core.reader import Tokens

_SHORTEST = 5
_SHORTEST_FOR_TWO = 11
_LONGEST = 30
_MOST_COMPARED = 30  # a word with more neighbours stands in a crowd of made-up names, where nearness says nothing


def name_words(*names: str) -> set[str]:
    """Give the words of names that are long enough to be compared, folded."""
    return {word for name in names for word in Tokens(name).folded if word.isalpha() and len(word) >= _SHORTEST}


def printed_names(subject: Subject, *roles: str) -> Mapping[str, list[Found]]:
    """Give the words with a capital, folded, with their places; not those that stand in small letters too."""
    found: dict[str, list[Found]] = defaultdict(list)
    small: set[str] = set()
    for passage in subject.passages_of(*roles):
        tokens = passage.tokens
        for at, (word, folded) in enumerate(zip(tokens.words, tokens.folded, strict=True)):
            if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isalpha():
                continue
            if word[0].isupper():
                found[folded].append(Found(passage, *tokens.span(at, at + 1), word))
            else:
                small.add(folded)
    return {word: places for word, places in found.items() if word not in small}


def near_misses(printed: Iterable[str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the pairs of a printed and a known word that differ by a slip, or by two in long words.

    Both are folded. They must begin alike, and neither may be the other with an ending ("Zarvania", "Zarvanian").
    """
    index: dict[str, set[str]] = defaultdict(set)
    for word in set(known):
        if len(word) <= _LONGEST:
            for shorter in _shortened(word, _slips(word)):
                index[shorter].add(word)
    for word in sorted(set(printed)):
        if len(word) > _LONGEST:
            continue
        candidates = {one for shorter in _shortened(word, _slips(word)) for one in index.get(shorter, ())} - {word}
        for one in sorted(candidates) if len(candidates) <= _MOST_COMPARED else ():
            alike = word[0] == one[0] and not word.startswith(one) and not one.startswith(word)
            if alike and distance(word, one) <= min(_slips(word), _slips(one)):
                yield word, one


def _slips(word: str) -> int:
    return 2 if len(word) >= _SHORTEST_FOR_TWO else 1


def _shortened(word: str, letters: int) -> set[str]:
    """Give the word with up to so many letters left out."""
    found = {word}
    for _ in range(letters):
        found |= {one[:at] + one[at + 1 :] for one in found for at in range(len(one))}
    return found


def distance(left: str, right: str) -> int:
    """Count the letters that must be changed, put in, left out, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and other == left[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
