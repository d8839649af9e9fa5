import django.db.models.deletion
from django.db import migrations, models


def drop_index_of_mailings(apps, schema_editor):
    """Drop the index of the foreign key, which two others begin with: PostgreSQL writes each of them at each step."""
    connection = schema_editor.connection
    if connection.alias != "default":
        return
    # By hand, since Django would copy the whole table on SQLite, and leave its triggers behind.
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "dispatch_delivery")
    for name, of in there.items():
        if of["index"] and not of["unique"] and of["columns"] == ["mailing_id"]:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


_MAILING = models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="dispatch.mailing")


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0011_fixing")]
    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("not_before__isnull", True), ("state", "waiting")),
                fields=["mailing", "rank", "id"],
                name="deliveries_fresh",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("not_before__isnull", False), ("state", "waiting")),
                fields=["mailing", "not_before", "id"],
                name="deliveries_put_off",
            ),
        ),
        migrations.RemoveIndex(model_name="delivery", name="deliveries_waiting"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_index_of_mailings)],
            state_operations=[migrations.AlterField(model_name="delivery", name="mailing", field=_MAILING)],
        ),
    ]
