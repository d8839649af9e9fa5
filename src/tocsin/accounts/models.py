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
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id roles last_step created_at disabled_at".split(), "P1"),
        **dict.fromkeys("login name totp".split(), "sealed"),
    }


class Session(models.Model):
    """A signed-in browser. The id is the digest of the cookie's secret, which alone opens the sealed ring of keys."""

    id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    ring = models.BinaryField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    sensitivity: ClassVar = {**dict.fromkeys("id account opened_at seen_at".split(), "P1"), "ring": "sealed"}
