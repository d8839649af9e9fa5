"""The tables of accounts. Who works here is nobody's business: names are sealed, and looked up by a keyed digest."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Account(models.Model):
    """A person who may sign in."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    login = models.BinaryField(max_length=32, unique=True)
    name = models.BinaryField()
    # Codes with a space between: JSON columns bring functions that SQLite refuses to a schema it does not trust.
    roles = models.CharField(max_length=200, blank=True)
    totp = models.BinaryField(default=b"")
    # The secret of an authenticator that was shown and not yet confirmed by a code.
    totp_offered = models.BinaryField(default=b"")
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id roles last_step created_at disabled_at".split(), "P1"),
        **dict.fromkeys("login name totp totp_offered".split(), "sealed"),
    }


class Session(models.Model):
    """A signed-in browser. The id is the digest of the cookie's secret, which alone opens the sealed ring of keys.

    `name` is the person's own, sealed for her alone, so that her pages need not open the directory for it.

    `proof` says by which second factor she was last confirmed, and `confirmed_at` when; without any she may do nothing
    but set one up.
    """

    id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    ring = models.BinaryField()
    name = models.BinaryField(default=b"")
    proof = models.CharField(max_length=13, default="")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id account proof opened_at seen_at confirmed_at".split(), "P1"),
        **dict.fromkeys(("ring", "name"), "sealed"),
    }


class Passkey(models.Model):
    """A passkey of a person: what an authenticator gave out to be known by. Nothing in it is secret."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    credential = models.BinaryField(max_length=1024, unique=True)
    public_key = models.BinaryField(max_length=2048)
    uses = models.BigIntegerField()
    added_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id account credential public_key uses added_at".split(), "P1")


class Invitation(models.Model):
    """A link that works once: to join, or to set up a second factor anew. The id is the digest of its secret."""

    id = models.CharField(max_length=64, primary_key=True)
    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    ends_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id account ends_at".split(), "P1")


class Tries(models.Model):
    """How often somebody tried to sign in since when, by a keyed digest of name and place: both stay unknown."""

    id = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id count since".split(), "P1")


class SpentChallenge(models.Model):
    """A question to a passkey that was answered; it is kept until it would be too old anyway."""

    id = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("id spent_at".split(), "P1")
