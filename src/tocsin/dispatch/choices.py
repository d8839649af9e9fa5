"""What a reader chose to get, as it stands in the columns of her row, and out of them again."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.core.subscribing import Wish
from tocsin.dispatch.models import Subscriber


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader gets at present, for the page on which she changes it."""

    languages: tuple[str, ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    html: bool
    neutral: bool
    has_openpgp: bool


def chosen_by(reader: Subscriber) -> Chosen:
    """Give what a reader gets at present."""
    return Chosen(
        tuple(reader.languages.split()),
        tuple(reader.countries.split()),
        tuple(reader.topics.split()),
        reader.html,
        reader.neutral_subject,
        reader.openpgp is not None,
    )


def columns_of(chosen: Chosen | Wish) -> dict[str, str | bool]:
    """Give how a choice is written in clear: all of it but address and key."""
    return {
        "languages": _spaced(chosen.languages),
        "countries": _spaced(chosen.countries),
        "topics": _spaced(chosen.topics),
        "html": chosen.html,
        "neutral_subject": chosen.neutral,
    }


def _spaced(codes: Sequence[str]) -> str:
    """Write codes so that each is found with a space before and behind it."""
    return "".join(f" {code} " for code in codes)
