"""Folding: what a name sounds like, in few letters, whichever of three scripts it was written in.

Each way to transcribe a name loses something else, so a word has several readings: the sounds that its letters may
stand for, the likeliest first. What is compared are the sounds and, because vowels are written least reliably and in
the Arabic script hardly at all, the bare consonants. Tables and their reasons are in `folding.toml`.
"""

import importlib.resources
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from anyascii import anyascii

from tocsin.core.names.marks import without_marks

_MOST_READINGS = 16
_END = "$"
# Marks that make another letter: й, and the s that hands of Turkey, the Balkans and libraries write for sh.
_ESH = "ʃ"
_KEPT = str.maketrans({"й": "и\u0001", "ё": "е", "ـ": None, **dict.fromkeys("šşșŝ", _ESH)})
# German hands write a single щ as schtsch, French ones as chtch.
_LENGTHS_OF_GROUPS = (7, 5, 4, 3, 2, 1)
# How much less a reading counts that is not the likeliest for its letters, and one that is rare.
_RARE = "?"
_SECOND, _SELDOM = 0.985, 0.92
# Hyphens part, apostrophes (hamza, soft sign, O'…) do not; a point may stand between initials.
_APOSTROPHES = re.compile("['’‘ʼʻʹ`´ʾʿ]")
# "г-н" and "г-жа" would be two words each.
_HYPHENED_TITLE = re.compile(r"\bг-(?:н|жа|на|же)\b")
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {"LATIN": "latin", "CYRILLIC": "cyrillic", "ARABIC": "arabic"}
# Abd is half a name: it is written apart, or together with the article and the other half.
_SERVANT = re.compile(
    r"(abd)(?:[aeou]l(?=[aeiou]\w{2})|(?:[aeou][lrsndz]|[aou])?(?=[^aeiou]{1,2}[aeiou]))|(عبد)(?:(?=الله$)|ال(?=\w))|(абд)[аеу]л"
)
_SERVANT_ALONE = re.compile(r"(abd|абд)(?:[aeuоуаe][a-zл]?)?")
_JOINED_ARTICLE = re.compile(r"(?:ال|al|el)(?=\w{3})")
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word may sound like.

    Attributes:
        plain: With all its vowels.
        sounds: Without glides beside a vowel.
        bones: Its consonants, behind a mark for a vowel in front.
        coarse: These, with sounds made one that one hand writes for the other (s for z).
        likely: How likely it is to be read so, from 0 to 1.
    """

    plain: str
    sounds: str
    bones: str
    coarse: str
    likely: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name.

    Attributes:
        written: As it was written, but for capitals and accents.
        readings: What it may sound like, the likeliest first; none for a sign without a sound.
        script: The table by which it was read: latin, cyrillic or arabic.
        is_particle: Whether it is a small word within names (al, bin, de, oglu).
        is_filial: Whether it is one that says whose child somebody is, in front of that name (bin, bint).
    """

    written: str
    readings: tuple[Reading, ...]
    script: str = "latin"
    is_particle: bool = False
    is_filial: bool = False

    def __hash__(self) -> int:
        """Tell words apart quickly: few are written alike and read differently."""
        return hash(self.written)

    @property
    def has_vowels(self) -> bool:
        """Whether its script writes them."""
        return self.script != "arabic"

    @property
    def is_initial(self) -> bool:
        """Whether it is a letter for a whole name."""
        return len(self.written) == 1


class FoldedName(tuple[Word, ...]):
    """The words of a name in their order.

    Attributes:
        comma: So many of them stand before a comma ("TOSK, Mirela"), if that tells.
        joined: Those that a hyphen joins to the one before (Jean-Pierre).
    """

    comma: int | None = None
    joined: frozenset[int] = frozenset()


def fold_name(name: str) -> FoldedName:
    """Fold a name into its words, in their order; forms of address are left out."""
    text = _HYPHENED_TITLE.sub(" ", _APOSTROPHES.sub("", _bare(name))).replace("،", ",")
    before, comma, behind = text.partition(",")
    first = _folded(before)
    words = [*first, *_folded(behind)]
    folded = FoldedName(word for word, _ in words)
    folded.joined = frozenset(at for at, (_, joined) in enumerate(words) if joined)
    if comma and 0 < len(first) < len(folded):
        folded.comma = len(first)
    return folded


def _folded(text: str) -> list[tuple[Word, bool]]:
    """Fold the words of a text, each with whether a hyphen joins it to the one before."""
    found = [
        (_fold(part), text[match.start() - 1 : match.start()] == "-" and not number)
        for match in _WORD.finditer(text)
        for number, part in enumerate(_parts(match[0]))
    ]
    return [(word, joined) for word, joined in found if word.readings and word.written not in _tables()["titles"]]


