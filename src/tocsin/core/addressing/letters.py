"""How the holder of a post is addressed in a letter: style, salutation, closing, in each language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.core import vocab
from tocsin.core.addressing.values import Post

_FEMININE = frozenset({"ms", "mrs", "miss", "mme", "mlle", "sra", "srta", "г-жа", "госпожа", "السيدة"})
_MASCULINE = frozenset({"mr", "m", "sr", "г-н", "господин", "السيد"})


@dataclass(frozen=True, slots=True)
class LetterForm:
    """The forms of a letter in one language.

    Attributes:
        language: Which.
        style: What stands before the name; empty where there is no such habit.
        salutations: One, or that to a man and that to a woman where it is not known which is right.
        closing: The last line.
        is_own: It is the form of this very post, and not the usual one of its rank.
    """

    language: str
    style: str
    salutations: tuple[str, ...]
    closing: str
    is_own: bool


def letter_forms(post: Post, on: dt.date) -> tuple[LetterForm, ...]:
    """Give the forms for a post in every language that has some."""
    rank = vocab.load("letter_forms")[str(vocab.load("posts")[post.office].properties["letter_form"])].properties
    holder = post.occupancy(on)
    title = holder.title if holder else ""
    languages = dict.fromkeys((*_texts(rank.get("salutation")), *post.styles))
    return tuple(_form(post, rank, title, language) for language in languages)


def _texts(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}


def _form(post: Post, rank: Mapping[str, object], title: str, language: str) -> LetterForm:
    usual = _salutations(rank, title, language)
    own = post.styles.get(language)
    closing = (own.closing if own else "") or _texts(rank.get("closing")).get(language, "")
    salutations = (own.salutation,) if own else usual
    return LetterForm(
        language=language,
        style=_texts(rank.get("style")).get(language, ""),
        salutations=salutations,
        closing=closing.replace("{salut}", " / ".join(each.rstrip(",") for each in salutations)),
        is_own=own is not None,
    )


def _salutations(rank: Mapping[str, object], title: str, language: str) -> tuple[str, ...]:
    """Give the form for the title of the holder; both, where the title does not tell which is right."""
    usual = _texts(rank.get("salutation")).get(language, "")
    feminine = _texts(rank.get("salutation_feminine")).get(language, "") or usual
    known = title.casefold().rstrip(".")
    if known in _FEMININE:
        return (feminine,)
    return (usual,) if known in _MASCULINE else tuple(dict.fromkeys((usual, feminine)))
