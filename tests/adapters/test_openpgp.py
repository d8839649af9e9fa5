"""OpenPGP for readers: what is signed or encrypted is what the other side opens, and no bad key gets by."""

import email
import email.policy
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pysequoia
import pytest

from invented_appeals import ARABIC, ENGLISH
from lacking import lacking
from post import BEGUN_AT, MASTHEAD, READER, signers, tokens
from tocsin.adapters.openpgp import LONGEST, PrivateKey, PublicKey, read_private_key
from tocsin.config import equipping
from tocsin.config.mailings import Mailings
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadKey, BadSettings
from tocsin.core.messages import Address, Message, PgpReader, Variant, cut
from tocsin.core.publication import signatories_to_file
from tocsin.core.render import lay_out

ORGANISATION = pysequoia.Tsk.generate(user_id="Harbour Network <appeals@harbour.example>")
MIRA = pysequoia.Tsk.generate(user_id="Mira Tosk <mira.tosk@reader.example>")
NOW = datetime.now(UTC)  # noqa: TID251 - the library draws keys that begin now
VARIANTS = [Variant(html, neutral) for html in (True, False) for neutral in (True, False)]


def message(document: AppealDocument, variant: Variant, reader: PgpReader | None = None) -> Message:
    key = PrivateKey(ORGANISATION)
    made = cut(lay_out(document), MASTHEAD, variant, begun_at=BEGUN_AT, signers=signers(), openpgp=key)
    return made.fill(READER, tokens(), reader)


def plain_of(parsed: email.message.EmailMessage) -> str:
    body = parsed.get_body(("plain",))
    assert body is not None
    # The last line break belongs to the boundary behind it.
    return body.get_content().rstrip("\r\n")


def parsed_of(content: bytes) -> email.message.EmailMessage:
    read = email.message_from_bytes(content, policy=email.policy.strict)
    assert isinstance(read, email.message.EmailMessage)
    assert [part.defects for part in read.walk()] == [[] for _ in read.walk()]
    return read


