"""The receiver of mail: strict about where a mail ends, and silent about 250 until it is kept."""

import asyncio
import gc
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from certificates import certificate
from tocsin.adapters.lmtp import Conversation, Delivered, Door, Verdict, serve
from tocsin.adapters.lmtp.conversation import LARGEST
from tocsin.adapters.lmtp.server import received

DOOR = Door("us.example", {"us@observers.example"}.__contains__, lambda: datetime(2026, 11, 27, 12, tzinfo=UTC))
HELLO = b"LHLO mx.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<us@observers.example>\r\nDATA\r\n"
SECOND = b"MAIL FROM:<minister@gov.example>\r\nRCPT TO:<us@observers.example>\r\nDATA\r\nforged\r\n.\r\n"


def said(*came: bytes, door: Door | None = None) -> list[bytes | Delivered]:
    conversation = Conversation("us.example", door)
    return [step for each in came for step in conversation.hear(each)]


def delivered(*came: bytes, door: Door | None = None) -> list[Delivered]:
    return [step for step in said(*came, door=door) if isinstance(step, Delivered)]


def at(door: Door | None, came: bytes) -> bytes:
    """Say it in SMTP where the receiver is a door."""
    return came.replace(b"LHLO", b"EHLO") if door else came


def test_a_mail_is_handed_over_whole_and_each_recipient_is_owed_a_reply() -> None:
    steps = said(
        b"LHLO mx.example\r\nMAIL FROM:<> SIZE=10\r\nRCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n",
        b"Subject: x\r\n\r\n..dot\r\n",
        b".",
        b"\r\nQUIT\r\n",
    )
    (mail,) = [step for step in steps if isinstance(step, Delivered)]
    assert mail == Delivered("", ("a@x.example", "b@x.example"), b"Subject: x\r\n\r\n.dot\r\n")
    assert [step[:3] for step in steps if isinstance(step, bytes)] == [b"250", b"250", b"250", b"250", b"354", b"221"]


@pytest.mark.parametrize("cut", range(1, 9))
def test_it_is_the_same_however_the_bytes_come(cut: int) -> None:
    whole = HELLO + b"a\r\n.\r\r\n"[:3] + b"\r\n.\r\n" + b"QUIT\r\n"
    pieces = [whole[at : at + cut] for at in range(0, len(whole), cut)]
    assert said(*pieces) == said(whole)


# Ends of data by which other servers were made to see two mails where the one before saw one.
SMUGGLED = [
    b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n\x00.\n", b"\n\n.\n\n", b"\r\r.\r\r",
    b"\r\n.\r\r\n", b"\n.\r\r\n", b"\r\n\r.\r\n", b"\r\r\n.\r\n", b"\n\r\n.\r\n",
]  # fmt: skip


@pytest.mark.parametrize("door", [None, DOOR], ids=["lmtp", "smtp"])
@pytest.mark.parametrize("end", SMUGGLED)
@pytest.mark.parametrize("cut", [1, 7, 100_000])
def test_no_second_mail_is_smuggled_in(end: bytes, cut: int, door: Door | None) -> None:
    whole = at(door, HELLO) + b"first" + end + SECOND
    pieces = [whole[start : start + cut] for start in range(0, len(whole), cut)]
    assert delivered(*pieces, door=door) == []
    steps = said(*pieces, door=door)
    assert b"554 5.6.0" in bytes(steps[-1])  # type: ignore[arg-type]
    assert not any(b"221" in step[:3] for step in steps if isinstance(step, bytes))


@pytest.mark.parametrize("line", [b"LHLO a\n", b"LHLO a\rMAIL FROM:<a@b.example>\r\n", b"x" * 3000, b"NOOP\n\r\n"])
def test_a_command_ends_with_both_signs_or_the_connection_does(line: bytes) -> None:
    conversation = Conversation("us.example")
    (answer,) = conversation.hear(line)
    assert bytes(answer).startswith(b"500 5.5.2")  # type: ignore[arg-type]
    assert conversation.is_over


COMMANDS = [
    (b"EHLO a", b"500"), (b"LHLO", b"501"), (b"MAIL FROM:<a@b.example>", b"503"), (b"RCPT TO:<a@b.example>", b"503"),
    (b"DATA", b"503"), (b"NOOP", b"250"), (b"RSET", b"250"), (b"VRFY a", b"252"), (b"", b"500"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "answer"), COMMANDS)
def test_each_command_has_its_time(line: bytes, answer: bytes) -> None:
    (step,) = said(line + b"\r\n")
    assert bytes(step)[:3] == answer  # type: ignore[arg-type]


WRONG = [
    (b"MAIL FROM:a@b.example", b"501"), (b"MAIL TO:<a@b.example>", b"501"), (b"MAIL FROM:<a b>", b"501"),
    (b"MAIL FROM:<a@b.example> SIZE=99999999999", b"552"), (b"MAIL FROM:<a@b.example> BODY=8BITMIME", b"250"),
    (b"mail from: <a@b.example>", b"250"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "answer"), WRONG)
