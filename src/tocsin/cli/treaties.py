"""`tocsin treaties`: which State is bound by which treaty, and lists of that from elsewhere."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from tocsin.cli.code import Examples, ExamplesGroup, echo_json, format_option
from tocsin.cli.inputs import DAY, read_table
from tocsin.cli.outputs import write_whole
from tocsin.cli.terminal import one_line
from tocsin.core import treaties as tables
from tocsin.core import vocab
from tocsin.core.errors import BadInput

_LARGEST = 5_000_000

table_option = click.option(
    "--treaties",
    "table_path",
    metavar="FILE",
    help="Treaty statuses as CSV; its rows count before those that come with Tocsin.",
)


def load_table(path: str | None) -> tables.TreatyTable:
    """Give the statuses that come with Tocsin, under those of a file where one is named.

    Raises:
        BadInput: The file cannot be read.
        BadTreaties: A line of it cannot be taken.
    """
    if path is None:
        return tables.bundled()
    text = read_table(path, largest=_LARGEST, what="a table of treaty statuses")
    return tables.load_statuses(text, name=path).over(tables.bundled())


@click.group(cls=ExamplesGroup, epilog="Example:\n  tocsin treaties show XZV --on 2021-10-14")
def treaties() -> None:
    """Say which State is bound by which treaty, and take over lists of that."""


@treaties.command("show", cls=Examples, epilog="Example:\n  tocsin treaties show XZV --on 2021-10-14")
@click.argument("country")
@click.option("--on", type=DAY, required=True, metavar="DATE", help="The day it should be true of.")
@table_option
@format_option
def show_command(country: str, on: Any, table_path: str | None, output: str) -> None:
    """Say by which treaties COUNTRY (alpha-3) was bound on a day.

    Each line has, between tabs: the answer, the treaty, the day of its entry into force or deposit, the last day of
    which the source speaks, and the source. A treaty that is not listed is unknown. Ends with 1 where nothing is known.
    """
    code, day = country.upper(), on.date()
    known = [status for status in load_table(table_path) if status.country == code]
    if output == "json":
        echo_json([_describe(status, day) for status in known])
    else:
        for status in known:
            since = status.in_force or status.deposit or status.signature
            cells = (status.party_on(day), status.instrument, since.as_written if since else "-")
            click.echo("\t".join((*cells, status.checked_on.isoformat(), one_line(status.source))))
    sys.exit(0 if known else 1)


def _describe(status: tables.TreatyStatus, day: dt.date) -> dict[str, Any]:
    days = {name: getattr(status, name) for name in ("signature", "deposit", "in_force", "withdrawal")}
    return {
        "country": status.country,
        "instrument": status.instrument,
        "name": vocab.load("instruments")[status.instrument].label("en").text,
        "party": status.party_on(day),
        "on": day.isoformat(),
        "action": status.action,
        **{name: known and known.as_written for name, known in days.items()},
        "source": status.source,
        "checked_on": status.checked_on.isoformat(),
        "notes": status.notes,
    }


@treaties.command(
    "import",
    cls=Examples,
    epilog="Example:\n  tocsin treaties import mine.csv -o treaties.csv\n"
    "  tocsin treaties import list.csv --instrument cat --source 'UN Treaty Collection' --checked-on 2026-01-15",
)
@click.argument("file")
@click.option("--instrument", metavar="CODE", help="FILE is a published list of the participants in this one treaty.")
@click.option("--source", metavar="TEXT", help="Where the list was published.")
@click.option("--checked-on", type=DAY, metavar="DATE", help="The day on which the list was fetched.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it here.")
def import_command(file: str, instrument: str | None, source: str | None, checked_on: Any, output: Path | None) -> None:
    """Check FILE, a CSV of treaty statuses, and write the rows that can be taken.

    Columns: country, instrument, signature, action, deposit, in_force, withdrawal, declarations, source, checked_on,
    notes. With --instrument, FILE is a list of participants as the UN Treaty Collection or the database of the UN
    treaty bodies offers them, with columns that begin with Participant or Country, Signature, and Ratification.

    Each line that cannot be taken is named on standard error with the reason; then the command ends with 1.
    """
    text = read_table(file, largest=_LARGEST, what="a table of treaty statuses")
    if instrument is None:
        reading = tables.read_statuses(text, name=file)
    elif not source or not checked_on:
        raise BadInput("a published list needs --source and --checked-on", hint="say where it was published and when")
    else:
        reading = tables.read_published(
            text, instrument=instrument, source=source, checked_on=checked_on.date(), name=file
        )
    written = tables.write_statuses(reading.statuses)
    if output is None:
        click.echo(written, nl=False)
    else:
        click.echo(write_whole(output, written.encode()))
    for refusal in reading.refusals:
        click.echo(f"tocsin: {one_line(file)}, line {refusal.line}: {refusal.why}", err=True)
    sys.exit(1 if reading.refusals else 0)
