"""What was understood of a mail: its text, what it is, with which appeal it may lie, and why."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from tocsin.adapters import documents
from tocsin.adapters.documents import Limits
from tocsin.adapters.documents.mails import MailReader
from tocsin.core.bounces import Fields, Returned
from tocsin.core.codes import Registry, format_code
from tocsin.core.matching import LOOKED_AT, Known, match, read_mail, recipient_lines
from tocsin.core.messages import conversation_of
from tocsin.replies.kinds import Kind
from tocsin.replies.models import ASIDE, FILED, RETURNED, WAITING
from tocsin.replies.receiving import Kept

LIMITS = Limits(input_bytes=25_100_000, cpu_seconds=5, wall_seconds=15)
"""For one mail: as large as the receiver takes it, with what the mail server said before it."""
_MOST_CLUES = 20
_OF_LENGTH = ("This mail is longer than what codes are looked for in: look at its end yourself.",)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"'@]{1,253}")


class Clue(msgspec.Struct, frozen=True):
    """One clue in a mail: the rule by which it counts, how it was understood, and as it stands there."""

    where: str
    how: str
    printed: str


class Reading(msgspec.Struct, frozen=True):
    """What was read in one mail.

    Attributes:
        sort: As `core.bounces` tells it: a letter, the answer of a machine, a bounce …
        text: Header lines, an empty line, and the words of the mail and of what is attached; nothing of a report.
        attachments: Names of what could not be read as text; `pictures` are those that are pictures, or scanned.
        warnings: What a person should know: guesses, things left out.
        reason: Why the appeal is known, or is not.
        clues: What in it leads to an appeal, and what could not be read.
        guesses: Codes of the appeals that it may be about, the best first.
        kind: What it is taken for; nothing of a report.
        thread: Its own Message-ID, empty where it has none, and those of the conversation before it.
    """

    sort: str
    text: str
    attachments: list[str]
    warnings: list[str]
    reason: str
    clues: list[Clue]
    guesses: list[str]
    kind: Kind | None = None
    pictures: list[str] = []
    thread: list[str] = []

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Reading(…)"


def _delivered(kept: Kept) -> bytes:
    """Give a mail as a mailbox would hold it: it begins with what the mail server said, and so is known for a mail."""
    path = [] if kept.sender is None else [f"Return-Path: <{kept.sender}>"]
    lines = path + [f"Delivered-To: {each}" for each in kept.recipients]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace") + kept.content


class Found(NamedTuple):
    """What was read in a mail, in which state that leaves it, what sort it is, and what its head says."""

    reading: Reading
    state: str
    returned: Returned
    heading: Fields


def read(kept: Kept, reader: MailReader, registry: Registry, known: Known) -> Found:
    """Read a mail in the sandbox and match it.

    Raises:
        BadInput: if it cannot be opened.
    """
    found = reader.read(_delivered(kept))
    returned, opened = found.returned, found.opened
    if opened is None:
        return Found(Reading(returned.sort, "", [], [], "", [], []), RETURNED, returned, found.heading)
    mail = read_mail(opened.text, recipients=kept.recipients, unread=opened.unread, pictures=opened.pictures)
    matched = match(mail, registry, known)
    reading = Reading(
        sort=returned.sort,
        text=opened.text,
        attachments=list(opened.unread),
        pictures=sorted(opened.pictures),
        warnings=[*opened.warnings, *_OF_LENGTH[: len(opened.text) > LOOKED_AT]],
        reason=matched.reason,
        clues=[Clue(each.where, each.how, each.printed) for each in matched.evidence[:_MOST_CLUES]],
        guesses=[format_code(each.code, registry.scheme) for each in matched.candidates],
        thread=conversation_of(found.heading),
    )
    state = ASIDE if returned.sort == "automatic" else FILED if matched.code else WAITING
    return Found(reading, state, returned, found.heading)


def head_and_body(text: str) -> tuple[list[tuple[str, str]], str]:
    """Part the header lines of a reading from its words; some mail has none."""
    head, _, body = text.partition("\n\n")
    lines = [line.partition(": ") for line in head.splitlines()]
    if any(name not in documents.MAIL_HEADERS for name, _, _ in lines):
        return [], text
    return [(name, value) for name, _, value in lines], body


def sender_of(reading: Reading) -> str:
    """Give the address that a mail says it comes from; empty where it says none."""
    found = _ADDRESS.findall(first_of(head_and_body(reading.text)[0], "From"))
    return found[-1] if found else ""


def recipients_of(reading: Reading) -> set[str]:
    """Give the addresses that a mail went to, and that mails went to which it forwards or quotes, in small letters."""
    lines = recipient_lines(read_mail(reading.text))
    return {address.lower() for line in lines for address in _ADDRESS.findall(line)}


def first_of(head: Iterable[tuple[str, str]], name: str) -> str:
    """Give the first header line of a name; empty where there is none."""
    return next((value for each, value in head if each == name), "")