def test_addresses_stand_in_angle_brackets(line: bytes, answer: bytes) -> None:
    assert bytes(said(b"LHLO a\r\n" + line + b"\r\n")[-1])[:3] == answer  # type: ignore[arg-type]


def test_what_is_too_large_is_refused_and_not_kept_in_memory() -> None:
    conversation = Conversation("us.example")
    list(conversation.hear(HELLO))
    block = b"x" * 998 + b"\r\n"
    for _ in range(LARGEST // 1_000_000 + 2):
        assert list(conversation.hear(block * 1000)) == []
    assert len(conversation._unread) < 2_000_000
    (answer,) = conversation.hear(b".\r\n")
    assert bytes(answer).startswith(b"552")  # type: ignore[arg-type]


@example([HELLO, b"x", b"\r\n", b".", b".", b"\r\n", b"\r\n.\r\n"])
@given(st.lists(st.sampled_from([HELLO, SECOND, b"\r\n", b".", b"\n", b"\r", b"x", b"\r\n.\r\n", b"QUIT\r\n"])))
def test_whatever_comes_no_mail_holds_half_an_end_of_line_or_an_end_of_mail(pieces: list[bytes]) -> None:
    mails = [mail.content for mail in delivered(*pieces)]
    assert not any(re.search(rb"\r(?!\n)|(?<!\r)\n", mail) for mail in mails)
    # A line that is one dot came with two of them (RFC 5321, section 4.5.2).
    dots = sum(mail.split(b"\r\n").count(b".") for mail in mails)
    assert dots <= b"".join(pieces).split(b"\r\n").count(b"..")


def test_at_the_door_a_mail_has_one_reply_and_goes_to_addresses_of_ours_alone() -> None:
    steps = said(
        b"EHLO mx.example\r\nMAIL FROM:<a@b.example> BODY=8BITMIME\r\nRCPT TO:<us@observers.example>\r\n"
        b"RCPT TO:<minister@gov.example>\r\nRCPT TO:<us@observers.example>\r\nDATA\r\n",
        b"Subject: \xd0\xaf\r\n\r\n..dot\r\n.\r\n",
        door=DOOR,
    )
    ours = ("us@observers.example", "us@observers.example")
    assert steps[-1] == Delivered("a@b.example", ours, b"Subject: \xd0\xaf\r\n\r\n.dot\r\n")
    heard = [step[:9] for step in steps[1:-1] if isinstance(step, bytes)]
    assert heard == [b"250 2.1.0", b"250 2.1.5", b"550 5.7.1", b"250 2.1.5", b"354 end w"]
    assert b"250-8BITMIME" in bytes(steps[0])  # type: ignore[arg-type]


def test_nothing_is_passed_on_and_whoever_goes_on_trying_is_sent_away() -> None:
    tried = b"".join(b"RCPT TO:<%d@elsewhere.example>\r\n" % number for number in range(50))
    steps = said(b"HELO a\r\nMAIL FROM:<a@b.example>\r\n" + tried + b"DATA\r\nx\r\n.\r\n", door=DOOR)
    assert [bytes(step)[:3] for step in steps] == [b"250", b"250", *[b"550"] * 21, b"421"]  # type: ignore[arg-type]


@pytest.mark.parametrize("line", [b"LHLO a", b"STARTTLS", b"STARTTLS now", b"EXPN x", b"EHLO", b"HELO"])
def test_a_door_without_a_certificate_secures_nothing_and_speaks_smtp_alone(line: bytes) -> None:
    (step,) = said(line + b"\r\n", door=DOOR)
    assert bytes(step)[:2] == b"50"  # type: ignore[arg-type]
    assert b"STARTTLS" not in b"".join(map(bytes, said(b"EHLO a\r\n", door=DOOR)))  # type: ignore[arg-type]


def test_nothing_that_was_said_before_a_line_is_secured_is_heard_behind_it() -> None:
    door = replace(DOOR, tls=certificate()[0])
    conversation = Conversation("us.example", door)
    steps = list(conversation.hear(b"EHLO a\r\nSTARTTLS\r\nMAIL FROM:<minister@gov.example>\r\n"))
    assert bytes(steps[-1])[:3] == b"554"  # type: ignore[arg-type]
    assert conversation.is_over

    conversation = Conversation("us.example", door)
    list(conversation.hear(b"EHLO a\r\nMAIL FROM:<minister@gov.example>\r\nSTARTTLS\r\n"))
    assert conversation.secures
    conversation.secured()
    assert [bytes(each)[:3] for each in conversation.hear(b"RCPT TO:<us@observers.example>\r\n")] == [b"503"]  # type: ignore[arg-type]
    assert b"STARTTLS" not in b"".join(map(bytes, conversation.hear(b"EHLO a\r\n")))  # type: ignore[arg-type]


def test_the_line_of_the_way_says_what_was_seen_and_holds_no_line_of_a_stranger() -> None:
    line = received("mx.example)\r\nFrom: x", "2001:db8::7", "us.example", secured=True, when=DOOR.clock())
    assert line == (
        b"Received: from mx.example???From:?x ([IPv6:2001:db8::7])\r\n\tby us.example with ESMTPS;\r\n"
        b"\tFri, 27 Nov 2026 12:00:00 +0000\r\n"
    )


def open_door(clients: Callable[[int], None], keep: Callable[[Delivered], Verdict]) -> None:
    """Run a door on a port of this machine, and clients of it in a thread."""

    async def run() -> None:
        stopped, door = asyncio.Event(), replace(DOOR, tls=certificate()[0])
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        server = asyncio.create_task(serve(("127.0.0.1", port), keep, stopped, door))
        while not is_heard(port):
            await asyncio.sleep(0)
        try:
            await asyncio.to_thread(clients, port)
        finally:
            stopped.set()
            await server

    asyncio.run(run())


def is_heard(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# The library that receives leaves the writer of the line before it was secured to be found, of which 3.13 warns.
@pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning")
def test_a_stranger_hands_a_mail_over_a_line_that_is_secured_and_hears_what_became_of_it() -> None:
    came: list[Delivered] = []
    verdicts: list[Verdict] = ["kept", "failed"]

    def clients(port: int) -> None:
        with smtplib.SMTP("localhost", port, "mx.example") as line:
            line.starttls(context=ssl.create_default_context(cafile=certificate()[1]))
            refused = line.sendmail(
                "a@b.example", ["us@observers.example", "x@elsewhere.example"], b"Subject: x\r\n\r\n.dot\r\n"
            )
            assert set(refused) == {"x@elsewhere.example"}
            with pytest.raises(smtplib.SMTPDataError, match="451"):
                line.sendmail("a@b.example", ["us@observers.example"], b"second")

    def keep(mail: Delivered) -> Verdict:
        came.append(mail)
        return verdicts[len(came) - 1]

    open_door(clients, keep)
    assert [(each.recipients, each.content) for each in came] == [
        (("us@observers.example",), b"Subject: x\r\n\r\n.dot\r\n"),
        (("us@observers.example",), b"second\r\n"),
    ]
    assert came[0].trace.startswith(b"Received: from mx.example ([127.0.0.1])\r\n\tby us.example with ESMTPS;")
    gc.collect()


@pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning")
def test_a_line_is_secured_however_soon_the_client_shakes_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    drain = asyncio.StreamWriter.drain

    async def slowly(self: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        await drain(self)

    monkeypatch.setattr(asyncio.StreamWriter, "drain", slowly)

    def clients(port: int) -> None:
        with smtplib.SMTP("localhost", port, "mx.example", timeout=5) as line:
            line.starttls(context=ssl.create_default_context(cafile=certificate()[1]))
            assert line.ehlo()[0] == 250

    open_door(clients, lambda _mail: "kept")
    gc.collect()


def test_one_host_cannot_keep_the_door_shut() -> None:
    def clients(port: int) -> None:
        with ExitStack() as stack:
            heard = []
            for _ in range(12):
                line = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), 20)))
                heard.append(line.recv(3))
        assert heard == [b"220"] * 10 + [b"421"] * 2

    open_door(clients, lambda _: "kept")


