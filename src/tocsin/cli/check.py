"""`tocsin check`: what must be mended before an appeal may be approved."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.code import echo_json, load_registry, scheme_option
from tocsin.cli.findings import described, printed
from tocsin.cli.inputs import DAY, Input, documents_of, read_case, read_inputs
from tocsin.cli.treaties import load_table, table_option
from tocsin.core import preflight, reader
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadInput, BadWaiver
from tocsin.core.preflight import Waiver

if TYPE_CHECKING:
    from tocsin.core.compose import Ground
    from tocsin.core.records import Case

_WAIVER = re.compile(r"(?P<rule>[A-Za-z]{3}-\d{2})=(?P<reason>.*?)(?:@(?P<until>\d{4}-\d{2}-\d{2}))?", re.DOTALL)
_DAYS_OF_WAIVER = 30


@click.command(
    epilog="Example: tocsin check appeal.docx --waive 'ADR-05=the President has no other channel@2026-12-31'"
)
@click.argument("file", metavar="FILE")
@click.option("--case", "case_path", metavar="FILE", help="The case that it was made of (YAML or JSON).")
@click.option("--registry", "registry_path", metavar="FILE", help="List of published codes, as for `tocsin match`.")
@scheme_option
@table_option
@click.option("--on", type=DAY, metavar="DATE", help="Day of the check.  [default: day of issue]")
@click.option(
    "--waive",
    "waived",
    multiple=True,
    metavar="ID=REASON[@DATE]",
    help=f"Let the findings of a rule stand until DATE; {_DAYS_OF_WAIVER} days without one. Not for the consent and "
    "safety of people.",
)
@click.option(
    "--language",
    type=click.Choice(preflight.languages()),
    default=preflight.languages()[0],
    show_default=True,
    help="In which findings are said.",
)
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
def check(  # noqa: PLR0913 - click gives each option as an argument
    *,
    file: str,
    case_path: str | None,
    registry_path: str | None,
    scheme: str,
    table_path: str | None,
    on: Any,
    waived: tuple[str, ...],
    language: str,
    output: str,
) -> None:
    """Say what must be mended before the appeal in FILE may be approved.

    FILE is a text, HTML, DOCX, PDF or EML file, the JSON of an appeal document, or - for standard input. Errors come
    first, each with its words and what to do; rules that lack an input are named. With a case, a sentence rests on
    records where the case composes it in the same words. Ends with 1 where an error stands.
    """
    if [file, case_path, registry_path, table_path].count("-") > 1:
        raise BadInput("standard input cannot be two of the files")
    if preflight.is_draft(language):
        click.echo(f"Findings in “{language}” are a draft: no native translator has signed them off yet.", err=True)
    case = read_case(case_path) if case_path else None
    registry = load_registry(registry_path, scheme) if registry_path else None
    check_one = partial(
        preflight.check, case=case, registry=registry, treaties=load_table(table_path), language=language
    )
    reports = []
    for source in read_inputs([file]):
        for document in _documents(source):
            day = on.date() if on else document.issued_on or _today()
            waivers = [_waiver(each, day) for each in waived]
            grounds = _grounds(document, case)
            reports.append((document, check_one(document, on=day, grounds=grounds, waivers=waivers)))
    if not reports:
        raise BadInput("no appeal or report found", where=file)
    if output == "json":
        listed = [described(document, report) for document, report in reports]
        echo_json(listed[0] if len(listed) == 1 else listed)
    else:
        click.echo("\n\n".join(printed(document, report) for document, report in reports))
    raise click.exceptions.Exit(1 if any(report.blocked for _, report in reports) else 0)


def _documents(source: Input) -> Iterator[AppealDocument]:
    if source.format == "json":
        yield from documents_of(source)
        return
    for reading in reader.read(source.text):
        yield reading.document


def _grounds(document: AppealDocument, case: "Case | None") -> "list[Ground] | None":
    if case is None:
        return None
    from tocsin.cli.grounds import grounds_of  # noqa: PLC0415 - composing is loaded for a case alone

    return grounds_of(document, case)


def _waiver(given: str, on: dt.date) -> Waiver:
    """Read `ID=REASON@DATE`."""
    match = _WAIVER.fullmatch(given)
    if match is None:
        raise BadWaiver("not a waiver", where="--waive", hint="write ID=REASON or ID=REASON@2026-12-31")
    until = on + dt.timedelta(days=_DAYS_OF_WAIVER)
    if match["until"]:
        try:
            until = dt.date.fromisoformat(match["until"])
        except ValueError as error:
            raise BadWaiver("its last day is no date", where=f"--waive {match['rule']}") from error
    return Waiver(match["rule"].upper(), match["reason"].strip(), until)


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011, TID251 - a document without a date of issue is checked for today, here alone
