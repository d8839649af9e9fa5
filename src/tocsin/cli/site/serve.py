"""`tocsin site serve`."""

import sys
from contextlib import nullcontext
from ipaddress import ip_address

import click

from tocsin.cli.site.beside import beside
from tocsin.cli.site.boot import PORT, boot
from tocsin.core.errors import BadSettings

_WORKER = (sys.executable, "-m", "tocsin", "site", "worker", "--beside")
_LOST = "The desk goes on without it: nothing that falls due is done. Mend what it said, and serve anew"


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--worker/--no-worker", default=True, help="Run the worker beside it, or leave that to other machines.")
def serve(address: str, port: int, workers: int, worker: bool) -> None:
    """Serve the desk until it is stopped.

    A demonstration is served to this machine alone. A working site stands behind a server that speaks TLS. A process
    of the desk or a worker that crashes is started again; a worker that crashes six times in a row is given up, with a
    line that says so, and the desk goes on without it.

    Example: tocsin site serve --port 8000
    """
    boot()
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    from tocsin.config import soundness  # noqa: PLC0415

    if settings.SITE.is_demonstration and not _is_loopback(address):
        raise BadSettings("a demonstration is served to this machine alone", where="--address", hint="127.0.0.1")
    if findings := soundness.findings():
        raise BadSettings(findings[0], hint="tocsin site check says all")
    click.echo(f"The desk: http://{_name_of(address)}:{port}/  (Ctrl-C stops it)")
    if _name_of(address) != address and ":" not in address:
        click.echo(f"By its number, where passkeys do not work: http://{address}:{port}/")
    server = Granian(
        "tocsin.config.wsgi:application",
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        log_enabled=False,
        # What kills one request's process takes nobody else's request with it; one that dies at once ends the desk.
        respawn_failed_workers=True,
    )
    with beside("the worker", _WORKER, lost=_LOST) if worker else nullcontext() as watched:
        try:
            server.serve()
        except SystemExit as ended:
            if ended.code:
                click.echo("tocsin: a process of the desk dies when it is started; the desk has stopped", err=True)
            raise
    if watched and watched.given_up:
        raise SystemExit(1)


def _name_of(address: str) -> str:
    """Give what a browser should call this machine: passkeys are bound to names, and work at no address of numbers."""
    if _is_loopback(address):
        return "localhost"
    return f"[{address}]" if ":" in address else address


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
