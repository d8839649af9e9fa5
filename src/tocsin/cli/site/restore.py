"""`tocsin site restore`."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.boot import boot
from tocsin.config import site as settings_of
from tocsin.config.writing import with_databases, write_private
from tocsin.core.errors import BadBackup, BadOutput

if TYPE_CHECKING:
    from tocsin.operations.restore import Restored


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("keys", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(path_type=Path), required=True, help="The file with the private key.")
@click.option("--incomplete", is_flag=True, help="Restore also if keys are missing that the data need.")
@click.option("--here", is_flag=True, help="Into files of SQLite, whatever databases the site had: for a drill.")
def restore(data: Path, keys: Path, identity: Path, incomplete: bool, here: bool) -> None:
    """Set up a site from a backup, on a machine that has none: whole and sound, or not at all.

    The settings come out of the backup of the keys. DATABASE_URL and KEYS_DATABASE_URL, where they are set, name other
    databases than those; they have to be empty. A backup of SQLite can be restored into PostgreSQL and the other way.
    The settings name the databases that were restored into, so that nobody ends up in those of the old site.

    Example: tocsin site restore 20261125T120000Z-data.tocsin.age 20261125T120000Z-keys.tocsin.age --identity key.txt
    """
    final = settings_of.where(os.environ)
    if final.exists():
        raise BadOutput("there is a site already", where=final.name, hint="set TOCSIN_SITE to set up another one")
    if final.parent.exists() and any(final.parent.iterdir()):
        raise BadOutput("the directory of the site is not empty", where=final.parent.name)
    unfinished = final.parent.with_name(final.parent.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        _write_settings(unfinished / final.name, keys, identity, _addresses(here))
        restored = _restore(data, keys, identity, incomplete)
        if final.parent.exists():
            final.parent.rmdir()
        unfinished.rename(final.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    click.echo(f"restored: data of {restored.data_of:%Y-%m-%d %H:%M}, keys of {restored.keys_of:%Y-%m-%d %H:%M} (UTC)")
    click.echo(f"sound; the journal has {restored.entries} entries from before, and goes on with a new key")
    if restored.missing_keys:
        click.echo(f"{restored.missing_keys} keys are missing: what they open is lost")
    if restored.paused:
        click.echo(f"{restored.paused} mailings were on their way: they are paused, and what went out since the backup")
        click.echo("would go out once more. Look at the logs of the mail server before somebody resumes them.")
    if restored.doubted:
        click.echo(f"{restored.doubted} answers were on their way: each waits in the inbox for who wrote it.")
    if restored.dropped:
        click.echo(f"{restored.dropped} messages with links, tests or acknowledgements waited: they go out no more.")
    click.echo(
        f"What was done after {restored.data_of:%Y-%m-%d %H:%M} (UTC) is undone: what was taken back, corrected or"
    )
    click.echo(
        "held back since, withdrawn consents, readers who left or were erased. Before the public site and the mailer"
    )
    click.echo("are started, go through the list in docs/operating.md, 'After a backup was restored'.")
    click.echo("Access that was ended after both backups holds again: look at it before people sign in.")


def _addresses(here: bool) -> dict[str, str]:
    """Give the addresses of the databases to restore into that are not those of the settings."""
    names = ("DATABASE_URL", "KEYS_DATABASE_URL")
    if here:
        if any(os.environ.pop(name, "") for name in names):
            raise click.UsageError("either --here, or DATABASE_URL and KEYS_DATABASE_URL")
        return {name.lower(): "" for name in names}
    return {name.lower(): os.environ[name] for name in names if os.environ.get(name)}


def _write_settings(path: Path, keys: Path, identity: Path, addresses: dict[str, str]) -> None:
    """Write the settings of the backup: Django is not started before there are some."""
    from tocsin.operations import archive  # noqa: PLC0415  loads what other commands do not need
    from tocsin.operations.manifest import KEYS, manifest_of  # noqa: PLC0415

    files = manifest_of(keys, archive.identities(identity), KEYS).files
    if "site.toml" not in files:
        raise BadBackup("there are no settings in this backup", where=keys.name)
    for name, text in files.items():
        if Path(name).name != name:
            raise BadBackup("a file of this backup has a name that leads elsewhere", where=keys.name)
        if name == "site.toml":
            write_private(path, with_databases(text, addresses))
        else:
            write_private(path.with_name(name), text)
    os.environ["TOCSIN_SITE"] = str(path)


def _restore(data: Path, keys: Path, identity: Path, incomplete: bool) -> "Restored":
    boot()
    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations import archive  # noqa: PLC0415
    from tocsin.operations.restore import restore as from_backup  # noqa: PLC0415

    try:
        return from_backup(data, keys, archive.identities(identity), now=timezone.now(), incomplete=incomplete)
    finally:
        connections.close_all()
