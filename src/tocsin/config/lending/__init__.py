"""Connections to the database that one request after the other borrows, instead of opening one each.

To open SQLite takes 1.6 ms, since it reads the schema of all tables before it answers anything: more than to make a
page. Django would keep one connection open for each thread, of which a server has hundreds; here a process keeps a few
for all. None is lent for longer than some seconds: what reads on from an answer that somebody left half-read, or from a
file that another was put in the place of, sees nothing of a retraction, and that has to show within a minute.
"""

import os
import time
from collections import deque
from typing import Any, Final, Protocol

LONGEST_SECONDS: Final = 10
_MOST_KEPT: Final = 8
clock = time.monotonic
# By where the database lies, with the time at which each was opened; the one that was in use last is lent first.
_kept: deque[tuple[str, float, Any]] = deque()


class _Backend(Protocol):
    """What of a database backend of Django is used here."""

    connection: Any
    in_atomic_block: bool
    settings_dict: dict[str, Any]


def lent(settings: dict[str, Any]) -> dict[str, Any]:
    """Give the settings of a database under which its connections are lent."""
    return {**settings, "ENGINE": settings["ENGINE"].replace("django.db.backends", __name__)}


def borrow(backend: _Backend) -> tuple[float, Any] | None:
    """Give a connection that is kept for a database, with the time of its opening; `None` where there is none."""
    while _kept:
        try:
            place, opened, connection = _kept.pop()
        except IndexError:
            return None
        if place == _place(backend) and opened + LONGEST_SECONDS > clock():
            return opened, connection
        connection.close()
    return None


def give_back(backend: _Backend, opened: float) -> bool:
    """Keep the connection of a backend for others; tell whether it is."""
    if backend.in_atomic_block or len(_kept) >= _MOST_KEPT or opened + LONGEST_SECONDS <= clock():
        return False
    _kept.append((_place(backend), opened, backend.connection))
    return True


def close_all() -> None:
    """Close all that are kept: two processes must not read from one."""
    while _kept:
        _kept.pop()[2].close()


def _place(backend: _Backend) -> str:
    return "\0".join(str(backend.settings_dict[name]) for name in ("NAME", "HOST", "PORT", "USER"))


os.register_at_fork(before=close_all)
