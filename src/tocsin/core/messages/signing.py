"""DKIM signatures (RFC 6376, RFC 8463), split into what is computed once and what each reader's lines add to it.

A signature is over one hash: of the fields, in the order that the signature names, and of the signature itself without
its end. The fields that are the same for everybody come first, so their hash is begun once and only continued for each
reader: a hash of some hundred bytes, and one use of the key.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from tocsin.core.errors import BadMessage
from tocsin.core.messages.addresses import Address

Algorithm = Literal["rsa-sha256", "ed25519-sha256"]
Field = tuple[str, str]

# For how long a signature says that a message is ours: longer than servers try (RFC 5321: four to five days), and short
# enough that an old appeal cannot be sent around for ever in our name.
LIFETIME: Final = timedelta(days=14)
# Named once more than they stand in a message, so that none can be added; those of the message come from itself.
_NEVER_ADDED: Final = ("cc", "sender", "resent-from", "resent-to", "list-owner", "list-help", "list-subscribe")
_FIELD: Final = re.compile(r"([!-9;-~]+):((?:[^\r\n]|\r\n[ \t])*)\r\n")
_SELECTOR: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_WIDTH: Final = 72


class Key(Protocol):
    """A private key, wherever it is kept."""

    @property
    def algorithm(self) -> Algorithm:
        """What kind of signature it makes."""

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, with the place in the DNS where the public half of it stands."""

    domain: str
    selector: str
    key: Key

    def __post_init__(self) -> None:
        Address("postmaster", self.domain)
        if not _SELECTOR.fullmatch(self.selector):
            raise BadMessage("a selector is one label of small letters and digits", where="selector")


class Signing:
    """The signatures of one key on the messages of one stencil."""

    __slots__ = ("_begun", "_end", "_key", "_start")

    def __init__(
        self, signer: Signer, fields: Sequence[Field], own: Sequence[str], body: bytes, *, begun_at: datetime
    ) -> None:
        """Compute all that is the same for every reader.

        Args:
            signer: Whose signatures.
            fields: The fields that are the same for everybody.
            own: The names of each reader's fields, in the order in which `signature` gets them.
            body: The body of the message.
            begun_at: When the mailing began; a message that is sent again bears the same signature.
        """
        names = [name.lower() for name in (*(name for name, _ in fields), *own)]
        said = "".join(f"{name.lower()}:{_relaxed(value)}\r\n" for name, value in fields)
        self._begun, self._key = hashlib.sha256(said.encode("ascii")), signer.key
        at = int(begun_at.timestamp())
        tags = [
            *(
                "v=1;",
                f"a={signer.key.algorithm};",
                "c=relaxed/relaxed;",
                f"d={signer.domain};",
                f"s={signer.selector};",
            ),
            *(f"t={at};", f"x={at + int(LIFETIME.total_seconds())};"),
            *_joined("h=", [*names, *names, *_NEVER_ADDED]),
            f"bh={base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()};",
            "b=",
        ]
        lines = ["DKIM-Signature:"]
        for tag in tags:
            if len(lines[-1]) + 1 + len(tag) <= _WIDTH:
                lines[-1] += f" {tag}"
            else:
                lines.append(f" {tag}")
        self._start = "\r\n".join(lines).encode("ascii")
        self._end = f"dkim-signature:{_relaxed(self._start.decode('ascii').partition(':')[2])}".encode("ascii")

    def signature(self, own: bytes) -> bytes:
        """Give the field with the signature of one message, whose reader's own fields are these, in relaxed form."""
        seen = self._begun.copy()
        seen.update(own)
        seen.update(self._end)
        letters = base64.b64encode(self._key.sign(seen.digest()))
        lines = [letters[at : at + _WIDTH] for at in range(0, len(letters), _WIDTH)]
        return b"\r\n ".join([self._start, *lines]) + b"\r\n"


def _joined(tag: str, names: Sequence[str]) -> Iterator[str]:
    """Give a list of names as words that are short enough to stand on a line each."""
    word = tag
    for name in names:
        if len(word) + len(name) >= _WIDTH - 2:
            yield word
            word = ""
        word += f"{name}:"
    yield f"{word[:-1]};"


def fields_of(head: str) -> list[Field]:
    """Part a header into its fields, as they are written.

    Raises:
        BadMessage: It is none.
    """
    fields, at = [], 0
    while at < len(head):
        field = _FIELD.match(head, at)
        if field is None:
            raise BadMessage("a line of the header is no field")
        fields.append((field[1], field[2]))
        at = field.end()
    return fields


def _relaxed(value: str) -> str:
    """Give the value of a field in relaxed form (RFC 6376, section 3.4.2)."""
    return re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip(" ")


def relaxed_body(body: bytes) -> bytes:
    """Give a body in relaxed form (RFC 6376, section 3.4.4)."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
