"""What is taken as an OpenPGP public key, by its form alone."""

import base64

import pytest

from tocsin.core.errors import BadWish
from tocsin.core.subscribing import check_public_key

# The first octets of a public key in the old form and the new one, of a private key, and of a signature.
PUBLIC, PUBLIC_NEW, PRIVATE, SIGNATURE = b"\x98", b"\xc6", b"\x94", b"\x88"


def armour(first: bytes, *, kind: str = "PUBLIC", head: str = "", end: str = "\n") -> str:
    digits = base64.encodebytes(first + bytes(range(120))).decode().strip().replace("\n", end)
    begin, over = f"-----BEGIN PGP {kind} KEY BLOCK-----", f"-----END PGP {kind} KEY BLOCK-----"
    return end.join([begin, *([head] if head else []), "", digits, "=AbCd", over])


@pytest.mark.parametrize(
    "text",
    [
        armour(PUBLIC),
        armour(PUBLIC_NEW),
        armour(PUBLIC, head="Comment: of Mira"),
        f"\n  {armour(PUBLIC)}\n\n",
        armour(PUBLIC, end="\r\n"),
        armour(PUBLIC).replace("\n", " \n"),
    ],
    ids=["old form", "new form", "with a comment", "with white space around", "with CRLF", "with blanks behind lines"],
)
def test_a_public_key_is_kept_as_it_was_pasted_but_for_white_space(text: str) -> None:
    kept = check_public_key(text)
    assert kept.split() == text.split()
    assert check_public_key(kept) == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (armour(PRIVATE, kind="PRIVATE"), "this is a private key"),
        (f"{armour(PUBLIC)}\n{armour(PRIVATE, kind='PRIVATE')}", "this is a private key"),
        (armour(PRIVATE), "no OpenPGP public key"),
        (armour(SIGNATURE), "no OpenPGP public key"),
        (f"{armour(PUBLIC)}\n{armour(PUBLIC)}", "no OpenPGP public key"),
        (f"My key:\n{armour(PUBLIC)}", "no OpenPGP public key"),
        (armour(PUBLIC)[:-3], "no OpenPGP public key"),
        (armour(PUBLIC).replace("\n\n", "\n\nA\n"), "no OpenPGP public key"),
        ("A" * 50_000, "no OpenPGP public key"),
        ("", "no OpenPGP public key"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadWish, match=words):
        check_public_key(text)
