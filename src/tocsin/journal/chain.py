"""The chain: each entry's digest covers the digest before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

GENESIS = hashlib.blake2b(b"tocsin journal 1", digest_size=32).digest()


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry says."""

    number: int
    at: datetime
    actor: UUID | None
    kind: str
    subject: UUID | None
    facts: str


def digest(previous: bytes, link: Link) -> bytes:
    """Chain an entry to the one before it."""
    words = [
        previous,
        link.number.to_bytes(8, "big"),
        link.at.isoformat(timespec="microseconds").encode(),
        link.actor.bytes if link.actor else b"",
        link.kind.encode(),
        link.subject.bytes if link.subject else b"",
        link.facts.encode(),
    ]
    joined = b"".join(len(word).to_bytes(4, "big") + word for word in words)
    return hashlib.blake2b(joined, digest_size=32).digest()
