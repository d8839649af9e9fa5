"""Django's backend for SQLite; it finds this class by its name."""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

from tocsin.config import lending


class Connection(sqlite3.Connection):
    """A connection that knows whether it is confined (`confining`): to say so once more makes it read all anew."""

    is_confined = False


class DatabaseWrapper(base.DatabaseWrapper):
    """Borrows its connection, and gives it back."""

    _opened = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Give a connection that was open already, or open one."""
        self._opened, connection = lending.borrow(self) or (lending.clock(), self._open(conn_params))
        return connection

    def _open(self, conn_params: dict[str, Any]) -> Any:
        return super().get_new_connection({**conn_params, "factory": Connection})

    def _close(self) -> None:
        if self.connection is None or self.connection.in_transaction or not lending.give_back(self, self._opened):
            super()._close()  # type: ignore[misc]  # Django's own, which its types leave out
