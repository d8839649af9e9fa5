"""Sealing of values and files: what is sealed for one place opens at no other.

A sealed value is `version ‖ key version ‖ nonce ‖ XChaCha20-Poly1305(value)`. The key of each value is drawn from the
data key and the value's place, and the place is authenticated besides. Nonces are 24 random bytes from the operating
system, so that no counter can be copied by a fork or rolled back with a backup. The formats are frozen by the vectors
in `tests/rooms/vault/vectors.json`; a change of format is a new version byte beside the old one.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from tocsin.core.errors import CannotOpen, NewerSeal

VERSION = 1
KEY_BYTES = 32
CHUNK_BYTES = 64 * 1024

_length = struct.Struct(">I").pack
_NONCE = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_TAG = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES
_HEAD = 1 + 4
_STREAM_HEAD = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_STREAM_EXTRA = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


def framed(*parts: bytes) -> bytes:
    """Join parts so that no two lists of parts give the same bytes."""
    return b"".join([piece for part in parts for piece in (_length(len(part)), part)])


def new_key() -> bytes:
    """Draw 32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def derive(key: bytes, purpose: bytes, context: bytes = b"") -> bytes:
    """Draw a key of its own from a key for one purpose (at most 16 bytes) and context."""
    return hashlib.blake2b(context, digest_size=KEY_BYTES, key=key, person=purpose).digest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs: table, row, field and the row's version. It opens nowhere else."""

    table: str
    row: UUID
    field: str
    version: int = 1

    def framed(self) -> bytes:
        """Give the place as bytes that no other place has."""
        return framed(self.table.encode(), self.row.bytes, self.field.encode(), self.version.to_bytes(8, "big"))


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one compartment of one case; a revocation makes the next version."""

    case: UUID
    compartment: str
    version: int
    secret: bytes = field(repr=False)

    def seal(self, value: bytes, place: Place) -> bytes:
        """Seal a value for its place."""
        bound = self._bound(place)
        return seal_with(derive(self.secret, b"tocsin record 1", bound), value, bound, self.version)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Open a value at its place.

        Raises:
            CannotOpen: if it was sealed with another key or for another place, or was changed.
            NewerSeal: if a later version of Tocsin sealed it.
        """
        bound = self._bound(place)
        return open_with(derive(self.secret, b"tocsin record 1", bound), sealed, bound)

    def _bound(self, place: Place) -> bytes:
        return framed(self.case.bytes, self.compartment.encode(), self.version.to_bytes(4, "big"), place.framed())


def key_version_of(sealed: bytes) -> int:
    """Tell with which version of the data key a value was sealed."""
    if len(sealed) < _HEAD + _NONCE + _TAG:
        raise CannotOpen("sealed bytes are cut short")
    if sealed[0] != VERSION:
        raise NewerSeal("these bytes were sealed by another version of Tocsin", hint="update Tocsin")
    return int.from_bytes(sealed[1:_HEAD], "big")


def seal_with(key: bytes, value: bytes, bound: bytes, key_version: int = 0) -> bytes:
    """Seal a value with a key of its own, bound to bytes that have to be the same when it is opened."""
    head, nonce = bytes([VERSION]) + key_version.to_bytes(4, "big"), os.urandom(_NONCE)
    return head + nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(value, head + bound, nonce, key)


def open_with(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Open what `seal_with` sealed."""
    key_version_of(sealed)
    head, nonce, body = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(body, head + bound, nonce, key)
    except CryptoError as error:
        raise CannotOpen("sealed bytes do not open here: they were changed, moved, or belong to another key") from error


def _chunks(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    yield bytes(held)


class OpensValues(Protocol):
    """A data key, or all keys of a compartment."""

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Open a value at its place."""


class FileSealer:
    """Seals a file as its bytes come, in chunks of 64 KiB; a chunk that is missing, moved or changed stops the opening.

    The file has a random key of its own, sealed under the data key and written before the stream. Less than one chunk
    of it is held in clear.

    Attributes:
        head: What is written before the chunks.
    """

    def __init__(self, key: DataKey, place: Place) -> None:
        file_key = new_key()
        wrapped = key.seal(file_key, place)
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        started = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, file_key)
        self.head = (len(wrapped).to_bytes(2, "big") + wrapped, started)
        self._held = bytearray()

    def seal(self, block: bytes) -> list[bytes]:
        """Take some bytes; give the chunks that are full by then."""
        self._held += block
        sealed = []
        while len(self._held) >= CHUNK_BYTES:
            sealed.append(self._push(_MESSAGE))
        return sealed

    def end(self) -> bytes:
        """Give the last chunk, which says that the file is whole."""
        return self._push(_LAST)

    def _push(self, tag: int) -> bytes:
        chunk = bytes(self._held[:CHUNK_BYTES])
        del self._held[:CHUNK_BYTES]
        return sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, None, tag)


def seal_file(key: DataKey, blocks: Iterable[bytes], place: Place) -> Iterator[bytes]:
    """Seal a file that is at hand, as `FileSealer` does."""
    sealer = FileSealer(key, place)
    yield from sealer.head
    for block in blocks:
        yield from sealer.seal(block)
    yield sealer.end()


def open_file(keys: OpensValues, blocks: Iterable[bytes], place: Place) -> Iterator[bytes]:
    """Open a sealed file chunk by chunk; what was given out before an error is genuine, but the file is not whole.

    Raises:
        CannotOpen: if a chunk is missing, moved, changed or added.
    """
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    source = _Source(blocks)
    file_key = keys.open(source.take(int.from_bytes(source.take(2), "big")), place)
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, source.take(_STREAM_HEAD), file_key)
    ended = False
    for sealed in _chunks(source.rest(), CHUNK_BYTES + _STREAM_EXTRA):
        if ended:
            raise CannotOpen("bytes were added to a sealed file")
        chunk, tag = _pull(state, sealed)
        ended = tag == _LAST
        yield chunk
    if not ended:
        raise CannotOpen("a sealed file is cut short")


def _pull(state: sodium.crypto_secretstream_xchacha20poly1305_state, sealed: bytes) -> tuple[bytes, int]:
    # libsodium's wrapper refuses what is shorter than a tag with an error of its own.
    if len(sealed) < _STREAM_EXTRA:
        raise CannotOpen("a sealed file is cut short")
    try:
        return sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
    except CryptoError as error:
        raise CannotOpen("a chunk of a sealed file was changed, moved or is missing") from error


class _Source:
    """Bytes from blocks of any size."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks, self._held = iter(blocks), b""

    def take(self, count: int) -> bytes:
        while len(self._held) < count:
            block = next(self._blocks, None)
            if block is None:
                raise CannotOpen("a sealed file is cut short")
            self._held += block
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def rest(self) -> Iterator[bytes]:
        yield self._held
        yield from self._blocks
