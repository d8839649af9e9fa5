"""Which part of a name is somebody's own, as far as order and the other names tell.

Somebody's own name (the ism of an Arabic name, a given name elsewhere) stands in front, or behind the family name;
between them or behind both stands what others have too: a father's name, a second family name. Two names can mean one
person only if what is somebody's own in one is so in the other: a father's name that is another one's own name, or
another one's family, is no likeness.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tocsin.core.names.folding import FoldedName, Word

IsGiven = Callable[[Word], float]

# How often each order is met where nothing else tells: "Mirela Tosk", "Tosk Mirela", and "Tosk Marosh Mirela".
_GIVEN_FIRST, _FAMILY_FIRST, _GIVEN_LAST = 0.75, 0.25, 0.1
# No order is ruled out by what other people are called.
_LEAST_LIKELY = 0.02
_FAMILIAR = 3
# Said and Suad, Yasin and Yasmin: own names are short, and near ones are other people's.
_OWN_ALIKE = 0.84
# Whom one name calls a parent ("bin Yusuf") is, in the middle of the other, more likely a parent than a family.
_A_PARENT = 0.5


def no_idea(_word: Word) -> float:
    """Say that a word may as well be somebody's own name as a family's."""
    return 0.5


@dataclass(frozen=True, slots=True)
class Order:
    """One way to take a name apart: the parts that are somebody's own and the family's, and how likely that is."""

    given: int
    family: int
    likely: float


def parts_of(words: FoldedName) -> list[list[int]]:
    """Group words to parts: Jean-Pierre is one, and small words go with the word behind, as in Abd al-Rahman."""
    parts: list[list[int]] = []
    waiting: list[int] = []
    for at, word in enumerate(words):
        if at in words.joined and parts and not waiting and not word.is_particle:
            parts[-1].append(at)
            continue
        waiting.append(at)
        if not word.is_particle:
            parts.append(waiting)
            waiting = []
    if waiting and parts:
        parts[-1] = [*parts[-1], *waiting]
    return parts or ([waiting] if waiting else [])


def orders(name: FoldedName, parts: Sequence[Sequence[int]], is_given: IsGiven) -> list[Order]:
    """Give the ways to take a name of two or more parts apart; how likely they are adds up to 1."""
    last = len(parts) - 1
    if name.comma is not None:
        given = next((at for at, part in enumerate(parts) if part[0] >= name.comma), last)
        return [Order(given, 0 if given else last, 1.0)]
    prior = {0: _GIVEN_FIRST, 1: _FAMILY_FIRST} | ({last: _GIVEN_LAST} if last > 1 else {})
    weights = {}
    for given, before in prior.items():
        family = 0 if given else last
        # Where both family names stand in front, what stands between is no father's.
        between = parts[1:last] if 1 < given == last else []
        second = math.prod(1 - _own(name, part, is_given) for part in between)
        own = max(_own(name, parts[given], is_given), _LEAST_LIKELY)
        weights[given, family] = before * second * own * max(1 - _own(name, parts[family], is_given), _LEAST_LIKELY)
    whole = sum(weights.values())
    return [Order(given, family, weight / whole) for (given, family), weight in weights.items()]


def agreement(one: FoldedName, other: FoldedName, pairs: Sequence[tuple[float, int, int]], is_given: IsGiven) -> float:
    """Say how likely it is, from 0 to 1, that own name stands for own name and family for family.

    A name of one part can be either, and agrees.
    """
    lefts, rights = parts_of(one), parts_of(other)
    if len(lefts) < 2 or len(rights) < 2:
        return 1.0
    matched = _matched_parts(one, other, pairs, lefts, rights)
    own = _matched_parts(one, other, [pair for pair in pairs if pair[0] >= _OWN_ALIKE], lefts, rights)
    mine, theirs = orders(one, lefts, is_given), orders(other, rights, is_given)
    ours, others = (
        [1 - _own(words, part, is_given) for part in parts] for words, parts in ((one, lefts), (other, rights))
    )
    for i, j in matched:
        if one[lefts[i][0]].is_filial != other[rights[j][0]].is_filial:
            ours[i], others[j] = ours[i] * _A_PARENT, others[j] * _A_PARENT
    return sum(
        left.likely * right.likely * _family(ours, others, matched - {(left.given, right.given)}, left, right)
        for left in mine
        for right in theirs
        if (left.given, right.given) in own
    )


def _matched_parts(
    one: FoldedName,
    other: FoldedName,
    pairs: Sequence[tuple[float, int, int]],
    lefts: Sequence[Sequence[int]],
    rights: Sequence[Sequence[int]],
) -> set[tuple[int, int]]:
    part_of_left = {word: at for at, part in enumerate(lefts) for word in part}
    part_of_right = {word: at for at, part in enumerate(rights) for word in part}
    return {
        (part_of_left[left], part_of_right[right])
        for _, left, right in pairs
        if not one[left].is_particle and not other[right].is_particle
    }


def _family(
    ours: Sequence[float], others: Sequence[float], matched: set[tuple[int, int]], left: Order, right: Order
) -> float:
    """Say how likely a pair of parts is family and family; what stands in between may be a father's name.

    `ours` and `others` say of each part how likely it is a family's where no order tells.
    """
    return max(
        (
            (1.0 if i == left.family else ours[i]) * (1.0 if j == right.family else others[j])
            for i, j in matched
            if i != left.given and j != right.given
        ),
        default=0.0,
    )


def _head(words: Sequence[Word], part: Sequence[int]) -> Word:
    return words[part[-1]]


def _own(words: Sequence[Word], part: Sequence[int], is_given: IsGiven) -> float:
    """Say how likely a part is somebody's own name: one that says whose child somebody is never is."""
    return 0.0 if words[part[0]].is_filial else is_given(_head(words, part))


class Roles:
    """How often each word is somebody's own name and how often a family's, learned from the names that came in."""

    def __init__(self) -> None:
        self._own: dict[tuple[bool, str], float] = defaultdict(float)
        self._family: dict[tuple[bool, str], float] = defaultdict(float)

    def is_given(self, word: Word) -> float:
        """Say how likely a word is somebody's own name; a half where neither it nor one that sounds alike was met."""
        written, sound = _keys(word)
        # What sounds alike counts as little as three that are written alike: Ghada is no Gaidi.
        expected = (self._own.get(sound, 0.0) + 2) / (self._own.get(sound, 0.0) + self._family.get(sound, 0.0) + 4)
        own, family = self._own.get(written, 0.0), self._family.get(written, 0.0)
        return (own + _FAMILIAR * expected) / (own + family + _FAMILIAR)

    def take(self, name: FoldedName) -> None:
        """Learn from a name."""
        parts = parts_of(name)
        if len(parts) > 1:
            for order in orders(name, parts, self.is_given):
                for key in _keys(_head(name, parts[order.given])):
                    self._own[key] += order.likely
                # Bin Yusuf is a family; Yusuf is not one for it.
                if not name[parts[order.family][0]].is_filial:
                    for key in _keys(_head(name, parts[order.family])):
                        self._family[key] += order.likely


def _keys(word: Word) -> tuple[tuple[bool, str], tuple[bool, str]]:
    """Give a word as it is written, and what it has in common over scripts and spellings."""
    return (True, word.written), (False, word.readings[0].bones)
