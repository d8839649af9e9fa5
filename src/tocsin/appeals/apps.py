"""Appeals as a Django application."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals before they are public."""

    name = "tocsin.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"
