"""Guard anchors as entries are guarded, and close the way around: REPLACE removes a row without asking the triggers."""

from django.db import migrations

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
_SQLITE = [
    f"CREATE TRIGGER journal_anchor_no_update BEFORE UPDATE ON journal_anchor {_REFUSE}",
    f"CREATE TRIGGER journal_anchor_no_delete BEFORE DELETE ON journal_anchor {_REFUSE}",
    "CREATE TRIGGER journal_anchor_no_replace BEFORE INSERT ON journal_anchor "
    f"WHEN EXISTS (SELECT 1 FROM journal_anchor WHERE step = NEW.step) {_REFUSE}",
    "CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry "
    f"WHEN EXISTS (SELECT 1 FROM journal_entry WHERE number = NEW.number) {_REFUSE}",
]
_POSTGRESQL = [
    "CREATE TRIGGER journal_anchor_no_change BEFORE UPDATE OR DELETE ON journal_anchor "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_anchor_no_truncate BEFORE TRUNCATE ON journal_anchor "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
]


def guard(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_anchors")]
    operations = [migrations.RunPython(guard)]
