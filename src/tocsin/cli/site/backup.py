"""`tocsin site backup`."""

from datetime import timedelta
from pathlib import Path

import click

from tocsin.cli.site.boot import boot


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--keys-to", type=click.Path(path_type=Path), help="Another directory, for the keys.")
@click.option("--recipient", "recipients", multiple=True, help="A public key (age1...) instead of those in site.toml.")
@click.option("--keep-keys", default=7, show_default=True, type=click.IntRange(1, 30), help="For how many days.")
def backup(directory: Path, keys_to: Path | None, recipients: tuple[str, ...], keep_keys: int) -> None:
    """Make a backup while the site is at work: two sealed files, one of the data and one of the keys.

    Data may be kept for years. Keys are kept for days, on another medium: a case that was shredded is gone only when
    no backup holds its keys any more. Older backups of keys are removed from the directory for keys.

    Example: tocsin site backup /backup/data --keys-to /backup/keys
    """
    boot()
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations import backup as operations  # noqa: PLC0415

    now = timezone.now()
    made = operations.make(
        settings.SITE.directory,
        directory,
        keys_to or directory,
        recipients or settings.SITE.backup_recipients,
        now=now,
        keep=timedelta(days=keep_keys),
    )
    click.echo(f"data  {made.data}\nkeys  {made.keys}")
    for path in made.removed:
        click.echo(f"removed  {path}")
    until = (now + timedelta(days=keep_keys)).date()
    click.echo(f"A case that is shredded now can be opened from these keys until they are removed, after {until}.")
