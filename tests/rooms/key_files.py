"""The bytes that a database, mostly the key store, keeps on disk: the file with its free pages, and its journals."""

from pathlib import Path

from django.db import connections


def files(database: str = "keys") -> dict[str, bytes]:
    """Give every file of a database by its name; nothing on PostgreSQL, whose files are its server's."""
    connection = connections[database]
    if connection.vendor != "sqlite":
        return {}
    path = Path(str(connection.settings_dict["NAME"]))
    return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}
