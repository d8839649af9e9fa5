"""The door that mail servers come to themselves, by SMTP: a file of its own.

```toml
name = "mx.observers.example"
addresses = ["press@observers.example"]
certificate = "/etc/tocsin/mx.pem"
key = "/etc/tocsin/mx.key"
```
"""

import re
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.utils import timezone

from tocsin.adapters.lmtp import Door
from tocsin.config.mailings import Mailings
from tocsin.config.tables import read_private
from tocsin.core.errors import BadAddress, BadSettings
from tocsin.core.messages import Address

_KEYS: Final = ("name", "addresses", "certificate", "key")
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_POSTMASTER: Final = "postmaster"


def read_door(path: Path, mailings: Mailings | None) -> Door:
    """Read the file.

    Args:
        path: The file.
        mailings: The addresses that the site itself writes from and gets answers at, which are always taken.

    Raises:
        BadSettings: It is missing or wrong, or names no address of ours.
    """
    table = read_private(path, _KEYS)
    name, written = str(table.get("name", "")), table.get("addresses", [])
    if not _NAME.fullmatch(name):
        raise BadSettings("name is that of this host, as its MX record has it", where=path.name, hint="mx.host.example")
    own = [mailings.sender, mailings.reply_to, mailings.bounces] if mailings else []
    try:
        addresses = [*own, *(Address.parse(str(each)) for each in written)]
    except (BadAddress, TypeError) as error:
        raise BadSettings("addresses is a list of addresses", where=path.name, hint="name@host.example") from error
    if not addresses:
        raise BadSettings("nobody is to get mail here", where=path.name, hint='addresses = ["name@host.example"]')
    taken = _taken(addresses)
    tls = _context(table.get("certificate"), table.get("key"), path)
    return Door(name, lambda address: _bare(address) in taken, timezone.now, tls)


def _taken(addresses: Iterable[Address]) -> frozenset[str]:
    """Give all that is taken: whoever has a door reads what is sent to its postmaster (RFC 5321, 4.5.1)."""
    posts = (f"{_POSTMASTER}@{each.domain}" for each in addresses)
    return frozenset(map(_bare, (_POSTMASTER, *posts, *map(str, addresses))))


def _bare(address: str) -> str:
    """Give an address in small letters, without the word behind a `+`."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _context(certificate: object, key: object, path: Path) -> ssl.SSLContext | None:
    if certificate is None and key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(str(certificate), str(key) if key is not None else None)
    except (OSError, ssl.SSLError) as error:
        raise BadSettings("certificate and key cannot be read", where=path.name) from error
    return context
