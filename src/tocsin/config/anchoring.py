"""Where anchors of the journal are kept outside of the machine, as the table `[anchors]` of the settings says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tocsin.adapters.hosts import is_this_machine
from tocsin.config.tables import ServerAddress, server_address, table_of
from tocsin.core.errors import BadSettings

_KEYS = {"directories", "mailboxes", "sender", "server", "mail_hours"}
_PORTS = {"smtps": 465, "smtp": 25}
# Narrower than what mail allows: one address, nothing quoted, nothing that a program could take for an option.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._+-]{{0,62}}@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
_MOST_HOURS = 24


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Where anchors go: directories on other media, mailboxes of people outside, and how often at most by mail."""

    directories: tuple[Path, ...] = ()
    mailboxes: tuple[str, ...] = ()
    sender: str = ""
    server: ServerAddress | None = None
    mail_every: timedelta = timedelta(hours=1)


def read(table: object, name: str) -> Anchoring:
    """Read the table; none means that somebody prints the anchors.

    Raises:
        BadSettings: with the key, and what to do about it.
    """
    where = f"{name}, anchors"
    table = table_of(table, _KEYS, where)
    directories = tuple(Path(each) for each in _texts(table, "directories", where))
    if not all(each.is_absolute() for each in directories):
        raise BadSettings("a directory is not named from the root", where=where, hint="/media/anchors")
    mailboxes, sender = _texts(table, "mailboxes", where), table.get("sender", "")
    if mailboxes:
        if not all(map(is_mailbox, (*mailboxes, sender))):
            raise BadSettings("mailboxes and sender are no plain addresses", where=where, hint="name@host.example")
        return Anchoring(directories, mailboxes, sender, server_of(table.get("server"), where), _hours(table, where))
    return Anchoring(directories)


def is_mailbox(text: Any) -> bool:
    """Tell whether something is one plain address of a mailbox."""
    return isinstance(text, str) and _ADDRESS.fullmatch(text) is not None


def server_of(url: Any, where: str) -> ServerAddress:
    """Read the address of a server that takes mail: over TLS, or one on this machine.

    Raises:
        BadSettings: if it is none, or if mail would leave this machine in clear.
    """
    address = server_address(url, _PORTS, where, hint="smtps://user:password@mail.example")
    if address.scheme == "smtp" and not is_this_machine(address.host):
        raise BadSettings(
            "mail would leave this machine without TLS", where=where, hint="smtps://, or smtp://localhost"
        )
    return address


def _hours(table: Mapping[str, Any], where: str) -> timedelta:
    hours = table.get("mail_hours", 1)
    if type(hours) is not int or not 1 <= hours <= _MOST_HOURS:
        raise BadSettings(f"mail_hours is no whole number from 1 to {_MOST_HOURS}", where=where)
    return timedelta(hours=hours)


def _texts(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadSettings(f"{key} is no list of texts", where=where)
    return tuple(value)
