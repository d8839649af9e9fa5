"""`tocsin site clock`."""

import click

from tocsin.cli.site.asking import ask_person, now, started_at
from tocsin.cli.site.boot import called


@click.command()
@click.option("--confirm", is_flag=True, help="Say that the time shown is right; asks who you are.")
def clock(*, confirm: bool) -> None:
    """Tell whether the clock of this machine may be believed; with --confirm, say that it is right.

    While it is in doubt, nothing is published, and nothing is destroyed whose day has come. It is in doubt when
    it was set while the machine was running, shows less than the journal, or the machine was off for most of a day.
    Compare it with another clock, the date too. Asks for name, passphrase and code of an administrator; on a
    demonstration, for the name alone. Ends with 1 while it is in doubt.

    Example: tocsin site clock --confirm
    """
    at = started_at()
    from tocsin.journal import clocks  # noqa: PLC0415  Django has to be started before
    from tocsin.operations import clock as setting  # noqa: PLC0415

    click.echo(f"It is {at:%A} {at.day} {at:%B %Y, %H:%M} UTC, says this machine.")
    if confirm:
        setting.confirm(ask_person("An administrator"), now=now())
    told = clocks.list_doubts(now=now())
    click.echo(f"In doubt: {clocks.said(told)}." if told else "Nothing speaks against it.")
    if told and not confirm:
        click.echo(f"Compare it with another clock. If it is right: {called()} site clock --confirm")
    raise SystemExit(int(bool(told)))
