"""The tables of mailings. No row of them points into the private house, nor to anything that a reader did.

In clear are only drawn ids, codes, keyed digests, numbers and times: an address is sealed to the mailer, whose key lies
in a file of its own and in no process that serves pages.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

SUBSCRIBER_STATES = ("unconfirmed", "active", "left", "suppressed")
MAILING_STATES = ("open", "scheduled", "sending", "paused", "stopped", "finished")
DELIVERY_STATES = ("waiting", "claimed", "intended", "handed_over", "suppressed", "failed", "uncertain")
#: In all others a delivery stays: whoever counts those when a mailing is finished finds its whole audience.
OWED = ("waiting", "claimed", "intended")
POLICIES = ("resend", "hold")
#: Kinds of mailings that say of an appeal that it does not stand any more, to those who were sent it.
TOMBSTONES = ("retraction", "disavowal")
#: Reasons of suppressions that what came back gave; `returning.toml` says when.
CAME_BACK = ("gone", "unreachable")
KINDS = ("hard", "soft", "policy", "other")
LINK_KINDS = ("confirm", "change")
ANSWER_STATES = ("queued", "intended", "handed_over", "failed", "uncertain")
CODE = 40
REPLY, QUEUE_ID = 12, 80


_FRESH = Q(state="waiting", not_before__isnull=True)
_PUT_OFF = Q(state="waiting", not_before__isnull=False)


def _one_of(field: str, words: tuple[str, ...], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": words}), name=name)


def _choices(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Subscriber(models.Model):
    """A reader who asked to receive appeals, under an id that was drawn by dice.

    `address` and `openpgp` are sealed to the mailer's key; `fingerprint` is the keyed digest of the address, by which
    it is found a second time. `languages` are tags in the order in which she wants them, `countries` and `topics` codes
    (of violation groups) of which one has to fit; each with a space before and behind it, and empty ones of the last
    two mean all.
    """

    id = models.UUIDField(primary_key=True)
    address = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32, unique=True)
    languages = models.CharField(max_length=200)
    countries = models.CharField(max_length=1200, blank=True)
    topics = models.CharField(max_length=2000, blank=True)
    html = models.BooleanField(default=True)
    neutral_subject = models.BooleanField(default=False)
    openpgp = models.BinaryField(null=True)
    state = models.CharField(max_length=12, choices=_choices(SUBSCRIBER_STATES))
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id fingerprint languages countries topics html neutral_subject state".split(), "P1"),
        **dict.fromkeys("asked_at confirmed_at left_at".split(), "P1"),
        **dict.fromkeys(("address", "openpgp"), "sealed"),
    }

    class Meta:
        constraints: ClassVar = [_one_of("state", SUBSCRIBER_STATES, "subscriber_states")]
        indexes: ClassVar = [models.Index(fields=["state"], name="subscribers_by_state")]


class Suppression(models.Model):
    """An address to which nothing is sent, whether a subscriber has it or not; taking the row away undoes it."""

    fingerprint = models.BinaryField(primary_key=True, max_length=32)
    reason = models.CharField(max_length=CODE)
    since = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("fingerprint reason since".split(), "P1")


class Mailing(models.Model):
    """One publication on its way to all its readers. The id is made by who asks, so that asking twice is one mailing.

    By its `kind` it may also be the tombstone of that publication, on its way to those who were sent it.

    `order` is the signature by which the officer asks for it; without it nothing is sent. `epoch` grows with each stop,
    pause and resumption, and `turn` with each claim: a mailer that has seen higher ones knows that an old database was
    put back. `held_for` is the code of why nothing goes out at present.
    """

    id = models.UUIDField(primary_key=True)
    slug = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=_choices(MAILING_STATES))
    policy = models.CharField(max_length=6, choices=_choices(POLICIES))
    epoch = models.PositiveBigIntegerField(default=1)
    turn = models.PositiveBigIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    held_for = models.CharField(max_length=CODE, blank=True)
    held_since = models.DateTimeField(null=True)
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    order = models.BinaryField(max_length=64)
    ended_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys(
        "id slug version kind state policy epoch turn not_before begun_at held_for held_since opened_by"
        " opened_at order ended_at".split(),
        "P1",
    )

    class Meta:
        constraints: ClassVar = [
            # A version goes out once, and its tombstone: whoever could open a second mailing could send it again. That
            # no mailing bears another kind than that of its publication, a mailer looks itself.
            models.UniqueConstraint(fields=["slug", "version", "kind"], name="one_mailing_a_version"),
            _one_of("state", MAILING_STATES, "mailing_states"),
            _one_of("policy", POLICIES, "mailing_policies"),
        ]


class Audience(models.Model):
    """How many readers a mailing goes to in one language, counted as they are fixed; the deliveries add up to it."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    language = models.CharField(max_length=35)
    readers = models.PositiveIntegerField()

    sensitivity: ClassVar = dict.fromkeys("id mailing language readers".split(), "P1")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailing", "language"], name="one_count_a_language")]


