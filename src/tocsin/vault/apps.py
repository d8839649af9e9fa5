"""The vault as a Django application."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys, grants, sealing, shredding."""

    name = "tocsin.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
