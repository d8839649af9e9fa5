"""What the files of a backup consist of. It is read before there are settings, so nothing here needs a database."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from pyrage import x25519

from tocsin.core.errors import BadBackup
from tocsin.operations import archive

FORMAT = "tocsin backup 1"
DATA, KEYS = "default", "keys"

Migrations = dict[str, list[str]]


class Manifest(msgspec.Struct, frozen=True):
    """The first frame of each file.

    Attributes:
        format: What this is.
        part: Which database it is of.
        pair: The same in the two files that were made together.
        made_at: When.
        version: Of Tocsin.
        migrations: What the tables were like.
        entries: How many entries the journal had; for the data alone.
        digest: The digest of the last of them.
        files: The settings of the site; with the keys alone.
    """

    format: str
    part: str
    pair: str
    made_at: datetime
    version: str
    migrations: Migrations
    entries: int = 0
    digest: bytes = b""
    files: dict[str, str] = {}


class End(msgspec.Struct, frozen=True, array_like=True, tag="end"):
    """The last frame: how many frames of rows came before."""

    frames: int


class Rows(msgspec.Struct, frozen=True, array_like=True, tag="rows"):
    """Some rows of a table."""

    model: str
    fields: list[str]
    rows: list[list[Any]]


class Reader:
    """Takes the frames of one file in order, and hands the rows on."""

    def __init__(self, part: str, load: Callable[[Rows], None] | None = None) -> None:
        self._part, self._load, self._frames = part, load, 0
        self._manifest: Manifest | None = None
        self._end: End | None = None

    def take(self, frame: bytes) -> None:
        """Take one frame."""
        try:
            if self._manifest is None:
                self._begin(msgspec.msgpack.decode(frame, type=Manifest))
            elif self._end is not None:
                raise BadBackup("something was added to this backup")
            else:
                self._go_on(msgspec.msgpack.decode(frame, type=Rows | End))
        except msgspec.MsgspecError as error:
            raise BadBackup("this is no backup of Tocsin") from error

    def _begin(self, manifest: Manifest) -> None:
        if manifest.format != FORMAT:
            raise BadBackup("this is no backup of a kind that this version knows")
        if manifest.part != self._part:
            wanted, other = ("data", "keys") if self._part == DATA else ("keys", "data")
            raise BadBackup(f"this is the backup of the {other}, not of the {wanted}", hint="data first, then keys")
        self._manifest = manifest

    def _go_on(self, frame: Rows | End) -> None:
        if isinstance(frame, End):
            self._end = frame
            return
        self._frames += 1
        if self._load is not None:
            self._load(frame)

    def finished(self, name: str) -> Manifest:
        """Give the manifest of a file that was read to its end."""
        if self._manifest is None or self._end is None or self._end.frames != self._frames:
            raise BadBackup("this backup is not whole", where=name)
        return self._manifest


def manifest_of(path: Path, identities: list[x25519.Identity], part: str) -> Manifest:
    """Read a whole file and give what it says of itself.

    Raises:
        BadBackup: if it was cut or changed, is sealed to other keys, or is the other part.
    """
    reader = Reader(part)
    archive.read(path, identities, reader.take)
    return reader.finished(path.name)
