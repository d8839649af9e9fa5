"""Readers of a site that mails, and the key of its mailer."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tocsin.config.mailings import Mailings
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.models import Subscriber
from tocsin.vault.mailer_keys import Opener, public_half

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
OPENER = Opener(KEY)
SENDER = Address.parse("appeals@office.example")
MAILINGS = Mailings(
    name="Observatory",
    sender=SENDER,
    reply_to=SENDER,
    bounces=Address.parse("bounces@office.example"),
    list_id="appeals.office.example",
    pages="https://appeals.example/",
    address_key=public_half(KEY),
)


def addresses(**where: object) -> list[str]:
    """Open the addresses of readers, as the mailer does."""
    rows = Subscriber.objects.filter(**where)
    return sorted(str(open_address(bytes(row.address), row.id, OPENER)) for row in rows)


def written(folder: Path, text: str, name: str = "readers.csv", encoding: str = "utf-8") -> Path:
    """Write a list."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
