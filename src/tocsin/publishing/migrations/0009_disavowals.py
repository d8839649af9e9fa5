"""Keep that a key was stolen, and let the database itself refuse to change or remove it."""

from django.db import migrations, models

_TABLE = "publishing_publisheddisavowal"
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
    dependencies = [("publishing", "0008_told")]
    operations = [
        migrations.CreateModel(
            name="PublishedDisavowal",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("statement", models.BinaryField()),
                ("disavowed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(guard),
    ]
