"""Renderings of an appeal document: HTML, plain text, e-mail, Markdown and JSON.

`layout` turns the document into a page of blocks once; each outlet prints blocks and escapes every text for itself.
A new outlet of text is one more function from `Page` to `str`; a new language is one more file in `labels/`. Files that
take more than text are made in `adapters.outlets`, which also gives these.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Literal, get_args

from tocsin.core.appeal import AppealDocument, to_json
from tocsin.core.render import alert, characters, markup, page
from tocsin.core.render.card import Address, lay_out_card
from tocsin.core.render.channels import channel_text, is_mail_address
from tocsin.core.render.frame import Frame, Notice, Way
from tocsin.core.render.html import policy_of, style_of, to_html
from tocsin.core.render.labels import labels_for
from tocsin.core.render.layout import lay_out
from tocsin.core.render.mail import mail_date, mail_name, mail_words, to_mail
from tocsin.core.render.markdown import to_markdown
from tocsin.core.render.page import Page
from tocsin.core.render.text import to_text, to_unbroken_text
from tocsin.core.render.tombstone import Tombstone, lay_out_tombstone
from tocsin.core.render.typst import Sheet, to_card_sheet, to_sheet

TextFormat = Literal["html", "txt", "eml", "md", "json"]
TEXT_FORMATS: tuple[TextFormat, ...] = get_args(TextFormat)

_OUTLETS: MappingProxyType[TextFormat, Callable[[Page], str]] = MappingProxyType(
    {"txt": to_text, "eml": to_mail, "md": to_markdown}
)

__all__ = [
    "TEXT_FORMATS",
    "Address",
    "Frame",
    "Notice",
    "Sheet",
    "TextFormat",
    "Tombstone",
    "Way",
    "alert",
    "card_sheet",
    "channel_text",
    "characters",
    "is_mail_address",
    "labels_for",
    "lay_out",
    "lay_out_tombstone",
    "mail_date",
    "mail_name",
    "mail_words",
    "markup",
    "page",
    "policy_of",
    "render",
    "render_for_screen",
    "render_framed",
    "sheet",
    "style_of",
    "to_text",
]


def render(
    document: AppealDocument,
    format: TextFormat,  # noqa: A002 - the word of the command line
    address: Address | None = None,
) -> str:
    """Render a document.

    Args:
        document: The document.
        format: One of `TEXT_FORMATS`, which are also the extensions of the files.
        address: Where HTML and its share card will be published, so that the page can name both.

    Returns:
        The text of the file, ending in a line break. All but JSON, which holds all there is, are for readers.
    """
    if format == "json":
        return to_json(document) + "\n"
    if format == "html":
        return to_html(lay_out(document), card=lay_out_card(document), address=address)
    return _OUTLETS[format](lay_out(document))


def render_for_screen(document: AppealDocument) -> str:
    """Render a document as plain text whose lines the screen breaks."""
    return to_unbroken_text(lay_out(document))


def render_framed(document: AppealDocument, frame: Frame, address: Address | None = None) -> str:
    """Render a document as the page of a site, in HTML."""
    return to_html(lay_out(document), card=lay_out_card(document), address=address, frame=frame)


def sheet(document: AppealDocument) -> Sheet:
    """Write a document for the typesetter of `adapters.outlets`, which makes a PDF of it."""
    return to_sheet(lay_out(document))


def card_sheet(document: AppealDocument) -> Sheet | None:
    """Write the share card of a document for the typesetter; what is not published or has no code has none."""
    laid_out = lay_out_card(document)
    return to_card_sheet(laid_out) if laid_out else None
