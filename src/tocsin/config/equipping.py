"""What a mailer alone has: the folder `mailer` beside the site's file, with its keys, its server and whom it believes.

```text
mailer/mailer.toml         server, the key of tokens, and which keys sign
mailer/address.pem         opens the addresses of readers
mailer/….pem               keys that sign messages (DKIM)
mailer/openpgp.asc        the key that signs messages for readers (OpenPGP), if the organisation has one
mailer/signatories.json    whose signatures count, as /signatories.json of the public site gives it: pinned here
mailer/sent.json           how far each mailing has got, written by the mailer itself
```
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tocsin.adapters.smtp import MailServer, Security
from tocsin.config.mailings import Mailings
from tocsin.config.tables import read_private, server_address
from tocsin.core.errors import BadOutput, BadPublication, BadSettings, TocsinError
from tocsin.core.messages import PgpSigner, Signer
from tocsin.core.publication import signatories_from_file
from tocsin.dispatch.survey import Equipment
from tocsin.vault.key_files import write_new
from tocsin.vault.keyring import is_signed
from tocsin.vault.mail_keys import new_mail_key, read_mail_key, to_pem
from tocsin.vault.mailer_keys import Opener, draw_mailer_key, public_half, read_mailer_key, write_mailer_key

FOLDER, SETTINGS, ADDRESS_KEY, PINNED, MEMORY = (
    *("mailer", "mailer.toml", "address.pem", "signatories.json"),
    "sent.json",
)
OPENPGP: Final = "openpgp.asc"
_KEYS: Final = {"server", "token_key", "signing", "a_second_a_domain"}
_SECURITY: Final[Mapping[str, Security]] = {"smtps": "tls", "smtp+starttls": "starttls", "smtp": "none"}
_PORTS: Final = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


class Equipping:
    """Reads the folder again whenever something in it changed; while nothing did, it gives the same again."""

    def __init__(self, folder: Path, mailings: Mailings) -> None:
        self._folder, self._mailings = folder, mailings
        self._seen: object = None
        self._read: Equipment | None = None

    def __call__(self) -> Equipment:
        """Give what the mailer has.

        Raises:
            BadSettings: Something is missing, wrong, or can be read by others.
        """
        try:
            seen = {
                each.name: (each.stat().st_mtime_ns, each.stat().st_size, each.stat().st_mode)
                for each in self._folder.iterdir()
                if not each.name.startswith(MEMORY)
            }
        except OSError as error:
            raise BadSettings("the mailer has no folder that it can read", where=FOLDER, hint=_HINT) from error
        if self._read is None or seen != self._seen:
            self._read = None
            self._read, self._seen = read(self._folder, self._mailings), seen
        return self._read


@dataclass(frozen=True, slots=True)
class Drawn:
    """What has to be made known of a mailer's keys: the public half for the site, and texts for the DNS by selector."""

    address_key: str
    records: Mapping[str, str]


_HINT: Final = "tocsin site mailer-keys"


def read(folder: Path, mailings: Mailings) -> Equipment:
    """Read the folder of a mailer.

    Raises:
        BadSettings: Something is missing, wrong, or can be read by others.
    """
    table = read_private(folder / SETTINGS, _KEYS, hint=_HINT)
    key = read_mailer_key(folder / ADDRESS_KEY)
    if public_half(key) != mailings.address_key:
        raise BadSettings("this is not the key that addresses are sealed to", where=ADDRESS_KEY)
    pace = table.get("a_second_a_domain", 0)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or pace < 0:
        raise BadSettings("a_second_a_domain is no number of messages", where=SETTINGS)
    return Equipment(
        server=server_of(table.get("server"), mailings.sender.domain),
        opener=Opener(key),
        token_key=_token_key(table),
        signers=tuple(_signers(table, folder, mailings)),
        pinned=_pinned(folder / PINNED),
        a_second_a_domain=pace,
        openpgp=_openpgp(folder / OPENPGP),
    )


