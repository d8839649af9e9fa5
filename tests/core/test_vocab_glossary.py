"""The glossary knows every word that the code uses for a thing of the field."""

import dataclasses
import inspect
from pathlib import Path

import pytest

from tocsin.core import records, vocab
from tocsin.core.appeal import document

GLOSSARY = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")
PARTS = [name for name, part in inspect.getmembers(document, dataclasses.is_dataclass) if inspect.isclass(part)]
FIELDS = [field.name for part in (document.AppealDocument, document.Facts) for field in dataclasses.fields(part)]


def rows() -> list[list[str]]:
    lines = (line.strip("|").split("|") for line in GLOSSARY.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in cells] for cells in lines]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_of_the_appeal_document_is_defined(name: str) -> None:
    assert [row[0] for row in rows()].count(f"`{name}`") == 1


@pytest.mark.parametrize("name", [name for name in records.__all__ if inspect.isclass(getattr(records, name))])
def test_each_class_of_the_case_is_defined(name: str) -> None:
    assert [row[0] for row in rows()].count(f"`records.{name}`") == 1


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_of_the_appeal_document_is_named(name: str) -> None:
    assert f"`{name}`" in GLOSSARY


@pytest.mark.parametrize("name", vocab.names())
def test_each_list_is_defined(name: str) -> None:
    assert [row[0] for row in rows()].count(f"`{name}`") == 1


def test_no_word_is_defined_twice() -> None:
    words = [word.strip() for row in rows() for word in row[0].split(", ") if word not in {"word", "list", "class"}]
    doubled = {word for word in words if words.count(word) > 1 and not word.startswith("---")}
    assert doubled == set()


def test_each_row_has_a_word_and_its_meaning() -> None:
    assert [row for row in rows() if len(row) != 2 or not all(row)] == []
