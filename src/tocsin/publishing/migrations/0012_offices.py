"""Who answered, where readers may learn it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("publishing", "0011_acts")]

    operations: ClassVar = [
        migrations.RemoveConstraint("confirmedreplies", "one_sum_of_replies_a_day"),
        migrations.AddField("confirmedreplies", "office", models.CharField(blank=True, default="", max_length=254)),
        migrations.AlterField("confirmedreplies", "office", models.CharField(blank=True, max_length=254)),
        migrations.AddConstraint(
            "confirmedreplies",
            models.UniqueConstraint(fields=["slug", "day", "office"], name="one_sum_of_replies_a_day_and_office"),
        ),
    ]
