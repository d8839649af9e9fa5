"""Names as they stand in a sentence: the cases of Russian, and what Arabic writes on to a word (`declined.toml`)."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# How many letters are left of a word, at least, when something was taken off.
_SHORTEST = 3


def undeclined(printed: str) -> tuple[str, ...]:
    """Guess how a name in a sentence stands in a list, in each way that it may be bent, without the name itself.

    Patterns are few and no dictionary is asked: a guess may be of nobody's name.
    """
    words = printed.split()
    guesses = (" ".join(each) for each in _guesses(words) if each != words)
    return tuple(dict.fromkeys(guesses))


def _guesses(words: list[str]) -> Iterator[list[str]]:
    for endings in _endings():
        yield [_straightened(word, endings) for word in words]
    first = words[0] if words else ""
    if first.startswith(_prefixes()) and len(first) > _SHORTEST:
        yield [first[1:], *words[1:]]


def _straightened(word: str, endings: Mapping[str, str]) -> str:
    for bent, straight in endings.items():
        if word.endswith(bent) and len(word) - len(bent) + len(straight) >= _SHORTEST:
            return word.removesuffix(bent) + straight
    return word


@cache
def _endings() -> tuple[Mapping[str, str], ...]:
    split = ((each.partition("=")[::2] for each in group["of"]) for group in _table()["endings"])
    return tuple(dict(each) for each in split)


@cache
def _prefixes() -> tuple[str, ...]:
    return tuple(_table()["prefixes"]["of"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("declined.toml").read_text("utf-8"))
