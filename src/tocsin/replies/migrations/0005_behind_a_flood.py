"""What stands in the inbox is found as fast behind a hundred thousand reports of mail servers as behind none."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("replies", "0004_threads")]

    operations: ClassVar = [
        migrations.AlterField(
            "rawmessage",
            "key",
            models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="replies.inboxkey"),
        ),
        migrations.AddIndex("rawmessage", models.Index(fields=["state", "came_at", "id"], name="mail_by_time")),
        migrations.AddIndex("rawmessage", models.Index(fields=["trouble", "state"], name="mail_by_trouble")),
    ]
