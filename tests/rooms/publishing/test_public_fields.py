"""What leaves by the public API is what is listed: every field of every model and of every value is tried."""

import dataclasses
import itertools
import types
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from django.apps import apps
from django.db import models

from canaries import Cage
from command_line import ROOT
from tocsin.core import appeal, publication, records
from tocsin.core.appeal import AppealDocument
from tocsin.publishing import queries
from tocsin.publishing.api import fields, openapi, values

NO_DATABASE = True
# What is never printed: what was read, where from, and the rows about people that follow from it.
NEVER = ("facts", "span", "source", "unread", "oddities", "beneficiaries")
VALUES = [
    each
    for room in (appeal, publication, records, queries)
    for each in vars(room).values()
    if isinstance(each, type) and dataclasses.is_dataclass(each)
]


def filled(hint: Any, cage: Cage, place: str, numbers: Iterator[int]) -> Any:
    """Make a value with a word of its own in each place that takes words."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        many = inner[:1] if inner[-1] is Ellipsis else inner
        return tuple(filled(each, cage, place, numbers) for each in many)
    if origin in (Union, types.UnionType):
        return filled(next(each for each in inner if each is not type(None)), cage, place, numbers)
    if origin is Literal:
        return inner[0]
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        parts = {
            each.name: filled(hints[each.name], cage, f"{place}.{each.name}", numbers)
            for each in dataclasses.fields(hint)
            if each.init
        }
        return hint(**parts)  # type: ignore[operator]
    made: dict[Any, Callable[[], Any]] = {
        str: lambda: cage.canary(place),
        bytes: lambda: cage.canary(place).encode(),
        int: lambda: next(numbers),
        bool: lambda: True,
        date: lambda: date(2026, 11, 4),
        datetime: lambda: datetime(2026, 11, 4, tzinfo=UTC),
    }
    return made[hint]()


def words_of(said: Any) -> Iterator[str]:
    if isinstance(said, dict | list):
        for each in said.values() if isinstance(said, dict) else said:
            yield from words_of(each)
    elif isinstance(said, str):
        yield said


def test_of_an_appeal_document_the_listed_fields_leave_and_no_other(golden: Callable[[str, str], None]) -> None:
    cage, numbers = Cage(), itertools.count(7_000_001)
    document = filled(AppealDocument, cage, "AppealDocument", numbers)
    said = fields.give(document)
    left = [cage.places[word] for word in words_of(said) if word in cage.places]
    kept = set(cage.places.values()) - set(left)
    assert not any(part in NEVER for place in left for part in place.split("."))
    assert {place.split(".")[1] for place in kept} >= {"facts", "source", "unread"}
    assert not any(str(number) in str(said) for number in range(7_000_001, next(numbers)))
    # Whoever lists one more field sees it here, and lets somebody read it.
    golden("public_fields.txt", "".join(f"{place}\n" for place in sorted(set(left))))


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model.__name__)
def test_no_row_of_any_room_leaves_nor_any_field_of_one(model: type[models.Model]) -> None:
    cage = Cage()
    row = model()
    for field in model._meta.concrete_fields:
        word = cage.canary(f"{model.__name__}.{field.name}")
        row.__dict__[field.attname] = word.encode() if isinstance(field, models.BinaryField) else word
    for value in (row, (row,), values.Countries((row,)), values.Appeals(1, (row,), row)):  # type: ignore[arg-type]
        with pytest.raises(TypeError) as refused:
            fields.give(value)
        assert not any(word in str(refused.value) for word in cage.places)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_no_value_leaves_that_is_not_listed(kind: type) -> None:
    if fields.KINDS.get(kind.__name__) is kind:
        assert set(fields.listed()[kind.__name__]) <= {each.name for each in dataclasses.fields(kind)}
    else:
        with pytest.raises(TypeError):
            fields.give(object.__new__(kind))


@pytest.mark.parametrize(
    "value",
    [b"bytes", 1.5, {"a": "b"}, ["a"], {"a"}, object(), int, ValueError("x")],
    ids=lambda value: type(value).__name__,
)
def test_nothing_leaves_of_a_kind_that_nobody_thought_of(value: object) -> None:
    with pytest.raises(TypeError):
        fields.give(value)


def test_a_kind_of_the_same_name_or_that_comes_from_a_listed_one_is_another_kind() -> None:
    grown = dataclasses.make_dataclass("Text", [("source", str, "told in trust")], bases=(appeal.Text,), frozen=True)
    assert fields.give(appeal.Text("said", (0, 4))) == {"text": "said"}
    for value in (grown("said"), type("Text", (), {"text": "told in trust"})()):
        with pytest.raises(TypeError):
            fields.give(value)


def test_every_field_of_an_answer_of_ours_is_listed_and_in_use() -> None:
    """A kind that is made for answers has no field that stays behind: it would be there for nothing."""
    for name, kind in fields.KINDS.items():
        if kind.__module__ == values.__name__:
            assert list(fields.listed()[name]) == [each.name for each in dataclasses.fields(kind)]


def test_the_description_is_the_one_that_was_read(golden: Callable[[Path, str], None]) -> None:
    text = msgspec.json.format(msgspec.json.encode(openapi.document()), indent=2).decode()
    golden(ROOT / "docs/public-api.json", f"{text}\n")
