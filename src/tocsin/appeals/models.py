"""The tables of appeals. Texts and reasons are sealed under the key of the case; who signed what, and when, is not.

What somebody may release is never read from `state`: it is worked out anew from the signatures, so that whoever can
write into these tables alone publishes nothing.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from tocsin.appeals.tables import RETRACTED
from tocsin.casework.models import CaseFile


class Appeal(models.Model):
    """An appeal that is written for a case: the row that those wait for who change it, one after the other.

    `version` is that of the newest draft. `code` is empty until the first approval. `published` is the draft that is
    public now, `times` how often one was: once, and once more for each correction.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=80, default="")
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    published = models.PositiveIntegerField(default=0)
    times = models.PositiveSmallIntegerField(default=0)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case follows state version opened_at released_at published times".split(), "P1"),
        "code": "P0",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_appeal_a_code"),
        ]

    @property
    def is_public(self) -> bool:
        """Tell whether something of it was published and not taken back, be it that a correction is being written."""
        return self.times > 0 and self.state != RETRACTED


class Draft(models.Model):
    """One version of all editions of an appeal, sealed. Saving adds versions; nothing is changed in place."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_by = models.UUIDField()
    saved_at = models.DateTimeField()

    sensitivity: ClassVar = {
        **dict.fromkeys("id appeal version saved_by saved_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["appeal", "version"], name="one_draft_a_version")]


class _Signed(models.Model):
    """What somebody signed about one version, who is neither its author nor who wrote in it last."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    author = models.UUIDField()
    editor = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    signature = models.BinaryField()

    sensitivity: ClassVar = dict.fromkeys("id appeal version author editor by at signature".split(), "P1")

    class Meta:
        abstract = True


class Clearance(_Signed):
    """That somebody cleared one of the gates for a version, or sent the version back there; `sealed` says why."""

    gate = models.CharField(max_length=20)
    passed = models.BooleanField()
    sealed = models.BinaryField()

    sensitivity: ClassVar = {**_Signed.sensitivity, "gate": "P1", "passed": "P1", "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal", "version", "gate", "passed"], name="one_answer_a_gate"),
            models.CheckConstraint(condition=~Q(by=F("author")), name="no_author_clears"),
            models.CheckConstraint(condition=~Q(by=F("editor")), name="no_editor_clears"),
        ]


class Approval(_Signed):
    """One signature over all that becomes public of a version: editions, code, kind, what it follows."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal", "version", "by"], name="one_approval_a_person"),
            models.CheckConstraint(condition=~Q(by=F("author")), name="no_author_approves"),
            models.CheckConstraint(condition=~Q(by=F("editor")), name="no_editor_approves"),
        ]


class Recall(models.Model):
    """That an approver wants a published appeal taken back, and signed that; a second one makes it so.

    `sealed` is the note that readers get. `at` is the time that both sign.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT)
    by = models.UUIDField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    signature = models.BinaryField()
    ended_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {**dict.fromkeys("id appeal by at signature ended_at".split(), "P1"), "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal"], condition=Q(ended_at=None), name="one_recall_at_a_time")
        ]


class AskedStatement(models.Model):
    """That a signatory asks another one to sign a statement that belongs to no case.

    `about` is the id of the key that was stolen, or the code of an appeal of the archive.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=80)
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys("id kind about by at ended_at".split(), "P1")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "about"], condition=Q(ended_at=None), name="one_asked_statement_at_a_time"
            )
        ]


class StatementBox(models.Model):
    """What is asked, with the signature of who asks, sealed to one person who may agree; gone when it has ended."""

    asked = models.ForeignKey(AskedStatement, on_delete=models.CASCADE)
    holder = models.UUIDField()
    sealed = models.BinaryField()

    sensitivity: ClassVar = {**dict.fromkeys("id asked holder".split(), "P1"), "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["asked", "holder"], name="one_box_a_person")]


class Waiver(models.Model):
    """A signed decision to let a finding stand in an appeal, for a reason and until a day."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT)
    by = models.UUIDField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    signature = models.BinaryField()

    sensitivity: ClassVar = {**dict.fromkeys("id appeal by at signature".split(), "P1"), "sealed": "sealed"}


class CopyRequest(models.Model):
    """That somebody outside was asked to take copies of a withdrawn appeal down; `sealed` says who."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT)
    by = models.UUIDField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    sensitivity: ClassVar = {**dict.fromkeys("id appeal by at".split(), "P1"), "sealed": "sealed"}
