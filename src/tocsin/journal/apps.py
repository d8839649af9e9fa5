"""The journal as a Django application."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only, hash-chained log."""

    name = "tocsin.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
