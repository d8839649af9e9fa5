"""An authenticator in software: makes passkeys and shows them, as the standard says, and can be told to cheat."""

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tocsin.accounts.passkeys import Origin

DESK = Origin("http", "testserver")
_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Authenticator:
    """Keeps one passkey."""

    def __init__(self, *, verifies: bool = True, counts: bool = True) -> None:
        self.key, self.id, self.uses = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), 0
        # Passkeys that are copied between devices do not count.
        self._counts = counts
        self._flags = _PRESENT | (_VERIFIED if verifies else 0)

    def make(self, question: str, origin: Origin = DESK) -> str:
        asked = json.loads(question)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        known = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        head = self._head(asked["rp"]["id"], self._flags | _HAS_KEY) + known
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": head})
        client = self._client("webauthn.create", asked["challenge"], origin)
        return self._answer(clientDataJSON=text(client), attestationObject=text(attested))

    def show(self, question: str, origin: Origin = DESK) -> str:
        asked = json.loads(question)
        self.uses += self._counts
        client = self._client("webauthn.get", asked["challenge"], origin)
        head = self._head(asked["rpId"], self._flags)
        signature = self.key.sign(head + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=text(client), authenticatorData=text(head), signature=text(signature))

    def _head(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: Origin) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin.url}).encode()

    def _answer(self, **response: Any) -> str:
        own = text(self.id)
        return json.dumps(
            {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
