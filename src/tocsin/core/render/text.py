"""Plain text: for mail, for a terminal, for reading aloud."""

import textwrap
from collections.abc import Iterable, Iterator

from tocsin.core.render.characters import has_latin, printable
from tocsin.core.render.page import (
    Anchor,
    Block,
    Inline,
    Isolated,
    Item,
    Label,
    Line,
    Link,
    Listing,
    Moment,
    Page,
    Prose,
    Term,
    marked_lines,
)

# RFC 3676 advises lines of at most 78 characters; a few are left for the `> ` of replies.
WIDTH = 72
_ISOLATE, _POP = "\u2066", "\u2069"


def to_text(page: Page) -> str:
    """Print a page as plain text in lines of at most 72 characters.

    Only white space divides the parts: signs drawn as lines or frames are a nuisance in a screen reader. Addresses
    and links are never broken, even where they are longer than a line.
    """
    return _Printer(page).print()


def to_unbroken_text(page: Page) -> str:
    """Print a page as plain text for a screen, which breaks the lines itself: one that is broken twice reads badly."""
    return _Printer(page, soft=" ").print()


def to_flowed_text(page: Page, opening: str = "") -> str:
    """Print a page as plain text for mail by RFC 3676: a line that ends in a space goes on in the next one.

    A mail program joins such lines again to the width of its window; the others are the breaks of the page. A label may
    stand before it all.
    """
    lines = _Printer(page, soft=" \n").print(opening).split("\n")
    return "\n".join(map(_guarded, lines))


def _guarded(line: str) -> str:
    """Keep a line from being taken for a quotation, the start of a mail, or that of a signature."""
    if line == "-- ":
        return "--"
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


class _Printer:
    """Prints one page; within a right-to-left page it isolates what must keep its own direction (UAX 9).

    `soft` is how a line is broken that is only too long.
    """

    def __init__(self, page: Page, *, soft: str = "\n") -> None:
        self._page, self._soft = page, soft
        self._rtl = page.direction == "rtl"

    def print(self, opening: str = "") -> str:
        paragraphs = [*([self._wrap([(Label(opening),)])] if opening else []), *self._header()]
        for part in self._page.parts:
            # One empty line more above a heading is all that sets it off.
            blocks = [paragraph for block in part.blocks for paragraph in self._block(block)]
            if part.heading:
                blocks.insert(0, "\n" + self._wrap([(part.heading,)]))
            paragraphs += blocks
        if self._page.colophon:
            paragraphs.append("\n" + self._terms(self._page.colophon))
        return "\n\n".join(paragraphs) + "\n"

    def _header(self) -> Iterator[str]:
        page = self._page
        yield self._wrap([(page.banner,), *([(Isolated(page.code),)] if page.code else [])])
        if page.title:
            yield self._wrap([(page.title,)])
        rows: list[Line] = [(violation,) for violation in page.violations]
        if page.dateline:
            rows.append(page.dateline)
        if rows:
            yield self._wrap(rows)

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Prose):
            yield self._wrap(block.lines)
        elif isinstance(block, Listing):
            yield from (self._item(item, headed=block.headed) for item in block.items)
        else:
            yield self._terms(block.rows)

    def _item(self, item: Item, *, headed: bool) -> str:
        return "\n".join(filter(None, (self._wrap(marked_lines(item, headed=headed)), self._terms(item.terms))))

    def _terms(self, terms: Iterable[Term]) -> str:
        return self._wrap(map(self._page.labelled, terms))

    def _wrap(self, lines: Iterable[Line]) -> str:
        return "\n".join(
            self._soft.join(
                textwrap.wrap("".join(map(self._inline, line)), WIDTH, break_long_words=False, break_on_hyphens=False)
            )
            for line in lines
        )

    def _inline(self, inline: Inline) -> str:
        match inline:
            case str():
                return printable(inline)
            case Link(text) | Isolated(text):
                return self._isolated(printable(text))
            case Label(text):
                return self._isolated(text) if text[:1].isascii() else text
            case Moment(text):
                return self._isolated(printable(text)) if has_latin(text) else printable(text)
            case Anchor(text):
                return printable(text)

    def _isolated(self, text: str) -> str:
        """Isolate what begins or ends with a sign or digit; the rest keeps together, and can be copied as it is."""
        if not self._rtl or (text[:1].isalpha() and text[-1:].isalpha()):
            return text
        return f"{_ISOLATE}{text}{_POP}"
