"""Appeals as a Django application."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals before they are public."""

    name = "tocsin.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let entries of the journal tell those whose turn it is."""
        from tocsin.appeals import notices  # noqa: PLC0415 - models load after the applications
        from tocsin.journal import subscriptions  # noqa: PLC0415

        subscriptions.subscribe(notices.SUBSCRIBER, notices.KINDS, notices.saw)
