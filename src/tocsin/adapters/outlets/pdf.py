"""PDF for reading aloud and for the archive: PDF/UA-1 and PDF/A-2a in one file."""

import re

from tocsin.adapters.outlets.typesetter import typeset
from tocsin.core.appeal import AppealDocument
from tocsin.core.render import sheet

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
    page = sheet(document)
    made = typeset(page, format="pdf", standards=["ua-1", "a-2a"] if page.dated else ["ua-1"])
    return _TRACES.sub(lambda trace: b" " * len(trace[0]), made)
