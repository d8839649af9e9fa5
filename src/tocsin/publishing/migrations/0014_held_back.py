"""Keep what was held back before it showed, and let the database itself refuse to change or remove that."""

from django.db import migrations, models

_TABLE = "publishing_heldback"
_SQLITE = [
    f"CREATE TRIGGER {_TABLE}_no_{verb.lower()} BEFORE {verb} ON {_TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'what was published is not changed'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"CREATE TRIGGER {_TABLE}_no_change BEFORE UPDATE OR DELETE ON {_TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION publishing_refuse()",
    f"CREATE TRIGGER {_TABLE}_no_truncate BEFORE TRUNCATE ON {_TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION publishing_refuse()",
]


def guard(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0013_more_words")]
    operations = [
        migrations.CreateModel(
            name="HeldBack",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=models.PROTECT, primary_key=True, serialize=False, to="publishing.publication"
                    ),
                ),
                ("held_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(guard),
    ]
