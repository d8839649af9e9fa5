"""How Django reaches the two databases of a site."""

from typing import Any

from tocsin.config.site import Database

# FULL: a commit that was acknowledged survives a power cut; with NORMAL more than half of simulated cuts lost some.
# A writing transaction takes its lock at once, so that it never fails half-way for one that came between.
_DATA = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF"
# The journal stays as large as it is: shredding then needs no room on a full disk, and can wash it (vault/slots.py).
_KEYS = "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF"


def databases(data: Database, keys: Database) -> dict[str, dict[str, Any]]:
    """Give Django's DATABASES for the main database and the key store."""
    return {"default": _settings(data, _DATA), "keys": _settings(keys, _KEYS)}


def letting_go(settings: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Give settings under which PostgreSQL ends a transaction whose process has said nothing for so long.

    A machine that stands still in the middle of a transaction holds its locks: without this nobody takes over what it
    had claimed, and nobody stops its mailing, until it thaws. SQLite has no machine but its own.
    """
    options = settings.get("OPTIONS", {})
    if "options" not in options:
        return settings
    ending = f"{options['options']} -c idle_in_transaction_session_timeout={round(seconds * 1000)}"
    return {**settings, "OPTIONS": {**options, "options": ending}}


def _settings(database: Database, pragmas: str) -> dict[str, Any]:
    if database.path is not None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(database.path),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c synchronous_commit=on"},
    }
