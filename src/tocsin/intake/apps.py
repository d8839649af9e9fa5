"""Intake as a Django application."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Reports, what was read in them, and what people decided about it."""

    name = "tocsin.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
