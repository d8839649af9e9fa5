"""What a mailer remembers outside of the database: how far each mailing had got, and which keys are disavowed.

If an old database is put back, its numbers are lower than these, and nothing is sent until a person has looked: what
went out since then would go out again. A key that it once saw disavowed counts no more, even where the database has
forgotten that. The time that it saw last is kept beside.
"""

from pathlib import Path
from uuid import UUID

import msgspec

from tocsin.adapters.files import write_private
from tocsin.core.errors import BadSettings
from tocsin.core.journal import APART, Seen
from tocsin.dispatch.models import TOMBSTONES, Mailing


class _Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mailing: UUID
    epoch: int
    turn: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    turns: dict[str, _Turn] = {}
    time: Seen | None = None
    disavowed: frozenset[str] = frozenset()


class Memory:
    """A file with the last turn of each version that was sent; written whole, and durably, before anything goes out."""

    def __init__(self, path: Path) -> None:
        """Read the file, or begin one.

        Raises:
            BadSettings: It is there and cannot be read.
        """
        self._path = path
        try:
            self._file = msgspec.json.decode(path.read_bytes(), type=_File) if path.exists() else _File()
        except (OSError, msgspec.MsgspecError) as error:
            raise BadSettings("what this mailer has sent cannot be read", where=path.name) from error
        self._written = self._file.time

    @property
    def seen(self) -> Seen | None:
        """The last time that was believed."""
        return self._file.time

    def see(self, seen: Seen) -> None:
        """Remember a time; it is written with what is written next, and after a minute by itself."""
        self._file.time = seen
        if self._written is None or abs(seen.at - self._written.at) > APART:
            self._write()

    @property
    def disavowed(self) -> frozenset[str]:
        """The ids of the keys that were disavowed."""
        return self._file.disavowed

    def note_disavowed(self, keys: frozenset[str]) -> None:
        """Remember that keys are disavowed.

        Raises:
            OSError: It cannot be written, and so nothing may be sent.
        """
        if not keys <= self._file.disavowed:
            self._file.disavowed |= keys
            self._write()

    def is_older(self, mailing: Mailing) -> bool:
        """Tell whether a row is of a time before what this mailer remembers, or of another mailing of the same."""
        last = self._file.turns.get(_key(mailing))
        return last is not None and (
            last.mailing != mailing.id or mailing.epoch < last.epoch or mailing.turn < last.turn
        )

    def note(self, mailing: Mailing) -> None:
        """Remember how far a mailing has got.

        Raises:
            OSError: It cannot be written, and so nothing may be sent.
        """
        self._file.turns[_key(mailing)] = _Turn(mailing.id, mailing.epoch, mailing.turn)
        self._write()

    def _write(self) -> None:
        write_private(self._path, msgspec.json.encode(self._file))
        self._written = self._file.time


def _key(mailing: Mailing) -> str:
    own = [mailing.kind] if mailing.kind in TOMBSTONES else []
    return " ".join([mailing.slug, str(mailing.version), *own])
