"""`tocsin site mailer`."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.beside import beside_option, end_with
from tocsin.cli.site.boot import boot

if TYPE_CHECKING:
    from pathlib import Path

    from tocsin.dispatch.remembering import Memory
    from tocsin.dispatch.survey import Equipment


@click.command()
@click.option("--connections", type=click.IntRange(1, 1000), default=16, show_default=True, help="Open at most.")
@click.option("--clock-is-right", is_flag=True, help="After somebody looked: believe the clock of this machine again.")
@beside_option
def mailer(connections: int, clock_is_right: bool, beside: int | None) -> None:
    """Send what officers asked to be mailed, until it is stopped.

    Any number of mailers share the work, on one machine or on many with one PostgreSQL; each has a folder `mailer` of
    its own beside `site.toml` (tocsin site mailer-keys). What one had claimed when it died is taken over by another
    after a minute. It checks both signatures of an appeal itself, and sends nothing while a key is missing or a clock
    is wrong; the desk says why. That of a demonstration puts its mail into the folder `sent-mail`, and hands it to
    nobody.

    Example: tocsin site mailer --connections 64
    """
    boot("tocsin.config.settings_mailer")
    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.config import equipping, first_readers  # noqa: PLC0415
    from tocsin.core.errors import BadSettings  # noqa: PLC0415
    from tocsin.dispatch import clocks  # noqa: PLC0415
    from tocsin.dispatch.remembering import Memory  # noqa: PLC0415

    if settings.TOCSIN_MAILINGS is None:
        raise BadSettings("nothing says in whose name appeals are mailed", where="site.toml, mailings")
    folder = settings.SITE.directory / equipping.FOLDER
    load = equipping.Equipping(folder, settings.TOCSIN_MAILINGS)
    load()
    memory = Memory(folder / equipping.MEMORY)
    if clock_is_right:
        clocks.confirm(memory, now=timezone.now())
    kept = settings.SITE.directory / first_readers.SENT if settings.SITE.is_demonstration else None
    if beside:
        end_with(beside)
    else:
        click.echo("the mailer is at work (Ctrl-C stops it)")
    asyncio.run(_work(load, memory, connections, kept))
    if not beside:
        click.echo("the mailer has stopped")


async def _work(load: Callable[[], "Equipment"], memory: "Memory", connections: int, kept: "Path | None") -> None:
    from tocsin.adapters.smtp import keeping  # noqa: PLC0415
    from tocsin.config import first_readers  # noqa: PLC0415
    from tocsin.dispatch.mailer import MailerAtWork  # noqa: PLC0415
    from tocsin.dispatch.survey import Survey  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        if kept is not None:
            port = await stack.enter_async_context(keeping(kept, first_readers.PAUSE))
            load = first_readers.kept_here(load, port)
        at_work = MailerAtWork(Survey(load, memory, connections), connections)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, at_work.stop)
        await at_work.run()
