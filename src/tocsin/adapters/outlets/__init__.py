"""Finished files of an appeal document: the one door to every form, those of the core and those that need more.

The core prints text; what a compiler or a library for office files makes is made here, each form in its own module,
which is imported only when it is asked for. A form is added by its name in `Format` and its maker in `_MAKERS`.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Literal, get_args

from tocsin.core.appeal import AppealDocument
from tocsin.core.render import TextFormat, render

Format = Literal["html", "pdf", "docx", "txt", "eml", "md", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)

__all__ = ["FORMATS", "Format", "render_file"]


def _text(format: TextFormat) -> Callable[[AppealDocument], bytes]:  # noqa: A002 - the word of the command line
    return lambda document: render(document, format).encode()


def _pdf(document: AppealDocument) -> bytes:
    from tocsin.adapters.outlets.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(document)


def _docx(document: AppealDocument) -> bytes:
    from tocsin.adapters.outlets.docx import to_docx  # noqa: PLC0415

    return to_docx(document)


_MAKERS: MappingProxyType[Format, Callable[[AppealDocument], bytes]] = MappingProxyType(
    {
        "html": _text("html"),
        "pdf": _pdf,
        "docx": _docx,
        "txt": _text("txt"),
        "eml": _text("eml"),
        "md": _text("md"),
        "json": _text("json"),
    }
)


def render_file(document: AppealDocument, format: Format) -> bytes:  # noqa: A002 - the word of the command line
    """Make one finished file of a document.

    Args:
        document: The document.
        format: One of `FORMATS`, which are also the extensions of the files.

    Returns:
        The whole file: the same bytes for the same document on every machine and day. Text is UTF-8.

    Raises:
        MissingFont: A PDF would need a script for which there is no face.
    """
    return _MAKERS[format](document)
