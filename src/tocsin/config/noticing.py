"""By which server people are told that something waits at the desk: the table `[notices]` of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tocsin.config.anchoring import MailServer, is_mailbox, server_of
from tocsin.core.errors import BadSettings

_KEYS = {"sender", "server", "minutes"}
_USUAL, _MOST = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Noticing:
    """From whom notices come, by which server, and how long one person rests between two of them."""

    sender: str
    server: MailServer
    every: timedelta


def read(table: object, name: str) -> Noticing | None:
    """Read the table; none means that nobody is told by mail.

    Raises:
        BadSettings: with the key, and what to do about it.
    """
    where = f"{name}, notices"
    if not isinstance(table, Mapping):
        raise BadSettings("this is no table", where=where)
    if not table:
        return None
    if unknown := sorted(set(table) - _KEYS):
        raise BadSettings(f"unknown key {unknown[0]}", where=where, hint=f"known are {', '.join(sorted(_KEYS))}")
    if not is_mailbox(table.get("sender")):
        raise BadSettings("sender is no plain address", where=where, hint="name@host.example")
    minutes = table.get("minutes", _USUAL)
    if type(minutes) is not int or not 1 <= minutes <= _MOST:
        raise BadSettings(f"minutes is no whole number from 1 to {_MOST}", where=where)
    return Noticing(table["sender"], server_of(table.get("server"), where), timedelta(minutes=minutes))
