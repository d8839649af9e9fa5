"""Casework as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class CaseworkConfig(AppConfig):
    """Case files and their sealed records."""

    name = "tocsin.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let a session that ends take its search index with it, and entries of the journal tell whom they concern."""
        from tocsin.accounts.models import Session  # noqa: PLC0415 - models load after the applications
        from tocsin.casework import notices  # noqa: PLC0415
        from tocsin.casework.search import memory  # noqa: PLC0415
        from tocsin.journal import subscriptions  # noqa: PLC0415

        post_delete.connect(memory.session_ended, sender=Session, dispatch_uid="search index of a session")
        subscriptions.subscribe(notices.SUBSCRIBER, notices.KINDS, notices.saw)
