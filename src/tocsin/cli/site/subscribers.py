"""`tocsin site subscribers`: readers from lists and into one, erased and counted, at the machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.outputs import write_whole
from tocsin.cli.site.asking import now, started_at
from tocsin.core.messages import Address
from tocsin.core.subscribing import COLUMNS, LANGUAGES, REASONS, Refusal

if TYPE_CHECKING:
    from tocsin.dispatch.taking import Report

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def subscribers() -> None:
    """Take readers in from lists, take them out, erase and count them.

    Example: tocsin site subscribers count
    """


@subscribers.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="Where a row names none.")
@click.option("--columns", default="", help=f"Of a list without a header: {', '.join(COLUMNS)}, or - to pass one over.")
@click.option("--text", is_flag=True, help="Plain text for readers whose row does not say.")
@click.option("--look", is_flag=True, help="Only say what the lists would do; nothing is changed.")
@click.option("--refused", type=click.Path(path_type=Path), help="A file for the lines that are refused, and why.")
def import_(
    files: tuple[Path, ...], languages: tuple[str, ...], columns: str, text: bool, look: bool, refused: Path | None
) -> None:
    """Take the readers of FILES in: CSV with commas, semicolons or tabulators, in any encoding, with or without header.

    They count as confirmed: take in those alone who agreed. An address is taken once, and nobody who left. What is
    stopped goes on where it was when it is called again; a list that is taken twice changes nothing. The report counts
    every row; it ends with 1 if some were refused.

    Example: tocsin site subscribers import readers.csv --look
    """
    started_at()
    from tocsin.dispatch import taking  # noqa: PLC0415  Django has to be started before

    reading = taking.Reading(languages or ("en",), tuple(filter(None, columns.replace(",", " ").split())), not text)
    left: list[str] = []
    status = 0
    for file in files:

        def note(row: Refusal, name: str = file.name) -> None:
            if refused is not None:
                left.append(f"{name},{row.line},{row.reason}\n")

        if look:
            report = taking.look_at_list(file, reading, refused=note)
        else:
            report = taking.take_list(file, reading, now=now(), refused=note)
            _write_down("dispatch.list.taken", report.added)
        _tell(file, report, look=look)
        status = status or int(report.refused.total() > 0)
    if refused is not None:
        write_whole(refused, "".join(["file,line,reason\n", *left]).encode())
    sys.exit(status)


def _tell(file: Path, report: "Report", *, look: bool) -> None:
    click.echo(f"{file.name}: {report.rows} rows{', gone on with' if report.gone_on else ''}")
    click.echo(f"  {report.added:>9} {'would be added' if look else 'added'}")
    click.echo(f"  {report.known:>9} there already, or twice in the list")
    click.echo(f"  {report.suppressed:>9} suppressed: they left, or nothing is sent there")
    for reason, count in sorted(report.refused.items()):
        click.echo(f"  {count:>9} refused: {reason}: {REASONS[reason]}")


@subscribers.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, type=_FILE, help="The file with the key of the mailer that opens addresses.")
@click.option("--recipient", "recipients", multiple=True, help="A public key (age1...) instead of those in site.toml.")
def export(file: Path, key: Path, recipients: tuple[str, ...]) -> None:
    """Write all readers who confirmed into FILE: CSV as it is taken in, sealed (age) to public keys.

    Runs where the key of the mailer lies. `age -d -i key.txt FILE` opens it.

    Example: tocsin site subscribers export readers.csv.age --key addresses.pem
    """
    started_at()
    from django.conf import settings  # noqa: PLC0415

    from tocsin.operations import exporting  # noqa: PLC0415
    from tocsin.vault.mailer_keys import Opener, read_mailer_key  # noqa: PLC0415

    count = exporting.export(file, Opener(read_mailer_key(key)), recipients or settings.SITE.backup_recipients)
    _write_down("dispatch.readers.exported", count)
    click.echo(f"{count} readers are in {file.name}, sealed.")


@subscribers.command()
@click.argument("address")
def erase(address: str) -> None:
    """Erase all that is known of ADDRESS, and let nothing be sent to it any more. A keyed digest stays, to know it by.

    Backups hold it until they end. Mail that came from there lies sealed in the inbox, where no command finds it.

    Example: tocsin site subscribers erase mira@reader.example
    """
    wanted = Address.parse(address)
    started_at()
    from tocsin.dispatch import forgetting  # noqa: PLC0415

    known = forgetting.erase(wanted, now=now())
    _write_down("dispatch.reader.erased", int(known))
    click.echo("Erased; nothing is sent there." if known else "It was not known; nothing is sent there from now on.")
    click.echo(
        "Mail that she wrote is sealed in the inbox and found by no address. Ask who opens it there to say of each"
    )
    click.echo(
        "that it is the report of a reader: what it says is destroyed 7 days after it is counted, or 90 after it came."
    )


@subscribers.command()
def count() -> None:
    """Count readers: by where they stand, by the language that each wants first, and those who are forgotten next.

    Example: tocsin site subscribers count
    """
    started = started_at()
    from tocsin.dispatch import counting, forgetting  # noqa: PLC0415

    for state, readers in counting.count_by_state().items():
        click.echo(f"{readers:>9} {state}")
    for language, readers in counting.count_by_first_language().items():
        click.echo(f"{readers:>9} active, {language} first")
    click.echo(f"{counting.count_suppressed():>9} addresses to which nothing is sent")
    click.echo(f"{forgetting.due(started).count():>9} are forgotten by the next sweep")


def _write_down(kind: str, readers: int) -> None:
    from django.db import transaction  # noqa: PLC0415

    from tocsin.journal import actions as journal  # noqa: PLC0415

    with transaction.atomic():
        journal.record(None, kind, now=now(), readers=readers)
