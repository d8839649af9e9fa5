"""A message that is made once for a language and variant, and filled for each reader without touching the rest.

```text
DKIM-Signature …      one for each key, over all that follows
From … List-Unsubscribe-Post     the same for everybody
To, Message-ID, List-Unsubscribe     the three lines of one reader
Subject … to the end  the same for everybody
```
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from tocsin.core.errors import BadMessage
from tocsin.core.messages.addresses import Address
from tocsin.core.messages.openpgp import PgpReader, PgpSigner, encrypted, signed
from tocsin.core.messages.signing import Field, Signer, Signing, fields_of
from tocsin.core.messages.tokens import Tokens
from tocsin.core.messages.wire import Wire
from tocsin.core.render import labels_for, mail_date, mail_name, mail_words
from tocsin.core.render.page import Page

# Nothing else may stand in the header of a message: no program, host, address of whoever sent it, or time of making.
HEADERS: Final = frozenset(
    {
        *("DKIM-Signature", "From", "Reply-To", "Date", "To", "Message-ID", "Subject", "Precedence"),
        *("List-Id", "List-Archive", "List-Post", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
)
# The lines of one reader, in their order.
OWN: Final = ("To", "Message-ID", "List-Unsubscribe")
# As they stand in the message, and as a signature sees them (RFC 6376, section 3.4.2).
_WRITTEN: Final = "".join(f"{name}: %s\r\n" for name in OWN)
_RELAXED: Final = "".join(f"{name.lower()}:%s\r\n" for name in OWN)

# A page on the reader's own machine, of a demonstration, needs no certificate.
_WEB: Final = re.compile(r"(?:https://[a-z0-9-]+(?:\.[a-z0-9-]+)+|http://localhost)(?::[0-9]{1,5})?/[A-Za-z0-9._~/-]*")
_LIST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LONGEST_BOUNCES: Final = 31  # with a token, a local part may have 64


@dataclass(frozen=True, slots=True)
class Masthead:
    """What all messages of a mailing say of who sends them.

    Attributes:
        name: Of the publisher, before the address; empty for none.
        sender: The address that messages come from.
        reply_to: Where answers go.
        bounces: Where reports of failed deliveries go; the token of a delivery is put behind a `+`.
        list_id: The name of the list (RFC 2919).
        leave: The page on which a reader leaves with one click, up to the token; `https`, and ends in a stroke.
        archive: The public page of the appeal.
    """

    name: str
    sender: Address
    reply_to: Address
    bounces: Address
    list_id: str
    leave: str
    archive: str

    def __post_init__(self) -> None:
        if not _WEB.fullmatch(self.leave) or not self.leave.endswith("/"):
            raise BadMessage("the page for leaving begins with https:// and ends in a stroke", where="leave")
        if not _WEB.fullmatch(self.archive):
            raise BadMessage("the public page begins with https://", where="archive")
        if not _LIST.fullmatch(self.list_id):
            raise BadMessage("the name of a list looks like a domain in small letters", where="list_id")
        if len(self.bounces.local) > _LONGEST_BOUNCES or "+" in self.bounces.local:
            raise BadMessage("no room for a token behind this address", where="bounces")


@dataclass(frozen=True, slots=True)
class Variant:
    """How readers want their messages: with HTML beside the plain text, and so that a locked phone says nothing.

    A notice shows sender, subject and first lines: of a neutral message all three are the same, whatever it is about.
    """

    html: bool = True
    neutral: bool = False


class Message(msgspec.Struct, frozen=True, eq=False):
    """One message for one reader; no two are the same, whatever stands in them.

    `sender` is its return path, None for one about which nobody is to be told anything.
    """

    sender: Address | None
    to: Address
    head: Wire
    rest: Wire

    @property
    def content(self) -> bytes:
        """The whole of it."""
        return self.head.content + self.rest.content


class Stencil:
    """A message but for the lines of one reader; `cut` makes one, `fill` makes a message of it."""

    __slots__ = (
        "_before",
        "_begun_at",
        "_bounces",
        "_domain",
        "_leave",
        "_openpgp",
        "_rest",
        "_signers",
        "_start",
        "_words",
    )

    def __init__(
        self,
        masthead: Masthead,
        before: str,
        words: str,
        signers: Sequence[Signer],
        openpgp: PgpSigner | None,
        begun_at: datetime,
    ) -> None:
        self._before, self._words, self._signers, self._openpgp = before, words, tuple(signers), openpgp
        self._begun_at, self._start = begun_at, before.encode("ascii")
        self._rest = self._signed(words if openpgp is None else signed(words, openpgp))
        self._leave, self._bounces, self._domain = masthead.leave, masthead.bounces, masthead.sender.domain

    def _signed(self, rest: str) -> tuple[Wire, list[Signing]]:
        """Compute what the signatures say of all that stands behind the lines of one reader."""
        head, _, body = rest.partition("\r\n\r\n")
        fields = [*fields_of(self._before), *fields_of(head + "\r\n")]
        _check_headers(fields)
        content = body.encode("ascii")
        signings = [Signing(one, fields, OWN, content, begun_at=self._begun_at) for one in self._signers]
        return Wire(rest.encode("ascii")), signings

    def fill(self, to: Address, tokens: Tokens, reader: PgpReader | None = None) -> Message:
        """Give the message for one reader; for the same reader and tokens it is the same, byte for byte.

        Args:
            to: Her address.
            tokens: Those of the delivery.
            reader: Her OpenPGP key: then it is encrypted to her, and no other time the same.
        """
        rest, signings = self._rest if reader is None else self._signed(encrypted(self._words, reader, self._openpgp))
        values = (f"<{to.local}@{to.domain}>", f"<{tokens.message}@{self._domain}>", f"<{self._leave}{tokens.leaving}>")
        own = (_WRITTEN % values).encode("ascii")
        signatures = b""
        if signings:
            said = (_RELAXED % values).encode("ascii")
            signatures = b"".join([each.signature(said) for each in signings])
        bounces = Address(f"{self._bounces.local}+{tokens.bounce}", self._bounces.domain)
        return Message(bounces, to, Wire(signatures + self._start + own), rest)


def cut(
    page: Page,
    masthead: Masthead,
    variant: Variant,
    *,
    begun_at: datetime,
    signers: Sequence[Signer] = (),
    openpgp: PgpSigner | None = None,
    mark: str = "",
) -> Stencil:
    """Make the message of a mailing for all readers of one language and variant.

    Args:
        page: What is mailed: an edition as it is laid out.
        masthead: Who sends it.
        variant: How these readers want it.
        begun_at: When the mailing began: the date of every message and signature, however late one leaves.
        signers: Whose signatures (DKIM) each message bears, one key after the other.
        openpgp: By whose key it is signed for readers, if the organisation has one.
        mark: What stands before its subject, in ASCII; nothing else differs.

    Raises:
        BadMessage: A header is not on the list, or bytes may not leave as mail.
    """
    if begun_at.tzinfo is not UTC or begun_at.microsecond:
        raise BadMessage("a mailing begins at a time in UTC and whole seconds")
    name = labels_for(page.label_language)["neutral_name"] if variant.neutral else masthead.name
    before = "\r\n".join(_before(masthead, name, begun_at)) + "\r\n"
    words = mail_words(page, html=variant.html, neutral=variant.neutral, mark=mark)
    return Stencil(masthead, before, words, signers, openpgp, begun_at)


def _before(masthead: Masthead, name: str, begun_at: datetime) -> Iterator[str]:
    yield mail_name("From", name, str(masthead.sender))
    yield f"Reply-To: <{masthead.reply_to}>"
    yield f"Date: {mail_date(begun_at)}"
    yield f"List-Id: <{masthead.list_id}>"
    yield f"List-Archive: <{masthead.archive}>"
    yield "List-Post: NO"
    yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _check_headers(fields: Sequence[Field]) -> None:
    names = [*(name for name, _ in fields), *OWN]
    if foreign := set(names) - HEADERS:
        raise BadMessage("a header that is not on the list", where=min(foreign))
    if len(names) != len(set(names)):
        raise BadMessage("a header stands twice")
