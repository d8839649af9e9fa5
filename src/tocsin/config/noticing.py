"""By which server people are told that something waits at the desk: the table `[notices]` of the settings."""

from dataclasses import dataclass
from datetime import timedelta

from tocsin.config.anchoring import is_mailbox, server_of
from tocsin.config.tables import ServerAddress, table_of
from tocsin.core.errors import BadSettings

_KEYS = {"sender", "server", "minutes"}
_USUAL, _MOST = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Noticing:
    """From whom notices come, by which server, and how long one person rests between two of them."""

    sender: str
    server: ServerAddress
    every: timedelta


def read(table: object, name: str) -> Noticing | None:
    """Read the table; none means that nobody is told by mail.

    Raises:
        BadSettings: with the key, and what to do about it.
    """
    where = f"{name}, notices"
    table = table_of(table, _KEYS, where)
    if not table:
        return None
    if not is_mailbox(table.get("sender")):
        raise BadSettings("sender is no plain address", where=where, hint="name@host.example")
    minutes = table.get("minutes", _USUAL)
    if type(minutes) is not int or not 1 <= minutes <= _MOST:
        raise BadSettings(f"minutes is no whole number from 1 to {_MOST}", where=where)
    return Noticing(table["sender"], server_of(table.get("server"), where), timedelta(minutes=minutes))
