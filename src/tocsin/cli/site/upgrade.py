"""`tocsin site upgrade`."""

import click

from tocsin.cli.site.boot import boot


@click.command()
def upgrade() -> None:
    """Bring the tables of both databases to this version of Tocsin; until then a site is not served.

    Make a backup and stop desk and worker before. Each change is made whole or not at all: after a crash, repeat it.

    Example: tocsin site upgrade
    """
    boot()
    from tocsin.config import founding  # noqa: PLC0415  Django has to be started before

    made = founding.upgrade_tables()
    for name in made:
        click.echo(f"made  {name}")
    click.echo("The tables are of this version." if made else "The tables are of this version already.")
