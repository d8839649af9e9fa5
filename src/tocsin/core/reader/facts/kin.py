"""People known only by whom they belong to: "her mother", "la hija de la Sra. X", "l'avocat de M. X, Me Y"."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tocsin.core.reader.facts.entities import Mention
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit, within

_POSSESSIVE = "possessive"
_QUALITIES = 2  # words between "her" and "sons": "her two elder sons"


class Kin(NamedTuple):
    """Words `first` to `last` (not included) mean somebody by whom they belong to.

    `value` says which tie it is. `owner` is whom they belong to where that is a name, else the word `first` is the
    possessive. `named` is who they are, where the text gives the name behind: then the words are only a description.
    """

    first: int
    last: int
    value: str
    owner: Mention | None
    named: Mention | None


def find_kin(passage: Passage, first: int, last: int, names: Mapping[int, Mention]) -> dict[int, Kin]:
    """Find them among some words, by their first word; `names` are the mentions there, by theirs."""
    hits = within(passage.kin, first, last)
    return {kin.first: kin for hit in hits for kin in _read(passage, first, hit, names)} if hits else {}


def _read(passage: Passage, low: int, hit: Hit, names: Mapping[int, Mention]) -> Iterator[Kin]:
    owner: Mention | None = None
    last = hit.last
    start = _possessive_before(passage, low, hit.first)
    if start is None and (owner := _genitive_behind(passage, hit.last, names)) is not None:
        article = hit.first > low and passage.tokens.folded[hit.first - 1] in ARTICLES
        start, last = hit.first - article, owner.last
    elif start is None:
        owner = _genitive_before(passage, low, hit.first, names)
        start = owner.first if owner else None
    if start is not None:
        yield Kin(start, last, hit.value, owner, _named_behind(passage, last, names))


def _possessive_before(passage: Passage, low: int, at: int) -> int | None:
    """Find the "her" of "her two elder sons"."""
    for before in range(at - 1, max(low, at - 1 - _QUALITIES) - 1, -1):
        if any(hit.kind == "pronoun" and hit.value.startswith(_POSSESSIVE) for hit in passage.groups.get(before, ())):
            return before
        word = passage.tokens.folded[before]
        if not (word in passage.words.qualities or before in passage.sizes or word.isdecimal()):
            return None
    return None


def _genitive_behind(passage: Passage, at: int, names: Mapping[int, Mention]) -> Mention | None:
    """Find the X of "the mother of X"."""
    folded = passage.tokens.folded
    if at >= len(folded) or folded[at] not in GENITIVES:
        return None
    at += 1
    while at < len(folded) and folded[at] in ARTICLES and at not in names:
        at += 1
    owner = names.get(at)
    return owner if owner is not None and owner.entity.kind == "person" else None


def _genitive_before(passage: Passage, low: int, at: int, names: Mapping[int, Mention]) -> Mention | None:
    """Find the X of "X's elder brother"."""
    for before in range(at - 1, max(low, at - 1 - _QUALITIES) - 1, -1):
        word = passage.tokens.folded[before]
        if word == "'s":
            return next((name for name in names.values() if name.last == before and name.entity.kind == "person"), None)
        if word not in passage.words.qualities and before not in passage.sizes:
            return None
    return None


def _named_behind(passage: Passage, at: int, names: Mapping[int, Mention]) -> Mention | None:
    """Find the Y of "her brother Y", "the mother of X, Ms. Y"."""
    folded = passage.tokens.folded
    while at < len(folded) and folded[at] in passage.words.qualities and at not in names:
        at += 1  # "son fils aîné, X"
    if at < len(folded) and folded[at] == ",":
        at += 1
    while at < len(folded) and folded[at] in ARTICLES and at not in names:
        at += 1
    named = names.get(at)
    return named if named is not None and named.entity.kind == "person" else None