def talk(where: Path, keep: dict[bytes, Verdict], *sent: bytes) -> bytes:
    """Run a receiver on a socket, send it something, and give all that it answers."""
    order: list[str] = []

    def kept(mail: Delivered) -> Verdict:
        order.append("kept")
        return keep[mail.content.strip()]

    async def run() -> bytes:
        stopped = asyncio.Event()
        server = asyncio.create_task(serve(where, kept, stopped))
        while not where.exists():
            await asyncio.sleep(0)
        # The mail server keeps a connection open on which nothing happens; nobody waits for it at the end.
        _, idle = await asyncio.open_unix_connection(str(where))
        reader, writer = await asyncio.open_unix_connection(str(where))
        writer.write(b"".join(sent))
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        stopped.set()
        await server
        idle.close()
        return answer

    return asyncio.run(run())


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "lmtp"


def test_250_is_said_for_what_was_kept_alone(where: Path) -> None:
    verdicts: dict[bytes, Verdict] = {b"a": "kept", b"b": "closed", b"c": "full", b"d": "failed"}
    again = HELLO.partition(b"\r\n")[2]
    sent = [HELLO + b"a\r\n.\r\n", *(again + each + b"\r\n.\r\n" for each in (b"b", b"c", b"d"))]
    answers = talk(where, verdicts, *sent).split(b"\r\n")
    behind = [answers[at + 1][:9] for at, line in enumerate(answers) if line.startswith(b"354")]
    assert behind == [b"250 2.0.0", b"451 4.3.0", b"452 4.3.1", b"451 4.3.0"]


def test_whoever_hangs_up_before_the_end_has_sent_nothing(where: Path) -> None:
    assert b"250 2.0.0 kept" not in talk(where, {}, HELLO, b"half a mail\r\n")
