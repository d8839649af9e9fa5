"""What tests of mailings share: an invented masthead, keys that are the same in every run, and tokens."""

import functools
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.core.messages import Address, Masthead, Signer, Tokens, tokens_for
from tocsin.vault.mail_keys import Ed25519Key, MailKey, new_mail_key

BEGUN_AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
MASTHEAD = Masthead(
    name="Harbour Network",
    sender=Address("appeals", "harbour.example"),
    reply_to=Address("answers", "harbour.example"),
    bounces=Address("bounces", "harbour.example"),
    list_id="appeals.harbour.example",
    leave="https://appeals.harbour.example/leave/",
    archive="https://appeals.harbour.example/appeals/XZV-003-1126-OBS-091/",
)
READER = Address("mira.tosk", "reader.example")
ED25519 = Ed25519Key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@functools.cache
def rsa() -> MailKey:
    """Draw an RSA key once for all tests of a run: it takes a tenth of a second."""
    return new_mail_key("rsa-sha256")


def signers() -> list[Signer]:
    return [Signer("harbour.example", "tocsin1", rsa()), Signer("harbour.example", "tocsin2", ED25519)]


def tokens(delivery: int = 1) -> Tokens:
    return tokens_for(delivery.to_bytes(8, "big"), bytes(range(32)))
