"""Appeals as a Django application."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals before they are public."""

    name = "tocsin.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let entries of the journal tell those whose turn it is, and look at the appeals of a case that is saved."""
        from tocsin.appeals import doubting, notices  # noqa: PLC0415 - models load after the applications
        from tocsin.casework import watching  # noqa: PLC0415
        from tocsin.journal import subscriptions  # noqa: PLC0415

        subscriptions.subscribe(notices.SUBSCRIBER, notices.KINDS, notices.saw)
        watching.watch("appeals", doubting.WATCH)
