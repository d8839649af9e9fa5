from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0007_grants_by_giver"),
    ]

    operations = [
        migrations.AddField(
            model_name="doomed",
            name="went_into",
            field=models.UUIDField(null=True),
        ),
    ]
