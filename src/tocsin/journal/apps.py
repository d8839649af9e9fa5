"""The journal as a Django application."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only, hash-chained log."""

    name = "tocsin.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let keys whose day has come be destroyed by a clock that is believed, and by no other."""
        from tocsin.journal import clocks  # noqa: PLC0415 - models load after the applications
        from tocsin.vault import believing  # noqa: PLC0415

        believing.doubt_by(lambda now: bool(clocks.list_doubts(now=now)))
