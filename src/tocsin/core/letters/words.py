"""The words of letters in each language: one TOML file a language in `phrases/`; adding the file adds the language."""

import functools
import importlib.resources
from dataclasses import dataclass
from typing import Literal

import msgspec
import tomli

from tocsin.core.errors import BadPhrasebook


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language, with places for `code`, `address` and `country`.

    `status` is `draft` until a native translator has signed them off. `salutation_end` is the sign behind a salutation.
    """

    status: Literal["draft", "reviewed"]
    salutation_end: str
    subject: str
    about: str
    about_others: str
    ask: str
    ask_for: str
    ask_all: str
    read: str
    answer: str
    sign: str
    short: str
    call_begin: str
    call_end: str
    post: str


@functools.cache
def languages() -> tuple[str, ...]:
    """Name the languages in which letters are written."""
    return tuple(sorted(each.name.removesuffix(".toml") for each in _folder().iterdir() if each.name.endswith(".toml")))


@functools.cache
def phrases_in(language: str) -> Phrases:
    """Give the words of a language.

    Raises:
        BadPhrasebook: There are none, or they cannot be read.
    """
    if language not in languages():
        raise BadPhrasebook("no letters are written in this language", where=language, hint=", ".join(languages()))
    try:
        return msgspec.convert(tomli.loads(_folder().joinpath(f"{language}.toml").read_text("utf-8")), Phrases)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPhrasebook(str(error), where=f"letters/phrases/{language}.toml") from error


def _folder() -> importlib.resources.abc.Traversable:
    return importlib.resources.files("tocsin.core.letters").joinpath("phrases")
