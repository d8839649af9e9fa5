"""The tables of the directory. All of it is public: offices as such, never anything about a case."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

POST, INSTITUTION = "post", "institution"


class Authority(models.Model):
    """A post or an institution, as the row that those who change it wait for; what it is stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    country = models.CharField(max_length=3, db_index=True)
    version = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("id kind key country version".split(), "P0")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="one_authority_a_key")]


class AuthorityVersion(models.Model):
    """A state in which a post or an institution was: by whom, when and why. Saving adds versions; none is changed."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    content = models.TextField()
    saved_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField()
    why = models.CharField(max_length=20)

    sensitivity: ClassVar = {
        **dict.fromkeys("id authority version saved_by saved_at why".split(), "P1"),
        "content": "P0",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "version"], name="one_authority_a_version")
        ]


class Turnover(models.Model):
    """A change of government: what was checked in a country before that day counts no more, unless it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    country = models.CharField(max_length=3, db_index=True)
    on = models.DateField()
    marked_by = models.UUIDField()
    marked_at = models.DateTimeField()
    taken_back_by = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys("id country on marked_by marked_at taken_back_by taken_back_at".split(), "P1")
