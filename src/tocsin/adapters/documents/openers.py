"""One opener per format, imported only when a file asks for it; all of this runs inside the child process."""

import importlib
from collections.abc import Callable
from types import ModuleType

from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Format, Opened
from tocsin.adapters.documents.plaintext import decode, tidy
from tocsin.core.errors import EmptyInput, TooLarge

Opener = Callable[[bytes, Limits], Opened]

_MODULES: dict[Format, str] = {"docx": "docx", "eml": "mail", "html": "html", "pdf": "pdf"}


def load(kind: Format) -> None:
    """Load the opener of a format before there is a file."""
    _module(kind)


def open_document(kind: Format, data: bytes, limits: Limits, *, may_be_empty: bool = False) -> Opened:
    """Open `data` as what it is.

    Args:
        kind: What it is.
        data: The file.
        limits: The ceilings.
        may_be_empty: Whether a file without text is taken, too.

    Raises:
        BadInput: It cannot be taken.
    """
    opener: Opener = _module(kind).open_bytes
    return _within(opener(data, limits), limits, may_be_empty=may_be_empty)


def open_text(written: bytes, limits: Limits) -> Opened:
    """Decode plain text.

    Raises:
        BadInput: It cannot be taken.
    """
    text, warnings = decode(written)
    return _within(Opened(text, list(warnings)), limits)


def _module(kind: Format) -> ModuleType:
    return importlib.import_module(f"tocsin.adapters.documents.{_MODULES[kind]}")


def _within(opened: Opened, limits: Limits, *, may_be_empty: bool = False) -> Opened:
    opened.text = tidy(opened.text)
    if len(opened.text) > limits.text_characters:
        raise TooLarge(f"it holds more than {limits.text_characters:,} characters of text")
    if not may_be_empty and not opened.text.strip():
        raise EmptyInput("there is no text in it", hint="if it was scanned, recognise or type its text first")
    return opened
