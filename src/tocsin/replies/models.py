"""The tables of the inbox. In clear is only what says nothing of who wrote what: ids, digests, states, codes, times."""

from typing import ClassVar, Final
from uuid import uuid4

from django.db import models

from tocsin.letterbox.models import OutsideKey

ARRIVED, WAITING, FILED, ASIDE, RETURNED, QUARANTINED = (
    "arrived",
    "waiting",
    "filed",
    "aside",
    "returned",
    "quarantined",
)
STATES: Final = (ARRIVED, WAITING, FILED, ASIDE, RETURNED, QUARANTINED)
"""Where a mail lies: not opened yet; doubtful, so that a person decides; with an appeal; set aside; counted as what
came back to a mailing; put away because it could not be opened."""

COUNTED, DROPPED, LEFT, REPORTED, ENTERED = "counted", "dropped", "left", "reported", "entered"
"""What became of a mail: a reader's report, counted; one destroyed since nobody counted it; a reader who left; a report
at intake; a claim in a case."""

LETTERS, MACHINES, RETURNS = "letters", "machines", "returns"
"""Three lanes, opened in the order of their names: what people may have written, what says of itself that a machine did
(RFC 3834, section 5), and what mail servers report."""


#: The trouble of a report of a mail server about no message of ours: anybody may have dressed a letter like one.
OF_NO_MESSAGE: Final = "of_no_message"


class InboxKey(OutsideKey):
    """A key that mail is sealed to as it comes, and under which what was read in it is sealed."""


class Arrivals(models.Model):
    """What was taken in one day, counted where it is kept, so that nothing can get lost between there and the inbox.

    `known` counts what was sent once more; `size` is bytes as they are kept.
    """

    day = models.DateField(primary_key=True)
    taken = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("day taken known size".split(), "P1")


class RawMessage(models.Model):
    """A mail, whole, as it came; nobody who keeps one can open it. No row is ever taken away.

    `digest` is keyed, and the same for the same bytes; `thread` is a keyed digest of its Message-ID. `reading` is what
    was understood of it, once it was opened; `trouble` why it could not be, or what is odd about it. `code` is that of
    the published appeal with which it lies, `response` what it amounts to, a code of the vocabulary; `kind` what it is,
    another one; all are so by rule as long as `filed_by` says nobody. `stated` is what she said of it, and `office` the
    first way that the appeal prints of the authority that replied, a mail address if it prints one, where she said that
    readers may learn which one did. `became` says what was made of it, and `told_as` is a keyed digest of a report that
    was counted, the same for each copy of that mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    # No index: nearly all mail has the same, so that whatever is looked up by it takes as long as there is mail.
    key = models.ForeignKey(InboxKey, on_delete=models.PROTECT, db_index=False)
    digest = models.BinaryField(max_length=32, unique=True)
    thread = models.BinaryField(max_length=16, null=True)
    lane = models.CharField(max_length=8)
    sealed = models.BinaryField()
    came_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(each, each) for each in STATES], default=ARRIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)
    reading = models.BinaryField(null=True)
    code = models.CharField(max_length=80, blank=True)
    response = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    office = models.CharField(max_length=254, blank=True)
    stated = models.BinaryField(null=True)
    became = models.CharField(max_length=12, blank=True)
    told_as = models.BinaryField(max_length=32, null=True, unique=True)
    filed_by = models.UUIDField(null=True)
    filed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = {
        **dict.fromkeys("id key digest thread lane came_at state tries tried_until trouble code".split(), "P1"),
        **dict.fromkeys("response kind office became told_as filed_by filed_at version".split(), "P1"),
        **dict.fromkeys(("sealed", "reading", "stated"), "sealed"),
    }

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(state__in=STATES), name="states_of_mail")]
        indexes: ClassVar = [
            models.Index(fields=["state", "lane", "came_at"], name="mail_by_state"),
            models.Index(fields=["state", "came_at", "id"], name="mail_by_time"),
            models.Index(fields=["trouble", "state"], name="mail_by_trouble"),
            models.Index(fields=["thread"], condition=models.Q(thread__isnull=False), name="mail_by_thread"),
        ]


class Answer(models.Model):
    """What one of us answered to a mail, sealed as what was read in it; the mailer knows it by the same id."""

    id = models.UUIDField(primary_key=True)
    message = models.ForeignKey(RawMessage, on_delete=models.PROTECT, related_name="answers")
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()

    sensitivity: ClassVar = {**dict.fromkeys("id message by at".split(), "P1"), "sealed": "sealed"}
