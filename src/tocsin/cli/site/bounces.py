"""`tocsin site bounces`: what came back to a mailing is counted, and what follows from it undone."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tocsin.adapters.mailboxes import part_mails, read_mails
from tocsin.cli.site.asking import started_at
from tocsin.core.messages import Address

_LONGEST = 1_000_000


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--ask", is_flag=True, help="Ask for one address, and say what is known of it.")
@click.option("--undo", is_flag=True, help="Ask for one address, and send to it again.")
def bounces(files: tuple[str, ...], *, ask: bool, undo: bool) -> None:
    """Count what came back: FILE is one mail, an mbox or a maildir, standard input where it is missing or `-`.

    A report counts once, and only if it came to the return path of a message that this site sent. After hard bounces
    of two days, or soft ones of six within three months, nothing more is sent to an address; after one complaint, at
    once. Addresses of the directory of authorities are reported in the journal and stay as they are. Nothing of a
    mail is kept but the code of its status, and files are only read. Answers of machines and letters are not counted.

    Example: tocsin site bounces /var/mail/bounces
    """
    if ask or undo:
        _about_one(undo=undo)
        return
    now = started_at()
    from tocsin.operations import returns  # noqa: PLC0415  Django has to be started before

    results = returns.count_all(_mails(files), now=now)
    click.echo("; ".join(f"{name}: {results[name]}" for name in returns.RESULTS))


def _mails(files: tuple[str, ...]) -> Iterator[bytes]:
    for name in files or ("-",):
        yield from part_mails(sys.stdin.buffer, most=_LONGEST) if name == "-" else read_mails(Path(name), most=_LONGEST)


def _about_one(*, undo: bool) -> None:
    """Ask for an address: as a word of the command it would stand in lists of processes and histories."""
    address = Address.parse(click.prompt("Address", err=True))
    now = started_at()
    from tocsin.dispatch import returning  # noqa: PLC0415
    from tocsin.operations import returns  # noqa: PLC0415

    if undo:
        returns.undo(address, now=now)
        click.echo("It gets messages again, and what comes back is counted anew.")
        return
    click.echo("\n".join(returning.known_of(address).lines))
