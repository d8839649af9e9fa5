"""Which language a text is in: by its script, then by a vote of its function words."""

from collections import Counter
from itertools import islice
import re

from tocsin.core.reader.structure.wording import wording

_SAMPLE = 6_000
_WORD = re.compile(r"\w+")
_SCRIPTS = (("\u0400", "\u052f", "ru"), ("\u0600", "\u06ff", "ar"), ("\u4e00", "\u9fff", "zh"))
_LETTERS_OF = (("ru", "їє", "uk"), ("ru", "ўі", "be"), ("ru", "қңғұ", "kk-Cyrl"), ("ar", "پچژگ", "fa"))
"""Letters that tell a language from the one that the script suggests."""

OTHERS = {
    "pt": frozenset("o os as da do das dos em não uma com são foi foram pelo pela que no na".split()),
    "it": frozenset("il gli della dello dei degli delle di che è sono per con una nel nella stato".split()),
    "de": frozenset("der die das und den dem des ist sind von mit für auf wurde wurden ein eine nicht".split()),
    "tr": frozenset("ve bir bu için ile olarak olan tarafından da de".split()),
    "nl": frozenset("de het een van en zijn is dat op met voor door werd werden niet".split()),
}
"""Function words of languages that are told apart, but whose documents are not read further."""


def detect_language(text: str) -> str | None:
    """Give the BCP 47 tag of the language of a text, or `None` where it shows none."""
    sample = text[:_SAMPLE].lower()
    letters = sum(map(str.isalpha, sample))
    for first, last, tag in _SCRIPTS:
        if letters and sum(first <= c <= last for c in sample) * 2 > letters:
            return next((own for base, marks, own in _LETTERS_OF if base == tag and _often(sample, marks)), tag)
    counts = Counter(match[0] for match in islice(_WORD.finditer(sample), 600))
    votes = {
        tag: sum(counts[word] for word in words) for tag, words in [*wording().function_words.items(), *OTHERS.items()]
    }
    best = max(votes, key=lambda tag: votes[tag])
    return best if votes[best] >= 2 else None


def _often(sample: str, marks: str) -> bool:
    return sum(sample.count(mark) for mark in marks) > 3
