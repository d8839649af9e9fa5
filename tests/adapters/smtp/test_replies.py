"""Replies of servers: read whole or in pieces, refused where they are none, and sorted by what is to be done."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.adapters.smtp import LONGEST, Course, Garbled, HandedOver, Replies, Reply, Stage, course_of

HERE = Path(__file__)
ROWS = tomllib.loads(HERE.with_name("replies.toml").read_text("utf-8"))
SOURCES = HERE.parents[3] / "src/tocsin"
TABLE = tomllib.loads((SOURCES / "adapters/smtp/verdicts.toml").read_text("utf-8"))
STATUSES = tomllib.loads((SOURCES / "core/bounces/statuses.toml").read_text("utf-8"))


def read(said: str) -> Reply:
    (reply,) = Replies().read(said.encode() + b"\r\n")
    return reply


@pytest.mark.parametrize("row", ROWS["reply"], ids=lambda row: f"{row['at']} {row['says'][:24]}")
def test_what_is_to_be_done(row: dict[str, str]) -> None:
    if row["course"] == "garbled":
        with pytest.raises(Garbled):
            read(row["says"])
    else:
        assert course_of(read(row["says"]), row["at"]) == row["course"]


def test_every_course_and_every_command_is_told_by_some_row() -> None:
    assert {row["course"] for row in ROWS["reply"]} == {*get_args(Course), "garbled"}
    assert {row["at"] for row in ROWS["reply"]} == set(get_args(Stage))


@pytest.mark.parametrize("row", ROWS["queue_id"], ids=lambda row: row["says"][:40])
def test_under_which_name_a_message_is_kept(row: dict[str, str]) -> None:
    assert HandedOver(read(row["says"])).queue_id == (row["id"] or None)


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_refusal_there_may_be_has_a_course(stage: Stage) -> None:
    for code in range(400, 600):
        assert course_of(Reply(code, "no"), stage) in get_args(Course)
        for enhanced in [*STATUSES["enhanced"], "8.8", "1.999"]:
            course = course_of(Reply(code, f"{code // 100}.{enhanced} no"), stage)
            assert course in get_args(Course)
            assert course != "gone" or code >= 500, "nobody is struck off for something that passes"


def test_a_mailbox_is_gone_only_where_a_reader_was_asked_for_or_the_code_says_so() -> None:
    for stage in ("MAIL", "DATA", "END"):
        assert "gone" not in TABLE[stage].values()


LINES = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=9), min_size=1, max_size=4)


@given(st.integers(200, 599), LINES, st.integers(1, 30))
def test_a_reply_is_the_same_in_pieces(code: int, lines: list[str], size: int) -> None:
    said = "".join(f"{code}{'-' if at < len(lines) else ' '}{line}\r\n" for at, line in enumerate(lines, 1)).encode()
    reader = Replies()
    replies = [reply for at in range(0, len(said), size) for reply in reader.read(said[at : at + size])]
    assert replies == [Reply(code, "\n".join(lines))]
    assert not reader.in_the_middle


@given(st.binary(max_size=60))
def test_nothing_but_replies_comes_of_bytes(said: bytes) -> None:
    try:
        replies = Replies().read(said)
    except Garbled:
        return
    assert all(200 <= reply.code <= 599 and reply.text.replace("\n", "").isprintable() for reply in replies)


@pytest.mark.parametrize(
    "said", [b"x\r\n", b"\r\n", b"150 x\r\n", b"2500 x\r\n", b"250-a\r\n251 b\r\n", b"250-a\r\nb\r\n"]
)
def test_what_is_no_reply_is_not_taken_for_one(said: bytes) -> None:
    with pytest.raises(Garbled):
        Replies().read(said)


@pytest.mark.parametrize("endless", [b"250-x\r\n" * 1000, b"250 " + b"x" * 1000, b"250-" + b"x" * 1000])
def test_a_reply_without_end_is_none(endless: bytes) -> None:
    reader = Replies()

    def read_on() -> None:
        for at in range(LONGEST):
            reader.read(endless if at == 0 or endless.endswith(b"\n") else b"x" * 1000)

    with pytest.raises(Garbled):
        read_on()


def test_a_long_reply_is_taken_and_shown_short() -> None:
    reply = read("550 5.7.1 " + "x" * 4000)
    assert len(reply.text) > 4000
    assert len(str(reply)) == 300


def test_a_reply_cannot_colour_a_terminal() -> None:
    assert read("550 \x1b[31m\x00é").text == "?[31m???"
