"""Which database a table lives in: the key store is apart from everything else."""

from typing import Any

from django.apps import apps
from django.db.models import Model


class KeyStoreRouter:
    """Sends models with `database = "keys"` to the key store, and nothing else there."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Give the database to read a model from."""
        return str(getattr(model, "database", "default"))

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        """Keep relations inside one database."""
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **_hints: Any) -> bool:
        """Make each table in its own database only."""
        if model_name is None:
            return db == "default"
        try:
            model = apps.get_model(app_label, model_name)
        except LookupError:
            # A model of an older migration that is gone today.
            return db == "default"
        return self.db_for_read(model) == db
