"""What a typesetter is given: a sheet of Typst code that is always the same, and the words of a page as JSON.

No text of a document stands in the code, so none can become code. The sheets are `appeal.typ` and `card.typ`.
"""

import functools
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from tocsin.core.render.card import Card
from tocsin.core.render.characters import has_latin, latin_pieces, printable
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
from tocsin.core.vocab import primary

# ISO 639-2: the language of the text has not been determined.
_UNDETERMINED = "und"
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?:-.*)?")
_PICTURES = 0x1F000  # from here on Unicode has emoji and other pictures, for which there is no face
_PICTURE = re.compile(f"[{chr(_PICTURES)}-\U0010ffff]")

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Typst code and what it reads as `sys.inputs.page`; `dated` where a date of issue is among it."""

    code: str
    page: str
    dated: bool


def to_sheet(page: Page) -> Sheet:
    """Write a page for the typesetter.

    Every word of the page is in `Sheet.page`, but for what no face can print: pictures are named in brackets, and a
    character that Unicode has not assigned becomes U+FFFD.
    """
    return Sheet(_code("appeal"), msgspec.json.encode(_Writer(page).page()).decode(), page.issued_on is not None)


def to_card_sheet(card: Card) -> Sheet:
    """Write a share card for the typesetter."""
    written: dict[str, Json] = {
        "language": card.language,
        "direction": card.direction,
        "banner": typeset(card.banner),
        "urgent": card.urgent,
        "code": typeset(card.code),
        "countries": [typeset(name) for name in card.countries],
        "violations": [typeset(name) for name in card.violations],
        "more": card.more,
        "date": card.date,
    }
    return Sheet(_code("card"), msgspec.json.encode(written).decode(), dated=False)


@functools.cache
def _code(name: str) -> str:
    return importlib.resources.files("tocsin.core.render").joinpath(f"{name}.typ").read_text("utf-8")


class _Writer:
    """Writes the parts of one page as JSON; knows the page's code and direction."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rtl = page.direction == "rtl" or (page.direction == "auto" and _reads_from_the_right(page))

    def page(self) -> dict[str, Json]:
        page = self._page
        language, region = _language(page.language)
        return {
            "language": language,
            "region": region,
            "direction": "rtl" if self._rtl else "ltr",
            "labels": None if primary(page.language) == page.label_language else page.label_language,
            "colon": page.colon,
            "banner": typeset(page.banner),
            "urgent": page.urgent,
            "code": typeset(page.code) if page.code else None,
            "heading": typeset(" – ".join(filter(None, (page.title or page.banner, page.code)))),
            "title": self._line((page.title or page.banner,)),
            "issued": [int(part) for part in page.issued_on.split("-")] if page.issued_on else None,
            "violations": [self._line((violation,)) for violation in page.violations],
            "dateline": self._line(page.dateline),
            "parts": [self._part(part) for part in page.parts],
            "colophon": [self._term(term) for term in page.colophon],
        }

    def _part(self, part: Part) -> Json:
        heading = self._line((without_colon(part.heading),)) if part.heading else None
        blocks: list[Json] = [self._block(block) for block in part.blocks]
        return {"role": part.role, "level": part.level, "heading": heading, "blocks": blocks}

    def _block(self, block: Block) -> Json:
        if isinstance(block, Prose):
            return {"kind": "prose", "lines": self._lines(block.lines)}
        if isinstance(block, Listing):
            marked = any(item.mark for item in block.items)
            items: list[Json] = [self._item(item) for item in block.items]
            return {"kind": "listing", "headed": block.headed, "marked": marked, "items": items}
        return {"kind": "terms", "rows": [self._term(term) for term in block.rows]}

    def _item(self, item: Item) -> Json:
        return {
            "mark": self._line(item.mark),
            "lines": self._lines(item.lines),
            "terms": [self._term(term) for term in item.terms],
            "note": item.note,
            "anchored": item.anchored,
        }

    def _term(self, term: Term) -> Json:
        return {"label": self._line((term.label,)), "value": self._line(term.value)}

    def _lines(self, lines: Iterable[Line]) -> list[Json]:
        return [self._line(line) for line in lines]

    def _line(self, line: Iterable[Inline]) -> list[Json]:
        return [written for inline in line for written in self._inline(inline)]

    def _inline(self, inline: Inline) -> Iterable[Json]:
        match inline:
            case str():
                yield from self._prose(inline)
            case Anchor():
                yield {"kind": "anchor", "text": typeset(inline.printed), "note": inline.note, "first": inline.first}
            case Link():
                spelled = spelled_out(inline)
                yield {"kind": "link", "text": typeset(inline.text), "target": inline.target, "spelled": spelled}
            case Isolated():
                yield {"kind": "code", "text": typeset(inline.text)}
            case Moment():
                text = typeset(inline.text)
                yield {"kind": "latin", "text": text} if self._rtl and has_latin(text) else text
            case Label():
                yield {"kind": "label", "text": typeset(inline.text)}

    def _prose(self, text: str) -> Iterable[Json]:
        """Give running text; the code in it is kept in one piece, and so is Latin script in a right-to-left page."""
        code = self._page.code
        for number, stretch in enumerate(text.split(code) if code else [text]):
            if number and code:
                yield {"kind": "code", "text": typeset(code)}
            for latin, piece in latin_pieces(stretch) if self._rtl else [(False, stretch)]:
                if piece:
                    yield {"kind": "latin", "text": typeset(piece)} if latin else typeset(piece)


def typeset(text: str) -> str:
    """Give a text as the faces of a PDF can print it."""
    text = printable(text)
    # Of most texts no letter has to be looked at: what Python calls printable is assigned and not private.
    if text.isascii() or (text.isprintable() and not _PICTURE.search(text)):
        return text
    return "".join(c if c.isascii() else _printed(c) for c in text)


def _printed(character: str) -> str:
    """Name a picture in brackets; what has no meaning of its own (unassigned, private) becomes U+FFFD."""
    category = unicodedata.category(character)
    if category in {"Cn", "Co"}:
        return "\ufffd"
    if ord(character) >= _PICTURES and category in {"So", "Sk"}:
        return f"[{unicodedata.name(character, 'picture').lower()}]"
    return character


def _language(tag: str | None) -> tuple[str, str | None]:
    """Give the language and the region that a typesetter understands; `und` where the language is not known."""
    match = _LANGUAGE.fullmatch((tag or "").replace("_", "-"))
    return (match[1].lower(), match[2].upper() if match[2] else None) if match else (_UNDETERMINED, None)


def _reads_from_the_right(page: Page) -> bool:
    """Judge by the first letter of the page that has a direction, as a browser does."""
    words = [page.title or "", *(line for part in page.parts for line in _words(part))]
    strong = (unicodedata.bidirectional(c) for text in words for c in text)
    return next((kind != "L" for kind in strong if kind in {"L", "R", "AL"}), False)


def _words(part: Part) -> Iterable[str]:
    for block in part.blocks:
        if isinstance(block, Prose):
            yield from (piece for line in block.lines for piece in line if isinstance(piece, str))
