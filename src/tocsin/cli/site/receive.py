"""`tocsin site receive`."""

import asyncio
import signal
from pathlib import Path

import click

from tocsin.cli.site.addresses import is_loopback
from tocsin.cli.site.boot import boot
from tocsin.core.errors import BadSettings

PORT = 8024


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="An address of this machine itself.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--socket", type=click.Path(path_type=Path), help="A socket of the file system instead of a port.")
def receive(address: str, port: int, socket: Path | None) -> None:
    """Take mail from the mail server of this machine by LMTP, until it is stopped.

    Each mail is sealed to a key whose private half this process does not have, and committed to the disk, before the
    mail server is told that it was taken. The same bytes are kept once. It takes mail while the inbox is open, which
    somebody who leads cases does on the desk; else the mail server is asked to try again later.

    Example: tocsin site receive --port 8024
    """
    if socket is None and not is_loopback(address):
        raise BadSettings("mail is taken from this machine alone", where="--address", hint="127.0.0.1")
    boot("tocsin.config.settings_receiver")
    click.echo(f"mail is taken at {socket or f'{address}:{port}'} (Ctrl-C stops it)")
    asyncio.run(_work(socket or (address, port)))


async def _work(where: Path | tuple[str, int]) -> None:
    from django.db import close_old_connections  # noqa: PLC0415  Django has to be started before
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.adapters import lmtp  # noqa: PLC0415
    from tocsin.replies import receiving  # noqa: PLC0415

    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)

    def take(mail: lmtp.Delivered) -> lmtp.Verdict:
        # A line to the database that broke is given up, so that the next mail finds a new one.
        close_old_connections()
        return receiving.take(mail, now=timezone.now())

    await lmtp.serve(where, take, stopped)
