"""PDF for reading aloud and for the archive: PDF/UA-1 and PDF/A-2a in one file."""

import re
from functools import lru_cache

from tocsin.adapters.outlets.typesetter import fonts, typeset
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import MissingFont, NotTypeset
from tocsin.core.render import Sheet, sheet

# Where the compiler writes its own name and version. Blanks of the same length keep every offset of the file true; in
# both places (ISO 32000-1 7.5.3, XML) they mean nothing.
_TRACES = re.compile(
    rb"/Creator\(Typst [^()]*\)|<xmp:CreatorTool>[^<]*</xmp:CreatorTool>"
    rb"|<stEvt:softwareAgent>[^<]*</stEvt:softwareAgent>| x:xmptk=\"[^\"]*\""
)


def to_pdf(document: AppealDocument) -> bytes:
    """Make a tagged PDF with embedded fonts.

    It declares PDF/UA-1 and PDF/A-2a; without a date of issue PDF/UA-1 alone, since the archive wants a date and we
    have no true one. The date in it is the date of issue; author, host, program and time of making are not in it.

    Raises:
        MissingFont: The text uses a script for which there is no face.
    """
    made = _set(sheet(document))
    return _TRACES.sub(lambda trace: b" " * len(trace[0]), made)


def why_no_pdf(document: AppealDocument) -> type[MissingFont | NotTypeset] | None:
    """Tell why no PDF can be made of a document; `None` where one can.

    It is set to find out, unless each of its letters was printed before and no text of it is long.
    """
    page = sheet(document)
    return None if _printed.issuperset(page.page) and not _LONG.search(page.page) else _refused(page)


# The letters of all pages that this process has set, and a text that may be more than a PDF holds as one string.
_printed: set[str] = set()
_LONG = re.compile(r'[^"]{10000}')


@lru_cache(maxsize=64)
def _refused(page: Sheet) -> type[MissingFont | NotTypeset] | None:
    # Where one of our own faces is gone no page has a PDF: that is no property of this one, and is said aloud.
    fonts()
    try:
        _set(page)
    except (MissingFont, NotTypeset) as error:
        return type(error)
    _printed.update(page.page)
    return None


def _set(page: Sheet) -> bytes:
    return typeset(page, format="pdf", standards=["ua-1", "a-2a"] if page.dated else ["ua-1"])
