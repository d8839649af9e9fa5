"""`tocsin site serve`."""

import os
import sys
from contextlib import AbstractContextManager, ExitStack

import click

from tocsin.cli.site.addresses import name_of
from tocsin.cli.site.asking import now
from tocsin.cli.site.beside import Beside, beside
from tocsin.cli.site.boot import PORT, boot, called
from tocsin.cli.site.serving import server_of
from tocsin.core.errors import BadSettings

_WORKER = (sys.executable, "-m", "tocsin", "site", "worker")
_FORM = (sys.executable, "-m", "tocsin", "site", "letterbox")
_SITE = (sys.executable, "-m", "tocsin", "site", "public")
_NO_SITE = "The desk goes on without it: nobody sees what is published. Mend what it said, and serve anew"
_MAILER = (sys.executable, "-m", "tocsin", "site", "mailer")
_NO_MAILER = "The desk goes on without it: nothing is mailed. Mend what it said, and serve anew"
_NO_FORM = "The desk goes on without it: nobody can write by it. Mend what it said, and serve anew"
_LOST = "The desk goes on without it: nothing that falls due is done. Mend what it said, and serve anew"

_NO_WORLD = "tocsin: bubblewrap does not work here: files of strangers are opened under limits and a filter alone"


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--worker/--no-worker", default=True, help="Run the worker beside it, or leave that to other machines.")
@click.option("--public-port", type=click.IntRange(1, 65535), help="Of a demonstration's public form; else the next.")
@click.option("--publishing-port", type=click.IntRange(1, 65535), help="Of its public site; else the next but one.")
def serve(
    address: str, port: int, workers: int, worker: bool, public_port: int | None, publishing_port: int | None
) -> None:
    """Serve the desk until it is stopped.

    A demonstration is served to this machine alone, with its public form, its public site and its mailer. A working
    site stands behind a server that speaks TLS; those are processes of their own (`tocsin site letterbox`, `tocsin site
    public`, `tocsin site mailer`). What crashes, a process of the desk or what runs beside it, is started again; what
    crashes six times in a row beside it is given up, with a line that says so, and the desk goes on without it.

    Example: tocsin site serve --port 8000
    """
    boot()
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    from tocsin.adapters.documents.sandbox import bubblewrap_works  # noqa: PLC0415
    from tocsin.config import first_readers, soundness  # noqa: PLC0415

    server = server_of("tocsin.config.wsgi:application", address, port, workers)
    if findings := soundness.findings():
        raise BadSettings(findings[0], hint="tocsin site check says all")
    if not settings.SITE.is_demonstration and not bubblewrap_works():
        # Said by the desk itself: a unit or a container may keep from it what a shell beside it has.
        click.echo(_NO_WORLD, err=True)
    click.echo(f"The desk: http://{name_of(address)}:{port}/  (Ctrl-C stops it)")
    if name_of(address) != address and ":" not in address:
        click.echo(f"By its number, where passkeys do not work: http://{address}:{port}/")
    believed = _believed()
    with ExitStack() as stack:
        watched: list[Beside] = []
        if settings.SITE.is_demonstration:
            public = public_port or port % 65535 + 1
            shown = publishing_port or public % 65535 + 1
            watched += [
                stack.enter_context(_public("the public form", _FORM, address, public, lost=_NO_FORM)),
                stack.enter_context(_public("the public site", _SITE, address, shown, lost=_NO_SITE)),
            ]
            # Links in its mail lead there.
            os.environ.setdefault("TOCSIN_PUBLISHING_ADDRESS", f"http://{name_of(address)}:{shown}/")
        if worker:
            watched.append(stack.enter_context(beside("the worker", _WORKER, lost=_LOST)))
        if worker and settings.SITE.is_demonstration and settings.TOCSIN_MAILINGS:
            click.echo(f"What it mails: {settings.SITE.directory.name}/{first_readers.SENT}/, and to nobody")
            words = (*_MAILER, "--connections", str(first_readers.CONNECTIONS), *believed)
            watched.append(stack.enter_context(beside("the mailer", words, lost=_NO_MAILER)))
        try:
            server.serve()
        except SystemExit as ended:
            if ended.code:
                click.echo("tocsin: a process of the desk dies when it is started; the desk has stopped", err=True)
            raise
    if any(each.given_up for each in watched):
        raise SystemExit(1)


def _believed() -> tuple[str, ...]:
    """Say what speaks against the clock of this machine; else the mailer of a demonstration goes by it, too."""
    from tocsin.journal import clocks  # noqa: PLC0415

    doubted = clocks.list_doubts(now=now())
    if doubted:
        click.echo(
            "tocsin: nothing is published, or destroyed when it is due: the clock of this machine is in doubt:"
            f" {clocks.said(doubted)}",
            err=True,
        )
        click.echo(f"tocsin: compare it with another one; if it is right: {called()} site clock --confirm", err=True)
    return () if doubted else ("--clock-is-right",)


def _public(
    name: str, command: tuple[str, ...], address: str, port: int, *, lost: str
) -> AbstractContextManager[Beside]:
    click.echo(f"T{name[1:]}: http://{name_of(address)}:{port}/")
    return beside(name, (*command, "--address", address, "--port", str(port)), lost=lost)
