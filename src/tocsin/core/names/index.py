"""All names that a person may see, in memory, and which of them are like one that is asked for."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from tocsin.core.names.folding import FoldedName, Word, fold_name
from tocsin.core.names.likeness import LEAST_ALIKE, Likeness, Weigh, compare_words, word_likeness
from tocsin.core.names.structure import Roles

Key = TypeVar("Key", bound=Hashable)

LEAST_SCORE = 0.7
"""From here on a name is shown: chosen so that 95 to 98 of 100 that are right are shown (`bench/name_matching.py`)."""

_MOST_COMPARED = 400
# Two consonants are too little to be nearly the same.
_ENOUGH = 3
# A slip of the pen makes a word that hardly anybody else has. Where several people have either of two words, and
# neither many times as many as the other, they are two words.
_SEVERAL, _MANY_TIMES, _BOTH_ARE_WORDS = 3, 20, 0.85
# Over scripts that write other vowels, what is alike so far is one word.
_ONE_WORD = 0.9


@dataclass(frozen=True, slots=True)
class Found(Generic[Key]):
    """A name that is like the one that was asked for."""

    key: Key
    name: str
    likeness: Likeness


class NameIndex(Generic[Key]):
    """Names by their words. Each belongs to a key (a case, a person); a key may have many."""

    def __init__(self, names: Iterable[tuple[Key, str]] = ()) -> None:
        self._names: list[tuple[Key, str, FoldedName]] = []
        self._roles = Roles()
        self._words: dict[Word, list[int]] = defaultdict(list)
        self._heard: dict[str, int] = defaultdict(int)
        self._by_bones = _Bones()
        for key, name in names:
            self.add(key, name)

    def __len__(self) -> int:
        """Give the number of names."""
        return len(self._names)

    def add(self, key: Key, name: str) -> None:
        """Take in a name."""
        words = fold_name(name)
        self._names.append((key, name, words))
        self._roles.take(words)
        for word in set(words):
            if word not in self._words:
                self._by_bones.add(word)
            self._words[word].append(len(self._names) - 1)
            self._heard[word.readings[0].sounds] += 1

    def find(self, name: str, *, least: float = LEAST_SCORE, most: int = 20) -> list[Found[Key]]:
        """Give the names like this one, the most alike first, each key once."""
        asked = fold_name(name)
        like = {word: self._like(word) for word in asked}
        tells = cache(self._tells)

        def alike(word: Word, other: Word) -> float:
            return like[word].get(other, 0.0)

        best: dict[Key, Found[Key]] = {}
        for at in self._candidates(like, tells):
            key, other, words = self._names[at]
            likeness = compare_words(asked, words, tells, self._roles.is_given, alike)
            if likeness.score >= least and (key not in best or best[key].likeness.score < likeness.score):
                best[key] = Found(key, other, likeness)
        return sorted(best.values(), key=lambda found: -found.likeness.score)[:most]

    def _tells(self, word: Word) -> float:
        """Say how much a word tells: much if few names have it."""
        names = len(self._words.get(word, ()))
        return max(0.3, 1 - math.log1p(names) / math.log1p(max(len(self._names), 10)))

    def _candidates(self, like: Mapping[Word, Mapping[Word, float]], tells: Weigh) -> list[int]:
        """Give the names that share the words which tell most."""
        hints: dict[int, float] = defaultdict(float)
        for asked, words in like.items():
            if asked.is_particle and len(like) > 1:
                continue
            best: dict[int, float] = {}
            for word, alike in words.items():
                told = alike * tells(word)
                for at in self._words[word]:
                    best[at] = max(best.get(at, 0.0), told)
            for at, told in best.items():
                hints[at] += told
        return sorted(hints, key=hints.__getitem__, reverse=True)[:_MOST_COMPARED]

    def _like(self, word: Word) -> dict[Word, float]:
        """Give the words of all names that sound like this one."""
        like = {}
        for each in self._by_bones.close(word):
            alike = word_likeness(word, each)
            if alike >= LEAST_ALIKE and self._are_two_words(word, each, alike):
                alike *= _BOTH_ARE_WORDS
            if alike >= LEAST_ALIKE:
                like[each] = alike
        return like

    def _are_two_words(self, word: Word, other: Word, alike: float) -> bool:
        """Say whether two words that differ are so common that neither is a slip of the pen for the other."""
        rarer, commoner = sorted(self._heard.get(each.readings[0].sounds, 0) for each in (word, other))
        if rarer < _SEVERAL or commoner > _MANY_TIMES * rarer:
            return False
        if word.has_vowels != other.has_vowels:
            return alike < _ONE_WORD
        if word.has_vowels:
            return {each.coarse for each in word.readings}.isdisjoint(each.coarse for each in other.readings)
        return {each.plain for each in word.readings}.isdisjoint(each.plain for each in other.readings)


class _Bones:
    """Words by their consonants, and by these without any one of them.

    Words that differ in more than one consonant are two words. Two of which one lacks a consonant, has another in its
    place, or has it before its neighbour, are the same where one consonant is left out of each.
    """

    def __init__(self) -> None:
        self._words: dict[str, list[Word]] = defaultdict(list)
        self._without_one: dict[str, list[str]] = defaultdict(list)

    def add(self, word: Word) -> None:
        """Take in a word."""
        for bones in {reading.coarse for reading in word.readings}:
            if bones not in self._words and len(bones) >= _ENOUGH:
                for part in _parts(bones):
                    self._without_one[part].append(bones)
            self._words[bones].append(word)

    def close(self, word: Word) -> set[Word]:
        """Give the words with these consonants, or, where there are enough to go by, all but one of them."""
        near: set[Word] = set()
        for bones in {reading.coarse for reading in word.readings}:
            near.update(self._words.get(bones, ()))
            if len(bones) >= _ENOUGH:
                for part in _parts(bones):
                    near.update(self._words.get(part, ()))
                    for each in self._without_one.get(part, ()):
                        near.update(self._words[each])
            elif len(bones) == _ENOUGH - 1:
                for each in self._without_one.get(bones, ()):
                    near.update(self._words[each])
        return near


def _parts(bones: str) -> set[str]:
    return {bones, *(bones[:at] + bones[at + 1 :] for at in range(len(bones)))}
