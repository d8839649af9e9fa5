"""How alike two names are, and why: the evidence on which a person decides whether they are one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, LCSseq

from tocsin.core.names.folding import FoldedName, Reading, Word, arabic_spellings, fold_name
from tocsin.core.names.structure import IsGiven, agreement, no_idea

SAME, SOUNDS_ALIKE, INITIAL, NEAR = "same", "sounds_alike", "initial", "near"

# Below this two words are two words. Figures were chosen on the development half of `bench/name_matching.py`.
LEAST_ALIKE = 0.72
_PARTICLE_WEIGHT = 0.1
_INITIAL_ALIKE, _INITIAL_WEIGHT = 0.8, 0.4
# A word that is another is a reason against. A word more is often a father's name in the middle or a second family name
# at the end; in front it is mostly a child of whoever the other name means.
_OTHER, _MORE, _MORE_IN_FRONT = 1.2, 0.12, 0.8
# What differs between two words that stand for each other counts so much at least, however common they are.
_DIFFERENCE = 0.8
# Of two names with several words each, one word alike proves a family or a fashion.
_ONE_WORD_ONLY = 0.55
# Ivanov and Ivanova, Amin and Amina: two people, more often than not.
_ENDING_IN_A = 0.8

# Own name for own name and family for family is what makes two names one; what order alone says of it may be wrong.
_IN_DISORDER, _IN_ORDER = 0.6, 0.8
# What is hardly alike is not asked for its order, which could make it less so alone.
_HARDLY = 0.5

# How much of the likeness of words the vowels decide, the few vowels, and the consonants.
_PLAIN, _SOUNDS, _WRITTEN = 0.1, 0.45, 0.4
# So many letters tell names apart: one more that differs is not less of a reason because a name is long.
_BONES_THAT_TELL, _SOUNDS_THAT_TELL, _VOWELS_THAT_TELL = 3, 5, 4
# A sound that hands exchange, as a share of another sound; a vowel that the other script should have written.
_NEAR_SOUND, _LEFT_OUT = 0.15, 0.75
# An i beside an a is long, or a glide: Said and Suad, Husain and Hasan, Diya and Dua differ in what is always written.
_I_BESIDE_A = 1.25
# A letter dropped, doubled or exchanged with its neighbour is a slip of the pen; another consonant is another name.
_SLIP, _ANOTHER_CONSONANT, _SHORTEST_SLIP = 0.9, 0.85, 4
_ONE_CONSONANT = 0.95
# In Cyrillic and in Arabic letters a family is spelled in one way: what differs there and is no slip is another one.
# Own names have forms (Olena and Elena).
_ANOTHER_FAMILY = {"cyrillic": 0.5, "arabic": 0.7}
_USUAL = 3
_POWER = 3.0
_CONSONANT = re.compile("[^aiu]")
_F, _FA = re.compile("f|ph|ф"), re.compile("[فڤ]")
# No foreign name is written with these.
_ONLY_ARABIC = re.compile("[حصضطظعذث]")
_DIPHTHONGS = frozenset({"ai", "au"})

Weigh = Callable[[Word], float]
Alike = Callable[[Word, Word], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand for each other.

    Attributes:
        one, other: The words as they were folded.
        how: `same`, `sounds_alike` (another way to write it), `initial`, or `near` (letters differ).
        alike: From 0 to 1.
    """

    one: str
    other: str
    how: str
    alike: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, from 0 to 1, and the words that stand for each other."""

    score: float
    pairs: tuple[Pair, ...] = ()


def compare(one: str, other: str) -> Likeness:
    """Say how alike two names are, in Latin, Cyrillic or Arabic letters (other scripts: as far as they transcribe).

    Order, forms of address, hyphens and accents do not matter; what one name leaves out counts little.
    """
    return compare_words(fold_name(one), fold_name(other))


def compare_words(
    one: FoldedName,
    other: FoldedName,
    weigh: Weigh = lambda _word: 1.0,
    is_given: IsGiven = no_idea,
    alike: Alike | None = None,
) -> Likeness:
    """Compare two folded names.

    Args:
        one: A name.
        other: Another one.
        weigh: Says how much a word tells; a rare name tells more than a common one.
        is_given: Says how likely a word is somebody's own name and not a family's.
        alike: Says how alike two words are, where that is known already.
    """
    pairs = _pair(one, other, alike or word_likeness)
    matched = agreed = 0.0
    for likeness, left, right in pairs:
        weight, same = _weight(one[left], other[right], weigh), likeness**_POWER
        if _are_spelled_apart(one[left], other[right]):
            another = max(_ANOTHER_FAMILY.get(each.script, 0.0) for each in (one[left], other[right]))
            same *= 1 - another * (1 - max(is_given(one[left]), is_given(other[right])))
        agreed += weight * same
        matched += weight * same + max(weight, _least_against(one[left], other[right])) * (1 - same)
    if not matched:
        return Likeness(0.0)
    against = _against(_left_over(one, [left for _, left, _ in pairs], weigh),
                       _left_over(other, [right for _, _, right in pairs], weigh))  # fmt: skip
    score = agreed / (matched + against)
    if len([pair for pair in pairs if _counts(one[pair[1]])]) < min(2, max(_length(one), _length(other))):
        score *= _ONE_WORD_ONLY
    if score < _HARDLY:
        return Likeness(score, _described_all(one, other, pairs))
    score *= min(1.0, _IN_DISORDER + _IN_ORDER * agreement(one, other, pairs, is_given))
    return Likeness(score, _described_all(one, other, pairs))


def _described_all(one: FoldedName, other: FoldedName, pairs: Sequence[tuple[float, int, int]]) -> tuple[Pair, ...]:
    return tuple(_described(one[left], other[right], likeness) for likeness, left, right in pairs)


def _left_over(words: Sequence[Word], used: Sequence[int], weigh: Weigh) -> list[tuple[float, bool]]:
    """Give the weights of the words that stand for none of the other name, and whether they stand in front."""
    first = next((at for at, word in enumerate(words) if _counts(word)), 0)
    left = [(weigh(word), at == first) for at, word in enumerate(words) if at not in used and _counts(word)]
    return sorted(left, reverse=True)


def _against(one: list[tuple[float, bool]], other: list[tuple[float, bool]]) -> float:
    """Weigh what one name has and the other not."""
    both = min(len(one), len(other))
    others = sum(weight for weight, _ in one[:both] + other[:both]) / 2
    more = sum(weight * (_MORE_IN_FRONT if front else _MORE) for weight, front in one[both:] + other[both:])
    return _OTHER * others + more


def _counts(word: Word) -> bool:
    return not word.is_particle


def _length(words: Sequence[Word]) -> int:
    return sum(map(_counts, words))


def _weight(one: Word, other: Word, weigh: Weigh) -> float:
    if one.is_particle or other.is_particle:
        return _PARTICLE_WEIGHT
    return (weigh(one) + weigh(other)) / 2 * (_INITIAL_WEIGHT if one.is_initial or other.is_initial else 1.0)


def _least_against(one: Word, other: Word) -> float:
    """Weigh a difference: that many are called Said makes a Suad no nearer to one."""
    return 0.0 if one.is_particle or one.is_initial or other.is_initial else _DIFFERENCE


def _pair(one: Sequence[Word], other: Sequence[Word], alike: Alike) -> list[tuple[float, int, int]]:
    """Match the words one to one, the most alike first; of a word that a name has twice, the first with the first."""
    lefts_before, rights_before = _times_before(one), _times_before(other)
    candidates = sorted(
        (
            (likeness, left, right)
            for left, word in enumerate(one)
            for right, candidate in enumerate(other)
            if word.is_particle == candidate.is_particle and (likeness := alike(word, candidate)) >= LEAST_ALIKE
        ),
        key=lambda each: (-each[0], abs(lefts_before[each[1]] - rights_before[each[2]]), abs(each[1] - each[2])),
    )
    pairs, lefts, rights = [], set[int](), set[int]()
    for likeness, left, right in candidates:
        if left not in lefts and right not in rights:
            pairs.append((likeness, left, right))
            lefts.add(left)
            rights.add(right)
    return pairs


def _times_before(words: Sequence[Word]) -> list[int]:
    """Say of each word how often a name had it before: Sulayman Sulayman is the son of one."""
    sounds = [word.readings[0].bones for word in words]
    return [sounds[:at].count(each) for at, each in enumerate(sounds)]


@lru_cache(maxsize=100_000)
def word_likeness(one: Word, other: Word) -> float:
    """Say how alike two words sound, from 0 to 1."""
    if one.written == other.written:
        return 1.0
    if one.is_initial or other.is_initial:
        return _INITIAL_ALIKE if _first_sounds(one) & _first_sounds(other) else 0.0
    # With the same consonants no other way to read them is nearer; without, what is read seldom makes them no nearer.
    pairs = [(left, right) for left in one.readings for right in other.readings if left.coarse == right.coarse] or [
        (left, right) for left in one.readings[:_USUAL] for right in other.readings[:_USUAL]
    ]
    return max(_reading_likeness(left, right, one, other) * left.likely * right.likely for left, right in pairs)


@lru_cache(maxsize=100_000)
def _are_spelled_apart(one: Word, other: Word) -> bool:
    """Say whether two words differ in more than a slip: only Latin hands spell a name in many ways.

    They, too, tell the vowels of the front from those of the back where a Cyrillic letter is one of them.
    """
    if (one.script == "arabic") != (other.script == "arabic"):
        return _are_of_f_and_w(*((one, other) if one.script == "arabic" else (other, one)))
    if {one.script, other.script} == {"latin", "cyrillic"}:
        return all(_are_of_front_and_back(left.plain, right.plain) for left in one.readings for right in other.readings)
    if one.script != other.script or one.script == "latin" or _is_slip(one.written, other.written):
        return False
    if one.script == "arabic":
        ones, others = arabic_spellings(one.written), arabic_spellings(other.written)
        return not any(left == right or _is_slip(left, right) for left in ones for right in others)
    return {each.plain for each in one.readings}.isdisjoint(each.plain for each in other.readings)


def _are_of_f_and_w(arabic: Word, other: Word) -> bool:
    """Say whether an f stands for a و, or a w for the ف of a name whose other letters are of no foreign one.

    Both are folded to one sound, since hands write v for either; f is only ever ف.
    """
    if _F.search(other.written):
        return not _FA.search(arabic.written)
    return bool(_FA.search(arabic.written) and _ONLY_ARABIC.search(arabic.written))


def _are_of_front_and_back(one: str, other: str) -> bool:
    """Say whether e or i stands in one where o or u stands in the other."""
    return OSA.distance(one, other) > OSA.distance(one.replace("u", "i"), other.replace("u", "i"))


def _reading_likeness(left: Reading, right: Reading, one: Word, other: Word) -> float:
    bones = _bones_likeness(left, right, by_latin_hands="latin" in {one.script, other.script})
    if one.has_vowels == other.has_vowels:
        plain, sounds = _vowelled(left.plain, right.plain), _vowelled(left.sounds, right.sounds)
        likeness = _PLAIN * plain + _SOUNDS * sounds + (1 - _PLAIN - _SOUNDS) * bones
        if likeness < _SLIP and (_is_slip(left.plain, right.plain) or _is_slip(one.written, other.written)):
            likeness = _SLIP
    else:
        # What the script without vowels writes of them must stand in the other; what it leaves out says little.
        short, long = (left, right) if other.has_vowels else (right, left)
        likeness = _WRITTEN * _vowels_written(short.plain, long.plain) + (1 - _WRITTEN) * bones
        # One consonant alone (Dua, Diya, Hoda) is little to go by.
        if len(short.bones.lstrip("a")) < 2:
            likeness = min(likeness, _ONE_CONSONANT)
    return likeness * _ENDING_IN_A if left.plain.endswith("a") != right.plain.endswith("a") else likeness


def _bones_likeness(left: Reading, right: Reading, *, by_latin_hands: bool) -> float:
    """Compare consonants: another one is as much against a long name as against one of a few.

    Only Latin hands write one sound for another: з is no ص.
    """
    one, other = left.bones, right.bones
    if one == other:
        return 1.0
    coarse = OSA.distance(left.coarse, right.coarse)
    distance = coarse + (_NEAR_SOUND if by_latin_hands else 1) * (OSA.distance(one, other) - coarse)
    likeness = max(0.0, 1 - distance / min(max(len(one), len(other)), _BONES_THAT_TELL))
    another = coarse and len(one) == len(other) and not _same_letters(left.coarse, right.coarse)
    return likeness * _ANOTHER_CONSONANT if another else likeness


def _vowelled(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return max(0.0, 1 - OSA.distance(one, other) / min(max(len(one), len(other)), _SOUNDS_THAT_TELL))


@lru_cache(maxsize=20_000)
def _vowels_written(short: str, long: str) -> float:
    """Compare the few vowels that a script writes with all of another: each that is written must stand at its place."""
    written, spoken = _CONSONANT.split(short), _CONSONANT.split(long)
    if abs(len(written) - len(spoken)) > 1:
        return LCSseq.similarity(short, long) / max(1, len(short))
    # In front, alif and ain carry a vowel that is not written: Umar and Isam begin with the same letter.
    written[0] = written[0].removeprefix("a")
    # Of a consonant that only one of them has, the vowels on both sides meet.
    ways = ((one, other) for one in _met(written, len(spoken)) for other in _met(spoken, len(written)))
    return max(0.0, 1 - min(_vowels_against(one, other) for one, other in ways) / _VOWELS_THAT_TELL)


def _met(vowels: list[str], length: int) -> list[list[str]]:
    """Leave out any one consonant where there is one more than in a word of this length."""
    if len(vowels) <= length:
        return [vowels]
    return [[*vowels[:at], vowels[at] + vowels[at + 1], *vowels[at + 2 :]] for at in range(length)]


def _vowels_against(written: Sequence[str], spoken: Sequence[str]) -> float:
    against, last = 0.0, len(spoken) - 1
    for at, (few, all_of_them) in enumerate(zip(written, spoken, strict=True)):
        both = LCSseq.similarity(few, all_of_them)
        # One short vowel is not written, unless it stands at the end; of a diphthong the second half is.
        if all_of_them in _DIPHTHONGS:
            not_written = 1 if few == all_of_them[1:] else 0
        else:
            not_written = 1 if not few and at < last else 0
        left_out = len(all_of_them) - both - not_written
        against += len(few) - both + _LEFT_OUT * max(0, left_out)
        if "i" in all_of_them and "a" in all_of_them and "i" not in few:
            against += _I_BESIDE_A
        # Я is no и, whatever else is meant by what Arabic letters do not write.
        if "ia" in few and "a" not in all_of_them:
            against += _I_BESIDE_A
    return against


def _is_slip(one: str, other: str) -> bool:
    """Say whether one is the other with a letter dropped, doubled or exchanged; nobody mistakes the first."""
    if min(len(one), len(other)) < _SHORTEST_SLIP or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1 and (len(one) != len(other) or _same_letters(one, other))


def _same_letters(one: str, other: str) -> bool:
    return sorted(one) == sorted(other)


def _first_sounds(word: Word) -> set[str]:
    return {reading.bones[:1] for reading in word.readings}


def _described(one: Word, other: Word, likeness: float) -> Pair:
    if one.written == other.written:
        how = SAME
    elif one.is_initial or other.is_initial:
        how = INITIAL
    else:
        alike = {reading.sounds for reading in one.readings} & {reading.sounds for reading in other.readings}
        how = SOUNDS_ALIKE if alike or (one.has_vowels != other.has_vowels and likeness > 0.85) else NEAR
    return Pair(one.written, other.written, how, likeness)
