"""What differs between two states of a record, field by field; and one's own words put upon what another changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField

from tocsin.casework.editing.record_forms import RecordForm


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was changed.

    Attributes:
        label: Its words.
        before: What stood there when one began.
        now: What stands there now.
        mine: What one typed oneself, where that is something third; the form shows it.
    """

    label: str
    before: str
    now: str
    mine: str = ""


def differences(before: RecordForm, now: RecordForm) -> tuple[Difference, ...]:
    """Give the fields that differ between two states of a record."""
    names = (name for name in {**before.fields, **now.fields} if not _same(_initial(before, name), _initial(now, name)))
    return tuple(
        Difference(
            _label(now if name in now.fields else before, name),
            _words(before, name, _initial(before, name)),
            _words(now, name, _initial(now, name)),
        )
        for name in names
    )


def brought_together(
    before: RecordForm, now: RecordForm, mine: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Difference, ...]]:
    """Give the form to go on with, and what the other one changed.

    A field that one did not touch takes what stands there now; one that one changed keeps what one typed.

    Args:
        before: The form of the record as one had it before one.
        now: The form of the record as it stands now.
        mine: What one typed, by the names of the inputs.
    """
    typed = dict(mine)
    found = []
    for name in now.fields:
        then, there, here = _initial(before, name), _initial(now, name), mine.get(name, "")
        if _same(then, there):
            continue
        touched = not _same(here, then)
        if not touched:
            typed[name] = there
        is_third = touched and not _same(here, there)
        found.append(
            Difference(
                _label(now, name),
                _words(now, name, then),
                _words(now, name, there),
                _words(now, name, here) if is_third else "",
            )
        )
    return typed, tuple(found)


def stands_in(form: RecordForm) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Give what stands in a record, for who edits nothing: under each legend the fields, each with its words."""
    found = []
    for block in form.blocks():
        told = ((str(field.label), _words(form, field.name, _initial(form, field.name))) for field in block.fields)
        found.append((block.legend, tuple((label, words) for label, words in told if words)))
    return tuple((legend, told) for legend, told in found if told)


def _initial(form: RecordForm, name: str) -> Any:
    field = form.fields.get(name)
    return None if field is None else field.initial


def _plain(value: Any) -> list[str]:
    """Give what an input holds; one choice is the same whether it comes alone or as a list of one."""
    values = value if isinstance(value, list | tuple) else [value]
    return sorted(said for each in values if each is not None and (said := " ".join(str(each).split())))


def _same(one: Any, other: Any) -> bool:
    return _plain(one) == _plain(other)


def _label(form: RecordForm, name: str) -> str:
    bound: BoundField = form[name]
    return str(bound.label)


def _words(form: RecordForm, name: str, value: Any) -> str:
    """Say a value by the words of its choices."""
    choices = dict(getattr(form.fields.get(name), "choices", ()))
    values = value if isinstance(value, list | tuple) else [value] if value not in (None, "") else []
    return ", ".join(str(choices.get(each, each)) for each in values)
