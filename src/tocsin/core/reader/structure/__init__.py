"""From normalised text to appeal documents without facts: what each line of the page is, and the fields it fills.

`structure` cuts the page into lines, gives each a cue (`cues`), parts the documents of the page (`pages`), and reads
each one: the header (`header`), then the body by a small grammar (`grammar`), or as a plain message (`report`).
"""

from dataclasses import dataclass

from tocsin.core.appeal import AppealDocument, Span
from tocsin.core.codes import OBSERVATORY, Scheme
from tocsin.core.reader.lines import cut_lines
from tocsin.core.reader.marks import Mark
from tocsin.core.reader.structure.cues import CuedLine, cue_line
from tocsin.core.reader.structure.document import read_document
from tocsin.core.reader.structure.pages import split_documents
from tocsin.core.reader.structure.wording import wording

__all__ = ["Skeleton", "structure"]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One document of a page, without facts: its fields, the stretches they took, and where it stands in the page."""

    document: AppealDocument
    marks: tuple[Mark, ...]
    region: Span


def structure(text: str, scheme: Scheme = OBSERVATORY) -> list[Skeleton]:
    """Read the documents of a page.

    Args:
        text: Normalised source text, see `normalise`; all spans point into it.
        scheme: Whose codes stand in it.

    Returns:
        One skeleton for each document, in order; none for an empty text. The regions cover the text without overlap.
    """
    words = wording(scheme)
    cued: list[CuedLine] = [cue_line(line, words) for line in cut_lines(text)]
    if not cued:
        return []
    documents = split_documents(cued, scheme)
    starts = [0, *(document[0].start for document in documents[1:])]
    ends = [*starts[1:], len(text)]
    skeletons = []
    for lines, start, end in zip(documents, starts, ends, strict=True):
        draft = read_document(text, lines, (start, end), words)
        skeletons.append(Skeleton(draft.close(), tuple(sorted(draft.marks)), (start, end)))
    return skeletons
