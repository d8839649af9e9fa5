"""Let the database itself refuse to take back that a message was handed over, or that a mailing has ended."""

from django.db import migrations

_ENDED = "OLD.state IN ('stopped', 'finished') AND NEW.state NOT IN ('stopped', 'finished')"
_RULES = {
    "dispatch_delivery": ("OLD.state = 'handed_over' AND NEW.state <> 'handed_over'", "what was handed over stays so"),
    "dispatch_mailing": (
        f"NEW.epoch < OLD.epoch OR NEW.turn < OLD.turn OR ({_ENDED})",
        "a mailing goes on, and does not come back",
    ),
}
_SQLITE = [
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} WHEN {broken} BEGIN SELECT RAISE(ABORT, '{said}'); END"
    for table, (broken, said) in _RULES.items()
]
_POSTGRESQL = [
    statement
    for table, (broken, said) in _RULES.items()
    for statement in (
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$",
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({broken}) "
        f"EXECUTE FUNCTION {table}_kept()",
    )
]


def guard(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]
    operations = [migrations.RunPython(guard)]