class Fixing(models.Model):
    """That not all readers of a mailing are fixed yet; gone when they are, and until then the mailing does not end.

    `wanted` says whom it is for, in codes and language tags, as it was at the click that sent it, at `as_of`. Of the
    readers of `rank` those up to `after` are fixed.
    """

    mailing = models.OneToOneField(Mailing, on_delete=models.CASCADE, primary_key=True)
    wanted = models.TextField()
    as_of = models.DateTimeField()
    rank = models.PositiveSmallIntegerField(default=0)
    after = models.UUIDField(null=True)

    sensitivity: ClassVar = dict.fromkeys("mailing wanted as_of rank after".split(), "P1")


class Delivery(models.Model):
    """What a mailing owes one reader, and what became of it.

    `claimed` is of a mailer until `lease_until`, and nothing of it was sent; `intended` was written down before its
    content went out, so that after a crash it may have arrived or not; `tries` counts refusals for now, and `doubts`
    how often it was uncertain. `subscriber` is no foreign key, and emptied when what a reader got is to be forgotten.
    `leaving` and `bounce` are digests of the tokens in the message. Those with the lowest `rank` go first.
    """

    # Without an index of its own: others begin with it, and each is written at each step of a message.
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, db_index=False)
    subscriber = models.UUIDField(null=True)
    rank = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=35)
    html = models.BooleanField(default=True)
    neutral = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=_choices(DELIVERY_STATES), default="waiting")
    reason = models.CharField(max_length=CODE, blank=True)
    reply = models.CharField(max_length=REPLY, blank=True)
    queue_id = models.CharField(max_length=QUEUE_ID, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    mailer = models.UUIDField(null=True)
    epoch = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    leaving = models.BinaryField(max_length=16, null=True)
    bounce = models.BinaryField(max_length=16, null=True)
    settled_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys(
        "id mailing subscriber rank language html neutral state reason reply queue_id tries doubts not_before mailer"
        " epoch lease_until leaving bounce settled_at".split(),
        "P1",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailing", "subscriber"], name="one_delivery_a_reader"),
            _one_of("state", DELIVERY_STATES, "delivery_states"),
        ]
        indexes: ClassVar = [
            # Apart, so that a claim does not go past all that was put off to find what may go.
            models.Index(fields=["mailing", "rank", "id"], condition=_FRESH, name="deliveries_fresh"),
            models.Index(fields=["mailing", "not_before", "id"], condition=_PUT_OFF, name="deliveries_put_off"),
            models.Index(fields=["mailing", "state"], name="deliveries_by_state"),
            models.Index(fields=["id"], condition=Q(state="uncertain"), name="deliveries_uncertain"),
            models.Index(fields=["leaving"], condition=Q(leaving__isnull=False), name="deliveries_by_leaving"),
            models.Index(fields=["bounce"], condition=Q(bounce__isnull=False), name="deliveries_by_bounce"),
        ]


class Bounce(models.Model):
    """A message that came back: once for each delivery, and gone with its reader.

    `sent_at` is when the message went out, by our own clock; what the report says of times counts for nothing. `status`
    is the enhanced code (RFC 3463). Words and addresses of a report are not kept.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="returned")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)
    kind = models.CharField(max_length=6, choices=_choices(KINDS))
    status = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField()
    at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id delivery subscriber kind status sent_at at".split(), "P1")

    class Meta:
        constraints: ClassVar = [_one_of("kind", KINDS, "bounce_kinds")]


class Doubt(models.Model):
    """What people may know of a delivery that is uncertain, noted by a mailer.

    It is gone when somebody has decided, or when its reader is forgotten.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, primary_key=True)
    domain = models.CharField(max_length=255, blank=True)
    message_id = models.CharField(max_length=320)

    sensitivity: ClassVar = dict.fromkeys("delivery domain message_id".split(), "P1")


