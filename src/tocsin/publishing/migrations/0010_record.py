from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0009_disavowals"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastTold",
            fields=[
                ("slug", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name="toldcountry",
            name="settled",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ConfirmedReplies",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80)),
                ("day", models.DateField()),
                ("replies", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("slug", "day"), name="one_sum_of_replies_a_day"),
                ],
            },
        ),
    ]
