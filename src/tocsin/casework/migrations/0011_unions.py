import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0010_encrypted_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Union",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("before", models.PositiveIntegerField()),
                ("after", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.UUIDField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unions", to="casework.casefile"
                    ),
                ),
            ],
        ),
    ]
