"""The words the reader knows, one folder a language, one TOML file a subject.

To teach the reader a phrase, add it to the file of its language and subject; no code changes.
"""

from functools import cache
from importlib import resources
from typing import Any

import tomli

LANGUAGES = ("en", "fr", "es")
# Of these the reader knows the months only, for the date of a document.
DATED = (*LANGUAGES, "ru", "ar", "uk", "be", "pt", "it", "de", "tr")


@cache
def load(language: str, subject: str) -> dict[str, Any]:
    """Load one lexicon file, for example `load("en", "acts")`.

    Raises:
        FileNotFoundError: No such language or subject; the pair is fixed in code, so this is a mistake of ours.
    """
    file = resources.files(__package__).joinpath(language, f"{subject}.toml")
    return tomli.loads(file.read_text(encoding="utf-8"))
