"""The table of acknowledgements. In clear are a drawn id, a keyed digest and times."""

from typing import ClassVar

from django.db import models


class Acknowledgement(models.Model):
    """That a program owes a sender word that her mail came, or gave it: one for each sender, gone after seven days.

    `digest` is a keyed digest of her address, another one than that of readers. `sealed` holds to whom, and to which
    mail, for the mailer alone; it is emptied once it went out, or never will. `begun_at` was written down before it
    went out, and what was begun is not begun again.
    """

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    asked_at = models.DateTimeField(db_index=True)
    begun_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {**dict.fromkeys("id digest asked_at begun_at".split(), "P1"), "sealed": "sealed"}
