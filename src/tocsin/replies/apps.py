"""The inbox as a Django application."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Mail that came in, where it lies, and what people said that it amounts to."""

    name = "tocsin.replies"
    label = "replies"
    default_auto_field = "django.db.models.BigAutoField"
