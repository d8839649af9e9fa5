"""What stands for a reader in a message: words that tell nothing to anybody who has no key."""

import hashlib
import re
from typing import Final

import msgspec

from tocsin.core.errors import BadMessage

BITS: Final = 128
REPLY_BITS: Final = 80
_DIGITS: Final = BITS // 4
_TOKENS: Final = re.compile(rf"[0-9a-f]{{{_DIGITS}}}(?: [0-9a-f]{{{_DIGITS}}}){{2}}")
_SHORTEST_KEY: Final = 32


class Tokens(msgspec.Struct, frozen=True):
    """The three tokens of one delivery, of 128 bits each; none can be told from another.

    There are three because they reach different people: the id of a message stands in every answer and every copy that
    is passed on, so nobody who sees it may leave a list in a reader's place, or report that her mailbox is gone.

    Attributes:
        message: For its Message-ID.
        leaving: For leaving with one click.
        bounce: For the return path.
    """

    message: str
    leaving: str
    bounce: str

    def __post_init__(self) -> None:
        if not _TOKENS.fullmatch(f"{self.message} {self.leaving} {self.bounce}"):
            raise BadMessage(f"a token is {_DIGITS} small hexadecimal digits")


def reply_token(appeal: str, key: bytes) -> str:
    """Give the word behind a `+` in the address for answers to an appeal: the same for all its readers.

    Args:
        appeal: What names the appeal in public, as its slug.
        key: A secret: without it nobody can make the word of an appeal that was not published to her.
    """
    return hashlib.blake2b(appeal.encode(), key=key, person=b"tocsin answers", digest_size=REPLY_BITS // 8).hexdigest()


def tokens_for(delivery: bytes, key: bytes) -> Tokens:
    """Give the tokens of a delivery: the same ones each time, so that a message that is sent again is the same.

    Args:
        delivery: What names the delivery, and no other one.
        key: A secret of 32 to 64 bytes.

    Raises:
        BadMessage: The key is too short or too long.
    """
    if not _SHORTEST_KEY <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise BadMessage("the key of tokens has 32 to 64 bytes")
    digits = hashlib.blake2b(delivery, key=key, person=b"tocsin delivery", digest_size=3 * BITS // 8).hexdigest()
    return Tokens(digits[:_DIGITS], digits[_DIGITS : 2 * _DIGITS], digits[2 * _DIGITS :])
