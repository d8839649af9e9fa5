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
    return digest_of(
        previous,
        link.number,
        link.at.isoformat(timespec="microseconds").encode(),
        link.actor.bytes if link.actor else b"",
        link.kind.encode(),
        link.subject.bytes if link.subject else b"",
        link.facts.encode(),
    )


def digest_of(*words: *tuple[bytes, int, bytes, bytes, bytes, bytes, bytes]) -> bytes:
    """Chain an entry whose words are bytes already: previous digest, number, time, actor, kind, subject, facts.

    One expression, since verifying calls it for every entry there ever was.
    """
    previous, number, at, actor, kind, subject, facts = words
    return hashlib.blake2b(
        b"\0\0\0\x20%b\0\0\0\x08%b%b%b%b%b%b%b%b%b%b%b"
        % (
            previous,
            number.to_bytes(8, "big"),
            len(at).to_bytes(4, "big"),
            at,
            len(actor).to_bytes(4, "big"),
            actor,
            len(kind).to_bytes(4, "big"),
            kind,
            len(subject).to_bytes(4, "big"),
            subject,
            len(facts).to_bytes(4, "big"),
            facts,
        ),
        digest_size=32,
    ).digest()
