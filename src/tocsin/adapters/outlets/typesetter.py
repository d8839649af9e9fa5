"""Typst as a library: a sheet becomes a file, with our own faces only, and without a view of disk or network.

The sheets are ours and hold no text of a document. Beside that, the compiler's root is an empty folder, the same folder
holds its packages, and the fonts of the machine are left out, so that every machine sets the same page.
"""

import functools
import importlib.resources
import re
import tempfile
import unicodedata
from typing import Literal

import typst

from tocsin.core.errors import MissingFont, NotTypeset
from tocsin.core.render import Sheet

# What a page is set in: the first and last come with Typst, the others lie in `fonts/`.
_FACES = frozenset({"Libertinus Serif", "Noto Naskh Arabic", "DejaVu Sans Mono"})
_UNPRINTED = re.compile(r"the text `\"(?:\\u\{(?P<escaped>[0-9a-f]+)\}|(?P<plain>.))")

Standard = Literal["a-2a", "ua-1"]


def typeset(sheet: Sheet, *, format: Literal["pdf", "png"], standards: list[Standard] | None = None) -> bytes:  # noqa: A002 - the word of the command line
    """Set a sheet.

    Args:
        sheet: The sheet.
        format: What to make of it.
        standards: What a PDF promises to be.

    Raises:
        MissingFont: A face is gone, or none has the letters of a script that the page uses.
        NotTypeset: The compiler refuses the page for another reason.
    """
    faces = fonts()
    with tempfile.TemporaryDirectory(prefix="tocsin-") as empty:
        try:
            return typst.compile(  # type: ignore[type-var]  # its stubs want the root to be bytes where the code is
                sheet.code.encode(),
                root=empty,
                package_path=empty,
                package_cache_path=empty,
                font_paths=faces,
                ignore_system_fonts=True,
                format=format,
                ppi=72,
                sys_inputs={"page": sheet.page},
                pdf_standards=list(standards or ()),
                timestamp=0,
            )
        except typst.TypstError as error:
            raise _refusal(error, format) from error


@functools.cache
def fonts() -> typst.Fonts:
    """Give the faces that come with Typst and with us.

    Raises:
        MissingFont: One that the sheets name is not there.
    """
    with importlib.resources.as_file(importlib.resources.files("tocsin.adapters.outlets") / "fonts") as folder:
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    if missing := _FACES - set(found.families()):
        raise MissingFont(f"the face {min(missing)} is gone", where="PDF", hint="install Tocsin anew")
    return found


def _refusal(error: typst.TypstError, form: str) -> MissingFont | NotTypeset:
    """Name the script of the letter that no face has, never the word that it stood in.

    The compiler's own words may hold text of the page, and are left to the cause of the error.
    """
    match = _UNPRINTED.search(error.message)
    if match is None:
        what = "a word or a line of the appeal is beyond what this form can hold"
        return NotTypeset(what, where=form.upper(), hint="shorten the title, or ask for the other forms with --to")
    letter = chr(int(match["escaped"], 16)) if match["escaped"] else match["plain"]
    script = unicodedata.name(letter, "unknown").partition(" ")[0].capitalize()
    return MissingFont(
        f"no face here prints {script} (U+{ord(letter):04X})", where="PDF", hint="ask for the other forms with --to"
    )
