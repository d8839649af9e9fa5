"""Connections to a mail server on this machine: secured or not made, patient for so long, stopped when told."""

import asyncio
import ssl
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from certificates import certificate
from mail_sink import Script, listening
from post import MASTHEAD
from tocsin.adapters.smtp import Failed, HandedOver, MailServer, NotBegun, Outcome, Uncertain, connect
from tocsin.core.errors import BadAddress, BadSettings, NoMailServer, NotSecure, TocsinError
from tocsin.core.messages import Address, Message, Wire

REST = Wire(b"Subject: x\r\n\r\nx\r\n")
MESSAGES = [
    Message(MASTHEAD.bounces, Address(f"reader{number}", "reader.example"), Wire(b"X: x\r\n"), REST)
    for number in range(3)
]


@dataclass
class Told:
    """What was told of each message."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def settle(self, message: Message, outcome: Outcome) -> None:
        self.outcomes.setdefault(message.to.local, []).append(outcome)

    def kinds(self) -> list[type]:
        assert all(len(each) == 1 for each in self.outcomes.values())
        return [type(self.outcomes[message.to.local][0]) for message in MESSAGES]


@pytest.fixture(autouse=True, scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("certificates"))
    yield
    certificate.cache_clear()
    tempfile.tempdir = before


def server(port: int, **other: Any) -> MailServer:
    return MailServer(**{"host": "localhost", "name": "harbour.example", "port": port, "security": "none", **other})


Story = Callable[[int], Awaitable[None]]


def alone(told: Coroutine[Any, Any, None]) -> None:
    """Run something to its end in a thread of its own: the driver of the browser leaves a loop behind in the first."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, told).result()


def play(story: Story, script: Script, *given: Any, **options: Any) -> None:
    async def told() -> None:
        async with listening(script, *given, **options) as port:
            await story(port)

    alone(told())


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_messages_arrive_whichever_way_the_line_is_secured(security: str) -> None:
    context, trusted = certificate()
    script, told = Script(abilities=["PIPELINING", "CHUNKING", "STARTTLS"]), Told()

    async def story(port: int) -> None:
        line = await connect(server(port, security=security, authorities=trusted))
        await line.send(MESSAGES[:1], told.settle)
        assert line.open
        await line.send(MESSAGES[1:], told.settle)
        await line.close()
        assert not line.open

    play(story, script, None if security == "none" else context, at_once=security == "tls")
    assert told.kinds() == [HandedOver] * 3
    assert [one.to for one in script.taken] == [[str(one.to)] for one in MESSAGES]
    assert [one.content for one in script.taken] == [one.content for one in MESSAGES]
    assert script.commands[0] == "EHLO harbour.example"
    assert script.commands[-1] == "QUIT"
    assert ("STARTTLS" in script.commands) == (security == "starttls")


def said_in_clear(script: Script) -> set[str]:
    until = script.commands.index("(encrypted)") if "(encrypted)" in script.commands else None
    return {command.split(" ")[0] for command in script.commands[:until]}


UNTRUSTED = {
    "self-signed": lambda: (certificate()[0], certificate("other.example")[1]),
    "not valid for": lambda: certificate("other.example"),
    "expired": lambda: certificate(until=2025),
}


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(("said", "pair"), UNTRUSTED.items(), ids=list(UNTRUSTED))
def test_nothing_is_said_over_a_line_that_nobody_vouches_for(
    said: str, pair: Callable[[], tuple[ssl.SSLContext, str]], security: str
) -> None:
    context, trusted = pair()
    script = Script(abilities=["PIPELINING", "STARTTLS"])

    async def story(port: int) -> None:
        with pytest.raises(NotSecure, match=said):
            await connect(server(port, security=security, authorities=trusted))

    play(story, script, context, at_once=security == "tls")
    assert {command.split(" ")[0] for command in script.commands} <= {"EHLO", "STARTTLS", "(encrypted)", "(went"}


@pytest.mark.parametrize(
    ("abilities", "answer"),
    [
        (["PIPELINING"], "220 go on"),
        (["PIPELINING", "STARTTLS"], "454 4.7.0 not now"),
        (["PIPELINING", "STARTTLS"], "502 5.5.1 what?"),
        (["PIPELINING", "STARTTLS"], "220 go on\r\n250 put in by somebody between"),
        (["PIPELINING", "STARTTLS"], "220 go on\r\n250-put in"),
    ],
)
def test_no_mail_goes_in_clear_where_encryption_was_taken_away(abilities: list[str], answer: str) -> None:
    script, (context, trusted) = Script(abilities=abilities, answers={"STARTTLS": answer}), certificate()

    async def story(port: int) -> None:
        with pytest.raises(NotSecure):
            await connect(server(port, security="starttls", authorities=trusted, user="x", password="y"))

    play(story, script, context)
    assert said_in_clear(script) <= {"EHLO", "STARTTLS"}


