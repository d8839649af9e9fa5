"""PDF to text: the lines of each page in the order of the file, with an empty line where the page leaves a gap.

Words broken at a line end keep their hyphen and the line end: whether the hyphen belongs to the word is for the reader
of the text to decide. Scripts, forms and embedded files are named in the warnings.
"""

import itertools
import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Opened
from tocsin.core.errors import BadInput, DamagedFile, Encrypted, RefusedFile

_END_WITHIN = 2_048
_BROKEN_WORD = ("\ufffe", "\x02")  # what PDFium puts where a hyphen ended the line
_PARAGRAPH_GAP = 1.3  # distance of two base lines over the usual one on the page
_MOST_NAMED = 20
_SCRIPT = re.compile(rb"/S\s*/JavaScript\b|/JS\s*[(<\d]")


def open_bytes(data: bytes, limits: Limits) -> Opened:
    """Read a PDF.

    Raises:
        BadInput: Damaged, encrypted or over a limit.
    """
    if b"%%EOF" not in data[-_END_WITHIN:]:
        # PDFium mends such a file and would give a part of its text for the whole.
        raise DamagedFile("the PDF is cut off: its end mark is missing")
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        if count > limits.pages:
            raise RefusedFile(f"the PDF has more than {limits.pages} pages")
        pages = [_page_text(document[number]) for number in range(count)]
    except pypdfium2.PdfiumError as error:
        raise refusal_of(error) from None
    return Opened("\n".join(pages), list(_warnings(document, data, pages)))


def carries_scripts(document: pypdfium2.PdfDocument, data: bytes) -> bool:
    """Tell whether a PDF has scripts: PDFium counts those that have names, and not the one that runs on opening.

    What is packed in a stream is not looked into: this is for a warning, and nothing here runs any script.
    """
    return pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or _SCRIPT.search(data) is not None


def refusal_of(error: pypdfium2.PdfiumError) -> BadInput:
    """Say why PDFium could not open a file."""
    if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
        return Encrypted("the PDF is encrypted", hint="ask the sender for a copy without a password")
    return DamagedFile("the PDF is broken")


def _page_text(page: pypdfium2.PdfPage) -> str:
    """Give the text of one page and free the page."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    lines: list[str] = []
    heights: list[tuple[float, float]] = []
    place = 0
    for printed in text.split("\n"):
        if line := printed.strip():
            first = place + printed.index(line[0])
            # PDFium makes one line of two where a word was broken, so a line may end lower than it begins.
            heights.append((_height(text_page, first), _height(text_page, first + len(line) - 1)))
            lines.append(line)
        place += len(printed) + 1
    text_page.close()
    page.close()
    spread = "".join(_spaced(lines, heights))
    for sign in _BROKEN_WORD:
        spread = spread.replace(sign, "-\n")
    return spread


def _height(text_page: pypdfium2.PdfTextPage, place: int) -> float:
    """Give the lower edge of the line on which a character stands, in points from the foot of the page."""
    try:
        bottom: float = text_page.get_charbox(place, loose=True)[1]
    except pypdfium2.PdfiumError:
        # Text and boxes are counted differently where a font maps to signs beyond the first plane.
        return 0.0
    return bottom


def _spaced(lines: list[str], heights: list[tuple[float, float]]) -> Iterator[str]:
    steps = [above[1] - below[0] for above, below in itertools.pairwise(heights)]
    usual = _median([step for step in steps if step > 0])
    for line, step in zip(lines, [*steps, 0.0], strict=False):
        yield line
        yield "\n\n" if usual and step > usual * _PARAGRAPH_GAP else "\n"


def _median(steps: list[float]) -> float:
    """Give the middle of some distances; `statistics` would cost each child more than all of a short file."""
    ordered, half = sorted(steps), len(steps) // 2
    return (ordered[half] + ordered[~half]) / 2 if ordered else 0.0


def _warnings(document: pypdfium2.PdfDocument, data: bytes, pages: list[str]) -> Iterator[str]:
    silent = [str(number) for number, page in enumerate(pages, start=1) if not page.strip()]
    if silent and len(silent) < len(pages):
        named = ", ".join(silent[:_MOST_NAMED]) + (", …" if len(silent) > _MOST_NAMED else "")
        yield f"pages without text, perhaps scanned: {named}"
    if carries_scripts(document, data):
        yield "the file carries scripts; they were not run"
    if count := document.count_attachments():
        yield f"the file carries embedded files; they were left out ({count})"
    if document.get_formtype():
        yield "the file has a form; what is written in its fields was left out"
