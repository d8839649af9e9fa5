"""Letters without what stands on, under and between them: the first step wherever two ways to write are made one."""

import unicodedata

# Marks that take no place of their own, and signs that only steer how a text is set.
_MARKS = {"Mn", "Cf"}


def without_marks(text: str) -> str:
    """Take accents, vowel signs, widths and invisible signs away (NFKD); letters that are no accent's stay."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in _MARKS)
