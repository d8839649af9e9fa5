import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedStatement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=80)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("kind", "about"),
                        name="one_asked_statement_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementBox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.UUIDField()),
                ("sealed", models.BinaryField()),
                (
                    "asked",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="appeals.askedstatement"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("asked", "holder"), name="one_box_a_person")],
            },
        ),
    ]
