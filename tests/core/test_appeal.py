"""The appeal document as JSON: nothing is lost, nothing strange is taken."""

import dataclasses
import inspect
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import examples
from invented_appeals import INVENTED
from random_documents import documents
from tocsin.core.appeal import SCHEMA, AppealDocument, from_json, json_schema, to_json
from tocsin.core.appeal import document as parts
from tocsin.core.errors import BadDocument, NewerSchema

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "appeal-schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@given(documents(st.text(max_size=8)))
@settings(max_examples=examples(60))
def test_what_was_written_reads_back_equal(document: AppealDocument) -> None:
    assert from_json(to_json(document)) == document
    assert from_json(to_json(document, indent=None)) == document


@given(documents(st.text(max_size=4)))
@settings(max_examples=examples(60))
def test_every_document_fits_the_schema(document: AppealDocument) -> None:
    VALIDATOR.validate(json.loads(to_json(document)))


def test_the_schema_is_valid_and_closed() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    strange = {**json.loads(to_json(INVENTED["english_appeal"])), "mood": "grey"}
    assert not VALIDATOR.is_valid(strange)


def test_the_published_schema_is_current(golden) -> None:
    golden(SCHEMA_FILE, json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


def test_the_schema_name_comes_first_and_an_absent_source_is_left_out() -> None:
    plain = json.loads(to_json(INVENTED["english_appeal"]))
    assert next(iter(plain.items())) == ("schema", SCHEMA)
    assert "source" not in plain


@pytest.mark.parametrize(
    ("where", "path"),
    [
        (lambda plain: plain, "$.mood"),
        (lambda plain: plain["demands"][1], "$.demands[1].mood"),
        (lambda plain: plain["addressees"][0]["channels"][0], "$.addressees[0].channels[0].mood"),
        (lambda plain: plain["reference"], "$.reference.mood"),
        (lambda plain: plain["facts"]["people"][0], "$.facts.people[0].mood"),
    ],
)
def test_an_unknown_key_is_refused_with_its_path(where, path: str) -> None:
    plain = json.loads(to_json(INVENTED["english_appeal"]))
    where(plain)["mood"] = "grey"
    with pytest.raises(BadDocument) as refused:
        from_json(json.dumps(plain), where="appeal.json")
    assert f"`{path}`" in str(refused.value)
    assert str(refused.value).startswith("appeal.json: ")


def test_a_document_of_a_later_schema_is_refused_by_name() -> None:
    with pytest.raises(NewerSchema, match="tocsin/appeal/2"):
        from_json('{"schema": "tocsin/appeal/2", "kind": "urgent_appeal", "language": null}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "null",
        "{}",
        '{"schema": 1}',
        '{"schema": "tocsin/appeal/one"}',
        '{"schema": "tocsin/appeal/1"}',
        '{"schema": "tocsin/appeal/1", "kind": "poem", "language": null}',
        '{"schema": "tocsin/appeal/1", "kind": "report", "language": null, "issued_on": "8 June"}',
        '{"schema": "tocsin/appeal/1", "kind": "report", "language": null, "demands": [{"ordinal": 1, "text": "x"}]}',
        b"\xff\xfe",
        "[" * 100_000,
    ],
)
def test_what_is_no_document_is_refused_in_one_line(text: str | bytes) -> None:
    with pytest.raises(BadDocument) as refused:
        from_json(text)
    assert "\n" not in str(refused.value)


@given(st.text() | st.binary())
def test_no_text_breaks_the_reading(text: str | bytes) -> None:
    with pytest.raises(BadDocument):
        from_json(text)


def test_no_part_of_a_document_can_be_changed() -> None:
    classes = [part for part in vars(parts).values() if inspect.isclass(part) and dataclasses.is_dataclass(part)]
    assert classes
    assert [part.__name__ for part in classes if not part.__dataclass_params__.frozen] == []


def test_an_error_shows_no_text_that_stands_in_the_place_of_a_code() -> None:
    text = to_json(INVENTED["english_appeal"]).replace('"kind": "urgent_appeal"', '"kind": "Mirela Tosk said \'no\'"')
    with pytest.raises(BadDocument, match=r"Invalid enum value - at `\$\.kind`") as refused:
        from_json(text)
    assert "Tosk" not in str(refused.value)
