"""A key that moves on step by step: each step has a secret of its own, and the secrets of earlier steps are destroyed.

Whoever takes the machine gets the secret of the present step. What was marked or signed in earlier steps she cannot
forge, since nothing on the machine leads back to their secrets. The secrets lie in the key store and are not sealed
under anybody's key: the desk writes the journal while nobody is signed in.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field

from django.db import connections, transaction
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tocsin.vault import slots
from tocsin.vault.models import StepKey
from tocsin.vault.sealing import KEY_BYTES, derive


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the key, with what it can do: mark and sign."""

    number: int
    _signing: bytes = field(repr=False)
    _marking: bytes = field(repr=False)

    @classmethod
    def of(cls, number: int, secret: bytes) -> "Step":
        """Draw the two keys of a step from its secret."""
        return cls(number, derive(secret, b"step signing 1"), derive(secret, b"step marking 1"))

    def public(self) -> bytes:
        """Give the public half, by which the step's signature is checked."""
        return bytes(SigningKey(self._signing).verify_key)

    def signature(self, message: bytes) -> bytes:
        """Sign a message."""
        return SigningKey(self._signing).sign(message).signature

    def mark(self, message: bytes) -> bytes:
        """Give the 32 bytes that nobody makes without this step's secret."""
        return hashlib.blake2b(message, digest_size=32, key=self._marking).digest()

    def made(self, mark: bytes | None, message: bytes) -> bool:
        """Tell whether a mark is this step's."""
        return mark is not None and hmac.compare_digest(mark, self.mark(message))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the step with this public half signed a message."""
    try:
        VerifyKey(public).verify(message, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def draw(number: int) -> Step:
    """Draw a secret for a step; one that a crash left there unused is overwritten."""
    secret = os.urandom(KEY_BYTES)
    StepKey.objects.update_or_create(step=number, defaults={"secret": secret})
    return Step.of(number, secret)


def get(number: int) -> Step | None:
    """Give a step, unless its secret has been destroyed or was never here."""
    secret = StepKey.objects.filter(step=number).values_list("secret", flat=True).first()
    return None if secret is None else Step.of(number, bytes(secret))


def newest() -> int:
    """Give the number of the last step that was drawn; 0 before the first."""
    return StepKey.objects.order_by("-step").values_list("step", flat=True).first() or 0


def destroy_before(number: int) -> None:
    """Destroy the secrets of all steps before one, and what the database keeps of them."""
    with transaction.atomic(using=slots.KEYS):
        gone = StepKey.objects.filter(step__lt=number)
        if not gone.exists():
            return
        # Overwritten in its place first: to delete alone would leave it to the database what becomes of the bytes.
        gone.update(secret=bytes(KEY_BYTES))
        gone.delete()
        transaction.on_commit(_wash, using=slots.KEYS)


def _wash() -> None:
    connection = connections[slots.KEYS]
    if connection.vendor == "sqlite":
        slots.wash()
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) vault_stepkey")