def test_a_password_goes_over_an_encrypted_line_only() -> None:
    context, trusted = certificate()
    script = Script(abilities=["STARTTLS", "AUTH PLAIN"], answers={"AUTH": "235 2.7.0 welcome"})

    async def story(port: int) -> None:
        line = await connect(
            server(port, security="starttls", authorities=trusted, user="harbour", password="not-so-secret")
        )
        await line.close()

    play(story, script, context)
    assert said_in_clear(script) == {"EHLO", "STARTTLS"}
    assert "AUTH PLAIN AGhhcmJvdXIAbm90LXNvLXNlY3JldA==" in script.commands


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"host": "mail.example"}, BadSettings),
        ({"host": "192.0.2.1"}, BadSettings),
        ({"user": "x", "password": "y"}, BadSettings),
        ({"name": "harbour\r\nMAIL"}, BadAddress),
    ],
)
def test_what_would_go_in_clear_is_not_set_up(other: dict[str, str], error: type[TocsinError]) -> None:
    with pytest.raises(error) as refused:
        server(25, **other)
    assert str(refused.value)


def test_a_password_is_not_shown() -> None:
    assert "not-so-secret" not in repr(server(465, security="tls", user="x", password="not-so-secret"))


@pytest.mark.parametrize(
    "answers", [{"GREETING": "554 5.7.1 no"}, {"GREETING": "hello"}, {"EHLO": "502 5.5.1 what?"}, {"EHLO": "garbage"}]
)
def test_a_server_that_does_not_talk_to_us_is_told(answers: dict[str, str]) -> None:
    async def story(port: int) -> None:
        with pytest.raises(NoMailServer):
            await connect(server(port))

    play(story, Script(answers=answers))


async def hurry(task: "asyncio.Future[Any]", seen: Callable[[], bool]) -> None:
    """Wait until the server has seen something; then let the clock of the loop run ahead until a task is over."""
    loop = asyncio.get_running_loop()
    while not seen():
        await asyncio.sleep(0)
    now, ahead = loop.time, 0

    loop.time = lambda: now() + ahead  # type: ignore[method-assign]
    while not task.done():
        ahead += 100
        await asyncio.sleep(0)


@pytest.mark.parametrize("silent", ["GREETING", "EHLO", "STARTTLS"])
def test_a_server_that_says_nothing_is_waited_for_and_left(silent: str) -> None:
    script = Script(abilities=["STARTTLS"], answers={silent: ""})

    async def story(port: int) -> None:
        trying = asyncio.ensure_future(connect(server(port, patience=300, security="starttls")))
        await hurry(trying, lambda: bool(script.greeted) and said_in_clear(script) >= {silent} - {"GREETING"})
        with pytest.raises(NoMailServer):
            await trying

    play(story, script)


def test_nobody_listens() -> None:
    async def gone() -> None:
        async with listening(Script()) as port:
            pass
        with pytest.raises(NoMailServer):
            await connect(server(port))

    alone(gone())


@pytest.mark.parametrize(
    ("silent", "kinds"),
    [
        ("MAIL", [NotBegun] * 3),
        ("RCPT", [NotBegun] * 3),
        ("DATA", [NotBegun] * 3),
        (".", [Uncertain, NotBegun, NotBegun]),
    ],
)
def test_a_server_that_falls_silent_leaves_one_message_in_doubt_at_most(silent: str, kinds: list[type]) -> None:
    told, script = Told(), Script(answers={silent: ""})

    async def story(port: int) -> None:
        line = await connect(server(port, patience=300))
        sending = asyncio.ensure_future(line.send(MESSAGES, told.settle))
        await hurry(sending, lambda: bool(script.taken) if silent == "." else silent in said_in_clear(script))
        assert not line.open

    play(story, script)
    assert told.kinds() == kinds


def test_a_server_that_says_one_letter_at_a_time_is_not_waited_for_longer() -> None:
    told, came = Told(), []

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink.example\r\n")
        await reader.readline()
        writer.write(b"250 sink.example\r\n")
        came.append(await reader.readline())
        while not writer.is_closing() and len(came) < 1000:
            writer.write(b"2" if len(came) == 1 else b"5" if len(came) == 2 else b"0-" if len(came) == 3 else b"x")
            came.append(b"")
            await asyncio.sleep(0)
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(drip, "127.0.0.1", 0) as listener:
            line = await connect(server(listener.sockets[0].getsockname()[1], patience=300))
            sending = asyncio.ensure_future(line.send(MESSAGES, told.settle))
            await hurry(sending, lambda: len(came) > 4)

    alone(story())
    assert told.outcomes["reader0"] == [NotBegun("silent")]
    assert told.kinds() == [NotBegun] * 3


