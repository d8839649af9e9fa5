"""HTML: one file that needs nothing else, for a phone, a desk, a printer and a screen reader."""

import base64
import functools
import hashlib
import importlib.resources
from collections.abc import Iterable

import msgspec

from tocsin.core.render import frame as framing
from tocsin.core.render.card import Address, Card, is_code
from tocsin.core.render.characters import has_latin, latin_pieces
from tocsin.core.render.frame import Frame
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
    spelled_out,
    without_colon,
)

_POLICY = "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def to_html(page: Page, *, card: Card | None = None, address: Address | None = None, frame: Frame | None = None) -> str:
    """Print a page as HTML.

    The file asks the network for nothing and says so in its content security policy, which admits its one style
    sheet by hash. The text is escaped; ids are numbers and roles, never words of the text.

    Args:
        page: The page.
        card: Its share card.
        address: Where both will be published. Networks read only whole addresses, so without one no card is named.
        frame: What the site that shows it puts around it.
    """
    return _Printer(page, _shared(card, address) if card and address else [], frame).print()


class _Printer:
    """Prints the parts of one page; knows the page's language and direction."""

    def __init__(self, page: Page, shared: list[str], around: Frame | None) -> None:
        self._page = page
        self._shared = [*shared, *(framing.head(around) if around else [])]
        self._around = around
        self._is_record = around is not None and around.is_record

    def print(self) -> str:
        page = self._page
        lang = f' lang="{page.language}"' if is_tag(page.language) else ""
        urgency = ' class="urgent"' if page.urgent and not self._is_record else ""
        return "\n".join(
            [
                "<!DOCTYPE html>",
                f'<html{lang} dir="{page.direction}">',
                self._head(),
                "<body>",
                *([framing.above(self._around, self._foreign())] if self._around else []),
                "<main>",
                f"<article{urgency}>",
                self._header(),
                *([framing.before(self._around, self._foreign())] if self._around else []),
                *map(self._part, page.parts),
                *([framing.behind(self._around, self._foreign())] if self._around else []),
                self._footer(),
                "</article>",
                "</main>",
                "</body>",
                "</html>",
                "",
            ]
        )

    def _head(self) -> str:
        page = self._page
        style = style_of(framed=self._around is not None) + _running_head(page)
        title = " – ".join(filter(None, (page.title or page.banner, page.code)))
        return "\n".join(
            [
                "<head>",
                '<meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy_of(style)}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                '<meta name="color-scheme" content="light dark">',
                '<meta name="referrer" content="no-referrer">',
                *([] if page.public else ['<meta name="robots" content="noindex, nofollow">']),
                f"<title>{escaped(title)}</title>",
                *self._shared,
                f"<style>{style}</style>",
                *([self._linked_data()] if page.public else []),
                "</head>",
            ]
        )

    def _linked_data(self) -> str:
        """Describe a published page for search engines by schema.org, from what its header shows and no more."""
        page = self._page
        described = {
            "@context": "https://schema.org",
            "@type": "Report",
            "headline": page.title,
            "reportNumber": page.code,
            "datePublished": page.issued_on,
            "inLanguage": page.language if is_tag(page.language) else None,
            "keywords": list(page.violations) or None,
        }
        present = {key: value for key, value in described.items() if value}
        # `<` is all that could end the script element or open a comment in it.
        encoded = msgspec.json.encode(present).decode().replace("<", "\\u003c")
        return f'<script type="application/ld+json">{encoded}</script>'

    def _header(self) -> str:
        page = self._page
        code = self._inline(Isolated(page.code)) if page.code else ""
        rows = [
            "<header>",
            f'<p class="banner"><strong class="kind"{self._foreign()}>{escaped(page.banner)}</strong> {code}</p>',
            f"<h1>{self._inline(page.title or page.banner)}</h1>",
        ]
        if page.violations:
            items = "".join(f"<li>{self._inline(violation)}</li> " for violation in page.violations)
            rows.append(f'<ul class="violations" role="list">{items}</ul>')
        if page.dateline:
            rows.append(f'<p class="issued">{self._line(page.dateline)}</p>')
        # On a site nobody is asked to write because of what is closed or has newer information.
        target = self._around.act if self._around else "#addressees"
        if page.act and target and not self._is_record:
            rows.append(f'<p class="act"{self._foreign()}><a href="{escaped(target)}">{escaped(page.act)}</a></p>')
        return "\n".join([*rows, "</header>"])

    def _footer(self) -> str:
        rows = "\n".join(map(self._term, self._page.colophon))
        return f"<footer>\n<dl>\n{rows}\n</dl>\n</footer>" if rows else ""

    def _part(self, part: Part) -> str:
        rows = [self._block(block) for block in part.blocks]
        if part.heading:
            rows.insert(0, f"<h{part.level}>{self._inline(without_colon(part.heading))}</h{part.level}>")
        anchor = ' id="addressees"' if part.role == "addressees" else ""
        return "\n".join([f'<section class="{part.role}"{anchor}>', *rows, "</section>"])

    def _block(self, block: Block) -> str:
        if isinstance(block, Prose):
            return f"<p>{self._lines(block.lines)}</p>"
        if isinstance(block, Listing):
            marked = "marked" if any(item.mark for item in block.items) else "entries"
            kind = "headed" if block.headed else marked
            tag = "ol" if block.numbered else "ul"
            items = "\n".join(self._item(item) for item in block.items)
            # Safari takes a list without markers for no list unless the role says so.
            return f'<{tag} class="{kind}" role="list">\n{items}\n</{tag}>'
        return "<dl>\n" + "\n".join(map(self._term, block.rows)) + "\n</dl>"

    def _item(self, item: Item) -> str:
        identity = f' id="note-{item.note}"' if item.note else ""
        mark = f'<span class="mark">{self._line(item.mark)}</span> ' if item.mark else ""
        paragraphs = [self._line(line) for line in item.lines]
        if item.anchored:
            label = f'aria-label="{escaped(self._page.back)}"{self._foreign()}'
            back = f'<a class="back" href="#anchor-{item.note}" {label}>↑</a>'
            paragraphs[-1:] = [" ".join([*paragraphs[-1:], back])]
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        terms = "<dl>" + "".join(map(self._term, item.terms)) + "</dl>" if item.terms else ""
        said = f'<div class="said">{body}{terms}</div>' if item.mark else body + terms
        return f"<li{identity}>{mark}{said}</li>"

    def _term(self, term: Term) -> str:
        return f"<div><dt>{self._inline(term.label)}</dt> <dd>{self._line(term.value)}</dd></div>"

    def _lines(self, lines: Iterable[Line]) -> str:
        return "<br>\n".join(map(self._line, lines))

    def _line(self, line: Iterable[Inline]) -> str:
        return "".join(map(self._inline, line))

    def _inline(self, inline: Inline) -> str:
        match inline:
            case str():
                return self._prose(inline)
            case Anchor():
                identity = f' id="anchor-{inline.note}"' if inline.first else ""
                return f'<sup><a href="#note-{inline.note}"{identity}>{escaped(inline.printed)}</a></sup>'
            case Link():
                shows = ' class="hidden-address"' if spelled_out(inline) else ""
                return f'<a{shows} href="{escaped(inline.target)}"><bdi dir="ltr">{escaped(inline.text)}</bdi></a>'
            case Isolated():
                return f'<bdi class="code" dir="ltr">{escaped(inline.text)}</bdi>'
            case Moment():
                written = f'<time datetime="{escaped(inline.iso)}">{escaped(inline.text)}</time>'
                foreign = self._page.direction == "rtl" and has_latin(inline.text)
                return f'<bdi dir="ltr">{written}</bdi>' if foreign else written
            case Label():
                return self._label(inline)

    def _label(self, label: Label) -> str:
        """Print one of our own words; a right-to-left page isolates it, because some are names in Latin script."""
        tag = "bdi" if self._page.direction == "rtl" else "span"
        foreign = self._foreign()
        return f"<{tag}{foreign}>{escaped(label.text)}</{tag}>" if foreign or tag == "bdi" else escaped(label.text)

    def _prose(self, text: str) -> str:
        """Escape running text; the code in it is kept in one piece, and so is Latin script in a right-to-left page."""
        code = self._page.code
        if code is None:
            return self._running(text)
        return self._inline(Isolated(code)).join(map(self._running, text.split(code)))

    def _running(self, text: str) -> str:
        if self._page.direction != "rtl":
            return escaped(text)
        return "".join(
            f"<bdi>{escaped(piece)}</bdi>" if latin else escaped(piece) for latin, piece in latin_pieces(text)
        )

    def _foreign(self) -> str:
        """Mark our own words as being in another language than the page, where they are."""
        language = self._page.foreign_words
        return f' lang="{language}" dir="ltr"' if language else ""


