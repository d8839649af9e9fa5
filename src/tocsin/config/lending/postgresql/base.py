"""Django's backend for PostgreSQL; it finds this class by its name."""

from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg.pq import TransactionStatus

from tocsin.config import lending


class DatabaseWrapper(base.DatabaseWrapper):
    """Borrows its connection, and gives it back."""

    _opened = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Give a connection that was open already and still is, or open one."""
        while borrowed := lending.borrow(self):
            self._opened, connection = borrowed
            # A server that was started again meanwhile says so at the first question, which would be a reader's.
            with suppress(Error):
                connection.execute("")
                return connection
            connection.close()
        self._opened = lending.clock()
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        idle = self.connection is not None and self.connection.info.transaction_status == TransactionStatus.IDLE
        if not idle or not lending.give_back(self, self._opened):
            super()._close()  # type: ignore[misc]  # Django's own, which its types leave out
