"""The tables of the journal. Triggers in the database refuse every change of an entry or anchor, whoever asks."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One action: who, when, what kind, on what; ids and codes only, never a text.

    `digest` chains it to the entry before; `mark` is the keyed digest of the step in which it was written.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    subject = models.UUIDField(null=True, db_index=True)
    facts = models.TextField()
    digest = models.BinaryField(max_length=32)
    # Entries from before there were marks have none; an anchor covers them.
    mark = models.BinaryField(max_length=32, null=True)

    sensitivity: ClassVar = dict.fromkeys("number at actor kind subject facts digest mark".split(), "P1")

    class Meta:
        # By the second a subscriber finds what is new to it: by kind alone it went through all entries of those kinds.
        indexes: ClassVar = [
            models.Index(fields=["subject", "kind", "number"], name="journal_last_of_a_kind"),
            models.Index(fields=["kind", "number"], name="journal_kinds_in_order"),
        ]


class Head(models.Model):
    """The last entry's number and digest and the present step: the row that writers wait for, one after the other.

    `mark` is keyed by the present step, so that an end that was cut off does not pass for the end. What was `seen` is
    the last time that agreed with what was known before it (`tocsin.core.journal.Seen`).
    """

    number = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    step = models.BigIntegerField(default=0)
    mark = models.BinaryField(max_length=32, default=b"")
    seen_at = models.DateTimeField(null=True)
    seen_boot = models.UUIDField(null=True)
    seen_uptime = models.FloatField(default=0)

    sensitivity: ClassVar = dict.fromkeys("id number digest step mark seen_at seen_boot seen_uptime".split(), "P1")


class Anchor(models.Model):
    """The journal as it stood, signed by the step that ended there; `public` is the key of the step that begins.

    An anchor without a signature begins the journal, or begins it anew after a restored backup.
    """

    step = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    public = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    sensitivity: ClassVar = dict.fromkeys("step number digest at public signature".split(), "P1")


class Cursor(models.Model):
    """How far a subscriber has got, and who is at work for it until when."""

    subscriber = models.CharField(max_length=60, primary_key=True)
    number = models.BigIntegerField(default=0)
    worker = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("subscriber number worker leased_until failures".split(), "P1")
