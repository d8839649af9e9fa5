"""Making a backup: two files, sealed; the one of the keys is kept apart and for days only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
from django.db import transaction
from pyrage import x25519

from tocsin import __version__
from tocsin.casework.queries import BACKUP_MADE, KEEP_KEYS
from tocsin.core.errors import BadOutput, BadSettings
from tocsin.journal import actions as journal
from tocsin.journal.models import Entry, Head
from tocsin.operations import archive, rows
from tocsin.operations.manifest import DATA, FORMAT, KEYS, End, Manifest

_STAMP = "%Y%m%dT%H%M%SZ"
_KEYS_FILE = re.compile(r"(\d{8}T\d{6}Z)-keys\.tocsin\.age")
_FILES = ("site.toml", "demonstration.toml")


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup left."""

    data: Path
    keys: Path
    removed: tuple[Path, ...]


def make(
    site: Path, data_to: Path, keys_to: Path, recipients: Iterable[str], *, now: datetime, keep: timedelta = KEEP_KEYS
) -> Made:
    """Make a backup, write it into the journal, and remove backups of the keys that are older than they may be.

    The data are read before the keys: a key that changed in between still opens older data, while data without their
    key would be lost.

    Raises:
        BadSettings: if there is no public key to seal to.
        BadOutput: if a file cannot be written; there is no half of a backup then.
    """
    to = archive.recipients(recipients)
    if not to:
        raise BadSettings("there is no public key to seal backups to", where="backup_recipients", hint="or --recipient")
    stamp, pair = now.astimezone(UTC).strftime(_STAMP), uuid4().hex
    data, keys = data_to / f"{stamp}-data{archive.ENDING}", keys_to / f"{stamp}-keys{archive.ENDING}"
    with archive.alone(data_to, keys_to):
        made = Made(data, keys, tuple(_too_old(keys_to, now - keep)))
        _write(site, made, pair, to, now)
        for old in made.removed:
            old.unlink()
    with transaction.atomic():
        journal.record(None, BACKUP_MADE, now=now, keep_days=keep.days)
    return made


def _write(site: Path, made: Made, pair: str, to: list[x25519.Recipient], now: datetime) -> None:
    """Write both files whole before one of them gets its name."""
    with rows.snapshot(DATA):
        archive.seal(made.data, _data(pair, now), to)
    with rows.snapshot(KEYS):
        # Whole in memory, so that nobody who needs a key waits for a slow disk.
        keys = list(_keys(site, pair, now))
    archive.seal(made.keys, keys, to)
    # Keys first: whoever dies between the two leaves keys that are newer than the last data, and open them.
    archive.finish(made.keys)
    try:
        archive.finish(made.data)
    except BadOutput:
        made.keys.unlink()
        raise


def last_made() -> datetime | None:
    """Tell when the last backup was made."""
    return Entry.objects.filter(kind=BACKUP_MADE).order_by("-number").values_list("at", flat=True).first()


def _data(pair: str, now: datetime) -> Iterator[bytes]:
    head = Head.objects.get(id=1)
    made = rows.migrations_of(DATA)
    digest = bytes(head.digest)
    yield from _framed(Manifest(FORMAT, DATA, pair, now, __version__, made, entries=head.number, digest=digest))


def _keys(site: Path, pair: str, now: datetime) -> Iterator[bytes]:
    files = {name: (site / name).read_text("utf-8") for name in _FILES if (site / name).exists()}
    yield from _framed(Manifest(FORMAT, KEYS, pair, now, __version__, rows.migrations_of(KEYS), files=files))


def _framed(manifest: Manifest) -> Iterator[bytes]:
    yield msgspec.msgpack.encode(manifest)
    count = 0
    for frame in rows.dump(manifest.part):
        count += 1
        yield frame
    yield msgspec.msgpack.encode(End(count))


def _too_old(directory: Path, before: datetime) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        match = _KEYS_FILE.fullmatch(path.name)
        if match and datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC) < before:
            yield path
