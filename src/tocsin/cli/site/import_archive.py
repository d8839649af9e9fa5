"""`tocsin site import-archive`."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.outputs import write_whole
from tocsin.cli.site.asking import ask_two, now, started_at
from tocsin.cli.terminal import one_line
from tocsin.core.archive import DOUBTS, OUTCOMES, Plan, Row, Unit, plan
from tocsin.core.errors import TocsinError

if TYPE_CHECKING:
    from tocsin.appeals.two import Two
    from tocsin.operations.reading_archive import Opened

_AT_ONCE = 25
_STANDING = [name for name, each in DOUBTS.items() if each.may_stand]
_COLUMNS = ("file", "document", "sha256", "outcome", "code", "language", "date", "doubts", "says")


@click.command("import-archive", epilog="Example: tocsin site import-archive archive/ --dry-run")
@click.argument("given", nargs=-1, required=True, metavar="FOLDER|FILE...", type=click.Path(path_type=Path))
@click.option(
    "--report",
    default="archive-report.csv",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where what became of each document is written.",
)
@click.option(
    "--accept",
    multiple=True,
    type=click.Choice(_STANDING),
    metavar="DOUBT",
    help="Take documents with this doubt all the same; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Only read, and write the report; nothing is changed, nobody is asked.")
def import_archive(given: tuple[Path, ...], report: Path, accept: tuple[str, ...], *, dry_run: bool) -> None:
    """Take appeals over that were published before there was this site, and show them as archived.

    Reads every file, puts its documents under their codes and into their chains, and writes into the report what
    becomes of each: taken, the same as one that is there, doubtful with the reasons, refused. What is doubtful is left
    to you: mend it, or take it with --accept. Their codes are noted as given out, whatever becomes of their documents.

    Asks for name, passphrase and code of two approvers, who sign that the texts lay in the archive like this; what is
    shown says that nobody approved it here. Stopped in the middle it is begun again with the same words: nothing is
    taken twice. Ends with 1 where something was left out.
    """
    at = started_at()
    from tocsin.operations import reading_archive  # noqa: PLC0415  Django has to be started before
    from tocsin.publishing import archive, codes  # noqa: PLC0415

    files = reading_archive.files_of(given)
    with click.progressbar(
        reading_archive.open_all(files, codes.in_use()),
        length=len(files),
        label="Reading",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        opened = list(bar)
    found = [each for one in opened for each in one.found]
    planned = plan(found, archive.shelf({each.printed for each in found}, now=at), accept)
    failed: dict[str, str] = {}
    if not dry_run and (planned.units or planned.codes):
        failed = _take_over(planned)
    rows = list(_told(opened, planned, failed))
    write_whole(report, _as_csv(rows))
    counts = Counter(row["outcome"] for row in rows)
    click.echo(
        f"{len(files)} files, {len(rows)} documents: " + ", ".join(f"{counts[each]} {each}" for each in OUTCOMES)
    )
    click.echo(f"{report}: what became of each" + ("; nothing was changed" if dry_run else ""))
    sys.exit(1 if counts["doubtful"] or counts["refused"] else 0)


def _take_over(planned: Plan) -> dict[str, str]:
    """Show what is to be taken; gives why not, by code, where something stood against it."""
    from tocsin.appeals import archiving  # noqa: PLC0415

    taken = sum(row.outcome == "taken" for row in planned.rows)
    click.echo(f"{taken} documents make {len(planned.units)} appeals; {len(planned.codes)} codes are new.", err=True)
    two = ask_two("The first of two approvers")
    archiving.begin(two, planned, now=now())
    failed: dict[str, str] = {}
    batches = [planned.units[start : start + _AT_ONCE] for start in range(0, len(planned.units), _AT_ONCE)]
    with click.progressbar(batches, label="Taking over", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for batch in bar:
            failed |= _take_over_some(two, batch)
    return failed


def _take_over_some(two: "Two", units: Sequence[Unit]) -> dict[str, str]:
    """Show some appeals in one transaction; where that fails, one after the other, to find which."""
    from tocsin.appeals import archiving  # noqa: PLC0415

    try:
        archiving.take_over(two, units, now=now())
    except TocsinError as error:
        if len(units) == 1:
            return {units[0].appeal.code: error.what}
        return {code: why for unit in units for code, why in _take_over_some(two, [unit]).items()}
    return {}


def _told(opened: Sequence["Opened"], planned: Plan, failed: dict[str, str]) -> Iterator[dict[str, str]]:
    """Say of each document what became of it; of a file without one, why."""
    rows = iter(planned.rows)
    for one in opened:
        if not one.found:
            yield _row(one.name, one.digest, "refused", one.problem)
        for _ in one.found:
            yield _of_document(next(rows), failed)


def _of_document(row: Row, failed: dict[str, str]) -> dict[str, str]:
    found, document = row.found, row.found.document
    said = "; ".join(f"{DOUBTS[name].says} ({DOUBTS[name].fix})" for name in row.doubts)
    outcome: str = row.outcome
    if outcome == "taken" and found.printed in failed:
        outcome, said = "refused", failed[found.printed]
    return _row(found.file, found.digest, outcome, said) | {
        "document": str(found.part),
        "code": found.printed,
        "language": document.language or "",
        "date": document.issued_on.isoformat() if document.issued_on else "",
        "doubts": " ".join(row.doubts),
    }


def _row(file: str, digest: str, outcome: str, says: str) -> dict[str, str]:
    return {"file": one_line(file), "sha256": digest, "outcome": outcome, "says": says}


def _as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, _COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode("utf-8")