class Mailer(models.Model):
    """A mailer that is at work, or was: when a clock that agreed saw it last, and why it holds everything if so."""

    id = models.UUIDField(primary_key=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    connections = models.PositiveIntegerField()
    holds_for = models.CharField(max_length=CODE, blank=True)

    sensitivity: ClassVar = dict.fromkeys("id since seen_at connections holds_for".split(), "P1")


class Ask(models.Model):
    """What somebody asked for on the public site, until a worker has looked whether it is anybody's.

    The page writes this row and looks at nothing, so that its answer tells nobody who is subscribed, by its words or by
    its time. The id becomes that of a new subscriber: `address` is sealed to it.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=_choices(LINK_KINDS))
    language = models.CharField(max_length=35)
    address = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32)
    languages = models.CharField(max_length=200)
    countries = models.CharField(max_length=1200, blank=True)
    topics = models.CharField(max_length=2000, blank=True)
    html = models.BooleanField(default=True)
    neutral_subject = models.BooleanField(default=False)
    openpgp = models.BinaryField(null=True)
    asked_at = models.DateTimeField()

    sensitivity: ClassVar = {
        **dict.fromkeys("id kind language fingerprint languages countries topics html neutral_subject".split(), "P1"),
        **dict.fromkeys(("address", "openpgp"), "sealed"),
        "asked_at": "P1",
    }

    class Meta:
        constraints: ClassVar = [_one_of("kind", LINK_KINDS, "ask_kinds")]


class Link(models.Model):
    """An address that opens one reader's page once, or is to be mailed to her: to confirm, or to change what she gets.

    `digest` is that of the token in it, and `sealed` the token, for the mailer alone; it is emptied once a server took
    the mail. `taken_until` is the lease of the mailer that is about to send it.
    """

    id = models.UUIDField(primary_key=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12, choices=_choices(LINK_KINDS))
    language = models.CharField(max_length=35)
    digest = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id subscriber kind language digest made_at ends_at taken_until tries sent_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [_one_of("kind", LINK_KINDS, "link_kinds")]
        indexes: ClassVar = [models.Index(fields=["made_at"], condition=Q(sent_at=None), name="links_to_send")]


class Halt(models.Model):
    """That nothing goes out at all while the site is frozen: one row, or none. No backup holds it."""

    id = models.SmallIntegerField(primary_key=True)
    since = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id since".split(), "P1")


class Trial(models.Model):
    """One message of a mailing for a colleague who looks at it before; forgotten after a day.

    `address` is that of a colleague, sealed to the mailer, and `order` the signature of who asked for exactly this.
    """

    id = models.UUIDField(primary_key=True)
    slug = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=35)
    address = models.BinaryField()
    ordered_by = models.UUIDField()
    order = models.BinaryField(max_length=64)
    asked_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id slug version language ordered_by order asked_at taken_until tries sent_at".split(), "P1"),
        "address": "sealed",
    }


class PostedAnswer(models.Model):
    """What one of us wrote to one correspondent, on its way. What may have arrived is sent again by a person alone.

    `sealed` holds to whom, and what, for the mailer alone; it is emptied when there is nothing more to send. `order` is
    the signature of who wrote it. `intended` was written down before the message went out, so that after a crash it may
    have arrived or not.
    """

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    ordered_by = models.UUIDField()
    order = models.BinaryField(max_length=64)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=_choices(ANSWER_STATES), default="queued")
    tries = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    queue_id = models.CharField(max_length=QUEUE_ID, blank=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id ordered_by order asked_at due_at state tries changed_at queue_id".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [_one_of("state", ANSWER_STATES, "answer_states")]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="answers_to_send")]


class TakenList(models.Model):
    """How far the taking of a list of readers got, so that it goes on there after a crash; gone when it has ended.

    `digest` is a keyed digest of the file, `settled` how many of the addresses in it were looked at, and the others
    what became of them; rows that are refused change nothing, and are counted anew.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    settled = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    suppressed = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("digest settled added known suppressed begun_at".split(), "P1")
