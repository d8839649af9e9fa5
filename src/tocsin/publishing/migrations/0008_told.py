from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0007_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldActions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80)),
                ("day", models.DateField()),
                ("number", models.PositiveSmallIntegerField()),
                ("channel", models.CharField(max_length=20)),
                ("actions", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "day", "number", "channel"), name="one_sum_a_day_and_channel"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldCountry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80)),
                ("country", models.CharField(max_length=3)),
                ("actions", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("slug", "country"), name="one_sum_a_country")],
            },
        ),
    ]