def signed_part(content: bytes) -> tuple[bytes, bytes]:
    """Give what is signed, byte for byte as RFC 3156 says, and the signature."""
    boundary = b"--" + parsed_of(content).get_boundary("").encode()
    _, entity, signature, _ = content.split(b"\r\n" + boundary)
    return entity.removeprefix(b"\r\n"), signature.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("document", [ENGLISH, ARABIC], ids=["en", "ar"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_signature_is_over_what_the_reader_gets(document: AppealDocument, variant: Variant) -> None:
    unsigned = cut(lay_out(document), MASTHEAD, variant, begun_at=BEGUN_AT).fill(READER, tokens()).content
    content = message(document, variant).content
    parsed = parsed_of(content)
    assert parsed.get_content_type() == "multipart/signed"
    assert (parsed["Content-Type"].params["micalg"], parsed["Subject"]) == (
        "pgp-sha512",
        parsed_of(unsigned)["Subject"],
    )
    entity, signature = signed_part(content)
    found = pysequoia.verify(
        bytes=entity,
        signature=pysequoia.Sig.from_bytes(signature),
        store=lambda _: [ORGANISATION.extract_certificate()],
    )
    assert len(found.valid_sigs) == 1
    assert plain_of(parsed_of(entity)) == plain_of(parsed_of(unsigned))


@pytest.mark.parametrize("document", [ENGLISH, ARABIC], ids=["en", "ar"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_only_the_reader_opens_what_is_encrypted_and_the_subject_lies_within(
    document: AppealDocument, variant: Variant
) -> None:
    unsigned = parsed_of(cut(lay_out(document), MASTHEAD, variant, begun_at=BEGUN_AT).fill(READER, tokens()).content)
    content = message(document, variant, PublicKey(str(MIRA.extract_certificate()), now=NOW)).content
    parsed = parsed_of(content)
    assert parsed.get_content_type() == "multipart/encrypted"
    assert (parsed["Subject"], parsed["Content-Language"]) == ("[...]", None)
    control, armour = parsed.iter_parts()
    assert (control.get_content_type(), control.get_content()) == ("application/pgp-encrypted", b"Version: 1\r\n")
    opened = pysequoia.decrypt(
        bytes=armour.get_content(),
        decryptor=MIRA.decryptor(),
        store=lambda _: [ORGANISATION.extract_certificate()],
    )
    assert opened.bytes is not None
    assert len(opened.valid_sigs) == 1
    within = parsed_of(opened.bytes)
    assert (within["Subject"], within["Content-Language"]) == (unsigned["Subject"], unsigned["Content-Language"])
    assert (within["HP-Outer"], within["Content-Type"].params["hp"]) == ("Subject: [...]", "cipher")
    assert plain_of(within) == plain_of(unsigned)
    with pytest.raises(RuntimeError):
        pysequoia.decrypt(bytes=armour.get_content(), decryptor=ORGANISATION.decryptor())


def test_every_message_of_a_stencil_bears_the_one_signature() -> None:
    made = cut(lay_out(ENGLISH), MASTHEAD, Variant(), begun_at=BEGUN_AT, openpgp=PrivateKey(ORGANISATION))
    assert made.fill(READER, tokens(1)).rest == made.fill(READER, tokens(2)).rest


def without_encryption() -> str:
    return armour_of([packet for packet in packets_of(MIRA) if "PublicSubkey" not in str(packet.tag)][:3])


def packets_of(key: pysequoia.Tsk) -> list[pysequoia.packet.Packet]:
    return list(pysequoia.packet.PacketPile.from_bytes(bytes(key.extract_certificate())))


def armour_of(packets: list[pysequoia.packet.Packet]) -> str:
    return str(pysequoia.Cert.from_packets(packets))


def expired() -> str:
    return str(pysequoia.Tsk.generate(user_id="Old <old@reader.example>", validity_seconds=60).extract_certificate())


def revoked() -> str:
    cert = MIRA.extract_certificate()
    return str(cert.merge(pysequoia.Cert.from_bytes(bytes(cert) + bytes(cert.revoke(MIRA.certifier())))))


@pytest.mark.parametrize(
    ("armour", "words"),
    [
        (lambda: "", "no OpenPGP public key"),
        (lambda: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnot so\n", "no OpenPGP public key"),
        (lambda: str(MIRA.extract_certificate())[:300], "no OpenPGP public key"),
        (lambda: "x" * (LONGEST + 1), "too long"),
        (lambda: str(MIRA), "private key"),
        (expired, "expired"),
        (revoked, "revoked"),
        (without_encryption, "nothing can be encrypted"),
    ],
    ids=["empty", "junk", "cut off", "long", "private", "expired", "revoked", "without encryption"],
)
def test_a_bad_key_is_refused_in_words(armour: Callable[[], str], words: str) -> None:
    given = armour()
    # A key drawn here lives for a minute from now on, which may be long after this module was read.
    later = datetime.now(UTC) + timedelta(minutes=5)  # noqa: TID251 - the library draws keys that begin now
    with pytest.raises(BadKey, match=words):
        PublicKey(given, now=later)


def test_the_key_of_the_organisation_is_read_from_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "openpgp.asc"
    path.write_text(str(ORGANISATION))
    path.chmod(0o600)
    assert read_private_key(path).sign(b"words").startswith(b"-----BEGIN PGP SIGNATURE")
    path.chmod(0o640)
    with pytest.raises(BadSettings, match="others can read"):
        read_private_key(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(BadSettings, match="no OpenPGP key"):
        read_private_key(path)


def test_a_mailer_signs_if_its_folder_holds_a_key(tmp_path: Path) -> None:
    folder, sender = tmp_path / "mailer", Address("appeals", "harbour.example")
    key = bytes.fromhex(equipping.draw(folder, signatories_to_file([])).address_key)
    mailings = Mailings("", sender, sender, sender, "appeals.harbour.example", "https://appeals.harbour.example/", key)
    assert equipping.read(folder, mailings).openpgp is None
    (folder / "openpgp.asc").touch(0o600)
    (folder / "openpgp.asc").write_text(str(ORGANISATION))
    signer = equipping.read(folder, mailings).openpgp
    assert signer is not None
    assert signer.sign(b"words").startswith(b"-----BEGIN PGP SIGNATURE")


def test_gnupg_reads_what_we_sign_and_encrypt(tmp_path: Path) -> None:
    if which("gpg") is None:
        lacking("GnuPG: whether another program reads our OpenPGP is not known")
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)

    def gpg(*words: str, given: bytes = b"") -> bytes:
        command = [
            "gpg",
            "--homedir",
            str(home),
            *"--batch --trust-model always --pinentry-mode loopback --passphrase".split(),
            "",
            *words,
        ]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    try:
        # A key of its own: one drawn by Sequoia says that its reader knows forms which this program does not.
        gpg("--quick-generate-key", "mira.tosk@reader.example", "future-default", "default", "never")
        hers = gpg("--armor", "--export", "mira.tosk@reader.example").decode()
        gpg("--import", given=str(ORGANISATION.extract_certificate()).encode())
        entity, signature = signed_part(message(ARABIC, Variant()).content)
        (tmp_path / "signature").write_bytes(signature)
        gpg("--verify", str(tmp_path / "signature"), "-", given=entity)
        sealed = message(ENGLISH, Variant(), PublicKey(hers, now=NOW)).content
        _, armour = parsed_of(sealed).iter_parts()
        assert b'hp="cipher"' in gpg("--decrypt", given=armour.get_content())
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
