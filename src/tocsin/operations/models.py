"""The tables of those who run a site."""

from typing import ClassVar

from django.db import models


class Duty(models.Model):
    """Something the worker does from time to time: when it was done, when it is due, and who is at it until when."""

    name = models.CharField(max_length=80, primary_key=True)
    worker = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("name worker leased_until done_at due_at failures".split(), "P1")


class Keeper(models.Model):
    """A place outside of the machine where anchors are kept: the last one that it got, and when.

    `name` is a kind and a digest of where it is, so that a place that was changed counts as a new one.
    """

    name = models.CharField(max_length=80, primary_key=True)
    step = models.BigIntegerField(default=0)
    left_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("name step left_at failures".split(), "P1")
