"""Publishing as a Django application."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Signed appeals, the codes that were given out, and the keys of those who publish."""

    name = "tocsin.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
