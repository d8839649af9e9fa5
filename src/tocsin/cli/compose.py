"""`tocsin compose`: make an appeal of a case."""

from pathlib import Path
from typing import Any

import click
import msgspec

from tocsin.cli.inputs import DAY, read_case
from tocsin.cli.outputs import write_whole
from tocsin.cli.terminal import one_line
from tocsin.core.appeal import to_json


@click.command(epilog="Example: tocsin compose examples/case.yaml -o appeal.json")
@click.argument("file", metavar="CASE")
@click.option(
    "--kind",
    type=click.Choice(["urgent_appeal", "new_information"]),
    help="A first appeal, or a follow-up.  [default: what the case says]",
)
@click.option(
    "--since",
    type=DAY,
    metavar="DATE",
    help="For a follow-up: what is later than DATE is new.  [default: date of the last appeal of the chain]",
)
@click.option("--language", metavar="TAG", help="Language of the edition.  [default: that of the case]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write.")
@click.option(
    "--grounds",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write for each sentence the records that it rests on. Not for publication: ids may hold names.",
)
def compose(file: str, kind: Any, since: Any, language: str | None, output: Path | None, grounds: Path | None) -> None:
    """Compose an appeal document from CASE, a case in YAML or JSON, or - for standard input.

    The document is JSON, which `tocsin check` and `tocsin render` take. What nobody has put into words yet is listed
    on standard error with the record and the field that would say it.
    """
    case = read_case(file)
    # Composing loads CLDR, which the help of the command does not need.
    from tocsin.core import compose as composing  # noqa: PLC0415

    composition = composing.compose(case, kind=kind, since=since.date() if since else None, language=language)
    document = to_json(composition.document) + "\n"
    if grounds:
        text = msgspec.json.format(msgspec.json.encode(composition.grounds), indent=2)
        write_whole(grounds, text + b"\n")
    if output:
        click.echo(write_whole(output, document.encode()))
    else:
        click.echo(document, nl=False)
    for gap in composition.gaps:
        click.echo(f"tocsin: {one_line(gap.record)}: {gap.field}: {gap.reason}", err=True)
