"""Running a site, as a Django application: it has tables of its own."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What the worker is at, and where anchors are kept."""

    name = "tocsin.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"
