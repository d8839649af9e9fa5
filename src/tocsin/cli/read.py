"""`tocsin read`: appeals and reports into structured data."""

import json
import shutil
import sys
from dataclasses import replace

import click

from tocsin.cli.inputs import documents_of, read_inputs


@click.command(epilog="Example: tocsin read appeal.txt --explain; tocsin read report.eml > report.json")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="How to print it.",
)
@click.option("--explain", is_flag=True, help="Print the source with each fact marked and named.")
@click.option("--with-source", is_flag=True, help="Keep the normalised text in the JSON, for the spans to point into.")
def read(files: tuple[str, ...], output: str, *, explain: bool, with_source: bool) -> None:
    """Read published appeals and partners' reports into structured data.

    FILE is a text, HTML, DOCX, PDF or EML file, or - for standard input. Prints one JSON object for one document, and
    an array where a page or several files hold more. Text that no field takes is listed under `unread`.
    """
    from tocsin.core import reader  # noqa: PLC0415 - the lexicons load only when something is read
    from tocsin.core.reader import Reading  # noqa: PLC0415

    readings: list[Reading] = []
    for source in read_inputs(files):
        # A document that was read before is passed on; `render` and `read` take the same files.
        if source.format == "json":
            readings.extend(Reading(document, ()) for document in documents_of(source))
        else:
            readings.extend(reader.read(source.text))
    if explain:
        from tocsin.cli.explain import explained  # noqa: PLC0415

        width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        click.echo("\n\n".join(explained(reading, colour=sys.stdout.isatty(), width=width) for reading in readings))
        return
    documents = [reading.document for reading in readings]
    if output == "text":
        from tocsin.cli.summary import summary  # noqa: PLC0415

        click.echo("\n\n".join(summary(document) for document in documents))
        return
    from tocsin.core.appeal import to_json  # noqa: PLC0415

    texts = [to_json(document if with_source else replace(document, source=None)) for document in documents]
    click.echo(
        texts[0] if len(texts) == 1 else json.dumps([json.loads(text) for text in texts], ensure_ascii=False, indent=2)
    )
