"""For what a mail is taken, and whether its sender is who it says: told when it is sorted, until a person says it."""

import hashlib
import re
from collections.abc import Mapping

import msgspec

from tocsin.core.bounces import Fields, came_for_many
from tocsin.core.classifying import Senders, Signs, classify, stand

_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")


class Reason(msgspec.Struct, frozen=True):
    """A rule that spoke for a kind, the part of the mail, and the words that it found there."""

    rule: str
    where: str
    words: str


class Kind(msgspec.Struct, frozen=True):
    """What a mail is taken for.

    Attributes:
        kind: A code of the list `mail_kinds`, and `response` of the list `responses`.
        sureness: `sure`, `likely` or `unsure`.
        why: What speaks for it.
        proof: Whether the sender is the authority that it says (`core.classifying.Proof`), and `because` of what.
        domain: Of the sender; `like` is that, or the address, of the directory that it looks like.
        post: The key of the post that the sender belongs to.
        tokens: What may be tokens for leaving, out of messages that the mail quotes.
        same: The same for each copy of a mail, whichever way it came.
    """

    kind: str
    response: str
    sureness: str
    why: list[Reason]
    proof: str
    because: str
    domain: str
    like: str
    post: str
    tokens: list[str]
    same: str

    def __repr__(self) -> str:
        """Show nothing of it: what is printed by mistake lands in logs."""
        return "Kind(…)"

    @property
    def needs_reason(self) -> bool:
        """Whether nobody may call it an authority's without saying how she knows."""
        return self.proof != "proven"


def kind_of(fields: Fields, text: str, sort: str, senders: Senders, host: str) -> Kind:
    """Say what a mail is taken for.

    Args:
        fields: Of its head, as the sandbox told them.
        text: What was read in it.
        sort: As `core.bounces` tells it.
        senders: The addresses of the directory.
        host: The name under which our own mail server writes what it verified.
    """
    standing = stand(fields, host, senders)
    found = classify(text, Signs(sort, standing.official, came_for_many(fields)))
    return Kind(
        kind=found.kind,
        response=found.response,
        sureness=found.sureness,
        why=[Reason(each.rule, each.where, " ".join(each.words.split())) for each in found.why],
        proof=standing.proof,
        because=standing.because,
        domain=standing.domain,
        like=standing.like,
        post=standing.post,
        tokens=list(dict.fromkeys(_TOKEN.findall(text)))[:20] if found.kind == "leaving" else [],
        same=_same(dict(fields), text),
    )


def _same(fields: Mapping[str, str], text: str) -> str:
    """Give a digest by which copies of a mail are known: by its Message-ID and sender, or else by its words."""
    said = fields.get("message-id") or text
    return hashlib.sha256(f"{fields.get('from', '')}\n{said}".encode("utf-8", "replace")).hexdigest()
