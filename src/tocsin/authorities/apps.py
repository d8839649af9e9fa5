"""The directory of authorities as a Django application."""

from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    """Posts, institutions, and every state in which they were."""

    name = "tocsin.authorities"
    label = "authorities"
    default_auto_field = "django.db.models.BigAutoField"
