"""`tocsin site serve`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from ipaddress import ip_address

import click

from tocsin.cli.site.boot import PORT, boot
from tocsin.core.errors import BadSettings


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--worker/--no-worker", default=True, help="Run the worker beside it, or leave that to other machines.")
def serve(address: str, port: int, workers: int, worker: bool) -> None:
    """Serve the desk until it is stopped.

    A demonstration is served to this machine alone. A working site stands behind a server that speaks TLS.

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
    )
    with _worker() if worker else nullcontext():
        server.serve()


@contextmanager
def _worker() -> Iterator[None]:
    """Let a worker run beside; it ends with this process, however that ends."""
    beside = subprocess.Popen([sys.executable, "-m", "tocsin", "site", "worker", "--beside"])
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()


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
