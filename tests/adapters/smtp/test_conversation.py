"""What is said to a mail server, without a socket: every message gets one outcome, and it is the true one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import examples
from mail_sink import Script, Talk
from post import MASTHEAD, tokens
from tocsin.adapters.smtp import (
    Abilities,
    Conversation,
    Failed,
    Garbled,
    HandedOver,
    NotBegun,
    Outcome,
    Replies,
    Uncertain,
)
from tocsin.core.messages import Address, Message, Wire

OFFERS = [(), ("PIPELINING",), ("CHUNKING",), ("PIPELINING", "CHUNKING")]
REST = Wire(b"Subject: x\r\n\r\n.\r\n..a line\r\n.\r\nthe end\r\n")


def message(number: int) -> Message:
    to = Address(f"reader{number}", "reader.example")
    bounces = Address(f"bounces+{tokens(number).bounce}", MASTHEAD.bounces.domain)
    return Message(bounces, to, Wire(f"To: <{to}>\r\n".encode()), REST)


MESSAGES = [message(number) for number in range(4)]


@dataclass
class Run:
    """A conversation with a server whose line is cut after so many bytes in one direction or the other."""

    offers: Sequence[str] = ("PIPELINING",)
    script: Script = field(default_factory=Script)
    there: int = 10**9
    back: int = 10**9
    pieces: int = 10**9
    stop_after: int | None = None
    stop_on_way: int | None = None
    taken_before: int | None = None
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    settled_in_order: list[str] = field(default_factory=list)

    def settle(self, one: Message, outcome: Outcome) -> None:
        self.outcomes.setdefault(str(one.to), []).append(outcome)
        self.settled_in_order.append(str(one.to))

    def of(self, number: int) -> Outcome:
        (outcome,) = self.outcomes[str(MESSAGES[number].to)]
        return outcome

    @property
    def taken(self) -> list[str]:
        return [to for one in self.script.taken for to in one.to]

    def go(self) -> "Run":
        self.script.abilities = self.offers
        abilities = Abilities("PIPELINING" in self.offers, "CHUNKING" in self.offers)
        talk, replies = Talk(self.script), Replies()
        conversation = Conversation(abilities, iter(MESSAGES), self.settle)
        out, ways = conversation.begin(), 0
        while out and not conversation.over:
            if ways == self.stop_on_way:
                self.taken_before = len(self.taken)
                conversation.stop()
            ways += 1
            out, cut = out[: self.there], len(out) >= self.there
            self.there -= len(out)
            answer = talk.receive(out)
            answer, cut = answer[: self.back], cut or len(answer) >= self.back
            self.back -= len(answer)
            out = b"".join(self._heard(conversation, replies, piece) for piece in self._cut_up(answer))
            if cut or not answer:
                conversation.end("closed")
        if not conversation.over:
            conversation.end("silent")
        return self

    def _cut_up(self, answer: bytes) -> Iterator[bytes]:
        for at in range(0, len(answer), self.pieces):
            yield answer[at : at + self.pieces]

    def _heard(self, conversation: Conversation, replies: Replies, piece: bytes) -> bytes:
        said = b""
        try:
            for reply in replies.read(piece):
                if conversation.over:
                    break
                said += conversation.receive(reply)
                if self.stop_after is not None and len(self.settled_in_order) >= self.stop_after:
                    conversation.stop()
        except Garbled:
            conversation.end("garbled")
        return b"" if conversation.over else said


def check(run: Run) -> None:
    """Hold the outcomes against what the server knows."""
    assert {to: len(each) for to, each in run.outcomes.items()} == {str(one.to): 1 for one in MESSAGES}
    assert len(run.taken) == len(set(run.taken)), "a message was sent twice"
    for one in MESSAGES:
        (outcome,) = run.outcomes[str(one.to)]
        if str(one.to) in run.taken:
            assert isinstance(outcome, HandedOver | Uncertain), f"the server has it, and we say {outcome}"
        else:
            assert not isinstance(outcome, HandedOver), "the server does not have it"
    assert sum(isinstance(each, Uncertain) for (each,) in run.outcomes.values()) <= 1
    for kept in run.script.taken:
        (whose,) = [one for one in MESSAGES if str(one.to) == kept.to[0]]
        assert len(kept.to) == 1
        assert kept.sender == str(whose.sender)
        assert kept.content == whose.content
    assert run.script.broken_rules == []


@pytest.mark.parametrize("offers", OFFERS, ids=str)
def test_every_message_is_handed_over_with_the_name_it_has_there(offers: Sequence[str]) -> None:
    run = Run(offers).go()
    check(run)
    assert [outcome.queue_id for (outcome,) in run.outcomes.values()] == [one.queue_id for one in run.script.taken]
    assert len(run.script.taken) == len(MESSAGES)


def bytes_of_a_whole_run(offers: Sequence[str]) -> tuple[int, int]:
    run = Run(offers)
    run.go()
    return 10**9 - run.there, 10**9 - run.back


@pytest.mark.parametrize("offers", OFFERS, ids=str)
@pytest.mark.parametrize("direction", ["there", "back"])
def test_a_line_that_is_cut_at_any_byte_loses_nothing_and_sends_nothing_twice(
    direction: str, offers: Sequence[str]
) -> None:
    whole = bytes_of_a_whole_run(offers)[direction == "back"]
    seen = set()
    for at in range(whole):
        run = Run(offers, **{direction: at}).go()
        check(run)
        seen |= {type(outcome) for (outcome,) in run.outcomes.values()}
    assert seen == {HandedOver, Uncertain, NotBegun}


STEPS = ["MAIL", "RCPT", "DATA", ".", "RSET"]
SAID = st.sampled_from(
    [
        *("250 ok", "251 elsewhere", "354 go on", "421 4.3.2 closing", "450 4.2.1 busy", "451 later", "452 4.3.1 full"),
        *("500 what", "503 5.5.1 order", "550 5.1.1 nobody", "552 5.2.2 full", "554 5.7.1 no", "550-a\r\n550 b"),
        *("", "hello", "550", "999 x", "250-a\r\n550 b", "550 " + "x" * 4000, "250 \x00\xff"),
    ]
)


@given(
    st.sampled_from(OFFERS),
    st.dictionaries(st.sampled_from([*STEPS, "RCPT reader1@reader.example"]), SAID, max_size=3),
    st.integers(0, 1200),
    st.integers(0, 1500),
    st.integers(1, 40),
    st.none() | st.integers(0, 4),
)
@settings(max_examples=examples(400))
def test_whatever_a_server_says_and_wherever_the_line_is_cut_the_sum_is_the_audience(
    offers: Sequence[str], answers: dict[str, str], there: int, back: int, pieces: int, stop_after: int | None
) -> None:
    check(Run(offers, Script(answers=answers), there, back, pieces, stop_after).go())


@pytest.mark.parametrize("offers", OFFERS, ids=str)
@pytest.mark.parametrize("stop_after", range(5))
def test_after_a_stop_nothing_goes_out_but_what_was_on_its_way(stop_after: int, offers: Sequence[str]) -> None:
    run = Run(offers, stop_after=stop_after).go()
    check(run)
    assert stop_after <= len(run.taken) <= stop_after + 1 or len(run.taken) == len(MESSAGES)
    assert [type(run.of(number)) for number in range(len(run.taken), 4)] == [NotBegun] * (4 - len(run.taken))


@pytest.mark.parametrize("offers", OFFERS, ids=str)
def test_whenever_a_stop_comes_one_message_more_is_taken_at_most_and_none_is_in_doubt(offers: Sequence[str]) -> None:
    more = set()
    for way in range(16):
        run = Run(offers, stop_on_way=way).go()
        check(run)
        if run.taken_before is not None:
            more.add(len(run.taken) - run.taken_before)
        assert Uncertain not in {type(outcome) for (outcome,) in run.outcomes.values()}
    assert more == {0, 1}


@pytest.mark.parametrize("offers", OFFERS, ids=str)
@pytest.mark.parametrize("reply", ["550 5.1.1 nobody", "450 4.2.1 later", "552 5.2.2 full"])
def test_one_reader_who_is_refused_takes_nothing_from_the_others(reply: str, offers: Sequence[str]) -> None:
    run = Run(offers, Script(answers={"RCPT reader1@reader.example": reply})).go()
    check(run)
    outcome = run.of(1)
    assert isinstance(outcome, Failed)
    assert outcome.stage == "RCPT"
    assert str(outcome.reply) == reply
    assert run.taken == [f"reader{number}@reader.example" for number in (0, 2, 3)]


def test_a_server_that_takes_content_for_a_refused_reader_gets_an_empty_one() -> None:
    run = Run(script=Script(answers={"RCPT reader1@reader.example": "550 5.1.1 nobody", "DATA": "354 go on"})).go()
    check(run)
    assert isinstance(run.of(1), Failed)
    assert len(run.taken) == 3


@pytest.mark.parametrize(
    ("step", "reply", "stage", "course"),
    [
        ("MAIL", "421 4.3.2 closing", "MAIL", "wait"),
        ("MAIL", "550 5.7.1 no", "MAIL", "hold"),
        ("DATA", "451 4.3.0 later", "DATA", "wait"),
        (".", "554 5.6.0 no", "END", "fail"),
        (".", "452 4.3.1 full", "END", "wait"),
        (".", "550 5.7.26 dmarc", "END", "hold"),
    ],
)
def test_a_refusal_says_where_and_what_to_do(step: str, reply: str, stage: str, course: str) -> None:
    run = Run(script=Script(answers={step: reply})).go()
    check(run)
    outcome = run.of(0)
    assert isinstance(outcome, Failed)
    assert (outcome.stage, outcome.course) == (stage, course)


def test_one_way_there_and_back_for_a_message() -> None:
    talk, conversation = Talk(Script()), Conversation(Abilities(pipelining=True), iter(MESSAGES), lambda *_: None)
    replies, ways, out = Replies(), 0, conversation.begin()
    while not conversation.over:
        ways += 1
        out = b"".join([conversation.receive(reply) for reply in replies.read(talk.receive(out))])
    assert ways == len(MESSAGES) + 1


@pytest.mark.parametrize("offers", OFFERS, ids=str)
def test_no_message_is_no_word(offers: Sequence[str]) -> None:
    conversation = Conversation(Abilities("PIPELINING" in offers, "CHUNKING" in offers), iter(()), lambda *_: None)
    assert conversation.begin() == b""
    assert conversation.over
