"""What strangers seal without keys of their own: letters to the site, and the receipt codes by which they come back.

A letter is sealed to a public key whose private half lies with those who work at intake: whoever seals one cannot open
it. A receipt code gives two things, each drawn from it in one way: the digest by which its conversation is found, and
the private half of a key that answers are sealed to. The code itself is kept nowhere.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from tocsin.core.errors import CannotOpen, WrongSecret
from tocsin.vault import queries
from tocsin.vault.keyring import Keyring
from tocsin.vault.sealing import KEY_BYTES, derive, framed, new_key, open_with, seal_with

# Digits alone: they are on every keyboard, and read aloud in every language. 30 of them are 99 bits, which nobody
# guesses and which need no stretching; two more find every slip in one digit and every exchange of two neighbours.
_DIGITS, _CHECK_DIGITS, _GROUP = 30, 2, 4
# A key in a sealed box: the public half of a key that was drawn for it, a tag, and the key.
_WRAPPED = 32 + 16 + KEY_BYTES
_LONGEST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt code gives: the digest that finds a conversation, and the key that opens its answers."""

    lookup: bytes
    _secret: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """Give the public key that answers are sealed to."""
        return bytes(PrivateKey(self._secret).public_key)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Open an answer.

        Raises:
            CannotOpen: if it was sealed to another code, or was changed or moved.
        """
        return open_letter(self._secret, sealed, bound)


def new_receipt_code() -> str:
    """Draw a receipt code: eight groups of four digits, of which the last two are a check."""
    number = secrets.randbelow(10**_DIGITS)
    written = f"{number:0{_DIGITS}}{_check(number):0{_CHECK_DIGITS}}"
    return " ".join(written[at : at + _GROUP] for at in range(0, len(written), _GROUP))


def read_receipt(typed: str) -> Receipt:
    """Read a receipt code as somebody typed it, in the digits of any script.

    Raises:
        WrongSecret: if a digit is wrong, missing or too much; said before anything is looked for.
    """
    digits = [unicodedata.digit(sign, None) for sign in typed[:_LONGEST_TYPED]]
    written = "".join(str(each) for each in digits if each is not None)
    if len(written) != _DIGITS + _CHECK_DIGITS or len(typed) > _LONGEST_TYPED:
        raise WrongSecret("a receipt code has 32 digits")
    if _check(int(written[:_DIGITS])) != int(written[_DIGITS:]):
        raise WrongSecret("there is a wrong digit in this receipt code")
    raw = written[:_DIGITS].encode()
    return Receipt(derive(raw, b"receipt find 1"), derive(raw, b"receipt key 1"))


def _check(number: int) -> int:
    """Give the two digits of ISO 7064, MOD 97-10."""
    return 98 - number * 100 % 97


def draw_letter_key() -> tuple[bytes, bytes]:
    """Draw a key that letters are sealed to: its private half, and its public one."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def seal_letter(public: bytes, value: bytes, bound: bytes) -> bytes:
    """Seal a value so that the private half of a key alone opens it, and only where it belongs."""
    key = new_key()
    return SealedBox(PublicKey(public)).encrypt(key) + seal_with(key, value, bound)


def open_letter(secret: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Open what was sealed to a key.

    Raises:
        CannotOpen: if it was sealed to another key or for another place, or was changed.
    """
    try:
        key = SealedBox(PrivateKey(secret)).decrypt(sealed[:_WRAPPED])
    except (CryptoError, ValueError) as error:
        raise CannotOpen("this was sealed to another key, or was changed") from error
    return open_with(key, sealed[_WRAPPED:], bound)


def sign_letter_key(ring: Keyring, key: UUID, public: bytes) -> bytes:
    """Stand for a key that letters are sealed to."""
    return ring.signature(_signed(key, public))


def is_vouched(by: UUID, key: UUID, public: bytes, signature: bytes) -> bool:
    """Tell whether somebody of this site stands for a key that letters are to be sealed to.

    Raises:
        NotVouched: if nobody stands for who signed.
    """
    return queries.vouched_keys(by).signed(_signed(key, public), signature)


def _signed(key: UUID, public: bytes) -> bytes:
    return framed(b"tocsin letterbox 1", key.bytes, public)
