"""Acknowledgements as a Django application."""

from django.apps import AppConfig


class AcknowledgingConfig(AppConfig):
    """Acknowledgements that are owed, and by whom they were had lately."""

    name = "tocsin.acknowledging"
    label = "acknowledging"
    default_auto_field = "django.db.models.BigAutoField"
