"""Mail knows by which digest another answers it; what came before knows none."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("replies", "0003_kinds")]

    operations: ClassVar = [
        migrations.AddField("rawmessage", "thread", models.BinaryField(max_length=16, null=True)),
        migrations.AddIndex(
            "rawmessage",
            models.Index(fields=["thread"], condition=models.Q(thread__isnull=False), name="mail_by_thread"),
        ),
    ]
