from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0008_doubts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostedAnswer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("ordered_by", models.UUIDField()),
                ("order", models.BinaryField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("intended", "intended"),
                            ("handed_over", "handed_over"),
                            ("failed", "failed"),
                            ("uncertain", "uncertain"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("queue_id", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "queued")), fields=["due_at"], name="answers_to_send")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "intended", "handed_over", "failed", "uncertain"))),
                        name="answer_states",
                    )
                ],
            },
        ),
    ]
