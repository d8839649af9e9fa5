"""The room of mailings as a Django application."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Readers, mailings, and what became of each message."""

    name = "tocsin.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
