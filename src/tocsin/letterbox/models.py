"""The tables of the letterbox. In clear is only what says nothing: random ids, public keys, digests, numbers, times.

Times are cut to the hour, so that nobody can lay them beside the records of a network.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class OutsideKey(models.Model):
    """A key that what comes from outside is sealed to, signed by who drew it; its private half is sealed for the team.

    The id is that of a case in the vault: destroying its keys destroys the private half. The newest one that is not
    retired is in use; without one nothing is taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    public = models.BinaryField(max_length=32)
    secret = models.BinaryField()
    made_by = models.UUIDField()
    signature = models.BinaryField(max_length=64)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id public made_by signature made_at retired_at".split(), "P1"),
        "secret": "sealed",
    }

    class Meta:
        abstract = True


class LetterKey(OutsideKey):
    """A key that letters are sealed to; its private half is for those at intake."""


class Conversation(models.Model):
    """What one receipt code finds: the letters of one sender and the answers to them.

    `lookup` is a digest of the code; answers are sealed to `public`, whose private half the code alone gives.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    lookup = models.BinaryField(max_length=32, unique=True)
    public = models.BinaryField(max_length=32)
    letters = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    sensitivity: ClassVar = dict.fromkeys("id lookup public letters answers last_on".split(), "P1")


class Letter(models.Model):
    """A letter that nobody has collected yet."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    key = models.ForeignKey(LetterKey, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    came_at = models.DateTimeField()

    sensitivity: ClassVar = {
        **dict.fromkeys("id conversation key number size came_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "number"], name="one_letter_a_number")]


class Answer(models.Model):
    """What the team wrote to a sender: opened by the receipt code alone."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    written_on = models.DateField()

    sensitivity: ClassVar = {**dict.fromkeys("id conversation number written_on".split(), "P1"), "sealed": "sealed"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "number"], name="one_answer_a_number")]
