"""What a mailer remembers outside of the database: how far each mailing had got when it last sent something of it.

If an old database is put back, its numbers are lower than these, and nothing is sent until a person has looked: what
went out since then would go out again.
"""

import json
import os
from pathlib import Path
from uuid import UUID

from tocsin.core.errors import BadSettings
from tocsin.dispatch.models import Mailing


class Memory:
    """A file with the last turn of each version that was sent; written whole, and durably, before anything goes out."""

    def __init__(self, path: Path) -> None:
        """Read the file, or begin one.

        Raises:
            BadSettings: It is there and cannot be read.
        """
        self._path = path
        try:
            read = json.loads(path.read_text("utf-8")) if path.exists() else {}
            self._seen = {str(key): (UUID(one), int(epoch), int(turn)) for key, (one, epoch, turn) in read.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise BadSettings("what this mailer has sent cannot be read", where=path.name) from error

    def is_older(self, mailing: Mailing) -> bool:
        """Tell whether a row is of a time before what this mailer remembers, or of another mailing of this version."""
        one, epoch, turn = self._seen.get(_key(mailing), (mailing.id, 0, 0))
        return one != mailing.id or mailing.epoch < epoch or mailing.turn < turn

    def note(self, mailing: Mailing) -> None:
        """Remember how far a mailing has got.

        Raises:
            OSError: It cannot be written, and so nothing may be sent.
        """
        self._seen[_key(mailing)] = (mailing.id, mailing.epoch, mailing.turn)
        written = {key: (str(one), epoch, turn) for key, (one, epoch, turn) in sorted(self._seen.items())}
        fresh = self._path.with_name(self._path.name + ".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(written, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _key(mailing: Mailing) -> str:
    return f"{mailing.slug} {mailing.version}"
