"""`tocsin site receive`."""

import asyncio
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.adapters.hosts import is_this_machine
from tocsin.cli.site.boot import boot
from tocsin.core.errors import BadSettings, NoMailServer

if TYPE_CHECKING:
    from tocsin.adapters import imap, lmtp

PORT = 8024
SMTP_PORT = 25


@click.command()
@click.option("--address", help="Where it listens: an address of this machine itself, but for SMTP.  [127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help=f"[{PORT}; for SMTP {SMTP_PORT}]")
@click.option("--socket", type=click.Path(path_type=Path), help="A socket of the file system instead of a port.")
@click.option(
    "--imap", "mailbox", type=click.Path(path_type=Path), metavar="FILE", help="Fetch from the mailbox of this file."
)
@click.option(
    "--smtp", "door", type=click.Path(path_type=Path), metavar="FILE", help="Take mail from all the world by SMTP."
)
@click.option("--every", default=30, show_default=True, type=click.IntRange(1, 3600), help="Seconds between fetches.")
@click.option("--once", is_flag=True, help="Fetch once, and end.")
def receive(
    address: str | None,
    port: int | None,
    socket: Path | None,
    mailbox: Path | None,
    door: Path | None,
    every: int,
    *,
    once: bool,
) -> None:
    """Take mail by LMTP from the mail server of this machine, by SMTP from all the world, or fetch it by IMAP.

    Each mail is sealed to a key whose private half this process does not have, and committed to the disk, before the
    mail server is told that it was taken, or moves it. The same bytes are kept once. It takes mail while the inbox is
    open, which somebody who leads cases does on the desk; else the mail stays with the mail server.

    The file of a mailbox is its owner's alone and holds `server = "imaps://user:password@mail.example"`. All that lies
    in `folder` (INBOX) is kept and then moved to the folder `kept` (Tocsin) of the same mailbox.

    With `--smtp` no mail server stands before it: an MX record leads here. The file is its owner's alone and holds
    `name = "mx.host.example"`, that of this host, and may hold a list of `addresses` beside those of the site, to
    which alone mail is taken, and the files `certificate` and `key`, by which connections are secured.

    Example: tocsin site receive --port 8024

    Example: tocsin site receive --imap mailbox.toml

    Example: tocsin site receive --smtp door.toml --address 192.0.2.7
    """
    host = address or "127.0.0.1"
    if socket is None and door is None and not is_this_machine(host):
        raise BadSettings("mail is taken from this machine alone", where="--address", hint="127.0.0.1")
    if door is not None and (mailbox is not None or socket is not None):
        raise BadSettings("mail is taken in one way", where="--smtp")
    if once and mailbox is None:
        raise BadSettings("only a mailbox is fetched from once", where="--once", hint="--imap FILE")
    boot("tocsin.config.settings_receiver")
    if mailbox is not None:
        from tocsin.config.mailbox import read_mailbox  # noqa: PLC0415  Django has to be started before

        _fetch(read_mailbox(mailbox), 0 if once else every)
        return
    where: Path | tuple[str, int] = socket or (host, port or (SMTP_PORT if door else PORT))
    opened = _door(door) if door else None
    click.echo(f"mail is taken at {where if isinstance(where, Path) else f'{where[0]}:{where[1]}'} (Ctrl-C stops it)")
    asyncio.run(_work(where, opened))


def _door(path: Path) -> "lmtp.Door":
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    from tocsin.config.door import read_door  # noqa: PLC0415

    return read_door(path, settings.TOCSIN_MAILINGS)


def _fetch(mailbox: "imap.Mailbox", every: int) -> None:
    """Fetch again and again until somebody stops it; once where there is no time in between.

    Raises:
        NoMailServer: it is to be fetched once, and cannot be.
    """
    from tocsin.adapters import imap  # noqa: PLC0415

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())

    def keep(mail: "lmtp.Delivered") -> "lmtp.Verdict":
        # What is being kept is kept to its end; the next stays on the server.
        return "closed" if stopped.is_set() else _take(mail)

    while not stopped.is_set():
        try:
            done = imap.fetch(mailbox, keep)
        except NoMailServer as error:
            if not every:
                raise
            click.echo(error, err=True)
        else:
            if not every or done.kept or done.left or done.stopped:
                click.echo(f"kept: {done.kept}; too large, left there: {done.left}{_why(done.stopped)}")
        if not every:
            return
        stopped.wait(every)


def _why(stopped: str) -> str:
    return f"; nothing more was taken ({stopped})" if stopped else ""


def _take(mail: "lmtp.Delivered") -> "lmtp.Verdict":
    from django.db import close_old_connections  # noqa: PLC0415  Django has to be started before
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.replies import receiving  # noqa: PLC0415

    # A line to the database that broke is given up, so that the next mail finds a new one.
    close_old_connections()
    return receiving.take(mail, now=timezone.now())


async def _work(where: Path | tuple[str, int], door: "lmtp.Door | None") -> None:
    from tocsin.adapters import lmtp  # noqa: PLC0415

    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await lmtp.serve(where, _take, stopped, door)
