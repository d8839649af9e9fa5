"""A letter and an answer as they are sealed, and where each belongs."""

from uuid import UUID

import msgspec

from tocsin.core.errors import CannotOpen
from tocsin.vault.sealing import framed

# What one person sends in one go. Whoever has more comes back with the receipt code.
LONGEST_TEXT = 100_000
# In a mail together with its text a file grows by a third, and intake reads up to 7 MB.
LARGEST_FILE = 7_000_000


class Written(msgspec.Struct, frozen=True):
    """What somebody sent: a text, a file, or both."""

    text: str = ""
    file: bytes = b""
    file_name: str = ""

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Written(…)"


def pack(written: Written) -> bytes:
    """Give the bytes of a letter that are sealed."""
    return msgspec.msgpack.encode(written)


def unpack(opened: bytes) -> Written:
    """Read the bytes of a letter, which a stranger made.

    Raises:
        CannotOpen: if they are no letter.
    """
    try:
        return msgspec.msgpack.decode(opened, type=Written)
    except msgspec.DecodeError as error:
        raise CannotOpen("this is no letter of the public form") from error


def place_of_letter(conversation: UUID, number: int, key: UUID) -> bytes:
    """Tell where a letter is sealed to."""
    return framed(b"tocsin letter 1", conversation.bytes, number.to_bytes(4, "big"), key.bytes)


def place_of_answer(conversation: UUID, number: int) -> bytes:
    """Tell where an answer is sealed to."""
    return framed(b"tocsin answer 1", conversation.bytes, number.to_bytes(4, "big"))
