"""Runs: the stretches of a paragraph that share direction, language and look (ECMA-376 part 1, section 17.3.2)."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from tocsin.core.render import characters, page

# The elements of python-docx have no type that says what is in them.
Element: TypeAlias = Any

# What XML cannot hold, or what a word processor would take for a break.
_BREAKING = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_FROM_THE_RIGHT = re.compile("[{0}]+(?:[ \u00a0,.:-]+[{0}]+)*".format("\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"))
# Old word processors know no isolates, and some do not look at the direction of a run. A mark on both sides keeps a
# number from being read backwards in all of them, and one before them keeps signs in the direction of the page.
_FROM_LEFT, _FROM_RIGHT = "\u200e", "\u200f"


def element(tag: str, *children: Element, **values: str) -> Element:
    """Make an element and give it its attributes of the vocabulary `w`."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def written(text: str) -> str:
    """Give the characters of a text that a Word file can hold, on one line."""
    return _BREAKING.sub(" ", characters.printable(text))


def run(text: str, *, style: str | None = None, rtl: bool = False, language: str | None = None) -> Element:
    """Make a run of one direction; one without a language of its own is in that of the document."""
    said = element("w:t")
    said.text = written(text)
    said.set(qn("xml:space"), "preserve")
    looks = [element("w:rStyle", val=style)] if style else []
    looks += [element("w:rtl")] if rtl else []
    looks += [element("w:lang", val=language)] if language else []
    return element("w:r", *([element("w:rPr", *looks)] if looks else []), said)


class Runs:
    """Writes lines into paragraphs of one page.

    Args:
        laid_out: The page.
        mark_note: Gives what stands in the text for an anchor.
        relate: Enters a target of links and gives the id of the relationship.
    """

    def __init__(
        self, laid_out: page.Page, mark_note: Callable[[page.Anchor], Iterable[Element]], relate: Callable[[str], str]
    ) -> None:
        self._mark_note, self._relate = mark_note, relate
        self._rtl, self._code = laid_out.direction == "rtl", laid_out.code
        self._foreign = laid_out.foreign_words

    def write(self, paragraph: Element, line: page.Line, style: str | None = None) -> None:
        """Add a line to a paragraph, in a style of characters."""
        for inline in line:
            paragraph.extend(self._inline(inline, style))

    def _inline(self, inline: page.Inline, style: str | None) -> Iterator[Element]:
        match inline:
            case "\t":
                yield element("w:r", element("w:tab"))
            case str():
                yield from self._running(inline, style)
            case page.Anchor():
                yield from self._mark_note(inline)
            case page.Link(text, target):
                link = element("w:hyperlink", self._kept(text, "Hyperlink"))
                link.set(qn("r:id"), self._relate(target))
                yield link
            case page.Isolated(text):
                yield self._kept(text, style)
            case page.Label(text):
                ours = self._rtl and not text[:1].isascii()
                yield run(text, style=style, rtl=ours, language=self._foreign)
            case page.Moment(text):
                foreign = self._rtl and characters.has_latin(text)
                yield self._kept(text, style) if foreign else run(text, style=style, rtl=self._rtl)

    def _running(self, text: str, style: str | None) -> Iterator[Element]:
        for number, stretch in enumerate(text.split(self._code) if self._code else (text,)):
            if number:
                yield self._kept(self._code or "", style)
            for rtl, piece in self._by_direction(stretch):
                if piece:
                    yield run(piece, style=style, rtl=rtl)

    def _by_direction(self, text: str) -> Iterator[tuple[bool, str]]:
        """Cut a text into stretches that are written from right to left (true) and the others."""
        if self._rtl:
            for latin, piece in characters.latin_pieces(text):
                signs_only = piece and not any(map(str.isalnum, piece))
                yield not latin, f"{_FROM_RIGHT}{piece}" if signs_only else piece
            return
        end = 0
        for match in _FROM_THE_RIGHT.finditer(text):
            yield False, text[end : match.start()]
            yield True, match[0]
            end = match.end()
        yield False, text[end:]

    def _kept(self, text: str, style: str | None) -> Element:
        """Keep a text in its own direction."""
        return run(f"{_FROM_LEFT}{text}{_FROM_LEFT}" if self._rtl else text, style=style)
