"""How the tokens of a message are kept: as digests, from which no message can be made."""

import hashlib


def token_digest(token: str) -> bytes:
    """Give the digest under which a token of a message is kept."""
    return hashlib.sha256(b"tocsin token " + token.encode("ascii")).digest()[:16]