@pytest.mark.parametrize("cut_after", ["EHLO", "MAIL", "RCPT", "DATA", "content", "end", "answer"])
def test_a_line_that_is_cut_never_counts_as_handed_over_unless_the_server_said_so(cut_after: str) -> None:
    told = Told()

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink.example\r\n")
        answers = {"EHLO": b"250 sink.example\r\n", "DATA": b"354 go on\r\n"}
        word = ""
        while word != cut_after:
            word = (await reader.readline()).split(b" ")[0].strip().decode()
            if word != cut_after or word == "EHLO":
                writer.write(answers.get(word, b"250 ok\r\n"))
            if word == "DATA" != cut_after:
                await reader.readuntil(b"\r\n" if cut_after == "content" else b"\r\n.\r\n")
                writer.write(b"250 ok\r\n" if cut_after == "answer" else b"")
                break
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(cut, "127.0.0.1", 0) as listener:
            line = await connect(server(listener.sockets[0].getsockname()[1]))
            await line.send(MESSAGES, told.settle)
            assert not line.open

    alone(story())
    first = {"content": Uncertain, "end": Uncertain, "answer": HandedOver}.get(cut_after, NotBegun)
    assert told.kinds() == [first, NotBegun, NotBegun]


def test_after_stop_one_message_at_most_leaves() -> None:
    told, script = Told(), Script()

    async def story(port: int) -> None:
        line = await connect(server(port))

        def settle(message: Message, outcome: Outcome) -> None:
            told.settle(message, outcome)
            line.stop()

        await line.send(MESSAGES, settle)
        assert not line.open

    play(story, script)
    assert told.kinds() == [HandedOver, NotBegun, NotBegun]
    assert len(script.taken) == 1


def test_who_stops_waiting_is_told_of_every_message() -> None:
    told, script = Told(), Script(answers={".": ""})

    async def story(port: int) -> None:
        line = await connect(server(port))
        sending = asyncio.ensure_future(line.send(MESSAGES, told.settle))
        while not script.taken:
            await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert not line.open

    play(story, script)
    assert told.kinds() == [Uncertain, NotBegun, NotBegun]


@pytest.mark.parametrize("at", range(3))
def test_a_message_that_cannot_be_made_is_told_and_takes_none_before_it_along(at: int) -> None:
    told, script = Told(), Script()

    def made() -> Iterator[Message]:
        yield from MESSAGES[:at]
        raise BadAddress("nothing that could be sent to")

    async def story(port: int) -> None:
        line = await connect(server(port))
        with pytest.raises(BadAddress):
            await line.send(made(), told.settle)
        assert not line.open

    play(story, script)
    kinds = [type(outcome) for (outcome,) in told.outcomes.values()]
    assert kinds == [HandedOver] * (at - 1) + [Uncertain] * (at > 0)


def test_a_server_that_closes_between_two_batches_gets_nothing_more() -> None:
    told, script = Told(), Script(answers={".": "250 ok\r\n421 4.3.2 closing"})

    async def story(port: int) -> None:
        line = await connect(server(port))
        await line.send(MESSAGES[:1], told.settle)
        while line.open:
            await asyncio.sleep(0)
        await line.send(MESSAGES[1:], told.settle)

    play(story, script)
    assert told.kinds() == [HandedOver, NotBegun, NotBegun]
    assert len(script.taken) == 1


@pytest.mark.parametrize("offers", [("PIPELINING",), (), ("PIPELINING", "CHUNKING")], ids=str)
@pytest.mark.parametrize("refused", ["RCPT reader0@reader.example", "DATA"])
def test_a_refusal_of_the_last_message_of_a_batch_leaves_nothing_open_for_the_next(
    offers: tuple[str, ...], refused: str
) -> None:
    """A server that agreed to a sender holds on to that until it is dropped, and refuses the next one meanwhile."""
    told, script = Told(), Script(offers, answers={refused: "450 4.2.1 not now"})

    async def story(port: int) -> None:
        line = await connect(server(port))
        await line.send(MESSAGES[:1], told.settle)
        script.answers.clear()
        for message in MESSAGES[1:]:
            await line.send([message], told.settle)
        await line.close()

    play(story, script)
    taken = HandedOver if "CHUNKING" in offers and refused == "DATA" else Failed
    assert told.kinds() == [taken, HandedOver, HandedOver]
