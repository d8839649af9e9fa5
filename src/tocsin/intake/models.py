"""The tables of intake. In clear is only what says nothing of a report: random ids, states, numbers, times."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

WAITING, TAKEN, DECLINED, ERASED = "waiting", "taken", "declined", "erased"


class Report(models.Model):
    """A report, as a row that says nothing about it; the row that people who decide wait for, one after the other.

    `version` counts what was decided; `erase_on` is the day on which the keys of a declined report are destroyed;
    `case` is the case file that was opened from it, `conversation` what a receipt code of the public form finds.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=WAITING, db_index=True)
    version = models.PositiveIntegerField(default=0)
    erase_on = models.DateField(null=True)
    case = models.UUIDField(null=True)
    conversation = models.UUIDField(null=True, db_index=True)

    sensitivity: ClassVar = dict.fromkeys(
        "id received_at received_by state version erase_on case conversation".split(), "P1"
    )


class ReportPart(models.Model):
    """One sealed part of a report: the file as it came, how it came, what was read, or one round of decisions."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    report = models.ForeignKey(Report, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField()

    sensitivity: ClassVar = {
        **dict.fromkeys("id report kind version saved_by saved_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "kind", "version"], name="one_part_a_version")
        ]
