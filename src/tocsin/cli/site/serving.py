"""What the desk, the public form and the public site have in common as servers."""

import signal
from typing import TYPE_CHECKING, Any

import click

from tocsin.adapters.hosts import is_this_machine
from tocsin.cli.site.addresses import name_of
from tocsin.cli.site.beside import end_with
from tocsin.core.errors import BadSettings

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

# How long requests that are under way have when a server stops.
_LONGEST_END_SECONDS = 10


def server_of(application: str, address: str, port: int, workers: int) -> "AbstractServer[Any]":
    """Make a server of an application; it listens as soon as `serve` is called.

    Raises:
        BadSettings: if others than this machine would reach a demonstration.
    """
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    if settings.SITE.is_demonstration and not is_this_machine(address):
        raise BadSettings("a demonstration is served to this machine alone", where="--address", hint="127.0.0.1")
    server = Granian(
        application,
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        log_enabled=False,
        # What kills one request's process takes nobody else's request with it; one that dies at once ends them all.
        respawn_failed_workers=True,
        # A signal that comes while one of its processes starts is heard by nobody: nothing would ever stop.
        workers_kill_timeout=_LONGEST_END_SECONDS,
    )
    # Heard from now on, not only once it serves: an interrupt in the middle of the start was lost, and nothing stopped.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, server.signal_handler_interrupt)
    return server


def serve_beside(
    name: str, application: str, address: str, port: int, workers: int, *, hosts: str, beside: int | None
) -> None:
    """Serve what is not the desk, until it is stopped, or until the desk that started it has ended.

    Args:
        name: What a person calls it.
        application: Where its WSGI application is.
        address: The address of this machine to listen at.
        port: The port.
        workers: How many processes answer.
        hosts: The setting of `site.toml` that says by which names it is reached.
        beside: The number of the process of the desk, if one started it.

    Raises:
        BadSettings: if it has no name, or others than this machine would reach a demonstration.
    """
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    server = server_of(application, address, port, workers)
    if not settings.ALLOWED_HOSTS:
        raise BadSettings(f"{name} has no name", where=f"site.toml, {hosts}")
    if beside:
        end_with(beside)
    else:
        click.echo(f"{name.capitalize()}: http://{name_of(address)}:{port}/  (Ctrl-C stops it)")
    server.serve()
