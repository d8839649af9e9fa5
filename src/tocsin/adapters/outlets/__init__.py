"""Finished files of an appeal document: the one door to every form, those of the core and those that need more.

The core prints text; what a compiler or a library for office files makes is made here, each form in its own module,
which is imported only when it is asked for. A form of bytes is added by its name in `Format` and
`FORMATS` and a case in `render_file`.
"""

from collections.abc import Collection
from typing import Literal

from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import MissingFont, NotTypeset
from tocsin.core.render import Address, TextFormat, card_sheet, render

Format = TextFormat | Literal["png", "pdf", "docx"]
FORMATS: tuple[Format, ...] = ("html", "png", "pdf", "docx", "txt", "eml", "md", "json")

__all__ = ["FORMATS", "Address", "Format", "formats_made", "formats_of", "render_file", "why_no_pdf"]


def formats_of(document: AppealDocument) -> tuple[Format, ...]:
    """List the forms that a document has; only what is published under a code has a share card (`png`)."""
    return FORMATS if card_sheet(document) else tuple(form for form in FORMATS if form != "png")


def formats_made(document: AppealDocument, wanted: Collection[str]) -> tuple[Format, ...]:
    """List those of some forms that can be made of a document: a PDF only where its faces print every letter."""
    # Only where a card is wanted is it laid out to see whether there is one.
    there = formats_of(document) if "png" in wanted else FORMATS
    forms = tuple(form for form in there if form in wanted)
    return tuple(form for form in forms if form != "pdf" or why_no_pdf(document) is None)


def demand_faces() -> None:
    """See to it that every face is there of which PDFs and share cards are made.

    Raises:
        MissingFont: One is gone.
    """
    from tocsin.adapters.outlets import typesetter  # noqa: PLC0415

    typesetter.fonts()


def why_no_pdf(document: AppealDocument) -> type[MissingFont | NotTypeset] | None:
    """Tell why no PDF can be made of a document; `None` where one can."""
    from tocsin.adapters.outlets import pdf  # noqa: PLC0415

    return pdf.why_no_pdf(document)


def render_file(
    document: AppealDocument,
    format: Format,  # noqa: A002 - the word of the command line
    address: Address | None = None,
) -> bytes:
    """Make one finished file of a document.

    Args:
        document: The document.
        format: One of `formats_of` the document; they are also the extensions of the files.
        address: Where HTML and its share card will be published, so that the page can name both.

    Returns:
        The whole file: the same bytes for the same document on every machine and day. Text is UTF-8.

    Raises:
        MissingFont: A PDF would need a script for which there is no face.
        NotTypeset: A word or a line is beyond what a PDF can hold.
        NoCard: A share card is asked for that the document does not have.
    """
    match format:
        case "pdf":
            from tocsin.adapters.outlets.pdf import to_pdf  # noqa: PLC0415

            return to_pdf(document)
        case "docx":
            from tocsin.adapters.outlets.docx import to_docx  # noqa: PLC0415

            return to_docx(document)
        case "png":
            from tocsin.adapters.outlets.card import to_png  # noqa: PLC0415

            return to_png(document)
        case _:
            return render(document, format, address).encode()