def server_of(url: object, name: str) -> MailServer:
    """Read the address of the mail server that messages are handed to.

    Raises:
        BadSettings: It is none, or mail would leave this machine in clear.
    """
    hint = "smtp://localhost, smtps://user:password@mail.example or smtp+starttls://..."
    address = server_address(url, _PORTS, SETTINGS, hint=hint)
    security = _SECURITY[address.scheme]
    return MailServer(address.host, name, address.port, security, address.user, address.password)


def _token_key(table: Mapping[str, Any]) -> bytes:
    try:
        key = bytes.fromhex(table.get("token_key", ""))
    except (TypeError, ValueError) as error:
        raise BadSettings("token_key is not hexadecimal", where=SETTINGS) from error
    if len(key) != 32:
        raise BadSettings("token_key has not 32 bytes", where=SETTINGS, hint=_HINT)
    return key


def _signers(table: Mapping[str, Any], folder: Path, mailings: Mailings) -> list[Signer]:
    rows = table.get("signing")
    if not isinstance(rows, list) or not rows:
        raise BadSettings("no key signs messages, and none goes out unsigned", where=SETTINGS, hint=_HINT)
    made = []
    for row in rows:
        if not isinstance(row, Mapping) or not all(isinstance(row.get(key), str) for key in ("selector", "file")):
            raise BadSettings("a key that signs has a selector and a file", where=SETTINGS)
        if Path(row["file"]).name != row["file"]:
            raise BadSettings("a key that signs lies in the mailer's own folder", where=SETTINGS)
        try:
            made.append(Signer(mailings.sender.domain, row["selector"], read_mail_key(folder / row["file"])))
        except BadSettings:
            raise
        except TocsinError as error:
            raise BadSettings(error.what, where=SETTINGS) from error
    return made


def _openpgp(path: Path) -> PgpSigner | None:
    if not path.exists():
        return None
    from tocsin.adapters.openpgp import read_private_key  # noqa: PLC0415  only who has such a key needs the library

    return read_private_key(path)


def _pinned(path: Path) -> frozenset[str]:
    try:
        keys = signatories_from_file(path.read_bytes(), is_signed, where=path.name)
        return frozenset(each.id for each in keys if each.disavowal is None)
    except (OSError, BadPublication) as error:
        raise BadSettings("the list of those who publish cannot be read", where=path.name, hint=_HINT) from error


def draw(folder: Path, signatories: bytes) -> Drawn:
    """Draw the keys of a mailer and write its folder.

    Args:
        folder: Where; it must not be there yet.
        signatories: The list of those who publish, as `signatories_to_file` writes it: what is pinned.

    Raises:
        BadOutput: The folder is there already, or cannot be written.
    """
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise BadOutput("the mailer has a folder already, or none can be made", where=folder.name) from error
    key = draw_mailer_key()
    write_mailer_key(folder / ADDRESS_KEY, key)
    records = {}
    for selector, algorithm in _SELECTORS.items():
        made = new_mail_key(algorithm)
        write_new(folder / f"{selector}.pem", to_pem(made))
        records[selector] = made.record()
    write_new(folder / PINNED, signatories)
    write_new(folder / SETTINGS, _SETTINGS.format(token_key=secrets.token_hex(32)).encode())
    return Drawn(public_half(key).hex(), records)


_SELECTORS: Final[Mapping[str, Literal["rsa-sha256", "ed25519-sha256"]]] = {
    "tocsin1": "rsa-sha256",
    "tocsin2": "ed25519-sha256",
}
_SETTINGS: Final = """\
# What the mailer alone knows; no other process of the site may read this folder.
# The mail server that messages are handed to: one on this machine, or smtp+starttls:// or smtps:// with a password.
server = "smtp://localhost"
# How many messages a second one domain gets at most; 0 for as many as there are.
a_second_a_domain = 0
token_key = "{token_key}"

[[signing]]
selector = "tocsin1"
file = "tocsin1.pem"

[[signing]]
selector = "tocsin2"
file = "tocsin2.pem"
"""
