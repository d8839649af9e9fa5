"""What the desk, the public form and the public site have in common as servers."""

from typing import TYPE_CHECKING, Any

from tocsin.cli.site.addresses import is_loopback
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

    if settings.SITE.is_demonstration and not is_loopback(address):
        raise BadSettings("a demonstration is served to this machine alone", where="--address", hint="127.0.0.1")
    return Granian(
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
