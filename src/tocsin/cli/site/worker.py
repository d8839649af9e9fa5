"""`tocsin site worker`."""

import os
import signal
import threading

import click

from tocsin.cli.site.boot import boot

_SECONDS = 60
_THOROUGH_EVERY = 60


@click.command()
@click.option("--once", is_flag=True, help="Do what is owed now, thoroughly, and end.")
@click.option("--beside", is_flag=True, hidden=True, help="End when the process that started this one has ended.")
def worker(once: bool, beside: bool) -> None:
    """Do what is owed, every minute, until it is stopped: end expired access and sessions, complete what a crash left.

    `tocsin site serve` runs one itself. Several at once do no harm.

    Example: tocsin site worker --once
    """
    boot()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    parent, turn = os.getppid(), 0
    if not once and not beside:
        click.echo("the worker is at work (Ctrl-C stops it)")
    while not stopped.is_set():
        said = _sweep(thorough=turn % _THOROUGH_EVERY == 0)
        if once:
            click.echo(said)
            return
        turn += 1
        stopped.wait(_SECONDS)
        if beside and os.getppid() != parent:
            return


def _sweep(*, thorough: bool) -> str:
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from django.db import DatabaseError, connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations.sweeping import sweep  # noqa: PLC0415

    try:
        return str(sweep(settings.SITE.directory, now=timezone.now(), thorough=thorough))
    except DatabaseError as error:
        # Locked, full or gone: the next turn tries again, and `doctor` says what is wrong.
        click.echo(f"tocsin: nothing swept: {type(error).__name__}", err=True)
        return "nothing swept"
    finally:
        connections.close_all()
