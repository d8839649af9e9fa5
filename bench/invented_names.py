"""Names of nobody in three scripts, and the ways in which people write one: for `name_matching.py`.

The transcriptions here are those of countries, press and offices, written down on their own: they share nothing with
the folding that they measure.
"""

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

STOCK: dict[str, Any] = tomllib.loads(Path(__file__).with_name("name_stock.toml").read_text("utf-8"))
_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
# The same letters of the alphabet, as an English, a French, a German, a Polish and a scholarly hand transcribes them.
_HANDS = {
    "english": "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya",
    "french": "a b v g d e j z i ï k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia",
    "german": "a b w g d e sch s i j k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja",
    "polish": "a b w g d e ż z i j k ł m n o p r s t u f ch c cz sz szcz _ y _ e ju ja",
    "scholarly": "a b v g d e ž z i j k l m n o p r s t u f ch c č š šč _ y _ e ju ja",
    "arabic": "ا ب ف غ د ي ج ز ي ي ك ل م ن و ب ر س ت و ف خ تس تش ش ش _ ي _ ي يو يا",
}
_LETTERS = {
    hand: dict(zip(_ALPHABET, (each.replace("_", "") for each in row.split()), strict=True))
    for hand, row in _HANDS.items()
}
_FROM_ARABIC = {
    "english": [("aa", "a"), ("ii", "i|ee"), ("uu", "u|ou|oo"), ("ay", "ai|ay|ei"), ("aw", "aw|au")],
    "french": [("aa", "a"), ("ii", "i"), ("uu", "ou"), ("sh", "ch"), ("j", "dj"), ("q", "k"), ("aw", "aou"),
               ("w", "ou"), ("ay", "ai|ei"), ("u", "ou|o")],
    "german": [("aa", "a"), ("ii", "i"), ("uu", "u"), ("sh", "sch"), ("j", "dsch"), ("kh", "ch"), ("ay", "ai"),
               ("y", "j"), ("q", "q|k")],
    "turkish": [("aa", "a"), ("ii", "i"), ("uu", "u"), ("sh", "ş"), ("j", "c"), ("kh", "h"), ("gh", "g"), ("q", "k"),
                ("w", "v"), ("th", "s"), ("dh", "z"), ("ay", "ey")],
    "cyrillic": [("aa", "а"), ("ii", "и"), ("uu", "у"), ("sh", "ш"), ("kh", "х"), ("gh", "г"), ("th", "с"), ("dh", "з"),
                 ("ay", "ей|ай"), ("yu", "ю"), ("ya", "я"), ("a", "а"), ("b", "б"), ("d", "д"), ("f", "ф"), ("h", "х"),
                 ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("q", "к"), ("r", "р"),
                 ("s", "с"), ("t", "т"), ("u", "у"), ("w", "в"), ("y", "й"), ("z", "з")],
}  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A name as its bearer writes it. What may be left out: the father's name, or the second family name.

    The parts of an Arabic one are spelled and spoken: `"محمد|muhammad"`.
    """

    script: str
    given: str
    family: str
    may_miss: str = ""


@dataclass(frozen=True)
class Written:
    """A name in one of its ways."""

    of: Name
    text: str
    script: str
    whole: bool
    parts: tuple[str, str]

    def may_be(self, other: "Written") -> bool:
        """Say whether two texts may mean one person: nothing that both of them say differs."""
        if self.of.given != other.of.given:
            return False
        mine, theirs = self._said(), other._said()
        if self.of.script == "latin" and self.whole != other.whole:
            return set(mine) <= set(theirs) or set(theirs) <= set(mine)
        return all(one == another for one, another in zip(mine, theirs, strict=False))

    def cannot_be_told_from(self, other: "Written") -> bool:
        """Say whether the letters of one may as well be the other person's name, written in another of its ways.

        Turkish hands write h for two sounds, German ones ch for four: "Suad Hasur" may be either of two women. And
        whoever is called Maryam Yusuf may be called Maryam bin Yusuf, which is all that these words say.
        """
        if self.whole and other.whole and self.of.may_miss != other.of.may_miss:
            return False
        child_of = self._is_child_by_name(other) or other._is_child_by_name(self)
        return child_of or self.parts in ways(other.of) or other.parts in ways(self.of)

    def _is_child_by_name(self, other: "Written") -> bool:
        father = [f"{prefix} {part}" for part, prefix in zip(self.of.may_miss.split("|"), ("بن", "bin"), strict=False)]
        return self.whole and self.of.given == other.of.given and other.of.family == "|".join(father)

    def _said(self) -> tuple[str, ...]:
        return (self.of.family, self.of.may_miss) if self.whole else (self.of.family,)


def name(dice: random.Random) -> Name:
    """Make a name."""
    script = dice.choices(["cyrillic", "arabic", "latin"], [4, 4, 2])[0]
    stock, is_woman = STOCK[script], dice.random() < 0.5
    given = dice.choice(stock["women" if is_woman else "men"])
    if script == "arabic":
        return Name(script, "|".join(given), _arabic_family(dice), "|".join(dice.choice(stock["men"])))
    if script == "latin":
        return Name(script, given, _latin_family(dice), _latin_family(dice))
    ending = dice.choice(stock["endings"]).split("/")
    root = dice.choice(stock["roots"]) + dice.choice(["", "", "ен", "ол", "ир", "ак"])
    father = dice.choice(stock["men"]).rstrip("йья") + ("овна" if is_woman else "ович")
    return Name(script, given, root + ending[-1 if is_woman else 0], father)


def _latin_family(dice: random.Random) -> str:
    stock = STOCK["latin"]
    if dice.random() < 0.3:
        return str(dice.choice(stock["families"]))
    return str(dice.choice(stock["roots"]) + dice.choice(stock["endings"]))


def _arabic_family(dice: random.Random) -> str:
    """Take a family name, or make one of a root: a trade, a place, or a quality."""
    stock = STOCK["arabic"]
    if dice.random() < 0.3:
        return "|".join(dice.choice(stock["families"]))
    spelled, spoken = dice.choice(stock["patterns"])
    for at, consonant in enumerate(dice.sample(stock["consonants"], 3), 1):
        letter, sound = consonant.split()
        spelled, spoken = spelled.replace(str(at), letter), spoken.replace(str(at), sound.strip("_"))
    return f"{spelled}|{spoken}"


def variant(of: Name, dice: random.Random) -> Written:
    """Write a name in one of its ways."""
    whole = dice.random() < _WHOLE[of.script]
    hand = dice.choice(_HANDS_FOR[of.script])
    given, family, more = _by_a_hand(of, hand, dice)
    if dice.random() < 0.12:
        given, family = (given, _slip(family, dice)) if dice.random() < 0.6 else (_slip(given, dice), family)
    parts = (_bare(given), _bare(family))
    if of.script == "latin":
        family = f"{family} {more}" if whole else family
    else:
        given = f"{given} {more}" if whole else given
    return Written(of, _put_together(given, family, dice), _SCRIPT_OF.get(hand, "Latn"), whole, parts)


@cache
def ways(of: Name) -> frozenset[tuple[str, str]]:
    """Write given and family name again and again, without slips: nearly all ways there are, without case and marks."""
    dice = random.Random(f"{of}")
    drawn = (_by_a_hand(of, dice.choice(_HANDS_FOR[of.script]), dice) for _ in range(_DRAWS))
    return frozenset((_bare(given), _bare(family)) for given, family, _ in drawn)


def _by_a_hand(of: Name, hand: str, dice: random.Random) -> tuple[str, str, str]:
    given, family, more = (_write(part, of.script, hand, dice) for part in (of.given, of.family, of.may_miss))
    if hand not in _SCRIPT_OF and dice.random() < 0.3:
        return _plain(given), _plain(family), _plain(more)
    return given, family, more


def _bare(part: str) -> str:
    return _plain(part).casefold().replace("-", " ").replace("عبدال", "عبد ال")


_DRAWS = 300
_WHOLE = {"cyrillic": 0.25, "arabic": 0.5, "latin": 0.6}
_HANDS_FOR = {
    "cyrillic": ["Cyrl", "english", "english", "french", "german", "polish", "scholarly", "arabic"],
    "arabic": ["Arab", "Arab", "english", "english", "french", "french", "german", "turkish", "cyrillic"],
    "latin": ["own"],
}
_SCRIPT_OF = {"Cyrl": "Cyrl", "Arab": "Arab", "cyrillic": "Cyrl", "arabic": "Arab"}


def _write(part: str, script: str, hand: str, dice: random.Random) -> str:
    if script == "latin" or hand == "Cyrl":
        return part
    if script == "cyrillic":
        return _transcribe(part, hand, dice)
    spelled, spoken = part.split("|")
    if hand == "Arab":
        return spelled.replace("عبد ال", "عبدال") if dice.random() < 0.3 else spelled
    return _speak(spoken, hand, dice)


def _put_together(given: str, family: str, dice: random.Random) -> str:
    draw = dice.random()
    if draw < 0.2:
        return f"{family} {given}"
    if draw < 0.3:
        return f"{family.upper()}, {given}"
    return f"{given} {family}"


def _transcribe(text: str, hand: str, dice: random.Random) -> str:
    written = text.lower().replace("ё", dice.choice(["е", "йо"]))
    if hand in {"english", "french"} and dice.random() < 0.6:
        written = written.replace("ий ", "ы ").removesuffix("ий") + ("ы" if written.endswith("ий") else "")
    letters = _LETTERS[hand]
    out = []
    for at, letter in enumerate(written):
        before = written[at - 1] if at else " "
        soft = hand == "english" and letter == "е" and before in " аеиоуыэюяьй" and dice.random() < 0.8
        out.append("ye" if soft else letters.get(letter, letter))
    return "".join(out).title() if hand != "arabic" else "".join(out)


def _speak(spoken: str, hand: str, dice: random.Random) -> str:
    words = " ".join(_articled(word, hand, dice) for word in spoken.split())
    if dice.random() < 0.4:
        words = words.replace("abd al ", "abdul").replace("abd al-", dice.choice(["abdel", "abdul ", "abdel-"]))
    out, at = [], 0
    while at < len(words):
        for group, written in _FROM_ARABIC[hand]:
            if words.startswith(group, at):
                out.append(dice.choice(written.split("|")))
                at += len(group)
                break
        else:
            out.append(words[at])
            at += 1
    written = "".join(out)
    if hand in {"english", "french"} and dice.random() < 0.35:
        written = written.replace("i", "e", 1) if dice.random() < 0.5 else written.replace("u", "o", 1)
    return written.title()


def _articled(word: str, hand: str, dice: random.Random) -> str:
    if not word.startswith("al-"):
        return word
    bare = word.removeprefix("al-")
    articles = ["аль-"] if hand == "cyrillic" else ["al-", "al-", "el-", "al ", "el ", ""]
    if bare[0] in "rsznd" and hand != "cyrillic":
        articles.append(f"a{'sh' if bare.startswith('sh') else bare[0]}-")
    return dice.choice(articles) + bare


def _plain(text: str) -> str:
    marked = text.replace("ı", "i").replace("ł", "l").replace("Ł", "L").replace("ø", "o")
    return "".join(sign for sign in unicodedata.normalize("NFKD", marked) if not unicodedata.combining(sign))


def _slip(text: str, dice: random.Random) -> str:
    """Make one slip of the pen: a letter doubled, dropped, or swapped with its neighbour."""
    if len(text) < 5:
        return text
    at = dice.randrange(1, len(text) - 2)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    return dice.choice([before + 2 * letter + after, before + after, before + after[0] + letter + after[1:]])