@functools.cache
def style_of(*, framed: bool) -> str:
    """Give the style of an appeal, with that of what a site puts around it."""
    folder = importlib.resources.files("tocsin.core.render")
    names = ["appeal.css", "frame.css"] if framed else ["appeal.css"]
    return "\n".join(folder.joinpath(name).read_text("utf-8").strip() for name in names)


def policy_of(style: str) -> str:
    """Give the content security policy of a page that has one style sheet and nothing else."""
    return _POLICY.format(digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())


def _running_head(page: Page) -> str:
    """Give the style of printed sheets: the number on each, and the code on all but the first, which has it anyway."""
    side = "left" if page.direction == "rtl" else "right"
    rules = f'@page{{@bottom-{side}{{content:counter(page) " / " counter(pages)}}}}'
    if page.code and is_code(page.code):
        rules += f'@page{{@top-{side}{{content:"{page.code}"}}}}@page:first{{@top-{side}{{content:none}}}}'
    return rules


def _shared(card: Card, address: Address) -> list[str]:
    """Say what networks should show of the page (Open Graph): what its card says, and so nobody's name."""
    properties = {
        "og:type": "article",
        "og:url": address.page,
        "og:title": card.heading,
        "og:description": card.words,
        "og:image": address.card,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": card.words,
    }
    rows = [f'<meta property="{name}" content="{escaped(value)}">' for name, value in properties.items()]
    return [*rows, '<meta name="twitter:card" content="summary_large_image">']
