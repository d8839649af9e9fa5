"""The letterbox as a Django application."""

from django.apps import AppConfig


class LetterboxConfig(AppConfig):
    """Letters that nobody has collected yet, and answers that wait for their senders."""

    name = "tocsin.letterbox"
    label = "letterbox"
    default_auto_field = "django.db.models.BigAutoField"
