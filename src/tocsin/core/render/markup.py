"""What the HTML of a page and the HTML of a mail share: escaping, and language tags."""

import re
from html import escape

from tocsin.core.render.characters import printable

# What a language tag may hold (BCP 47); anything else is not printed into an attribute or a header.
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")


def escaped(text: str) -> str:
    """Give text that is text in an element and in an attribute alike."""
    return escape(printable(text))


def is_tag(language: str | None) -> bool:
    """Say whether a language has the form of a tag."""
    return language is not None and _TAG.fullmatch(language) is not None
