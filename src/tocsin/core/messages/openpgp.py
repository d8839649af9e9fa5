"""Messages that are signed or encrypted by OpenPGP (RFC 3156), made of the words that every reader gets.

What is signed is the same for everybody, so it is signed once. What is encrypted takes its subject and language along
(RFC 9788), so that a mail server on the way reads neither; who writes to whom, and when, it has to know.
"""

import hashlib
from typing import Final, Protocol

# Instead of the subject, as RFC 9788 (section 5.2) has it.
HIDDEN_SUBJECT: Final = "[...]"
_INSIDE: Final = ("Subject", "Content-Language")


class PgpSigner(Protocol):
    """A private key, wherever it is kept."""

    @property
    def digest(self) -> str:
        """The name of its digest, as `micalg` has it: `pgp-sha512`."""

    def sign(self, content: bytes) -> bytes:
        """Give a detached signature in armour."""


class PgpReader(Protocol):
    """The public key of a reader."""

    def encrypt(self, content: bytes, signer: PgpSigner | None) -> bytes:
        """Give it encrypted to her, in armour, and signed within if there is a signer."""


def signed(words: str, signer: PgpSigner) -> str:
    """Give a message with a signature beside it.

    Args:
        words: From `Subject:` to the end, as `mail_words` prints them.
        signer: Whose.
    """
    head, entity = _parted(words)
    signature = _lines(signer.sign(entity.encode("ascii")))
    boundary = _boundary(entity)
    return "\r\n".join(
        [
            *head,
            f"Content-Type: multipart/signed; micalg={signer.digest};",
            ' protocol="application/pgp-signature";',
            f' boundary="{boundary}"',
            "",
            f"--{boundary}",
            entity,
            f"--{boundary}",
            'Content-Type: application/pgp-signature; name="signature.asc"',
            "",
            signature,
            f"--{boundary}--",
            "",
        ]
    )


def encrypted(words: str, reader: PgpReader, signer: PgpSigner | None) -> str:
    """Give a message that one reader alone can open, subject and all.

    Args:
        words: From `Subject:` to the end, as `mail_words` prints them.
        reader: To whom.
        signer: Whose signature lies within.
    """
    head, entity = _parted(words)
    inside = [field for field in head if field.partition(":")[0] in _INSIDE]
    rest = [field for field in head if field.partition(":")[0] not in _INSIDE]
    marked = _marked(entity)
    hidden = "\r\n".join([*inside, f"HP-Outer: Subject: {HIDDEN_SUBJECT}", marked])
    armour = _lines(reader.encrypt(hidden.encode("ascii"), signer))
    boundary = _boundary(armour)
    return "\r\n".join(
        [
            f"Subject: {HIDDEN_SUBJECT}",
            *rest,
            "Content-Type: multipart/encrypted;",
            ' protocol="application/pgp-encrypted";',
            f' boundary="{boundary}"',
            "",
            f"--{boundary}",
            "Content-Type: application/pgp-encrypted",
            "",
            "Version: 1",
            "",
            f"--{boundary}",
            'Content-Type: application/octet-stream; name="encrypted.asc"',
            "",
            armour,
            f"--{boundary}--",
            "",
        ]
    )


def _parted(words: str) -> tuple[list[str], str]:
    """Part the fields before the content from the content with its own fields."""
    before, _, behind = words.partition("\r\nContent-Type:")
    fields: list[str] = []
    for line in before.split("\r\n"):
        if line.startswith(" "):
            fields[-1] += f"\r\n{line}"
        else:
            fields.append(line)
    return fields, f"Content-Type:{behind}".removesuffix("\r\n")


def _marked(entity: str) -> str:
    """Say in the first field of a content that the fields before it are those of the message."""
    head, blank, body = entity.partition("\r\n\r\n")
    lines = head.split("\r\n")
    last = next((at for at, line in enumerate(lines[1:], 1) if not line.startswith(" ")), len(lines))
    lines[last - 1] += ';\r\n hp="cipher"; protected-headers="v1"'
    return "\r\n".join(lines) + blank + body


def _lines(armour: bytes) -> str:
    return "\r\n".join(armour.decode("ascii").splitlines())


def _boundary(content: str) -> str:
    # No armour holds `_`, and no encoding of ours prints `=_`.
    return f"=_{hashlib.sha256(b'openpgp ' + content.encode('ascii')).hexdigest()[:32]}"
