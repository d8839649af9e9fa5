"""What a PDF says to those who cannot see it: its tags, the words in them, its links, and what is written about it."""

import ctypes
import re
from collections.abc import Callable, Iterator

import pypdfium2
import pypdfium2.raw as pdfium


def outline(pdf: bytes) -> str:
    """Write down each page as its tags by depth, with the words in each, and the targets of its links.

    Words of right-to-left lines stand in the order in which the page paints them, from left to right; what is read
    aloud is tested with `text`.
    """
    document = pypdfium2.PdfDocument(pdf)
    rows = []
    for number, page in enumerate(document, 1):
        rows.append(f"page {number}")
        words = _words_by_mark(page)
        tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
        for child in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            rows += _tags(pdfium.FPDF_StructTree_GetChildAtIndex(tree, child), words, 1)
        pdfium.FPDF_StructTree_Close(tree)
    rows += ["links", *(f"  {target}" for target in links(pdf))]
    return "\n".join(rows) + "\n"


def text(pdf: bytes) -> str:
    """Give the words of all pages, on one line; running heads and page numbers are among them."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


def links(pdf: bytes) -> list[str]:
    """Give the targets of the links that leave the file; our files are not packed, so that they can be searched."""
    return [target.decode() for target in re.findall(rb"/URI\(((?:[^()\\]|\\.)*)\)", pdf)]


def _words_by_mark(page: pypdfium2.PdfPage) -> dict[int, str]:
    """Give the words that stand under each mark of the page's content."""
    words: dict[int, str] = {}
    textpage = page.get_textpage()
    for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(piece.raw)
        length = pdfium.FPDFTextObj_GetText(piece.raw, textpage.raw, None, 0)
        buffer = (ctypes.c_ushort * length)()
        pdfium.FPDFTextObj_GetText(piece.raw, textpage.raw, buffer, length)
        words[mark] = words.get(mark, "") + bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    return words


def _tags(element: object, words: dict[int, str], depth: int) -> Iterator[str]:
    said = "".join(
        words.get(mark, "")
        for child in range(pdfium.FPDF_StructElement_CountChildren(element))
        if (mark := pdfium.FPDF_StructElement_GetChildMarkedContentID(element, child)) >= 0
    )
    lang = _string(pdfium.FPDF_StructElement_GetLang, element)
    tag = _string(pdfium.FPDF_StructElement_GetType, element) + (f" lang={lang}" if lang else "")
    yield f"{'  ' * depth}{tag}{': ' + ' '.join(said.split()) if said.strip() else ''}"
    for child in range(pdfium.FPDF_StructElement_CountChildren(element)):
        if inner := pdfium.FPDF_StructElement_GetChildAtIndex(element, child):
            yield from _tags(inner, words, depth + 1)


def _string(function: Callable[..., int], element: object) -> str:
    length = function(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    function(element, buffer, length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
