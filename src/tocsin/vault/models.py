"""The tables of the vault.

`Slot`, `Vacancy`, `KeyLink`, `StepKey`, `Emergency` and `Doomed` live in the key store, a database of its own (alias
`keys`) that is backed up apart and kept for days, while backups of the other data may live for years: once its slot is
overwritten, a key is nowhere.
`sensitivity` classes each field: P0 public, P1 internal, `sealed` for ciphertext of what is P2 to P4.
"""

import uuid
from typing import ClassVar

from django.db import models

SLOT_BYTES = 256


class Slot(models.Model):
    """Room for one wrapped key: always 256 bytes, overwritten in place and never freed."""

    number = models.BigAutoField(primary_key=True)
    sealed = models.BinaryField(max_length=SLOT_BYTES)
    taken_at = models.DateTimeField(null=True)
    # Said here besides the main database, so that a case can be shredded while that one is locked, damaged or gone.
    case = models.UUIDField(null=True)

    sensitivity: ClassVar = {"number": "P1", "sealed": "sealed", "taken_at": "P1", "case": "P1"}
    database: ClassVar = "keys"


class Vacancy(models.Model):
    """The number of a slot that nobody uses; apart, so that shredding changes nothing but the slot itself."""

    number = models.BigIntegerField(primary_key=True)

    sensitivity: ClassVar = {"number": "P1"}
    database: ClassVar = "keys"


class KeyLink(models.Model):
    """Where the data key before this version lies, sealed under this version's."""

    case = models.UUIDField()
    compartment = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    slot = models.BigIntegerField()

    sensitivity: ClassVar = {"id": "P1", "case": "P1", "compartment": "P1", "version": "P1", "slot": "P1"}
    database: ClassVar = "keys"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "compartment", "version"], name="one_link_a_version")
        ]


class StepKey(models.Model):
    """The secret of one step of a key that moves on: the journal's. The steps before are destroyed."""

    step = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField(max_length=32)

    sensitivity: ClassVar = {"step": "P1", "secret": "sealed"}
    database: ClassVar = "keys"


class Emergency(models.Model):
    """The one row that every request reads: whether the site is frozen, and what no session opens without.

    `owed` names what was done in an emergency and could not be written into the journal yet.
    """

    id = models.SmallIntegerField(primary_key=True)
    session_secret = models.BinaryField(max_length=32)
    frozen = models.BooleanField(default=False)
    owed = models.CharField(max_length=60, default="")
    changed_at = models.DateTimeField(null=True)

    # Without the cookie of a session its secret opens nothing.
    sensitivity: ClassVar = dict.fromkeys("id session_secret frozen owed changed_at".split(), "P1")
    database: ClassVar = "keys"


class Doomed(models.Model):
    """A case that is shredded in an emergency, chosen in quiet times; or a report that went into such a case."""

    case = models.UUIDField(primary_key=True)
    went_into = models.UUIDField(null=True)
    shredded = models.BooleanField(default=False)

    sensitivity: ClassVar = {"case": "P1", "went_into": "P1", "shredded": "P1"}
    database: ClassVar = "keys"


class Holder(models.Model):
    """A person as the owner of keys; the id is that of the account."""

    id = models.UUIDField(primary_key=True)
    box_public = models.BinaryField(max_length=32)
    sign_public = models.BinaryField(max_length=32)
    vouched_by = models.UUIDField(null=True)
    vouch = models.BinaryField(max_length=64, default=b"")
    salt = models.BinaryField(max_length=16)
    memory = models.PositiveIntegerField()
    rounds = models.PositiveSmallIntegerField()
    lanes = models.PositiveSmallIntegerField()
    passphrase_slot = models.BigIntegerField()
    recovery_slot = models.BigIntegerField()

    sensitivity: ClassVar = dict.fromkeys(
        "id box_public sign_public vouched_by vouch salt memory rounds lanes passphrase_slot recovery_slot".split(),
        "P1",
    )


class OrganisationKey(models.Model):
    """That a holder is the organisation: its secret lies in shares with the custodians."""

    holder = models.UUIDField(primary_key=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys("holder made_at retired_at".split(), "P1")


class KeyState(models.Model):
    """The version of a compartment's data key that new records have to be sealed with."""

    case = models.UUIDField()
    compartment = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    # Somebody's grant has run out since: who saves next changes the key first.
    renewal_due = models.BooleanField(default=False)

    sensitivity: ClassVar = dict.fromkeys("id case compartment version renewal_due".split(), "P1")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "compartment"], name="one_state_a_compartment")
        ]


class Grant(models.Model):
    """That a person may open a compartment of a case: who gave it, why, until when. The key itself is in its slot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    holder = models.UUIDField(db_index=True)
    case = models.UUIDField(db_index=True)
    compartment = models.CharField(max_length=20)
    slot = models.BigIntegerField()
    reason = models.BinaryField()
    given_by = models.UUIDField()
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id holder case compartment slot given_by given_at ends_at ended_at ended_by".split(), "P1"),
        "reason": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["holder", "case", "compartment"],
                condition=models.Q(ended_at=None),
                name="one_live_grant_a_person",
            )
        ]
        # A search asks before each answer what was granted since the one before. Not by holder and time: a database
        # without statistics would take that one for a question about one case, and go through all that she holds.
        indexes: ClassVar = [
            models.Index(fields=["given_at"], name="grants_by_time"),
            models.Index(fields=["given_by", "holder"], name="grants_by_giver"),
        ]


class Bar(models.Model):
    """That nobody is to open a case any more, or, in a second row, that it is to be opened again; why is sealed.

    One person asks, and it counts once another one has agreed; it is over when it was taken back, or the bar lifted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.UUIDField()
    lifts = models.BooleanField()
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id case lifts by at agreed_by agreed_at ended_at".split(), "P1"),
        "sealed": "sealed",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "lifts"], condition=models.Q(ended_at=None), name="one_bar_a_case")
        ]
