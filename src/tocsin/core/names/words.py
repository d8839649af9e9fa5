"""Words by which a text is found, folded in the same way for every language and script.

Case, accents, vowel signs, widths and the look of digits do not matter; apostrophes join, everything else that is no
letter or digit separates. No language is guessed and no ending cut off: a search finds the beginnings of words.
"""

import re
import unicodedata

from tocsin.core.names.marks import without_marks

# Letters that Unicode does not take apart, and pairs that are written one for the other.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": None,
        **dict.fromkeys("'’‘ʼʻʹ`´\u200b\u200c\u200d\u2060\u00ad\ufeff"),
    }
)
# Scripts that put no space between words: there each sign is a word of its own.
_SIGN = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_WORD = re.compile(rf"{_SIGN}|(?:(?!{_SIGN})[^\W_])+")


def fold(text: str) -> str:
    """Fold a text, so that two ways to write the same are the same."""
    opened = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(
        str(digit) if (digit := unicodedata.digit(sign, None)) is not None else sign for sign in without_marks(opened)
    )


def words_of(text: str) -> list[str]:
    """Give the folded words of a text in their order."""
    return _WORD.findall(fold(text))
