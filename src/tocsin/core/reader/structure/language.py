"""Which language a text is in: by its script, then by a vote of its function words."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from tocsin.core.reader.structure.wording import wording
from tocsin.core.reader.western import spaced, unusual

_SAMPLE = 2_000
# Compiled when they are needed: sets of so many signs take milliseconds, and most texts have none of them.
_SCRIPTS = (("[\u0400-\u052f]", "ru"), ("[\u0600-\u06ff]", "ar"), ("[\u4e00-\u9fff]", "zh"))
_OTHER_SCRIPT = "[\u0400-\u052f\u0600-\u06ff\u4e00-\u9fff]"
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


@cache
def _tags_by_word() -> Mapping[str, str]:
    """Give the tags of the languages that have a word, with spaces between: one text is counted faster than several."""
    tags: dict[str, list[str]] = {}
    for tag, words in [*wording().function_words.items(), *OTHERS.items()]:
        for word in words:
            tags.setdefault(word, []).append(tag)
    return {word: " ".join(those) for word, those in tags.items()}


def detect_language(text: str) -> str | None:
    """Give the BCP 47 tag of the language of a text, or `None` where it shows none."""
    sample = text[:_SAMPLE]
    if not sample.isascii() and (tag := _language_of_script(sample)):
        return tag
    # Without its signs a text is mostly ASCII, which is written in small letters much faster; few words differ in tags.
    words = spaced(sample).lower().split()
    votes: Counter[str] = Counter()
    for tags, times in Counter(filter(None, map(_tags_by_word().get, words))).items():
        for tag in tags.split():
            votes[tag] += times
    best = max(votes, key=votes.__getitem__, default=None)
    return best if best and votes[best] >= 2 else None


def _language_of_script(sample: str) -> str | None:
    rare = unusual(sample)
    if not rare or not re.search(_OTHER_SCRIPT, rare):
        return None
    sample = sample.lower()
    letters = sum(map(str.isalpha, sample))
    for script, tag in _SCRIPTS:
        if len(re.findall(script, sample)) * 2 > letters > 0:
            return next((own for base, marks, own in _LETTERS_OF if base == tag and _often(sample, marks)), tag)
    return None


def _often(sample: str, marks: str) -> bool:
    return sum(sample.count(mark) for mark in marks) > 3
