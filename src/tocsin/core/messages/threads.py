"""To which conversation a mail belongs: the ids in its head, and those that an answer to it names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tocsin.core.messages.addresses import Address

_MOST: Final = 20
_ID: Final = re.compile(r"<[!-;=?A-Z\[-~]{1,120}@[!-;=?A-Z\[-~]{1,120}>")


@dataclass(frozen=True, slots=True)
class Thread:
    """What an answer says of the mail that it answers.

    Attributes:
        reply_to: Where the answer to the answer goes; None where a program answers, which says so and wants none.
        answers: The Message-ID of the mail; empty where it has none.
        earlier: The ids before that, the oldest first.
    """

    reply_to: Address | None
    answers: str = ""
    earlier: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Give the lines of the header (RFC 5322, section 3.6.4; RFC 3834, section 5), each id on its own."""
        person = ["Auto-Submitted: no", f"Reply-To: <{self.reply_to}>"]
        said = person if self.reply_to else ["Auto-Submitted: auto-replied"]
        if self.answers:
            said += [f"In-Reply-To: {self.answers}", "References: " + "\r\n ".join((*self.earlier, self.answers))]
        return said


def conversation_of(fields: Iterable[tuple[str, str]]) -> list[str]:
    """Give, of the head of a mail, its own id, empty where it has none, and the ids before it, the oldest first.

    What is no id of the strict form is left out; of a long conversation the first and the last ids are kept, as
    RFC 5322 advises.
    """
    found: dict[str, list[str]] = {"message-id": [], "references": [], "in-reply-to": []}
    for name, value in fields:
        if name in found:
            found[name] += _ID.findall(value)
    own = found["message-id"][0] if found["message-id"] else ""
    earlier = [each for each in found["references"] or found["in-reply-to"] if each != own]
    return [own, *(earlier if len(earlier) <= _MOST else [earlier[0], *earlier[1 - _MOST :]])]
