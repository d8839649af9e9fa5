"""Keep finished files of what is shown, so that no page is set twice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0014_held_back")]
    operations = [
        migrations.CreateModel(
            name="FinishedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=35)),
                ("form", models.CharField(max_length=10)),
                ("made_by", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("seal", models.CharField(max_length=64)),
                (
                    "publication",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="publishing.publication"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_by", "publication"], name="finished_by_program")],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "language", "form"), name="one_finished_file_a_form")
                ],
            },
        ),
    ]
