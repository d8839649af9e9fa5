"""What two versions of an appeal differ in: what it says of all editions, each edition, and those that came or went."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from tocsin.appeals.missions import missions_shown
from tocsin.appeals.store import Content
from tocsin.casework.pages import dates
from tocsin.core import vocab
from tocsin.core.drafting import Change, changed_texts, changes


@dataclass(frozen=True, slots=True)
class EditionDiffers:
    """What an edition differs in; one that stands in one of both versions alone only came or went."""

    language: str
    differs: tuple[Change, ...] = ()
    came: bool = False
    went: bool = False


@dataclass(frozen=True, slots=True)
class Differs:
    """What two versions differ in.

    Attributes:
        whole: What is said of all editions: day of issue, end of the embargo, note of a correction, embassies.
        editions: Each edition of either version.
    """

    whole: tuple[Change, ...]
    editions: tuple[EditionDiffers, ...]


def compare(before: Content, after: Content, language: str) -> Differs:
    """Compare two versions; what is no text of an edition is said in the language of who looks."""
    old, new = ({each.language: each.composition for each in one.editions} for one in (before, after))
    editions = (
        EditionDiffers(tag, changes(old[tag], made)) if tag in old else EditionDiffers(tag, came=True)
        for tag, made in new.items()
    )
    gone = (EditionDiffers(tag, went=True) for tag in old if tag not in new)
    whole = changed_texts(*(list(_of_all_editions(one, language)) for one in (before, after)))
    return Differs(whole, (*editions, *gone))


def _of_all_editions(content: Content, language: str) -> Iterator[tuple[str, str]]:
    if on := content.source.composition.document.issued_on:
        yield "day", dates.day_words(on, language)
    if content.not_before:
        yield "hour", dates.clock_words(timezone.localtime(content.not_before), language)
    if content.note:
        yield "correction", content.note
    for country, name, each in missions_shown(content.missions, language):
        yield "embassy", ", ".join(filter(None, (country, name, each.place, *(way.shown for way in each.ways))))
    for row in content.letter_languages:
        tongues = (str(vocab.load("languages")[tag].label(language)) for tag in row.languages)
        yield "letter_languages", ", ".join((row.value, *tongues))
    for own in content.salutations:
        yield "salutation", " · ".join(filter(None, (own.value, own.words, own.closing)))
