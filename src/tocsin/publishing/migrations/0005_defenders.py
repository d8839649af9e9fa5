"""Name the defenders of what is shown, each under an id that is drawn."""

import django.db.models.deletion
from django.db import migrations, models

from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.publishing import defenders


def name_them(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    tables = [apps.get_model("publishing", name) for name in ("Defender", "Naming")]
    for row in apps.get_model("publishing", "Shown").objects.filter(retracted_at=None).select_related("publication"):
        try:
            appeal = from_file(bytes(row.publication.statement))
        except BadPublication:
            # It was put there past the signatures, and is shown nowhere.
            continue
        if isinstance(appeal, PublicAppeal):
            defenders.put(row.slug, appeal, *tables)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_words")]
    operations = [
        migrations.CreateModel(
            name="Defender",
            fields=[("id", models.CharField(max_length=32, primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=35)),
                ("words", models.CharField(db_index=True, max_length=200)),
                ("defender", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="publishing.defender")),
                ("shown", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="publishing.shown")),
            ],
        ),
        migrations.RunPython(name_them),
    ]
