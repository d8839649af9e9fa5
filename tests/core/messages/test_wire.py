"""What may go over SMTP, and what an SMTP server reads of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.core.errors import BadMessage
from tocsin.core.messages import LONGEST_LINE, Wire

# Twelve ways to end a message early that some server took for the end (SMTP smuggling), and other bytes that have no
# place in mail.
SMUGGLED = [
    *(b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\n.\n", b"\r\n\x00.\r\n", b"\n\n.\r\n"),
    *(b"\r\r.\r\n", b"\n.\n\n", b"\r\r\n.\r\r\n", b"\r\n.\r\r\n"),
]
REFUSED = [
    *(b"", b"x", b"x\r", b"x\n", b"\x00\r\n", b"x\x00y\r\n", b"\x7f\r\n", b"\x80\r\n", "é\r\n".encode(), b"\x0b\r\n"),
    b"x" * (LONGEST_LINE + 1) + b"\r\n",
    b"x\r\n" + b"y" * (LONGEST_LINE + 1) + b"\r\n",
]


@pytest.mark.parametrize("early", SMUGGLED, ids=ascii)
def test_no_message_ends_early(early: bytes) -> None:
    with pytest.raises(BadMessage):
        Wire(b"Subject: x\r\n\r\ny" + early + b"MAIL FROM:<x@evil.example>\r\n")


@pytest.mark.parametrize("content", REFUSED, ids=lambda content: ascii(content[:12]))
def test_no_other_byte_leaves(content: bytes) -> None:
    with pytest.raises(BadMessage):
        Wire(content)


def test_the_longest_line_leaves() -> None:
    assert Wire(b"x" * LONGEST_LINE + b"\r\n").content.endswith(b"x\r\n")


def unstuffed(sent: bytes) -> bytes:
    """Read as a server does: up to the line with a stop alone, one stop taken from each line that begins with one."""
    content = b""
    for line in re.split(rb"(?<=\r\n)", sent):
        if line == b".\r\n":
            return content
        content += line[1:] if line.startswith(b".") else line
    pytest.fail("the end never came")


LINES = st.lists(st.text(st.sampled_from(".x \t"), max_size=5), min_size=1, max_size=6)


@given(LINES)
@example([""])
@example(["."])
@example(["..", ".x", "x."])
def test_a_server_reads_what_was_written(lines: list[str]) -> None:
    content = "".join(f"{line}\r\n" for line in lines).encode()
    wire = Wire(content)
    assert wire.content == content
    assert unstuffed(wire.stuffed + b".\r\n") == content


@given(LINES, LINES)
def test_two_stretches_are_read_as_one(first: list[str], second: list[str]) -> None:
    one, two = (Wire("".join(f"{line}\r\n" for line in lines).encode()) for lines in (first, second))
    assert unstuffed(one.stuffed + two.stuffed + b".\r\n") == one.content + two.content


@given(st.binary(max_size=30))
def test_whatever_leaves_keeps_the_rules_of_mail(content: bytes) -> None:
    try:
        wire = Wire(content)
    except BadMessage:
        return
    for sent in (wire.content, wire.stuffed):
        bare = sent.replace(b"\r\n", b"")
        assert b"\r" not in bare
        assert b"\n" not in bare
        assert b"\x00" not in bare
        assert sent.endswith(b"\r\n")
