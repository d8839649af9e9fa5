"""Notes: footnotes that a word processor counts and moves; python-docx knows none (ECMA-376 part 1, section 17.11)."""

from collections.abc import Iterator
from dataclasses import replace

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from tocsin.adapters.outlets.docx_runs import Element, Runs, element, run
from tocsin.core.render import page

_REFERENCE = "FootnoteReference"


class Notes:
    """The notes of one page; each hangs as a footnote where the text first refers to it.

    A note whose printed mark is the next number is counted by the word processor, another keeps its mark.
    """

    def __init__(self, laid_out: page.Page) -> None:
        blocks = (block for part in laid_out.parts for block in part.blocks if isinstance(block, page.Listing))
        self._items = {item.note: item for block in blocks for item in block.items if item.note is not None}
        self._rtl = laid_out.direction == "rtl"
        # By the number of the note, in the order of the text: its mark, or None where it is counted.
        self._hung: dict[int, str | None] = {}
        self._counted = 0

    def anchor(self, anchor: page.Anchor) -> Iterator[Element]:
        """Give what stands in the text: a reference, or where the note hangs already, a link to its reference."""
        place = f"note{anchor.note}"
        if anchor.note in self._hung:
            yield element("w:hyperlink", run(anchor.printed, style=_REFERENCE), anchor=place)
            return
        mark = self._mark(anchor.note)
        self._hung[anchor.note] = mark
        identity = str(anchor.note)
        yield element("w:bookmarkStart", id=identity, name=place)
        if mark is None:
            yield _look(element("w:footnoteReference", id=identity))
        else:
            yield _look(element("w:footnoteReference", customMarkFollows="1", id=identity))
            yield run(mark, style=_REFERENCE)
        yield element("w:bookmarkEnd", id=identity)

    def left(self, part: page.Part) -> Iterator[page.Block]:
        """Give the blocks of a part without the notes that hang in the text."""
        for block in part.blocks:
            if not isinstance(block, page.Listing):
                yield block
            elif items := tuple(item for item in block.items if item.note is None or item.note not in self._hung):
                yield replace(block, items=items)

    def enter(self, word: Document, runs: Runs) -> None:
        """Enter the notes that hang in the text into the part of the file that holds footnotes."""
        part = word.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
        notes = parse_xml(part.blob)
        if self._rtl:
            for line in notes.iterdescendants(qn("w:p")):
                line.insert(0, element("w:pPr", element("w:bidi")))
        for note, mark in self._hung.items():
            bidi = [element("w:bidi")] if self._rtl else []
            paragraph = element("w:p", element("w:pPr", element("w:pStyle", val="FootnoteText"), *bidi))
            paragraph.append(_look(element("w:footnoteRef")) if mark is None else run(mark, style=_REFERENCE))
            for line in self._items[note].lines:
                runs.write(paragraph, (" ", *line))
            notes.append(element("w:footnote", paragraph, id=str(note)))
        part._blob = serialize_part_xml(notes)

    def _mark(self, note: int) -> str | None:
        mark = page.said(self._items[note].mark).removeprefix("[").removesuffix("]")
        is_next = mark == str(self._counted + 1)
        self._counted += is_next
        return None if is_next else mark


def _look(reference: Element) -> Element:
    return element("w:r", element("w:rPr", element("w:rStyle", val=_REFERENCE)), reference)
