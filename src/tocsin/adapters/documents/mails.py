"""Read many mails in one sandbox, a forked child for some, and believe nothing in an answer but its shape."""

import json
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec

from tocsin.adapters.documents.confined import error_in, extracted
from tocsin.adapters.documents.forking import ForkingForSeveral
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Extracted
from tocsin.core.bounces import COUNTING, REPORTS, Fields, Returned
from tocsin.core.bounces.heading import LONGEST, MOST
from tocsin.core.errors import RefusedFile, TooLarge

_CODE = "from tocsin.adapters.documents.mails_child import main; main(LIMITS)"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_LONGEST_WORDS = 400
# Learnt while the module is loaded, as the classes of an appeal are (`core.appeal.json`).
_LEARNT = msgspec.json.Decoder(Returned)
_FIELDS = msgspec.json.Decoder(list[tuple[str, str]])


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What the child read in a mail.

    Attributes:
        returned: What sort it is.
        opened: Its text; nothing of what a mail server reports.
        heading: The fields of its head that count, as the child said before it opened anything.
    """

    returned: Returned
    opened: Extracted | None
    heading: Fields = ()


class MailReader:
    """Reads mails one after the other, as long as the `with` block."""

    def __init__(self, limits: Limits) -> None:
        """Begin.

        Args:
            limits: The ceilings for one mail.
        """
        self._limits, self._forking = limits, ForkingForSeveral(_CODE, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forking.__exit__(kind, error, trace)

    @property
    def process(self) -> int:
        """Number of the process in which the sandbox began, once a mail was read; 0 where none stands."""
        return self._forking.process

    def read(self, raw: bytes) -> ReadMail:
        """Say what sort of mail one is, and what stands in it.

        Raises:
            BadInput: What the child says is wrong with it, or what it did.
        """
        if len(raw) > self._limits.input_bytes:
            raise TooLarge(f"only mails up to {self._limits.input_bytes / 1e6:g} MB are opened")
        answer = self._forking.run(raw)
        try:
            # The first line was said before anything was opened; a child that fell sooner says one line alone.
            heading, end, told = answer.output.partition(b"\n")
            return _read(json.loads(told if end else heading), _heading(heading if end else b"[]"), answer.warnings)
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError, msgspec.MsgspecError):
            raise RefusedFile("the program that reads it in the sandbox gave no sensible answer") from None


def _read(told: dict[str, Any], heading: Fields, warnings: tuple[str, ...]) -> ReadMail:
    if "code" in told:
        raise error_in(told)
    returned = _believed(msgspec.convert(told["returned"], Returned))
    return ReadMail(returned, None if returned.sort in REPORTS else extracted("eml", told, warnings), heading)


def _heading(said: bytes) -> Fields:
    """Let through what our own child could have said of a head."""
    fields = _FIELDS.decode(said)
    if len(fields) > MOST or any(
        name not in COUNTING or len(value) > LONGEST or _CONTROL.search(value) for name, value in fields
    ):
        raise ValueError
    return tuple(fields)


def _believed(returned: Returned) -> Returned:
    """Let through what our own child could have said."""
    failures = returned.failures
    evidence = [returned.evidence, *(each.evidence for each in failures)]
    words = [word for each in evidence for word in (each.where, each.words)]
    words += [each.address for each in failures if each.address is not None]
    if (
        all(len(word) <= _LONGEST_WORDS and word.isprintable() for word in words)
        and all(token is None or _TOKEN.fullmatch(token) for token in (returned.token, returned.leaving))
        and all(each.status is None or _STATUS.fullmatch(each.status) for each in failures)
    ):
        return returned
    raise ValueError
