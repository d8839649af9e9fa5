"""One file of a backup: frames inside the age format, sealed to public keys whose private halves are kept elsewhere.

The format is that of the `age` program, so that a backup can be opened without Tocsin. Nothing of it lies on a disk in
clear: frames are sealed as they come and read as they are opened. A file that was cut or changed is noticed at the
latest at its end, so whoever reads takes nothing for given before that.
"""

import fcntl
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.db import DatabaseError
from pyrage import x25519

from tocsin.adapters.files import sync_directory
from tocsin.core.errors import BadBackup, BadOutput, BadSettings, MissingInput, TocsinError

_LENGTH = 4
_LONGEST = 1 << 30
ENDING = ".tocsin.age"
_UNFINISHED = ".unfinished"


def new_key() -> tuple[str, str]:
    """Draw a key for backups: what opens them, to be kept away from this machine, and what they are sealed to."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients(words: Iterable[str]) -> list[x25519.Recipient]:
    """Read public keys.

    Raises:
        BadSettings: if one is none.
    """
    try:
        return [x25519.Recipient.from_str(word) for word in words]
    except pyrage.RecipientError as error:
        raise BadSettings("this is no public key for backups", where="backup_recipients", hint="age1...") from error


def identities(path: Path) -> list[x25519.Identity]:
    """Read private keys from a file as `age-keygen` writes it.

    Raises:
        MissingInput: if there is no such file.
        BadBackup: if there is no key in it.
    """
    try:
        lines = path.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInput("no such file, or it cannot be read", where=path.name) from error
    try:
        found = [x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except pyrage.IdentityError as error:
        raise BadBackup("the key in this file has a wrong or missing letter", where=path.name) from error
    if not found:
        raise BadBackup("there is no key in this file", where=path.name, hint="AGE-SECRET-KEY-1...")
    return found


def seal(path: Path, frames: Iterable[bytes], to: list[x25519.Recipient]) -> None:
    """Seal frames into a file that is not there under its name before it is `finish`ed.

    Raises:
        BadOutput: if the file is there already or cannot be written; what was there stays.
    """
    seal_pieces(path, (len(frame).to_bytes(_LENGTH, "big") + frame for frame in frames), to)


def seal_pieces(path: Path, pieces: Iterable[bytes], to: list[x25519.Recipient]) -> None:
    """Seal bytes as they are, as `seal` does frames: for a file that is no backup.

    Raises:
        BadOutput: if the file is there already or cannot be written; what was there stays.
    """
    if path.exists():
        raise BadOutput("there is such a file already", where=path.name)
    source = _Source(pieces)
    try:
        with os.fdopen(os.open(_unfinished(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pyrage.encrypt_io(source, file, to)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, pyrage.EncryptError) as error:
        # What failed while the pieces were made comes back through the library as an error of its own.
        raise source.failure or BadOutput("this file cannot be written", where=path.name) from error


def finish(path: Path) -> None:
    """Give a whole file its name.

    Raises:
        BadOutput: if that cannot be done.
    """
    try:
        _unfinished(path).rename(path)
        sync_directory(path.parent)
    except OSError as error:
        raise BadOutput("this file cannot be written", where=path.name) from error


def discard(path: Path) -> None:
    """Remove what was not finished."""
    _unfinished(path).unlink(missing_ok=True)


@contextmanager
def alone(*directories: Path) -> Iterator[None]:
    """Keep others from writing backups into directories; nothing that is unfinished stays, of an earlier one neither.

    Raises:
        BadOutput: if a directory is missing or another backup is being written there.
    """
    with ExitStack() as stack:
        for directory in sorted(set(directories)):
            _hold(directory, stack)
            stack.callback(_remove_unfinished, directory)
            _remove_unfinished(directory)
        yield


def _hold(directory: Path, stack: ExitStack) -> None:
    try:
        number = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise BadOutput("there is no such directory", where=directory.name) from error
    stack.callback(os.close, number)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BadOutput("another backup is being written here", where=directory.name) from error


def _remove_unfinished(directory: Path) -> None:
    for left in directory.glob(f"*{ENDING}{_UNFINISHED}"):
        left.unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + _UNFINISHED)


def read(path: Path, keys: list[x25519.Identity], take: Callable[[bytes], None]) -> None:
    """Open a file and hand over its frames; nothing of them counts if this raises.

    Raises:
        MissingInput: if there is no such file.
        BadBackup: if the file is none, was cut or changed, or is sealed to other keys.
    """
    try:
        with path.open("rb") as file:
            _open(file, keys, take, path.name)
    except OSError as error:
        raise MissingInput("no such file, or it cannot be read", where=path.name) from error


def _open(file: BinaryIO, keys: list[x25519.Identity], take: Callable[[bytes], None], name: str) -> None:
    sink = _Sink(take)
    try:
        pyrage.decrypt_io(file, sink, keys)
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise BadBackup("this key does not open this backup", where=name) from error
        raise BadBackup("this is no backup, or its beginning was changed", where=name) from error
    except OSError as error:
        raise BadBackup("this backup was cut short or changed", where=name) from error
    if sink.rest:
        raise BadBackup("this backup ends inside a frame", where=name)


class _Source(io.RawIOBase):
    """A file to read from, made of pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._bytes, self._held = self._pieces(pieces), b""
        self.failure: Exception | None = None

    def _pieces(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from pieces
        except (TocsinError, DatabaseError) as error:
            self.failure = error
            raise

    def readable(self) -> bool:
        """Say so."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give some bytes, or none at the end."""
        while not self._held:
            piece = next(self._bytes, None)
            if piece is None:
                return b""
            self._held = piece
        taken, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
        return taken


class _Sink(io.RawIOBase):
    """A file to write to, which hands over frames."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take, self.rest = take, bytearray()

    def writable(self) -> bool:
        """Say so."""
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        """Take some bytes."""
        self.rest += some
        while len(self.rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self.rest[:_LENGTH], "big")
            if end > _LONGEST:
                raise BadBackup("a frame of this backup is too long")
            if len(self.rest) < end:
                break
            frame = bytes(self.rest[_LENGTH:end])
            del self.rest[:end]
            self._take(frame)
        return len(some)
