"""Open the files that partners send, and hand on their text.

Plain text and JSON are decoded here. PDF, DOCX, HTML and mail are opened in a child process without network, with
limits on its time, memory and answer (`sandbox`, `confine`), by one module per format that stands beside this one.
Copies without metadata are drawn there too (`copying`).
"""

import json
from pathlib import Path
from typing import BinaryIO

from tocsin.adapters.documents.confined import Read, Sandboxes, get_ready, open_confined, read_confined
from tocsin.adapters.documents.copied import COPY_LIMITS, WHOLE, Area, Copy
from tocsin.adapters.documents.copying import kind_of, look_at, make_copy
from tocsin.adapters.documents.formats import check_name, extension_of, sniff
from tocsin.adapters.documents.limits import LIMITS, Limits
from tocsin.adapters.documents.opened import MAIL_HEADERS, Attachment, Extracted, Format
from tocsin.adapters.documents.plaintext import decode
from tocsin.core.errors import BadInput, DamagedFile, EmptyInput, MissingInput, TooLarge

__all__ = [
    "COPY_LIMITS",
    "LIMITS",
    "MAIL_HEADERS",
    "WHOLE",
    "Area",
    "Attachment",
    "Copy",
    "Extracted",
    "Format",
    "Limits",
    "Read",
    "Sandboxes",
    "extract",
    "extract_path",
    "extract_stream",
    "get_ready",
    "kind_of",
    "look_at",
    "make_copy",
    "read_report",
]


def extract_path(path: Path, *, limits: Limits = LIMITS, sandboxes: Sandboxes | None = None) -> Extracted:
    """Extract the text of the file at `path`; a file over the size limit is refused before it is read.

    Args:
        path: The file.
        limits: The ceilings.
        sandboxes: Sandboxes that stand for many files.

    Raises:
        MissingInput: No such file, or not readable.
        BadInput: As `extract`.
    """
    try:
        with path.open("rb") as stream:
            if path.stat().st_size > limits.input_bytes:
                raise _too_large(limits, str(path))
            return extract_stream(stream, name=str(path), limits=limits, sandboxes=sandboxes)
    except IsADirectoryError:
        raise MissingInput("this is a folder, not a file", where=str(path)) from None
    except FileNotFoundError:
        raise MissingInput("there is no such file", where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name is impossible"
        raise MissingInput(f"the file cannot be read: {reason}", where=str(path)) from None


def extract_stream(
    stream: BinaryIO, *, name: str | None = None, limits: Limits = LIMITS, sandboxes: Sandboxes | None = None
) -> Extracted:
    """Extract the text of what `stream` gives, and read no more of it than one byte above the size limit.

    Raises:
        BadInput: As `extract`.
    """
    return extract(stream.read(limits.input_bytes + 1), name=name, limits=limits, sandboxes=sandboxes)


def extract(
    data: bytes, *, name: str | None = None, limits: Limits = LIMITS, sandboxes: Sandboxes | None = None
) -> Extracted:
    """Extract the text of `data`, whose kind is decided by its content and checked against the extension of `name`.

    Raises:
        EmptyInput: It holds no text.
        BinaryInput: It is neither text nor a document that we open.
        TooLarge: It, or its text, is over the size limit.
        UndecodableInput: It fits no encoding that we read.
        DamagedFile: It is truncated or broken.
        RefusedFile: Its name contradicts its content, or it breaks a limit while it is opened.
    """
    try:
        return _extract(data, extension_of(name), limits, sandboxes)
    except BadInput as error:
        if error.where is None:
            error.where = name
        raise


def read_report(written: bytes, *, name: str | None = None, limits: Limits = LIMITS) -> Read:
    """Open and read a report, both in the sandbox, whatever kind of file it is.

    Raises:
        BadInput: As `extract`.
    """
    if len(written) > limits.input_bytes:
        raise _too_large(limits, None)
    if not written.strip():
        raise EmptyInput("there is nothing in it")
    return read_confined(written, extension_of(name), limits)


def _extract(data: bytes, extension: str, limits: Limits, sandboxes: Sandboxes | None) -> Extracted:
    if len(data) > limits.input_bytes:
        raise _too_large(limits, None)
    if not data.strip():
        raise EmptyInput("there is nothing in it")
    found = sniff(data, extension)
    if found != "text":
        check_name(found, extension)
        return open_confined(found, data, limits, sandboxes)
    text, warnings = decode(data)
    if len(text) > limits.text_characters:
        raise TooLarge(f"it holds more than {limits.text_characters:,} characters of text")
    if not text.strip("\ufeff\u200b \t\n"):
        raise EmptyInput("there is nothing but white space in it")
    if _is_json(text):
        found = "json"
    elif extension == "json":
        raise DamagedFile("this is no JSON", hint="it may be cut off")
    check_name(found, extension)
    return Extracted(text, found, warnings)


def _too_large(limits: Limits, where: str | None) -> TooLarge:
    return TooLarge(f"the file is larger than {limits.input_bytes / 1e6:g} MB", where=where)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or (isinstance(value, list) and all(isinstance(entry, dict) for entry in value))
