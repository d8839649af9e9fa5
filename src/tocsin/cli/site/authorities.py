"""`tocsin site authorities`: the directory of authorities from files and into files, at the machine."""

import sys
from pathlib import Path

import click

from tocsin.cli.inputs import read_table
from tocsin.cli.outputs import write_whole
from tocsin.cli.site.asking import ask_person, now, started_at
from tocsin.cli.terminal import one_line
from tocsin.core.errors import BadDirectory

_LARGEST = 50_000_000


@click.group()
def authorities() -> None:
    """Take files into the directory of authorities, and write it into one.

    Example: tocsin site authorities export authorities.csv
    """


@authorities.command("import")
@click.argument("file")
@click.option("--look", is_flag=True, help="Only say what the file would do; nothing is changed.")
def import_(file: str, look: bool) -> None:
    """Take FILE, CSV or Popolo JSON, into the directory: whole or not at all. Taking it again changes nothing.

    Asks for name, passphrase and code of somebody whose role takes files. Each row that cannot be taken is named on
    standard error with the reason; then the command ends with 1, and nothing was changed.

    Example: tocsin site authorities import authorities.csv --look
    """
    written = read_table(file, largest=_LARGEST, what="a directory of authorities")
    started_at()
    from tocsin.authorities import actions  # noqa: PLC0415  Django has to be started before

    actor = ask_person("Somebody who takes files")
    try:
        plan = actions.look_at_file(actor, written, now=now())
    except BadDirectory as error:
        raise BadDirectory(error.what, where=": ".join(filter(None, (file, error.where))), hint=error.hint) from error
    for refusal in plan.reading.refusals:
        click.echo(f"tocsin: {one_line(file)}, {one_line(refusal.where)}: {one_line(refusal.why)}", err=True)
    for name in plan.reading.ignored:
        click.echo(f"tocsin: {one_line(file)}: nothing is made of {one_line(name)}", err=True)
    for kept in plan.reading.kept:
        said = f"names no end of what is over since {kept.until}: it stays over"
        click.echo(f"tocsin: {one_line(file)}, {one_line(kept.where)}: {said}", err=True)
    taken = plan.can_be_taken and not look
    if taken:
        plan = actions.take_file(actor, written, now=now())
    counts = f"{plan.reading.rows} rows; new: {len(plan.added)}, changed: {len(plan.changed)}, as before: {plan.same}"
    click.echo(f"{counts}, refused: {len(plan.reading.refusals)}; {'taken' if taken else 'nothing was changed'}")
    sys.exit(0 if plan.can_be_taken else 1)


@authorities.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the directory into FILE: Popolo where its name ends in .json, CSV otherwise. It asks nothing.

    Example: tocsin site authorities export authorities.json
    """
    started_at()
    from tocsin.authorities import queries  # noqa: PLC0415
    from tocsin.core.addressing import to_csv, to_popolo  # noqa: PLC0415

    write = to_popolo if file.suffix == ".json" else to_csv
    click.echo(write_whole(file, write(queries.get_directory()).encode()))
