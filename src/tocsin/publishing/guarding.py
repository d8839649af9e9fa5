"""The question that keeps programs out of the forms of the public site: drawn, read and judged."""

import random

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from tocsin.core.guarding import questions


def any_question() -> int:
    """Draw a question, by its number."""
    # Which question is asked is no secret.
    return random.randrange(len(questions()))  # noqa: S311


def words_of(asked: int) -> str:
    """Give a question in the language of the page."""
    return gettext(questions()[asked].words)


def asked_in(posted: QueryDict) -> int:
    """Read which question a form asked."""
    said = posted.get("asked", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    return number % len(questions())


def mistakes_of(posted: QueryDict, asked: int) -> dict[str, str]:
    """Say what is wrong with the answer to a question, by the field it was written into; the page translates it."""
    if questions()[asked].is_met_by(posted.get("number", "")[:10]):
        return {}
    return {"number": gettext_noop("This is not the number. Please try once more.")}
