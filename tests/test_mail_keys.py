"""Keys that sign messages: drawn, kept in a file that only its owner reads, and refused where they are weak."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from post import ED25519, rsa
from tocsin.core.errors import BadSettings
from tocsin.vault.mail_keys import MailKey, read_mail_key, to_pem

PEM, PKCS8 = Encoding.PEM, PrivateFormat.PKCS8


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    file = path / "dkim.pem"
    file.write_bytes(content)
    file.chmod(mode)
    return file


@pytest.mark.parametrize("key", [rsa, lambda: ED25519], ids=["rsa", "ed25519"])
def test_a_key_is_the_same_after_it_was_written(key: Callable[[], MailKey], tmp_path: Path) -> None:
    read = read_mail_key(written(tmp_path, to_pem(key())))
    assert read.sign(bytes(32)) == key().sign(bytes(32))
    assert read.record() == key().record()
    assert read.algorithm == key().algorithm


def test_a_key_never_shows_itself() -> None:
    assert "private" not in repr(ED25519)
    assert "private" not in repr(rsa())


def weak() -> RSAPrivateKey:
    return generate_private_key(65537, 1024)  # noqa: S505  that is what is refused


REFUSED = {
    "nothing": lambda: b"",
    "text": lambda: b"no key\n",
    "small": lambda: weak().private_bytes(PEM, PKCS8, NoEncryption()),
    "a curve that DKIM has not": lambda: new_curve_key(SECP256R1()).private_bytes(PEM, PKCS8, NoEncryption()),
    "locked": lambda: ED25519.private.private_bytes(PEM, PKCS8, BestAvailableEncryption(b"x")),
    "cut": lambda: to_pem(ED25519)[:60],
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_key_for_this_is_refused_by_name_of_file_alone(content: Callable[[], bytes], tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        read_mail_key(written(tmp_path, content()))
    assert str(refused.value).startswith("dkim.pem: ")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="chmod 600"):
        read_mail_key(written(tmp_path, to_pem(ED25519), mode))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSettings):
        read_mail_key(tmp_path / "dkim.pem")
