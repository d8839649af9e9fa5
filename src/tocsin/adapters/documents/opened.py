"""What is handed from an opener to the parent process, and from there to the caller."""

from dataclasses import dataclass, field
from typing import Final, Literal

Format = Literal["text", "html", "docx", "pdf", "eml", "json"]

MAIL_HEADERS: Final = ("From", "To", "Cc", "Date", "Subject", "In-Reply-To", "References")
"""The headers with which the text of a mail begins, a line each, before an empty line; some mail has none of them."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a file.

    Attributes:
        name: Its name, without folders and control characters; empty where it has none.
        media_type: Its declared MIME type.
        size: Bytes after decoding.
        read: Whether its text stands in the extracted text.
        pictured: Whether it shows pictures alone, so that what may be written in them was not read.
    """

    name: str
    media_type: str
    size: int
    read: bool
    pictured: bool = False


@dataclass(slots=True)
class Opened:
    """Text of one document as its opener gives it, with what was left out and why."""

    text: str
    warnings: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extracted:
    r"""The text of a file.

    Attributes:
        text: Its text, with `\\n` as line end; a paragraph, list item or table row is a line.
        format: What the file is.
        warnings: What a person should know: guesses, things left out, a missing sandbox.
        attachments: Files within the file.
    """

    text: str
    format: Format
    warnings: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """Name the files within it whose text was not read; the kind stands for a name that is not there."""
        return tuple(each.name or each.media_type for each in self.attachments if not each.read)

    @property
    def pictures(self) -> frozenset[str]:
        """Name those of them that are pictures, or scanned: somebody may look at them."""
        return frozenset(each.name or each.media_type for each in self.attachments if each.pictured and not each.read)
