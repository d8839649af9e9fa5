"""What the pages of the inbox show of a mail."""

from dataclasses import dataclass, field

from tocsin.replies.models import RawMessage
from tocsin.replies.reading import Clue, Reading, first_of, head_and_body

_EXCERPT = 160
_KEYS = 9
_SHOWN = ("From", "To", "Cc", "Date", "Subject")


@dataclass(frozen=True, slots=True)
class Line:
    """A mail in a list."""

    row: RawMessage
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    excerpt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guess:
    """An appeal with which a mail may be filed, and the key that does it."""

    key: int
    code: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail as it is shown: never its own markup, a paragraph for each line."""

    head: tuple[tuple[str, str], ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    guesses: tuple[Guess, ...]
    clues: tuple[Clue, ...] = field(repr=False)


def line_of(row: RawMessage, reading: Reading | None) -> Line:
    """Give a mail as a line of a list; without a reading, its name is all there is."""
    head, body = head_and_body(reading.text) if reading else ([], "")
    return Line(row, first_of(head, "From"), first_of(head, "Subject"), " ".join(body.split())[:_EXCERPT])


def page_of(reading: Reading) -> MailPage:
    """Give a mail as a page."""
    head, body = head_and_body(reading.text)
    return MailPage(
        head=tuple(each for each in head if each[0] in _SHOWN),
        paragraphs=tuple(line for line in body.splitlines() if line.strip()),
        guesses=tuple(Guess(key, code) for key, code in enumerate(reading.guesses[:_KEYS], 1)),
        clues=tuple(reading.clues),
    )
