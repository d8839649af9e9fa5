"""HTML to text, as a reader of the page sees it: a block is a line, a list item keeps its number, a note its mark.

Line breaks follow the rules of `innerText` in the HTML standard (a paragraph is set off by an empty line, another
block by a line end). Scripts, style sheets and frames are no text; their number is reported. Text hidden by style is
kept and reported, because leaving it out would lose text and showing it silently would let a page say two things.
"""

import itertools
import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from tocsin.adapters.documents import alone
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Opened
from tocsin.adapters.documents.plaintext import decode
from tocsin.adapters.documents.textflow import BULLET, TextFlow
from tocsin.adapters.numerals import ordinal, whole
from tocsin.core.errors import DamagedFile, RefusedFile

_CHUNK = 65_536
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
_NOT_TEXT = frozenset(
    {"script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "svg", "canvas"}
)
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "title"}
)
_BLOCKS = frozenset(
    """
    address article aside body caption center dd details dialog div dt fieldset figcaption figure footer form header
    hgroup hr legend li main menu nav option section summary tr
    """.split()
)
_HIDDEN_STYLE = re.compile(r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
_LITTLE = 5
_NOTE_NUMBER = re.compile(r"\[?(\d{1,3})\]?")
_NUMBER_STYLES = {"1": "decimal", "i": "lowerRoman", "I": "upperRoman", "a": "lowerLetter", "A": "upperLetter"}


def open_bytes(data: bytes, limits: Limits, declared: str | None = None) -> Opened:
    """Read a page; `declared` is the encoding that the mail around it names.

    Raises:
        BadInput: No text, over a limit, or in no encoding that we read.
    """
    alone.stay()
    meta = _META_CHARSET.search(data[:4096])
    text, warnings = decode(data, declared or (meta[1].decode("ascii") if meta else None))
    root = _parse(text, limits)
    if root is None:
        return Opened("", list(warnings))
    page = _Page(root)
    page.read()
    return Opened(page.flow.text(), [*warnings, *page.warnings()])


def _parse(text: str, limits: Limits) -> etree._Element | None:
    """Build the tree, counting while it grows."""
    parser = etree.HTMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        huge_tree=False,
    )
    data = text.encode("utf-8", "replace")
    elements = depth = 0
    for start in range(0, len(data), _CHUNK):
        parser.feed(data[start : start + _CHUNK])
        for event, _ in parser.read_events():
            elements += event == "start"
            depth += 1 if event == "start" else -1
            if elements > limits.elements:
                raise RefusedFile(f"the page has more than {limits.elements:,} elements")
            if depth > limits.depth:
                raise RefusedFile(f"the page is nested more than {limits.depth} elements deep")
    try:
        return parser.close()
    except etree.XMLSyntaxError:
        if parser.error_log:
            raise DamagedFile("the page cannot be read as HTML") from None
        return None


class _Page:
    """One walk over the tree, start to end, without recursion."""

    def __init__(self, root: etree._Element) -> None:
        self.flow = TextFlow()
        self._root = root
        self._notes = dict(_note_targets(root))
        self._lists: list[_List] = []
        self._kept = 0
        self._left_out = 0
        self._hidden = 0

    def read(self) -> None:
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in _NOT_TEXT:
                    self._left_out += 1
                    walk.skip_subtree()
                elif number := _note_number(element):
                    self.flow.write(f"[{number}]")
                    walk.skip_subtree()
                else:
                    self._open(element, tag)
                    self._write(element.text)
            else:
                if tag not in _NOT_TEXT:
                    self._close(element, tag)
                self._write(element.tail)

    def warnings(self) -> Iterator[str]:
        """Say what is not in the text, or was not visible on the page."""
        if self._left_out:
            yield f"scripts, style sheets or frames are not text and were left out ({self._left_out})"
        if self._hidden:
            yield f"text that the page hides from its readers is included ({self._hidden})"

    def _write(self, text: str | None) -> None:
        if not text:
            return
        # The mask that some hosts put over an address is written with a no-break space.
        text = text.replace("[email\u00a0protected]", "[email protected]")
        if self._kept:
            self.flow.write_kept(text)
        else:
            self.flow.write(text)

    def _open(self, element: etree._Element, tag: str) -> None:
        if "hidden" in element.attrib or _HIDDEN_STYLE.search(element.get("style", "")):
            self._hidden += 1
        self._end_block(tag)
        if tag == "br":
            self.flow.end_line()
        elif tag == "pre":
            self._kept += 1
        elif tag in ("ol", "ul"):
            self._lists.append(_List(element))
        elif tag == "li":
            number = self._notes.get(element.get("id", ""))
            marker = self._lists[-1].next_marker(element) if self._lists else BULLET
            self.flow.mark_item(f"[{number}] " if number else marker)
        elif tag in ("td", "th") and element.getprevious() is not None:
            if self.flow.at_line_start:
                self.flow.end_block(1)
            else:
                self.flow.write(" | ")

    def _close(self, element: etree._Element, tag: str) -> None:
        if tag == "pre":
            self._kept -= 1
        elif tag in ("ol", "ul"):
            self._lists.pop()
        elif tag == "li":
            self.flow.drop_marker()
        elif tag == "a":
            self._write_address(element)
        self._end_block(tag)

    def _end_block(self, tag: str) -> None:
        if tag in _PARAGRAPHS and not (tag in ("ol", "ul") and self._lists):
            self.flow.end_block(2)
        elif tag in _BLOCKS or tag in ("ol", "ul"):
            self.flow.end_block(1)

    def _write_address(self, link: etree._Element) -> None:
        """Show the address behind a name: `the Mission` becomes `the Mission <mission@…>`."""
        scheme, _, rest = link.get("href", "").strip().partition(":")
        if scheme.lower() != "mailto":
            return
        address = unquote(rest.partition("?")[0]).strip()
        if address and address.casefold() not in "".join(link.itertext()).casefold():
            self.flow.write(f" <{address}>")


class _List:
    """A list on the page, with the number of its next item."""

    def __init__(self, element: etree._Element) -> None:
        self._ordered = element.tag == "ol"
        self._style = _NUMBER_STYLES.get(element.get("type", "1"), "decimal")
        self._next = whole(element.get("start", ""), 1)

    def next_marker(self, item: etree._Element) -> str:
        if not self._ordered:
            return BULLET
        number = whole(item.get("value", ""), self._next)
        self._next = number + 1
        return f"{ordinal(number, self._style)}. "


def _note_number(element: etree._Element) -> str | None:
    """Give the number where `element` is the raised, linked mark of a note; `m²` is raised but not linked."""
    if element.tag != "sup":
        return None
    written = _little_text(element)
    number = _NOTE_NUMBER.fullmatch(written)
    if number is None:
        return None
    around = next(element.iterancestors("a"), None)
    linked = element.find(".//a") is not None or (around is not None and _little_text(around) == written)
    return number[1] if linked else None


def _little_text(element: etree._Element) -> str:
    """Give the text of an element that holds next to nothing; empty where it holds more, to look at no tree twice."""
    if len(list(itertools.islice(element.iter(), _LITTLE))) == _LITTLE:
        return ""
    return "".join(element.itertext()).strip()


def _note_targets(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Pair the place that a note's mark points to with its number."""
    for raised in root.iter("sup"):
        number = _note_number(raised)
        if number is None:
            continue
        link = raised.find(".//a")
        if link is None:
            link = next(raised.iterancestors("a"), None)
        place = link.get("href", "").rpartition("#")[2] if link is not None else ""
        if place:
            yield place, number
