"""The words the reader knows, one folder a language, one TOML file a subject.

To teach the reader a phrase, add it to the file of its language and subject; no code changes. Braces hold what may
stand in a place, as in a shell: "{was,were} arrest{ed,ing}" are four phrases, "charge{,s}" two.
"""

import pkgutil
import re
from functools import cache
from typing import Any

import tomli

LANGUAGES = ("en", "fr", "es")
# Of the others the reader knows words of time and of channels: of most their months, of Russian and Arabic more.
DATED = (*LANGUAGES, "ru", "ar", "uk", "be", "pt", "it", "de", "tr")


@cache
def load(language: str, subject: str) -> dict[str, Any]:
    """Load one lexicon file, for example `load("en", "acts")`.

    Raises:
        FileNotFoundError: No such language or subject; the pair is fixed in code, so this is a mistake of ours.
    """
    file = pkgutil.get_data(__package__, f"{language}/{subject}.toml") or b""
    table: dict[str, Any] = _spelt_out(tomli.loads(file.decode()))
    return table


_PIECES = re.compile(r"([{,}])")


def spell_out(phrase: str) -> list[str]:
    """Give the phrases that one with braces stands for, in the order in which they are written.

    Raises:
        ValueError: The braces do not match; the files are ours, so this is a mistake of ours.
    """
    if "{" not in phrase and "}" not in phrase:
        return [phrase]
    around: list[tuple[list[str], list[str]]] = []
    alternatives: list[str] = []
    forms = [""]
    for piece in _PIECES.split(phrase):
        if piece == "{":
            around.append((alternatives, forms))
            alternatives, forms = [], [""]
        elif piece == "," and around:
            alternatives, forms = alternatives + forms, [""]
        elif piece == "}" and around:
            inner = alternatives + forms
            alternatives, forms = around.pop()
            forms = [form + each for form in forms for each in inner]
        else:
            forms = [form + piece for form in forms]
    if around or any("}" in form for form in forms):
        raise ValueError(f"a brace is left open or closed too often: {phrase}")
    return forms


def _spelt_out(value: Any) -> Any:
    """Replace the phrases of a table that hold braces by all those that they stand for."""
    if isinstance(value, dict):
        return {key: _spelt_out(each) for key, each in value.items()}
    if isinstance(value, list):
        return [form for each in value for form in (spell_out(each) if isinstance(each, str) else [_spelt_out(each)])]
    return value
