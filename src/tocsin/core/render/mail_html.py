"""The HTML of a mail: the words of the plain text, in markup that mail programs agree on.

Gmail drops style sheets, the language of `html` and the places that links within a mail lead to; Outlook for Windows
knows neither grids nor margins by direction. So every style stands at its element, language and direction stand on an
element within the body, a note's anchor is no link, and nothing is fetched. Colours of text and paper are left to the
program, which alone knows whether it is dark.
"""

from collections.abc import Iterable, Iterator

from tocsin.core.render.characters import has_latin, latin_pieces
from tocsin.core.render.markup import escaped, is_tag
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
    Part,
    Prose,
    Term,
    marked_lines,
)

_SIGNAL, _QUIET = "#c4121f", "#888888"
_STYLES = {
    "frame": "max-width:600px;margin:0 auto;padding:20px 16px;"
    "font-family:Georgia,'Times New Roman',serif;font-size:16px;line-height:1.5",
    "banner": "margin:0 0 16px;padding:12px 0 0;border-top:4px solid {colour}",
    "title": "margin:0 0 12px;font-size:26px;line-height:1.25",
    "heading": "margin:28px 0 10px;font-size:20px;line-height:1.3",
    "heading 3": "margin:20px 0 8px;font-size:16px;line-height:1.3",
    "paragraph": "margin:0 0 14px",
    "entry": "margin:0 0 12px",
    "marked": "margin:0 0 12px;margin-{side}:28px;text-indent:-28px",
    "colophon": "margin:28px 0 0;padding:14px 0 0;border-top:1px solid {colour};font-size:14px",
}


def to_mail_html(page: Page, opening: str = "") -> str:
    """Print a page as the HTML of a mail, with the words of `to_flowed_text` in the order of `to_flowed_text`."""
    return _Printer(page, opening).print()


class _Printer:
    """Prints the parts of one page; knows the page's language and direction."""

    def __init__(self, page: Page, opening: str) -> None:
        self._page, self._opening = page, opening

    def print(self) -> str:
        page = self._page
        lang = f' lang="{page.language}"' if is_tag(page.language) else ""
        rows = [
            "<!DOCTYPE html>",
            f'<html{lang} dir="{page.direction}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escaped(self._opening or page.banner)}</title>",
            "</head>",
            '<body style="margin:0">',
            f'<div{lang} dir="{page.direction}" style="{_STYLES["frame"]}">',
            *self._header(),
            *(row for part in page.parts for row in self._part(part)),
            *self._colophon(),
            "</div>",
            "</body>",
            "</html>",
            "",
        ]
        return "\n".join(rows)

    def _header(self) -> Iterator[str]:
        page = self._page
        code = f"<br>\n{self._inline(Isolated(page.code))}" if page.code else ""
        if self._opening:
            yield self._paragraph("paragraph", [self._inline(Label(self._opening))])
        style = _STYLES["banner"].format(colour=_SIGNAL if page.urgent else _QUIET)
        yield f'<p style="{style}"><strong{self._foreign()}>{escaped(page.banner)}</strong>{code}</p>'
        if page.title:
            yield f'<h1 style="{_STYLES["title"]}">{self._inline(page.title)}</h1>'
        rows = [f"<strong>{self._inline(violation)}</strong>" for violation in page.violations]
        if page.dateline:
            rows.append(self._line(page.dateline))
        if rows:
            yield self._paragraph("paragraph", rows)

    def _part(self, part: Part) -> Iterator[str]:
        if part.heading:
            style = _STYLES["heading" if part.level == 2 else "heading 3"]
            yield f'<h{part.level} style="{style}">{self._inline(part.heading)}</h{part.level}>'
        for block in part.blocks:
            yield from self._block(block, strong=part.role == "addressees")

    def _block(self, block: Block, *, strong: bool) -> Iterator[str]:
        if isinstance(block, Prose):
            yield self._paragraph("paragraph", map(self._line, block.lines))
        elif isinstance(block, Listing):
            yield '<div role="list">'
            yield from (self._item(item, headed=block.headed, strong=strong) for item in block.items)
            yield "</div>"
        else:
            yield self._paragraph("paragraph", map(self._term, block.rows))

    def _item(self, item: Item, *, headed: bool, strong: bool) -> str:
        rows = [self._line(line) for line in marked_lines(item, headed=headed)]
        if headed or strong:
            rows[0] = f"<strong>{rows[0]}</strong>"
        style = "marked" if item.mark and not headed else "entry"
        return self._paragraph(style, [*rows, *map(self._term, item.terms)], role=' role="listitem"')

    def _colophon(self) -> Iterator[str]:
        if self._page.colophon:
            rows = "<br>\n".join(map(self._term, self._page.colophon))
            yield f'<p style="{_STYLES["colophon"].format(colour=_QUIET)}">{rows}</p>'

    def _paragraph(self, style: str, rows: Iterable[str], role: str = "") -> str:
        side = "right" if self._page.direction == "rtl" else "left"
        return f'<p{role} style="{_STYLES[style].format(side=side)}">' + "<br>\n".join(rows) + "</p>"

    def _term(self, term: Term) -> str:
        return self._line(self._page.labelled(term))

    def _line(self, line: Line) -> str:
        return "".join(map(self._inline, line))

    def _inline(self, inline: Inline) -> str:
        match inline:
            case str():
                return self._running(inline)
            case Anchor():
                return f'<sup style="line-height:0">{escaped(inline.printed)}</sup>'
            case Link():
                return f'<a href="{escaped(inline.target)}" style="color:inherit">{_isolated(inline.text)}</a>'
            case Isolated():
                return _isolated(inline.text)
            case Label():
                return self._label(inline.text)
            case Moment():
                foreign = self._page.direction == "rtl" and has_latin(inline.text)
                return _isolated(inline.text) if foreign else escaped(inline.text)

    def _label(self, text: str) -> str:
        """Print one of our own words; some are names in Latin script, which a right-to-left mail has to isolate."""
        if foreign := self._foreign():
            return f"<span{foreign}>{escaped(text)}</span>"
        return _isolated(text) if self._page.direction == "rtl" and text[:1].isascii() else escaped(text)

    def _running(self, text: str) -> str:
        """Escape running text, and keep Latin script in one piece in a right-to-left mail."""
        if self._page.direction != "rtl":
            return escaped(text)
        return "".join(_isolated(piece) if latin else escaped(piece) for latin, piece in latin_pieces(text))

    def _foreign(self) -> str:
        """Mark our own words as being in another language than the mail, where they are."""
        language = self._page.foreign_words
        return f' lang="{language}" dir="ltr"' if language else ""


def _isolated(text: str) -> str:
    """Keep a text in its own direction; `span` is known to programs that do not know `bdi`."""
    return f'<span dir="ltr">{escaped(text)}</span>'
