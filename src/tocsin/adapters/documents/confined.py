"""Ask the child process for a document, and believe nothing in its answer but its shape."""

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tocsin.adapters.documents import sandbox
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Attachment, Extracted, Format
from tocsin.adapters.documents.plaintext import tidy
from tocsin.adapters.documents.waiting import Waiting
from tocsin.core.appeal import AppealDocument, from_json
from tocsin.core.errors import (
    BadDocument,
    BadInput,
    BinaryInput,
    DamagedFile,
    EmptyInput,
    Encrypted,
    RefusedFile,
    TooLarge,
    UndecodableInput,
)

if TYPE_CHECKING:
    from tocsin.adapters.documents.forking import Forking

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_LONGEST_REMARK = 300
_READING = Waiting("from tocsin.adapters.documents.reading_child import main; main(LIMITS)")
_ERRORS: dict[str, type[BadInput]] = {
    error.code: error
    for error in (EmptyInput, BinaryInput, TooLarge, UndecodableInput, DamagedFile, RefusedFile, Encrypted)
}


@dataclass(frozen=True, slots=True)
class Read:
    """What the child read in a file.

    Attributes:
        documents: What it says, a document each; the source of each holds the normalised text.
        warnings: What a person should know: guesses, things left out, a missing sandbox.
        attachments: Files within the file.
    """

    documents: tuple[AppealDocument, ...]
    warnings: tuple[str, ...]
    attachments: tuple[Attachment, ...]


def get_ready(limits: Limits) -> None:
    """Have a child wait for a report that somebody is about to bring in."""
    _READING.get_ready(limits)


def read_confined(written: bytes, extension: str, limits: Limits) -> Read:
    """Open and read a file in the sandbox: neither opener nor reader touches strangers' text outside of it.

    Raises:
        BadInput: What the child says is wrong with the file, or what it did.
    """
    answer = _READING.run(json.dumps(extension).encode() + b"\n" + written, limits)
    try:
        told = json.loads(answer.output)
        opened = extracted("text", told, answer.warnings)
        documents = tuple(from_json(each) for each in told["documents"])
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError, BadDocument):
        raise RefusedFile("the program that reads it in the sandbox gave no sensible answer") from None
    return Read(documents, opened.warnings, opened.attachments)


class Sandboxes:
    """Opens files of a format in one sandbox, one after the other, as long as the `with` block.

    A sandbox of its own for each takes a tenth of a second more. They end with the thread that opens the files.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin.

        Args:
            limits: The ceilings for one file.
        """
        self._limits, self._stack = limits, ExitStack()
        self._of: dict[Format, Forking] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def run(self, kind: Format, data: bytes) -> sandbox.Answer:
        """Have one file opened.

        Raises:
            RefusedFile: As `sandbox.run`.
        """
        from tocsin.adapters.documents.forking import Forking  # noqa: PLC0415 - plain text needs no socket

        if kind not in self._of:
            code = f"from tocsin.adapters.documents.child import open_many; open_many({kind!r}, LIMITS)"
            self._of[kind] = self._stack.enter_context(Forking(code, self._limits))
        return self._of[kind].run(data)


def open_confined(kind: Format, data: bytes, limits: Limits, sandboxes: Sandboxes | None = None) -> Extracted:
    """Open `data` as `kind` in one of the sandboxes, or in one of its own.

    Raises:
        BadInput: What the child says is wrong with the file, or what it did.
    """
    code = f"from tocsin.adapters.documents.child import main; main({kind!r}, LIMITS)"
    answer = sandboxes.run(kind, data) if sandboxes else sandbox.run(code, data, limits)
    try:
        return extracted(kind, json.loads(answer.output), answer.warnings)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        # Our own child always answers in this shape: another one speaks, or it was stopped in the middle.
        raise RefusedFile("the program that opens it in the sandbox gave no sensible answer") from None


def extracted(kind: Format, answer: dict[str, Any], warnings: tuple[str, ...]) -> Extracted:
    """Give what the child opened, or raise the error that it answered with."""
    if "code" in answer:
        raise error_in(answer)
    attachments = tuple(
        Attachment(
            remark(entry["name"]),
            remark(entry["media_type"]),
            int(entry["size"]),
            entry["read"] is True,
            entry["pictured"] is True,
        )
        for entry in answer["attachments"]
    )
    return Extracted(tidy(answer["text"]), kind, (*map(remark, answer["warnings"]), *warnings), attachments)


def error_in(answer: dict[str, Any]) -> BadInput:
    """Give the error that the child answered with."""
    return _ERRORS[answer["code"]](remark(answer["what"]), hint=remark(answer["hint"]) if answer["hint"] else None)


def remark(text: str) -> str:
    """Make a line that can be shown on any terminal."""
    return _UNSEEN.sub(" ", text)[:_LONGEST_REMARK].strip()
