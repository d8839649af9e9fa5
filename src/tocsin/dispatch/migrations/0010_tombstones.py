from importlib import import_module

from django.db import migrations, models

_kept = import_module("tocsin.dispatch.migrations.0002_kept")


def guard_again(apps, schema_editor):
    """Guard mailings as before: SQLite draws a table anew whose constraints change, and loses its triggers."""
    if schema_editor.connection.alias != "default" or schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS dispatch_mailing_kept")
    schema_editor.execute(next(each for each in _kept._SQLITE if "dispatch_mailing_kept" in each))


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0009_answers")]
    operations = [
        migrations.RemoveConstraint(model_name="mailing", name="one_mailing_a_version"),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.UniqueConstraint(fields=("slug", "version", "kind"), name="one_mailing_a_version"),
        ),
        migrations.RunPython(guard_again),
    ]
