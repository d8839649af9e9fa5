"""What a page says, free of any outlet: the same blocks become HTML, plain text or Markdown.

An outlet prints blocks and escapes text; it decides nothing about content. Content is decided in `layout`.
"""

from dataclasses import dataclass
from typing import Literal

from tocsin.core.vocab import Direction, primary


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place in the text where a note hangs; notes count from 1, and a note links back to its `first` anchor."""

    printed: str
    note: int
    first: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Text with a target that has been checked: `mailto:`, `tel:`, `https:` or `http:` in printable ASCII."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Isolated:
    """Text whose writing direction must not be mixed with its neighbours': a code, a number, a handle."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written out, with its ISO 8601 form."""

    text: str
    iso: str


@dataclass(frozen=True, slots=True)
class Label:
    """One of our own words, in the language of the labels rather than of the document."""

    text: str


Inline = str | Anchor | Link | Isolated | Moment | Label
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph; its lines are separated by line breaks."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A label and what it stands for."""

    label: Inline
    value: Line


@dataclass(frozen=True, slots=True)
class Terms:
    """Labelled values."""

    rows: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list: its printed mark, its lines and what is labelled below them.

    `note` is the number of the note that the entry is; `anchored` says that the text has an anchor to link back to.
    """

    mark: Line
    lines: tuple[Line, ...]
    terms: tuple[Term, ...] = ()
    note: int | None = None
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `numbered` where its order matters, `headed` where each mark stands above its entry, not beside it."""

    items: tuple[Item, ...]
    numbered: bool = False
    headed: bool = False


Block = Prose | Terms | Listing
Role = Literal[
    "opening", "section", "demands", "addressees", "requests", "about", "contacts", "notes", "understood", "unread"
]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of blocks under a heading, or under none."""

    role: Role
    heading: Inline | None
    blocks: tuple[Block, ...]
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One document, ready to be printed.

    `language` is the document's BCP 47 tag, `label_language` that of the fixed words. `act` is the invitation to go
    to the addressees, where there are any. `dateline` holds place and date, `issued_on` the date alone, by ISO 8601.
    `colon` stands between a label and its value, where nothing else parts them. `public` is false for what must not
    leave the office.
    """

    language: str | None
    label_language: str
    direction: Direction
    banner: str
    urgent: bool
    public: bool
    code: str | None
    title: str | None
    violations: tuple[str, ...]
    dateline: Line
    issued_on: str | None
    act: str | None
    back: str
    colon: str
    parts: tuple[Part, ...]
    colophon: tuple[Term, ...]

    def labelled(self, term: Term) -> Line:
        """Give a labelled value as running text."""
        return (term.label, self.colon, *term.value)

    @property
    def foreign_words(self) -> str | None:
        """The language of the fixed words, where it is not that of the document."""
        return None if primary(self.language) == self.label_language else self.label_language


def marked_lines(item: Item, *, headed: bool) -> list[Line]:
    """Give the lines of an entry with its mark before the first, or above it."""
    if headed:
        return [item.mark, *item.lines]
    first, *rest = item.lines or ((),)
    return [(*item.mark, " ", *first) if item.mark else first, *rest]


def said(line: Line) -> str:
    """Give the words of a line without its links and directions."""
    return "".join(
        inline if isinstance(inline, str) else inline.printed if isinstance(inline, Anchor) else inline.text
        for inline in line
    )


def without_colon(heading: Inline) -> Inline:
    """Give a heading without the colon that a heading set apart does not need."""
    return heading.rstrip(" \u00a0\u202f:：") if isinstance(heading, str) else heading


def spelled_out(link: Link) -> str | None:
    """Give the web address that paper should print beside a link, where the printed text does not show it already."""
    scheme, _, address = link.target.partition("://")
    shown = address.removeprefix("www.").rstrip("/")
    return link.target if scheme in {"http", "https"} and shown.casefold() not in link.text.casefold() else None
