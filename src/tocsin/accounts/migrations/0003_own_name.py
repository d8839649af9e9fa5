from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_second_factors"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="name",
            field=models.BinaryField(default=b""),
        ),
    ]
