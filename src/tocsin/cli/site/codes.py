"""`tocsin site codes`: the registry of codes, at the machine."""

import sys

import click

from tocsin.cli.inputs import read_table
from tocsin.cli.site.asking import ask_person, now, started_at
from tocsin.cli.terminal import one_line

_LARGEST = 20_000_000


@click.group()
def codes() -> None:
    """Take a list of codes in that were given out before there was this site.

    Example: tocsin site codes import codes.csv --look
    """


@codes.command("import")
@click.argument("file")
@click.option("--look", is_flag=True, help="Only say what the list would do; nothing is changed.")
@click.option("--leave-out", is_flag=True, help="Take the other lines although some are refused.")
def import_(file: str, *, look: bool, leave_out: bool) -> None:
    """Take the codes of FILE in, text or CSV: one a line, behind it the date of issue or `void`. Twice is as once.

    None of them is given out again, and a follow-up goes on from the last one of its chain. Each line that is refused
    is named on standard error with the reason; then nothing is taken, unless --leave-out says so, and the command ends
    with 1. Asks for name, passphrase and code of an approver or administrator.

    Example: tocsin site codes import codes.csv --look
    """
    written = read_table(file, largest=_LARGEST, what="a list of codes")
    started_at()
    from tocsin.appeals import archiving  # noqa: PLC0415  Django has to be started before

    listing = archiving.look_at_codes(written, name=file)
    for refused in listing.refused:
        click.echo(f"tocsin: {one_line(refused.where)}: {one_line(refused.why)}", err=True)
    taken = bool(listing.new) and not look and (leave_out or not listing.refused)
    if taken:
        actor = ask_person("An approver or administrator")
        listing = archiving.import_codes(actor, written, name=file, now=now())
    counts = f"new: {len(listing.new)}, known: {listing.known}, refused: {len(listing.refused)}"
    click.echo(f"{counts}; {'taken' if taken else 'nothing was changed'}")
    sys.exit(1 if listing.refused else 0)
