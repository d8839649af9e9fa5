"""The printed texts of a document: by them it is found, and a name has to stand in one that tells what happened."""

from collections.abc import Iterator

from tocsin.core.appeal import AppealDocument
from tocsin.core.names import words_of


def texts(document: AppealDocument) -> Iterator[str]:
    """Give the printed texts of a document by which it may be found."""
    yield from _told(document)
    yield from document.issued_at
    yield from (each.text for each in document.requests)
    for contact in document.contacts:
        yield contact.display
        yield contact.holder or ""


def _told(document: AppealDocument) -> Iterator[str]:
    for text in (document.title, document.opening, document.about):
        if text:
            yield text.text
    if document.reference:
        yield document.reference.canonical
    yield from (each.as_printed for each in document.violations)
    for section in document.sections:
        yield section.heading or ""
        yield from (paragraph.text for paragraph in section.paragraphs)
    yield from (each.text for each in document.demands)
    yield from (each.as_printed for each in document.addressees)
    yield from (each.text for each in document.notes)
    yield from document.publishers


def printed_words(document: AppealDocument) -> str:
    """Give all words of what a document tells, folded, with a space before and behind each.

    A name that is among them is told of. Whom it names as a contact alone it tells nothing of.
    """
    return f" {' '.join(words_of(chr(10).join(_told(document))))} "
