import django.db.models.deletion
from django.db import migrations, models

_SAID = "not all readers of this mailing are fixed"
_UNFIXED = "EXISTS (SELECT 1 FROM dispatch_fixing WHERE mailing_id = NEW.id)"
_BEFORE = "CREATE TRIGGER dispatch_mailing_fixed BEFORE UPDATE OF state ON dispatch_mailing"
_SQLITE = [f"{_BEFORE} WHEN NEW.state = 'finished' AND {_UNFIXED} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"]
_POSTGRESQL = [
    "CREATE FUNCTION dispatch_mailing_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF {_UNFIXED} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN NEW; END $$",
    f"{_BEFORE} FOR EACH ROW WHEN (NEW.state = 'finished') EXECUTE FUNCTION dispatch_mailing_fixed()",
]


def guard(apps, schema_editor):
    """Let no mailer end a mailing too soon, not one of the version before either, which knows nothing of this table."""
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0010_tombstones")]
    operations = [
        migrations.CreateModel(
            name="Fixing",
            fields=[
                (
                    "mailing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="dispatch.mailing",
                    ),
                ),
                ("wanted", models.TextField()),
                ("as_of", models.DateTimeField()),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("after", models.UUIDField(null=True)),
            ],
        ),
        migrations.RunPython(guard),
    ]
