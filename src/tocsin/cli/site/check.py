"""`tocsin site check`."""

import click

from tocsin.cli.site.boot import boot
from tocsin.core.errors import BadSettings


@click.command()
def check() -> None:
    """Look whether the site is sound: settings, databases, journal.

    Example: tocsin site check
    """
    boot()
    from tocsin.config import soundness  # noqa: PLC0415  Django has to be started before

    findings = soundness.findings()
    for finding in findings:
        click.echo(finding)
    if findings:
        raise BadSettings(f"{len(findings)} to mend")
    click.echo(f"sound; the journal holds {soundness.count_journal()} entries, and their chain is whole")
