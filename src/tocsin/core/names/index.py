"""All names that a person may see, in memory, and which of them are like one that is asked for."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tocsin.core.names.folding import FoldedName, Word, fold_name
from tocsin.core.names.likeness import LEAST_ALIKE, Likeness, compare_words, word_likeness
from tocsin.core.names.structure import Roles

Key = TypeVar("Key", bound=Hashable)

LEAST_SCORE = 0.75
"""From here on a name is shown: chosen so that 95 of 100 that are right are shown (`bench/name_matching.py`)."""

_MOST_COMPARED = 400
# Words are alike by the mean of vowels and consonants, so one of the two is at least as alike as the whole has to be;
# beside a script without vowels the consonants decide alone, and weigh less.
_BOTH, _BARE = 0.7, 0.6
# Two consonants are too little to be nearly the same.
_ENOUGH = 3


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
        self._by_sounds, self._by_bones, self._by_bare_bones = _Sounds(), _Sounds(), _Sounds()
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
                for reading in word.readings:
                    if word.has_vowels:
                        self._by_sounds.add(reading.sounds, word)
                    (self._by_bones if word.has_vowels else self._by_bare_bones).add(reading.coarse, word)
            self._words[word].append(len(self._names) - 1)

    def find(self, name: str, *, least: float = LEAST_SCORE, most: int = 20) -> list[Found[Key]]:
        """Give the names like this one, the most alike first, each key once."""
        asked = fold_name(name)
        best: dict[Key, Found[Key]] = {}
        for at in self._candidates(asked):
            key, other, words = self._names[at]
            likeness = compare_words(asked, words, self._tells, self._roles.is_given)
            if likeness.score >= least and (key not in best or best[key].likeness.score < likeness.score):
                best[key] = Found(key, other, likeness)
        return sorted(best.values(), key=lambda found: -found.likeness.score)[:most]

    def _tells(self, word: Word) -> float:
        """Say how much a word tells: much if few names have it."""
        names = len(self._words.get(word, ()))
        return max(0.3, 1 - math.log1p(names) / math.log1p(max(len(self._names), 10)))

    def _candidates(self, asked: Sequence[Word]) -> list[int]:
        """Give the names that share the words which tell most."""
        hints: dict[int, float] = defaultdict(float)
        for word in asked:
            best: dict[int, float] = {}
            for like, alike in self._like(word).items():
                told = alike * self._tells(like)
                for at in self._words[like]:
                    best[at] = max(best.get(at, 0.0), told)
            for at, told in best.items():
                hints[at] += told
        return sorted(hints, key=hints.__getitem__, reverse=True)[:_MOST_COMPARED]

    def _like(self, word: Word) -> dict[Word, float]:
        """Give the words of all names that sound like this one."""
        near: set[Word] = set()
        # Of readings that the alphabet makes one, one is asked.
        for bones in {reading.coarse for reading in word.readings}:
            near |= self._by_bones.close(bones, _BOTH if word.has_vowels else _BARE)
            near |= self._by_bare_bones.close(bones, _BARE)
        if word.has_vowels:
            for sounds in {reading.sounds for reading in word.readings}:
                near |= self._by_sounds.close(sounds, _BOTH)
        return {each: alike for each in near if (alike := word_likeness(word, each)) >= LEAST_ALIKE}


class _Sounds:
    """Words by what they sound like, in groups of one length: what is alike is about as long."""

    def __init__(self) -> None:
        self._words: dict[int, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))

    def add(self, sounds: str, word: Word) -> None:
        """Take in a word."""
        self._words[len(sounds)][sounds].append(word)

    def close(self, sounds: str, least: float) -> set[Word]:
        """Give the words that sound the same, or, where there is enough to go by, at least so alike."""
        if len(sounds) < _ENOUGH:
            return set(self._words.get(len(sounds), {}).get(sounds, ()))
        near: set[Word] = set()
        for length in range(math.ceil(len(sounds) * least), int(len(sounds) / least) + 1):
            group = self._words.get(length)
            if group:
                found = process.extract(
                    sounds, group.keys(), scorer=OSA.normalized_similarity, score_cutoff=least, limit=None
                )
                for like, _, _ in found:
                    near.update(group[like])
        return near
