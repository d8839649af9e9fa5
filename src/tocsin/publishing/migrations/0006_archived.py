from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_defenders"),
    ]

    operations = [
        migrations.AddField(
            model_name="shown",
            name="archived",
            field=models.BooleanField(default=False),
        ),
    ]
