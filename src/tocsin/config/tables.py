"""Tables of settings, read strictly: what nobody knows in them is a slip of whoever wrote it, and is said."""

import os
import stat
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tocsin.core.errors import BadSettings


def read_private(path: Path, keys: Collection[str], *, hint: str = "") -> Mapping[str, Any]:
    """Read a file of settings that its owner alone can read.

    Args:
        path: The file.
        keys: All that may stand at its top.
        hint: What to do if it is not there or cannot be read.

    Raises:
        BadSettings: It cannot be read, others can read it, or it has an unknown key.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & _bits_of_others(path):
            raise BadSettings("others can read the secrets in this file", where=path.name, hint="chmod 600")
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings("this file cannot be read as TOML", where=path.name, hint=hint or None) from error
    return table_of(table, keys, path.name)


def _bits_of_others(path: Path) -> int:
    """Say which bits of the mode let others at a file.

    What systemd hands to a unit (`LoadCredential=`) is for the user of the unit alone, by an access control list; its
    mask stands where the bits of the group do (systemd.exec(5), acl(5)).
    """
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    return 0o037 if handed and path.parent == Path(handed) else 0o077


def table_of(table: object, keys: Collection[str], where: str) -> Mapping[str, Any]:
    """Give a table all keys of which are known.

    Raises:
        BadSettings: It is no table, or has another key.
    """
    if not isinstance(table, Mapping):
        raise BadSettings("this is no table", where=where)
    if unknown := sorted(set(table) - set(keys)):
        raise BadSettings(f"unknown key {unknown[0]}", where=where, hint=f"known are {', '.join(sorted(keys))}")
    return table


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a mail server is, and who signs in there; `scheme` says how it is talked to."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def tls(self) -> bool:
        """Whether all that is said to it is encrypted from the first byte."""
        return self.scheme in ("smtps", "imaps")


def server_address(url: object, ports: Mapping[str, int], where: str, *, hint: str) -> ServerAddress:
    """Read the address of a mail server, such as `smtps://user:password@mail.example`.

    Args:
        url: What stands in the settings.
        ports: The schemes that may be used, each with its usual port.
        where: The place in the settings.
        hint: How such an address looks.

    Raises:
        BadSettings: It is none.
    """
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ports or not parts.hostname or port == 0:
        raise BadSettings("server is no mail server", where=where, hint=hint)
    names = unquote(parts.username or ""), unquote(parts.password or "")
    return ServerAddress(parts.scheme, parts.hostname, port or ports[parts.scheme], *names)
