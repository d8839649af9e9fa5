"""`tocsin site retention`."""

import click

from tocsin.cli.site.boot import boot

_WAITS = {"clock": "the clock is in doubt", "frozen": "the site is frozen"}


@click.command()
@click.option("--ids", is_flag=True, help="Name what would go: ids of cases, reports and mails, and by when.")
def retention(ids: bool) -> None:
    """Say what the duties of the worker would destroy, and by when. Destroys nothing and asks for nothing.

    A line for each kind: how much is over now and goes with the next sweep, and how much would be by a day, a week, a
    month and 90 days from now if nothing changes until then. Readers and conversations are counted and never named.

    Example: tocsin site retention --ids
    """
    boot()
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415  Django has to be started before

    from tocsin.operations.retention import DAYS, look_ahead, without_an_end  # noqa: PLC0415

    now = timezone.now()
    days = [f"{(now + timedelta(days=each)):%Y-%m-%d}" for each in DAYS]
    found = look_ahead(now=now)
    click.echo("".join(f"{each:>12}" for each in ("now", *days[1:])))
    for each in found:
        waits = f" (waits: {_WAITS[each.waits]})" if each.waits else ""
        click.echo("".join(f"{count:>12}" for count in each.counts) + f"  {each.what}{waits}")
    for what, count in without_an_end().items():
        click.echo(f"{'no end':>12}{count:>12}  {what}")
    if ids:
        for each in found:
            for handle, by in each.handles.items():
                click.echo(f"{days[DAYS.index(by)]}\t{handle}\t{each.what}")
