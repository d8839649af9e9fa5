"""Lines of the normalised source, and the flattened text in which phrases are looked up."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.reader.western import LetterTable, spaced

_LAST_FLATTENED = 0x24F  # end of Latin Extended-B; other scripts keep their letters


def _flat(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character in "-‐‑‒–—−":
        return " "
    lower = character.lower()
    if ord(character) > _LAST_FLATTENED:
        return lower if len(lower) == 1 else character
    base = unicodedata.normalize("NFD", lower)[0]
    return base if len(lower) == 1 else character


_FLAT = LetterTable(_flat)
_DIGIT = re.compile(r"\d")


def flatten(text: str) -> str:
    """Give the text in lower case, without accents, dashes as spaces, apostrophes straight.

    Character for character: an offset into the result is an offset into `text`.
    """
    plain = text if text.isascii() else text.replace("’", "'")  # most often the only sign beyond ASCII
    return plain.lower().replace("-", " ").replace("`", "'") if plain.isascii() else _FLAT.translate(text)


@lru_cache(maxsize=64)
def squeeze(flat: str) -> str:
    """Give the letters and digits alone, so that `URGENTAPPEAL -THE` equals `URGENT APPEAL - THE`."""
    return "".join(spaced(flat).split())


class Line(Struct, frozen=True, gc=False):
    """A line that is not blank: `page[start:end]` and its flattened form.

    `after_blank` says that a blank line stands before it, `is_style` that it is the remainder of a style sheet.
    """

    start: int
    end: int
    text: str
    flat: str
    after_blank: bool = False
    is_style: bool = False

    @property
    def head(self) -> str:
        """The squeezed beginning, in which headings and formulae are looked up."""
        return squeeze(self.flat[:110])

    @property
    def has_digit(self) -> bool:
        """Whether the line holds a digit."""
        return _DIGIT.search(self.text) is not None

    def part(self, start: int, end: int) -> "Line":
        """Cut out a part by its places in the page, without white space around it."""
        line = self.start
        first = start - line if start > line else 0
        cut = self.text[first : end - line if end > line else 0]
        text = cut.strip()
        if len(text) < len(cut):
            first += len(cut) - len(cut.lstrip())
        last = first + len(text)
        return Line(line + first, line + last, text, self.flat[first:last], self.after_blank and not first)


def cut_lines(text: str) -> list[Line]:
    """Cut a text into its lines; what a word processor left of its style sheets becomes lines of their own."""
    start, after_blank = 0, False
    lines: list[Line] = []
    has_style = any(sign in text for sign in _STYLE_SIGNS)
    for printed in text.split("\n"):
        end = start + len(printed)
        if printed:
            line = Line(start, end, printed, flatten(printed), after_blank)
            lines.extend(_without_style(line) if has_style else (line,))
        after_blank = not printed
        start = end + 1
    return lines


_STYLE_SIGNS = ("mso-", "Mso", "{", "@font-face", "X-NONE", "<!--", "false false", "MicrosoftInternetExplorer")
_STYLE = re.compile(
    r"mso-|@font-face|MsoNormal|/\* ?Style Definitions|/\* ?Font Definitions|<!--|-->|<!\[endif|\bst1\\:|panose-1"
    r"|^Normal 0\b|^(?:false ){2}|X-NONE|MicrosoftInternetExplorer\d"
    r"|^[a-z-]{3,40} ?: ?[^.]{1,60};$|^[\w.,#@ :-]{1,80}\{|^\}$"
)
_STYLE_END = re.compile(r".*(?:\}|-->|\*/|\bX-NONE|MicrosoftInternetExplorer\d)")


def _without_style(line: Line) -> Iterator[Line]:
    """Part the words that follow a style sheet on the same line from it."""
    if not _STYLE.search(line.text[:400]):
        yield line
        return
    match = _STYLE_END.match(line.text)
    cut = line.start + (match.end() if match else len(line.text))
    yield changed(line.part(line.start, cut), is_style=True)
    rest = line.part(cut, line.end)
    if rest.text:
        yield rest
