"""Make room in the key store for what stops everything at once, and say of each slot whose case it is."""

import os

from django.db import migrations, models


def begin(apps, schema_editor):
    model = apps.get_model("vault", "Emergency")
    model.objects.using(schema_editor.connection.alias).create(id=1, session_secret=os.urandom(32))


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_grants_by_time")]

    operations = [
        migrations.AddField("slot", "case", models.UUIDField(null=True)),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("session_secret", models.BinaryField(max_length=32)),
                ("frozen", models.BooleanField(default=False)),
                ("owed", models.CharField(default="", max_length=60)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Doomed",
            fields=[
                ("case", models.UUIDField(primary_key=True, serialize=False)),
                ("shredded", models.BooleanField(default=False)),
            ],
        ),
        migrations.RunPython(begin, hints={"model_name": "emergency"}),
    ]
