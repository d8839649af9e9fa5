"""Setting up a site from a backup: whole and sound, or not at all."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, connections, transaction
from pyrage import x25519

from tocsin.casework import actions as casework
from tocsin.casework.queries import count_damaged, list_shredded
from tocsin.config.founding import SLOTS
from tocsin.core.errors import BadBackup, BadOutput
from tocsin.dispatch import answers, outbox, posting
from tocsin.journal import actions as journal
from tocsin.journal import verifying
from tocsin.journal.models import Head
from tocsin.operations import archive, rows
from tocsin.operations.manifest import DATA, KEYS, Manifest, Reader, manifest_of
from tocsin.operations.rows import Loader
from tocsin.publishing import search
from tocsin.vault import actions as vault
from tocsin.vault import inspection, slots


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a backup.

    Attributes:
        data_of: When its data were backed up.
        keys_of: When its keys were.
        entries: How many entries the journal has.
        missing_keys: How many keys the data need that are not there.
        paused: How many mailings were on their way.
        doubted: How many single answers were.
        dropped: How many other messages to one mailbox were, or were asked for.
    """

    data_of: datetime
    keys_of: datetime
    entries: int
    missing_keys: int
    paused: int
    doubted: int
    dropped: int


def restore(
    data: Path, keys: Path, identities: list[x25519.Identity], *, now: datetime, incomplete: bool = False
) -> Restored:
    """Write both parts into the databases of the site, which have to be empty, and see whether everything is sound.

    Raises:
        BadOutput: if a database is not empty.
        BadBackup: if something does not fit together; databases of PostgreSQL are left as they were.
    """
    # Both are read to their ends before anything is written.
    manifests = {part: manifest_of(path, identities, part) for part, path in ((KEYS, keys), (DATA, data))}
    for alias in (DATA, KEYS):
        if not rows.is_empty(alias):
            raise BadOutput("this database is not empty", where=alias, hint="restore into a new one")
    with ExitStack() as stack:
        # Left in the other order: the key store commits first, so that there are no rows without their keys.
        for alias in (DATA, KEYS):
            stack.enter_context(rows.all_or_nothing(alias))
        for part, path in ((KEYS, keys), (DATA, data)):
            _load(path, identities, manifests[part])
        # No backup holds what is made of its rows.
        search.make_anew()
        slots.preallocate(SLOTS)
        # Of earlier or of later keys than the data: what was destroyed in between stays so, and access that it ended.
        vault.destroy_again(list_shredded())
        # Keys of one backup with the data are read after them, and people worked meanwhile.
        since = []
        if manifests[KEYS].made_at >= manifests[DATA].made_at:
            vault.end_destroyed(now=now)
            since = vault.list_destroyed(casework.list_ids())
        missing = _verify(manifests[DATA], now=now, incomplete=incomplete)
        with transaction.atomic():
            # What of them waits for its hour was held back after the data were backed up.
            casework.write_down_shredded(since, "casework.case.shredded", now=now)
            paused = len(outbox.pause_all("rolled_back"))
            doubted = answers.put_in_doubt(now=now)
            dropped = posting.end_what_waits(now=now)
            journal.record(
                None, "site.restored", now=now, missing=missing, paused=paused, doubted=doubted, dropped=dropped
            )
    times = manifests[DATA].made_at, manifests[KEYS].made_at
    return Restored(*times, manifests[DATA].entries, missing, paused, doubted, dropped)


def _load(path: Path, identities: list[x25519.Identity], manifest: Manifest) -> None:
    loader = Loader(manifest.part, manifest.migrations)
    try:
        with transaction.atomic(using=manifest.part):
            archive.read(path, identities, Reader(manifest.part, loader.load).take)
        loader.finish()
    except IntegrityError as error:
        raise BadBackup("rows of this backup do not fit together", where=path.name) from error


def _verify(manifest: Manifest, *, now: datetime, incomplete: bool) -> int:
    """Check what must hold of a site, and begin the journal's key anew; give the number of missing keys."""
    for alias in (DATA, KEYS):
        _check_files(alias)
    head = Head.objects.get(id=1)
    if (head.number, bytes(head.digest)) != (manifest.entries, manifest.digest):
        raise BadBackup("the journal of this backup is not the one that was backed up")
    if head.number:
        journal.resume(now=now)
    verifying.inspect()
    if damaged := count_damaged():
        raise BadBackup(f"{damaged} sealed records are cut or of an unknown kind")
    missing = inspection.inspect(now).missing
    if missing and not incomplete:
        raise BadBackup(
            f"{missing} keys are missing that the data need",
            hint="take a backup of the keys that is not older than that of the data, or add --incomplete",
        )
    return missing


def _check_files(alias: str) -> None:
    connection = connections[alias]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = cursor.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise BadBackup("the restored database is damaged: is the disk?", where=alias)
