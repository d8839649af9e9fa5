"""DOCX: an appeal for those who edit it in a word processor, with real headings, lists, notes and links.

Looks are the styles of `word/word/styles.xml`; nothing is formatted by hand but what is strong. Each stretch of text
carries its direction, and its language where that is not the document's.
"""

from collections.abc import Iterable

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from tocsin.adapters.outlets.docx_lists import Lists, counted
from tocsin.adapters.outlets.docx_notes import Notes
from tocsin.adapters.outlets.docx_package import sealed, style_id, template
from tocsin.adapters.outlets.docx_runs import Runs, element, written
from tocsin.core.appeal import AppealDocument
from tocsin.core.render import lay_out, markup, page

_LONGEST_TITLE = 255  # of the properties of a file


def to_docx(document: AppealDocument) -> bytes:
    """Make a Word file of a document.

    Returns:
        The file: the same bytes for the same document, without author, date or name of a program.
    """
    word = template()
    _Printer(word, lay_out(document)).print()
    return sealed(word)


class _Printer:
    """Prints one page into an empty document."""

    def __init__(self, word: Document, laid_out: page.Page) -> None:
        self._word, self._page = word, laid_out
        self._rtl = laid_out.direction == "rtl"
        self._lists = Lists(word, rtl=self._rtl)
        self._notes = Notes(laid_out)
        self._runs = Runs(laid_out, self._notes.anchor, self._relate)

    def print(self) -> None:
        self._describe()
        self._header()
        for part in self._page.parts:
            self._part(part)
        if self._page.colophon:
            self._paragraph("Colophon", map(self._page.labelled, self._page.colophon))
        self._lists.enter()
        self._notes.enter(self._word, self._runs)

    def _describe(self) -> None:
        """Say the title, the language of all text that does not say its own, and the direction of the pages."""
        properties, language = self._word.core_properties, self._page.language
        properties.title = written(self._page.title or self._page.banner)[:_LONGEST_TITLE]
        if language and markup.is_tag(language):
            properties.language = language
            languages = self._word.styles.element.find(f"{qn('w:docDefaults')}/*/*/{qn('w:lang')}")
            languages.set(qn("w:bidi" if self._rtl else "w:val"), language)
        if self._rtl:
            self._word.element.body.sectPr.append(element("w:bidi"))
        head: page.Line = (page.Isolated(self._page.code),) if self._page.code else (page.Label(self._page.banner),)
        self._runs.write(self._word.sections[0].header.paragraphs[0]._p, head)

    def _header(self) -> None:
        banner: page.Line = (page.Label(self._page.banner),)
        if self._page.code:
            banner += ("\t", page.Isolated(self._page.code))
        self._paragraph("Urgent Banner" if self._page.urgent else "Banner", [banner])
        if self._page.title:
            self._paragraph("Heading 1", [(self._page.title,)])
        for violation in self._page.violations:
            self._paragraph("Violations", [(violation,)])
        if self._page.dateline:
            self._paragraph("Dateline", [self._page.dateline])

    def _part(self, part: page.Part) -> None:
        blocks = list(self._notes.left(part))
        if part.heading and (blocks or part.role != "notes"):
            self._paragraph(f"Heading {part.level}", [(page.without_colon(part.heading),)])
        for block in blocks:
            if isinstance(block, page.Prose):
                self._paragraph("Normal", block.lines)
            elif isinstance(block, page.Terms):
                self._paragraph("Entry", map(self._page.labelled, block.rows))
            else:
                self._listing(block, strong=part.role == "addressees")

    def _listing(self, listing: page.Listing, *, strong: bool) -> None:
        """Print a list: counted by the word processor, or marked as printed, or entries of several lines each."""
        marks = [page.said(item.mark) for item in listing.items]
        number = None if listing.headed else self._lists.begin(marks)
        for item in listing.items:
            terms = map(self._page.labelled, item.terms)
            if number is not None:
                style = "List Number" if listing.numbered else "List Bullet"
                self._paragraph(style, [*item.lines, *terms], number=number)
            elif item.mark and not listing.headed:
                first, *rest = item.lines or ((),)
                self._paragraph("List Number", [(*item.mark, "\t", *first), *rest, *terms])
            else:
                lines = page.marked_lines(item, headed=listing.headed)
                self._paragraph("Entry", [*lines, *terms], strong=strong or listing.headed)

    def _paragraph(
        self, style: str, lines: Iterable[page.Line], *, number: int | None = None, strong: bool = False
    ) -> None:
        """Print a paragraph, its first line strong where that is asked for."""
        paragraph = self._word.add_paragraph()._p
        properties = paragraph.get_or_add_pPr()
        properties.style = style_id(style)
        if number is not None:
            properties.append(counted(number))
        if self._rtl:
            properties.append(element("w:bidi"))
        for place, line in enumerate(lines):
            if place:
                paragraph.append(element("w:r", element("w:br")))
            self._runs.write(paragraph, line, "Strong" if strong and not place else None)

    def _relate(self, target: str) -> str:
        return self._word.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
