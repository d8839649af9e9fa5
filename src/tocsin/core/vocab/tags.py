"""What the BCP 47 tag of a language tells by itself: the language without its script, and which way it is written."""

from typing import Literal

# ISO 639 codes of the languages written from right to left by default.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})

Direction = Literal["ltr", "rtl", "auto"]


def direction_of(language: str | None) -> Direction:
    """Say which way a language is written; `auto` where the language is not known."""
    if language is None:
        return "auto"
    return "rtl" if primary(language) in _RIGHT_TO_LEFT else "ltr"


def primary(language: str | None) -> str:
    """Give the language of a BCP 47 tag without its script and region; empty where there is none."""
    return (language or "").replace("_", "-").split("-", 1)[0].lower()
