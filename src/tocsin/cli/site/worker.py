"""`tocsin site worker`."""

import signal
import threading
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.beside import beside_option, end_with
from tocsin.cli.site.boot import boot

if TYPE_CHECKING:
    from tocsin.operations.sweeping import Swept

_SECONDS = 60


@click.command()
@click.option("--once", is_flag=True, help="Do everything now, whether it is due or not, say what was found, and end.")
@beside_option
def worker(once: bool, beside: int | None) -> None:
    """Do what is due, every minute, until it is stopped: end expired access and sessions, complete what a crash left.

    While the clock of this machine is in doubt nothing is destroyed, and on a frozen site next to nothing is done
    (tocsin site clock, tocsin site panic). It prints a line when there was something to do. `tocsin site serve` runs
    one itself. Several share the work; what a worker had begun when it died is done by another after five minutes.

    Example: tocsin site worker --once
    """
    boot()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    if once:
        swept = _sweep(stopped, thorough=True)
        click.echo(swept or "nothing swept")
        raise SystemExit(int(swept is None or bool(swept.failed)))
    if beside:
        end_with(beside)
    else:
        click.echo("the worker is at work (Ctrl-C stops it)")
    while not stopped.is_set():
        swept = _sweep(stopped, thorough=False)
        if swept and swept.says_something:
            click.echo(swept)
        stopped.wait(_SECONDS)
    if not beside:
        click.echo("the worker has stopped")


def _sweep(stopped: threading.Event, *, thorough: bool) -> "Swept | None":
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from django.db import DatabaseError, connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations.sweeping import sweep  # noqa: PLC0415

    try:
        return sweep(settings.SITE.directory, now=timezone.now(), thorough=thorough, stopped=stopped.is_set)
    except DatabaseError as error:
        # Locked, full or gone: the next turn tries again, and `doctor` says what is wrong.
        click.echo(f"tocsin: nothing swept: {type(error).__name__}", err=True)
        return None
    finally:
        connections.close_all()
