"""How the holder of a post is addressed in a letter: style, salutation, closing, in each language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tocsin.core import vocab
from tocsin.core.addressing.values import Post


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
    rank = str(vocab.load("posts")[post.office].properties["letter_form"])
    holder = post.occupancy(on)
    title = holder.title if holder else ""
    usual = _texts(vocab.load("letter_forms")[rank].properties.get("salutation"))
    return tuple(_form(post, rank, title, language) for language in dict.fromkeys((*usual, *post.styles)))


def form_of_rank(rank: str, title: str, language: str, salutation: str = "") -> LetterForm:
    """Give the form for whoever has a rank of the list `letter_forms`.

    Args:
        rank: The code of the rank.
        title: The title as it is printed, in whatever language, since it tells how she or he is addressed.
        language: That of the letter.
        salutation: The one that is known to be right, in place of the usual one.
    """
    forms = vocab.load("letter_forms")[rank].properties
    salutations = (salutation,) if salutation else _salutations(forms, title, language)
    return LetterForm(
        language=language,
        style=_texts(forms.get("style")).get(language, ""),
        salutations=salutations,
        closing=_closing(_texts(forms.get("closing")).get(language, ""), salutations),
        is_own=bool(salutation),
    )


def _texts(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}


def _form(post: Post, rank: str, title: str, language: str) -> LetterForm:
    own = post.styles.get(language)
    form = form_of_rank(rank, title, language, own.salutation if own else "")
    return replace(form, closing=_closing(own.closing, form.salutations)) if own and own.closing else form


def _closing(words: str, salutations: tuple[str, ...]) -> str:
    return words.replace("{salut}", " / ".join(each.rstrip(",") for each in salutations))


def _salutations(rank: Mapping[str, object], title: str, language: str) -> tuple[str, ...]:
    """Give the form for the title of the holder; both, where the title does not tell which is right."""
    usual = _texts(rank.get("salutation")).get(language, "")
    feminine = _texts(rank.get("salutation_feminine")).get(language, "") or usual
    by_gender = {"f": (feminine,), "m": (usual,)}
    return by_gender.get(vocab.gender_of_title(title) or "") or tuple(dict.fromkeys((usual, feminine)))
