"""`forms.toml`, read: which fields of a record stand in its form, in which order and under which words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a form.

    Attributes:
        name: The key of the field in files.
        label: What is asked for.
        help: How to write it, or what it is for.
        lines: The height of the box for a longer text; 0 for a single line.
        more: Whether it waits under "More" until somebody asks for it.
    """

    name: str
    label: str
    help: str = ""
    lines: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The form of one type of record, or of a part of one.

    Attributes:
        title: What the record is called.
        add: The words of the link that adds one.
        lines: The fields in their order.
        left_out: Fields that no form shows, each with the reason.
        begins: What a new record says in fields that its form does not show.
    """

    title: str
    add: str
    lines: tuple[Line, ...]
    left_out: Mapping[str, str]
    begins: Mapping[str, Any]

    def asking(self, names: Sequence[str]) -> tuple[Line, ...]:
        """Give the fields with some of them shown at once, in that order, and all others under "More"."""
        if not names:
            return self.lines
        lines = {line.name: line for line in self.lines}
        others = [line for line in self.lines if line.name not in names]
        return (*(replace(lines[each], more=False) for each in names), *(replace(each, more=True) for each in others))


@dataclass(frozen=True, slots=True)
class Beginning:
    """A way to add to the story.

    Attributes:
        code: What addresses know it by.
        words: What it is called on the page of the case.
        section: Of which records it adds one.
        plain: What is filled in beforehand.
        asks: The fields that its form shows at once; those of every record of the kind if it names none.
    """

    code: str
    words: str
    section: str
    plain: Mapping[str, Any]
    asks: Sequence[str] = ()


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(files("tocsin.casework.editing").joinpath("forms.toml").read_text("utf-8"))


@cache
def table(kind: str) -> Table | None:
    """Give the form of a type of record by its name (`Person`); `None` where it has none yet."""
    row = _file()["forms"].get(kind)
    if row is None:
        return None
    lines = tuple(
        Line(more=more, **each) for more, part in ((False, "fields"), (True, "more")) for each in row.get(part, ())
    )
    left_out, begins = row.get("left_out", {}), row.get("begins", {})
    return Table(row.get("title", ""), row.get("add", ""), lines, left_out, begins)


def label_of(kind: str, field: str) -> str:
    """Say what a field of a type of record is called in its form, in the language of the page."""
    if field == "status":
        return gettext("Where it stands")
    form = table(kind)
    lines = form.lines if form else ()
    return next((gettext(line.label) for line in lines if line.name == field), field)


@cache
def beginnings() -> Mapping[str, Beginning]:
    """Give the ways to add to the story."""
    return {row["code"]: Beginning(**row) for row in _file()["beginnings"]}


@cache
def reasons_to_withdraw() -> Mapping[str, str]:
    """Give the reasons for which a record is taken out of a case, by their codes."""
    reasons: Mapping[str, str] = _file()["withdrawing"]
    return reasons


@cache
def left_out_everywhere() -> Mapping[str, str]:
    """Give the fields that no form of any record shows, each with the reason."""
    left: Mapping[str, str] = _file()["left_out"]
    return left


def words_of_choices(field: str) -> Mapping[str, str]:
    """Give the words for the values of a field that has no controlled list (`Event.kind`)."""
    words: Mapping[str, str] = _file()["choices"].get(field, {})
    return words


def refusal(what: str) -> str:
    """Say to a person at a form what an error of the records says to who wrote a file; empty where nobody did."""
    said: str = _file()["refusals"].get(what, "")
    return said
