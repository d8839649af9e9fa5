"""What became of a message: exactly one of four, and what a refusal means by the table of `verdicts.toml`."""

import functools
import importlib.resources
import re
from dataclasses import dataclass
from typing import Final, Literal, cast

import msgspec
import tomli

from tocsin.adapters.smtp.replies import Reply
from tocsin.core.bounces import Course, row_of

Stage = Literal["MAIL", "RCPT", "DATA", "END"]
Why = Literal["closed", "silent", "garbled", "stopped"]


class HandedOver(msgspec.Struct, frozen=True):
    """The server has taken it upon itself to deliver; `queue_id` is its own name for the message, if it said one."""

    reply: Reply

    @property
    def queue_id(self) -> str | None:
        """The name under which the server keeps the message."""
        return next((found[1] for one in _names() if (found := one.search(self.reply.text))), None)


@dataclass(frozen=True, slots=True)
class Failed:
    """The server refused it: in answer to what, with which reply, and what is to be done."""

    stage: Stage
    reply: Reply
    course: Course


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It was on its way when the connection ended: the server may have it or not, and nobody can tell."""

    why: Why


@dataclass(frozen=True, slots=True)
class NotBegun:
    """Nothing of it was sent, so it can be sent without being sent twice."""

    why: Why


Outcome = HandedOver | Failed | Uncertain | NotBegun


class _QueueId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    server: str
    pattern: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    MAIL: dict[str, Course]
    RCPT: dict[str, Course]
    DATA: dict[str, Course]
    END: dict[str, Course]
    queue_id: list[_QueueId]


@functools.cache
def _table() -> _Table:
    text = importlib.resources.files("tocsin.adapters.smtp").joinpath("verdicts.toml").read_text("utf-8")
    return msgspec.convert(tomli.loads(text), _Table)


@functools.cache
def _names() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one.pattern) for one in _table().queue_id)


def course_of(reply: Reply, stage: Stage) -> Course:
    """Say what is to be done about a refusal."""
    digit = str(reply.code)[0]
    if (row := row_of(reply.enhanced or "")) is not None and reply.enhanced not in _EMPTY:
        return row.course(digit)
    codes = cast("dict[str, Course]", getattr(_table(), stage))
    # A code that is neither for now nor for good has no place here.
    return codes.get(str(reply.code), codes.get(digit, "hold"))


# They say less than the code beside them.
_EMPTY: Final = {"0.0", "1.0", "2.0", "6.0"}
