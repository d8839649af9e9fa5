"""Which office replied, where readers may learn it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("replies", "0005_behind_a_flood")]

    operations: ClassVar = [
        migrations.AddField("rawmessage", "office", models.CharField(blank=True, default="", max_length=254)),
        migrations.AlterField("rawmessage", "office", models.CharField(blank=True, max_length=254)),
    ]
