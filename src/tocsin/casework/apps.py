"""Casework as a Django application."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Case files and their sealed records."""

    name = "tocsin.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