def _bare(name: str) -> str:
    """Take capitals, accents, vowel signs and the lengthening stroke away; letters that are no accent's stay."""
    composed = unicodedata.normalize("NFC", name.casefold()).translate(_KEPT)
    return without_marks(composed).replace("и\u0001", "й")


def _parts(word: str) -> list[str]:
    """Cut a compound that is also written in two words."""
    alone = _SERVANT_ALONE.fullmatch(word)
    if alone:
        return [alone[1]]
    servant = _SERVANT.match(word)
    return [next(filter(None, servant.groups())), word[servant.end() :]] if servant else [word]


@lru_cache(maxsize=200_000)
def _fold(written: str) -> Word:
    script = _script(written)
    if script is None:
        written, script = re.sub("[^a-z]", "", anyascii(written).lower()), "latin"
    # An article is often written on to its name; but Alexander has none.
    article = _JOINED_ARTICLE.match(written)
    forms = [written, written[article.end() :]] if article else [written]
    readings: dict[str, Reading] = {}
    for form in forms:
        for sounds, likely in _sounds(form, _tables()[script]):
            reading = _reading(sounds, likely)
            if reading.plain not in readings or readings[reading.plain].likely < likely:
                readings[reading.plain] = reading
    return Word(
        written=written.replace(_ESH, "s"),
        readings=tuple(readings.values()),
        script=script,
        is_particle=written in _tables()["particles"],
        is_filial=written in _tables()["filial"],
    )


@lru_cache(maxsize=100_000)
def arabic_spellings(written: str) -> frozenset[str]:
    """Give an Arabic word without and with its article, in letters of which none is written for another."""
    one = written.translate(_tables()["one_letter"])
    article = _JOINED_ARTICLE.match(one)
    return frozenset({one, one[article.end() :]} if article else {one})


def _script(word: str) -> str | None:
    """Give the table of the script in which all letters of a word are written, if there is one."""
    scripts = {_SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0]) for letter in word}
    return scripts.pop() if len(scripts) == 1 else None


def _sounds(word: str, groups: Mapping[str, list[str]]) -> list[tuple[str, float]]:
    """Give what a word may sound like, the likeliest first: the product of what each of its groups of letters may."""
    readings, at = [("", 1.0)], 0
    while at < len(word):
        at, outcomes = _longest_group(word, at, groups)
        ways = [(sound.rstrip(_RARE), _likely(rank, sound)) for rank, sound in enumerate(outcomes)]
        readings = [(before + sound, much * likely) for before, much in readings for sound, likely in ways]
        readings = sorted(readings, key=lambda reading: -reading[1])[:_MOST_READINGS]
    return readings


def _likely(rank: int, sound: str) -> float:
    if sound.endswith(_RARE):
        return _SELDOM
    return _SECOND if rank else 1.0


def _longest_group(word: str, at: int, groups: Mapping[str, list[str]]) -> tuple[int, list[str]]:
    for length in _LENGTHS_OF_GROUPS:
        group = word[at : at + length]
        if len(group) < length:
            continue
        if at + length == len(word) and group + _END in groups:
            return at + length, groups[group + _END]
        if group in groups:
            return at + length, groups[group]
    plain = anyascii(word[at]).lower()
    return at + 1, [plain if plain.isalpha() else ""]


def _reading(sounds: str, likely: float) -> Reading:
    """Fold vowels to three, doubled letters to one, and drop the glide beside a vowel."""
    plain = re.sub(r"(.)\1+", r"\1", sounds.translate(_FEW_VOWELS))
    folded = re.sub(r"(?<=[aiu])i|i(?=[aiu])", "", plain)
    bones = "".join(letter for letter in folded if letter not in _VOWELS)
    bones = "a" + bones if folded[:1] in _VOWELS else bones
    return Reading(plain, folded, bones, bones.translate(_tables()["near"]), likely)


_FEW_VOWELS = str.maketrans("eo", "iu")


@cache
def _tables() -> dict[str, Any]:
    tables = tomllib.loads(importlib.resources.files(__package__).joinpath("folding.toml").read_text("utf-8"))
    near = str.maketrans({sound: group[0] for group in tables["near"] for sound in group})
    one_letter = str.maketrans({letter: group[0] for group in tables["one_letter"] for letter in group})
    sets = {kind: frozenset(tables[kind]) for kind in ("titles", "particles", "filial")}
    return {**tables, **sets, "near": near, "one_letter": one_letter}
