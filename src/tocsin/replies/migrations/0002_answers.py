import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("replies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="replies.rawmessage",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
