"""Markdown by CommonMark 0.31, in which no text of the document can become markup, a link or HTML."""

import re
from collections.abc import Iterable, Iterator

from tocsin.core.render.characters import printable
from tocsin.core.render.page import (
    Anchor,
    Block,
    Inline,
    Item,
    Line,
    Link,
    Listing,
    Page,
    Prose,
    Term,
    marked_lines,
    without_colon,
)

# Signs that can begin or end markup anywhere in a line, in CommonMark and in its common dialects.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]<>#&~|$^]")
# Signs that mean a list, a rule, or a heading at the start of a line.
_AT_START = re.compile(r"^(\s*)(?:([-+=:])|([0-9]{1,9})([.)]))")
# What some dialects turn into a link without being asked: an address with a scheme, `www.`, a mail address, a mention.
_SELF_LINKING = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)


def to_markdown(page: Page) -> str:
    """Print a page as Markdown."""
    paragraphs = [*_header(page)]
    for part in page.parts:
        if part.heading:
            paragraphs.append(f"{'#' * part.level} {_lines([(without_colon(part.heading),)])}")
        paragraphs += [_block(page, block) for block in part.blocks]
    if page.colophon:
        # The rule also keeps this list from becoming one with a list before it.
        paragraphs += ["---", _terms(page, page.colophon)]
    return "\n\n".join(paragraphs) + "\n"


def _header(page: Page) -> Iterator[str]:
    code = f" · {_escape(page.code)}" if page.code else ""
    yield f"**{_escape(page.banner)}**{code}"
    yield f"# {_lines([(page.title or page.banner,)])}"
    rows: list[Line] = [(" · ".join(page.violations),)] if page.violations else []
    if page.dateline:
        rows.append(page.dateline)
    if rows:
        yield _lines(rows)


def _block(page: Page, block: Block) -> str:
    if isinstance(block, Prose):
        return _lines(block.lines)
    if isinstance(block, Listing):
        return "\n\n".join(f"- {_indented(_item(page, item, headed=block.headed))}" for item in block.items)
    return _terms(page, block.rows)


def _item(page: Page, item: Item, *, headed: bool) -> str:
    return _lines([*marked_lines(item, headed=headed), *map(page.labelled, item.terms)])


def _terms(page: Page, terms: Iterable[Term]) -> str:
    return "\n\n".join(f"- {_indented(_lines([page.labelled(term)]))}" for term in terms)


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _lines(lines: Iterable[Line]) -> str:
    """Print lines with a hard break between them; an empty line would end the paragraph and is left out."""
    printed = ("".join(map(_inline, line)).strip() for line in lines)
    return "\\\n".join(_safe_start(line) for line in printed if line)


def _inline(inline: Inline) -> str:
    match inline:
        case str():
            return _escape(inline)
        case Link(text, target):
            return f"[{_escape(text)}](<{target}>)"
        case Anchor(printed):
            return _escape(printed)
        case _:
            return _escape(inline.text)


def _escape(text: str) -> str:
    escaped = _ANYWHERE.sub(r"\\\g<0>", printable(text))
    return _SELF_LINKING.sub(r"\\\g<0>", escaped)


def _safe_start(line: str) -> str:
    return _AT_START.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}", line
    )
