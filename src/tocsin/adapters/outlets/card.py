"""The share card as a picture."""

from tocsin.adapters.outlets.typesetter import typeset
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import NoCard
from tocsin.core.render import card_sheet


def to_png(document: AppealDocument) -> bytes:
    """Make the share card of a document: 1200 × 630 pixels, without a word of its text.

    Raises:
        NoCard: The document is not published or has no code.
    """
    sheet = card_sheet(document)
    if sheet is None:
        raise NoCard("a document that is not published or has no code has no share card")
    return typeset(sheet, format="png")
