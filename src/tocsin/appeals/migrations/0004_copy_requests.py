"""Who was asked to take copies of a withdrawn appeal down."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("appeals", "0003_asked_statements")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CopyRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("appeal", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="appeals.appeal")),
            ],
        ),
    ]
