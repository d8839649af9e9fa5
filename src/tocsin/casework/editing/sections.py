"""All records of a case that can be changed, section by section: what the story does not show line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import places
from tocsin.casework.editing.statuses import words_of_value
from tocsin.casework.editing.tables import table
from tocsin.casework.pages.naming import called, section_name
from tocsin.core.editing import key_of, lives
from tocsin.core.records import Case, Record, release_class
from tocsin.core.records.shape import Slot, slots

# Those stand in the story and beside it.
_SHOWN = frozenset({"events", "persons", "groups", "proceedings", "demands"})


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the list of its section: its id, its name, where it stands, who may see it."""

    id: str
    row: UUID
    words: str
    status: str
    letter: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its name, its records, and the words that add one."""

    code: str
    words: str
    rows: tuple[Row, ...]
    add: str


def list_sections(opened: OpenCase, language: str) -> tuple[Section, ...]:
    """List the sections whose records have forms."""
    return tuple(_sections(opened, language))


def _sections(opened: OpenCase, language: str) -> Iterator[Section]:
    found = places(opened)
    for slot in slots(Case):
        form = table(slot.leaf.__name__) if slot.nests else None
        if form is None or not form.title or slot.key in _SHOWN:
            continue
        rows = tuple(_rows(opened.case, slot, found, language))
        takes_more = slot.many or not rows
        yield Section(slot.key, section_name(slot.key), rows, form.add if takes_more else "")


def _rows(case: Case, slot: Slot, found: dict[tuple[str, str], UUID], language: str) -> Iterator[Row]:
    life = lives().get(slot.leaf.__name__)
    for number, each in enumerate(slot.items(getattr(case, slot.name))):
        at = key_of(slot, number, each)
        value = life.current(each) if life and not life.whose else None
        yield Row(
            id=at.removeprefix("#") if slot.many else slot.key,
            row=found[slot.key, at],
            words=called(case, each, language),
            status=words_of_value(life, value, language) if life and value else "",
            letter=release_class(each) if isinstance(each, Record) else "",
        )
