"""Times as people type them: read whole or refused, and written back so that nothing changes by itself."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.editing import read_local, read_time, retimed, write_time
from tocsin.core.errors import BadRequest
from tocsin.core.records import TemporalExpression
from tocsin.core.records.folding import unfold

ROWS = tomllib.loads(Path(__file__).with_name("times.toml").read_text("utf-8"))["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["typed"])
def test_a_line_is_kept_as_it_was_meant_or_refused(row: dict[str, Any]) -> None:
    language = row.get("language", "en")
    if "refused" in row:
        with pytest.raises(BadRequest, match=row["refused"]) as told:
            read_time(row["typed"], language)
        assert row["typed"] not in str(told.value).split("(")[0]
    else:
        found = read_time(row["typed"], language)
        assert found is not None
        assert unfold(found) == row["kept"]


@pytest.mark.parametrize("row", [each for each in ROWS if "kept" in each], ids=lambda row: row["typed"])
def test_what_was_kept_is_written_so_that_it_is_read_again(row: dict[str, Any]) -> None:
    found = read_time(row["typed"], row.get("language", "en"))
    again = read_time(write_time(found), "en")
    lost = {"part_of_day": {"words", "precision"}, "hour": {"precision"}}.get(row["kept"].get("precision", ""), set())
    assert found is not None
    assert again is not None
    assert {k: v for k, v in unfold(again).items() if k not in lost} == {
        k: v for k, v in unfold(found).items() if k not in lost
    }


def test_an_empty_line_is_no_time() -> None:
    assert read_time(" ", "en") is None
    assert retimed(TemporalExpression(date="2021-05-29"), "", "en") is None
    assert write_time(None) == ""


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
TIMES = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 12, 31))  # noqa: DTZ001 - local time by meaning
POINTS = st.one_of(
    DAYS.map(lambda day: f"{day:%Y}"),
    DAYS.map(lambda day: f"{day:%Y-%m}"),
    DAYS.map(lambda day: f"{day:%Y-%m-%d}"),
    TIMES.map(lambda at: f"{at:%Y-%m-%dT%H:%M}"),
)
EXPRESSIONS = st.builds(
    TemporalExpression,
    words=st.none() | st.just("that evening"),
    start=st.none() | POINTS,
    date=st.none() | POINTS,
    earliest=st.none() | POINTS,
    latest=st.none() | POINTS,
    until=st.none() | POINTS,
    precision=st.none() | st.sampled_from(["minute", "approx_minute", "day", "range", "before", "vague", "unknown"]),
    after=st.sampled_from([(), ("e01",)]),
    edtf=st.none() | st.sampled_from(["2021-05-29~", "XXXX-05-29"]),
    tz=st.none() | st.just("Asia/Almaty"),
)


@given(EXPRESSIONS, st.sampled_from(["en", "fr", "ar"]))
def test_a_line_that_nobody_touched_changes_nothing(time: TemporalExpression, language: str) -> None:
    assert retimed(time, write_time(time), language) == time


@given(EXPRESSIONS, DAYS)
def test_another_day_keeps_the_words_of_the_source_and_the_place_in_the_story(
    time: TemporalExpression, day: dt.date
) -> None:
    if (typed := day.isoformat()) == write_time(time):
        return
    new = retimed(time, typed, "en")
    assert new is not None
    assert (new.date, new.precision) == (typed, "day")
    assert (new.words, new.after, new.tz) == (time.words, time.after, time.tz)
    assert (new.start, new.earliest, new.latest, new.until, new.edtf) == (None, None, None, None, None)


@given(
    st.text(max_size=60) | st.text("0123456789-/.~[]: Tt", max_size=40), st.sampled_from(["en", "fr", "es", "ru", "ar"])
)
def test_any_text_is_a_time_or_refused(text: str, language: str) -> None:
    try:
        found = read_time(text, language)
    except BadRequest:
        return
    assert found is None or retimed(found, write_time(found), language) == found


@pytest.mark.parametrize(
    ("typed", "kept"), [("2021-05-29 16:00", "2021-05-29T16:00"), ("2021-05", "2021-05"), ("", None)]
)
def test_a_plain_date_of_a_record(typed: str, kept: str | None) -> None:
    assert read_local(typed) == kept


@pytest.mark.parametrize("typed", ["2021-13", "2021-05-29~", "May 2021", "0021-05-29"])
def test_what_is_no_plain_date_is_refused(typed: str) -> None:
    with pytest.raises(BadRequest):
        read_local(typed)
