"""The tables of the journal. Triggers in the database refuse every change of an entry, whoever asks."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One action: who, when, what kind, on what; ids and codes only, never a text."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    subject = models.UUIDField(null=True, db_index=True)
    facts = models.TextField()
    digest = models.BinaryField(max_length=32)

    sensitivity: ClassVar = dict.fromkeys("number at actor kind subject facts digest".split(), "P1")


class Head(models.Model):
    """The last entry's number and digest: the row that writers wait for, one after the other."""

    number = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    sensitivity: ClassVar = dict.fromkeys("id number digest".split(), "P1")
