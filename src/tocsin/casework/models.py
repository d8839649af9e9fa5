"""The tables of casework. In clear is only what says nothing: random ids, versions, times of saving.

Files of evidence lie here too, in pieces: so a backup has them of the same moment as the case.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class CaseFile(models.Model):
    """A case, as a row that says nothing about it; the row that savers wait for, one after the other."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    shredded_at = models.DateTimeField(null=True)
    has_recovery = models.BooleanField(default=True)

    sensitivity: ClassVar = dict.fromkeys("id opened_at version shredded_at has_recovery".split(), "P1")


class SealedRecord(models.Model):
    """One version of one sealed part of a case. Saving adds versions; nothing is changed in place."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    row = models.UUIDField()
    version = models.PositiveIntegerField()
    compartment = models.CharField(max_length=20)
    sealed = models.BinaryField()
    saved_by = models.UUIDField()
    saved_at = models.DateTimeField()

    sensitivity: ClassVar = {
        **dict.fromkeys("id case row version compartment saved_by saved_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "row", "version"], name="one_row_a_version")]


class CaseSummary(models.Model):
    """What a search needs of a case, for each compartment; overwritten with each save."""

    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    compartment = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(db_index=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case compartment version saved_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "compartment"], name="one_summary_a_compartment")
        ]


class Remark(models.Model):
    """A task for a colleague or a comment beside a record. Words, record and day are sealed; who asks whom is not."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    compartment = models.CharField(max_length=20)
    sealed = models.BinaryField()
    by = models.UUIDField()
    to = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case kind compartment by to at settled_at settled_by".split(), "P1"),
        "sealed": "sealed",
    }


class HandOver(models.Model):
    """That somebody offered a colleague to be in charge of a case, and what she answered."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    by = models.UUIDField()
    to = models.UUIDField(db_index=True)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case by to offered_at answered_at accepted".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(answered_at=None), name="one_offer_at_a_time")
        ]


class Watch(models.Model):
    """That somebody wants to be told of what others change in a case."""

    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    account = models.UUIDField(db_index=True)
    since = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id case account since".split(), "P1")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "account"], name="one_watch_a_person")]


class SavedSearch(models.Model):
    """What somebody looks for again and again, sealed for her alone."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    sensitivity: ClassVar = {**dict.fromkeys("id account saved_at".split(), "P1"), "sealed": "sealed"}


ARRIVING, KEPT = "arriving", "kept"


class EvidenceFile(models.Model):
    """A file of a case, an original or a copy; the row that those wait for who write down what was done with it.

    `arriving` is what is not whole yet, or never will be; a sweep removes it. `sealed` is its sheet.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    compartment = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=ARRIVING, db_index=True)
    arrived_at = models.DateTimeField()
    arrived_by = models.UUIDField()
    sealed = models.BinaryField(default=b"")

    sensitivity: ClassVar = {
        **dict.fromkeys("id case compartment state arrived_at arrived_by".split(), "P1"),
        "sealed": "sealed",
    }


class EvidencePiece(models.Model):
    """A piece of a sealed file, about a megabyte; the seal shows whether one is missing, moved or changed."""

    file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    sensitivity: ClassVar = {**dict.fromkeys("id file number".split(), "P1"), "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "number"], name="one_piece_a_number")]


class CustodyLine(models.Model):
    """What was done with a file: one line of its chain of custody. `entry` is the journal's entry that vouches for it.

    Lines are only ever added.
    """

    file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    entry = models.BigIntegerField()
    sealed = models.BinaryField()

    sensitivity: ClassVar = {**dict.fromkeys("id file number entry".split(), "P1"), "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "number"], name="one_line_a_number")]


class Notices(models.Model):
    """That somebody wants a mail when something waits for her at the desk: where to, and how far it has got.

    `waiting_since` is when the first thing came that no mail has told of. `number` counts the mails that a server took;
    while `sending_at` is set, the next may or may not have been taken.
    """

    account = models.UUIDField(primary_key=True)
    mailbox = models.BinaryField()
    language = models.CharField(max_length=10)
    waiting_since = models.DateTimeField(null=True, db_index=True)
    sending_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = {
        **dict.fromkeys("account language waiting_since sending_at sent_at number failures".split(), "P1"),
        "mailbox": "sealed",
    }


class Merge(models.Model):
    """That one case was taken into another, of which it has been a pointer since; until somebody undoes it.

    `before` and `after` are the versions of the case that took it in.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    kept = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="took_in")
    gone = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="went_into")
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id kept gone before after by at undone_at undone_by".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gone"], condition=models.Q(undone_at=None), name="one_pointer_a_case")
        ]


class Union(models.Model):
    """That two records of a case are one: which two and why is sealed, until somebody takes them apart again.

    `before` and `after` are the versions of the case around it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="unions")
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case before after by at undone_at undone_by".split(), "P1"),
        "sealed": "sealed",
    }


class ExportAsk(models.Model):
    """That somebody asks to take a list of cases out, and who agreed: how many, why as a code, never which.

    `digest` binds what was agreed to the very cases that were asked for, and to the key that they are encrypted to.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    by = models.UUIDField()
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    is_encrypted = models.BooleanField(default=True)
    digest = models.BinaryField(max_length=32)
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys(
        "id by at rows reason is_encrypted digest agreed_by agreed_at ended_at".split(), "P1"
    )


class ExportKey(models.Model):
    """A public key to which somebody has her tables encrypted, and what she calls it: sealed for her alone.

    So nobody who writes into the database puts another key in its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    added_at = models.DateTimeField()

    sensitivity: ClassVar = {**dict.fromkeys("id account added_at".split(), "P1"), "sealed": "sealed"}
