"""To which conversation a mail belongs: the ids in its head, and those that an answer to it names."""

import re
from dataclasses import dataclass
from typing import Final

from tocsin.core.messages.addresses import Address

# The head of a mail is looked at no further than this.
_LONGEST_HEAD: Final = 65_536
_MOST: Final = 20
_ID: Final = re.compile(r"<[!-;=?A-Z\[-~]{1,120}@[!-;=?A-Z\[-~]{1,120}>")
_FIELD: Final = re.compile(
    rb"^(message-id|references|in-reply-to)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Thread:
    """What an answer of a person says of the mail that it answers.

    Attributes:
        reply_to: Where the answer to the answer goes.
        answers: The Message-ID of the mail; empty where it has none.
        earlier: The ids before that, the oldest first.
    """

    reply_to: Address
    answers: str = ""
    earlier: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Give the lines of the header (RFC 5322, section 3.6.4; RFC 3834, section 5.2), each id on its own."""
        said = ["Auto-Submitted: no", f"Reply-To: <{self.reply_to}>"]
        if self.answers:
            said += [f"In-Reply-To: {self.answers}", "References: " + "\r\n ".join((*self.earlier, self.answers))]
        return said


def thread_of(content: bytes, reply_to: Address) -> Thread:
    """Read from the bytes of a mail which conversation it is of; what is no id of the strict form is left out.

    The first and the last ids of a long conversation are kept, as RFC 5322 advises.
    """
    head = re.split(rb"\r?\n\r?\n", content[:_LONGEST_HEAD], maxsplit=1)[0]
    found: dict[str, list[str]] = {"message-id": [], "references": [], "in-reply-to": []}
    for name, value in _FIELD.findall(head):
        found[name.decode().lower()] += _ID.findall(value.decode("ascii", "replace"))
    answers = found["message-id"][0] if found["message-id"] else ""
    earlier = [each for each in found["references"] or found["in-reply-to"] if each != answers]
    return Thread(reply_to, answers, tuple(earlier if len(earlier) <= _MOST else [earlier[0], *earlier[1 - _MOST :]]))
