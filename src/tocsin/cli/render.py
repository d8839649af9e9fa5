"""`tocsin render`: show an appeal as a finished page."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import click

from tocsin.adapters.outlets import FORMATS, Address, Format, formats_of, render_file
from tocsin.cli.inputs import Input, documents_of, read_inputs
from tocsin.cli.outputs import write_whole
from tocsin.cli.terminal import one_line
from tocsin.core.appeal import AppealDocument

_LONGEST_NAME = 80
# The shape of a language tag (BCP 47), also with the underscores that programs put into it.
_BASE = re.compile(r"https?://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?")
_TAG = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")


class _Formats(click.ParamType[tuple[Format, ...]]):
    """A list of formats with commas between them."""

    name = "formats"

    def convert(
        self, value: str | tuple[Format, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Format, ...]:
        if isinstance(value, tuple):
            return value
        asked = [word.strip().lower() for word in value.split(",") if word.strip()]
        unknown = [word for word in asked if word not in FORMATS]
        if unknown or not asked:
            self.fail(f"{', '.join(unknown) or 'nothing'} is no format; there are {', '.join(FORMATS)}", param, ctx)
        return tuple(known for known in FORMATS if known in asked)


class _Language(click.ParamType[str]):
    """A language tag, in small letters and with hyphens."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        tag = value.strip().replace("_", "-").lower()
        if not _TAG.fullmatch(tag):
            self.fail(f"{one_line(value)!r} is no language tag; one looks like en or fr-CM", param, ctx)
        return tag


class _BaseAddress(click.ParamType[str]):
    """The address of a folder on the web, with the `/` at its end."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _BASE.fullmatch(value):
            self.fail(
                f"{one_line(value)!r} is no web address; one looks like https://www.example.org/2026/", param, ctx
            )
        return value if value.endswith("/") else f"{value}/"


@click.command(epilog="Example: tocsin render appeal.docx --to html,txt -o pages")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--to",
    "formats",
    type=_Formats(),
    default=FORMATS,
    metavar="FORMATS",
    help=f"One or more of {','.join(FORMATS)}.  [default: all]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="Folder for the pages, made where missing.  [default: here]",
)
@click.option(
    "--language",
    type=_Language(),
    metavar="TAG",
    help="Only editions in this language: `fr` takes fr-CM too, `fr-CM` that one only.  [default: all]",
)
@click.option(
    "--base-url",
    type=_BaseAddress(),
    metavar="URL",
    help="Where the pages will be published. Then an HTML page names its share card for networks and messengers.",
)
def render(
    files: tuple[str, ...],
    formats: tuple[Format, ...],
    output: Path,
    language: str | None,
    base_url: str | None,
) -> None:
    """Show appeals and reports as finished pages.

    FILE is a text, HTML, DOCX, PDF or EML file, the JSON of an appeal document, or - for standard input. The pages
    are named after the code and language of the appeal, or after the file where there is no code, and replace older
    pages of the same name. A published appeal with a code also gets a share card (png), which names nobody. Prints
    the path of each page. The fixed words of a page are in the language of its appeal.
    """
    taken: set[str] = set()
    for source in read_inputs(files):
        for document in _documents(source):
            if language is not None and not _is_in(document, language):
                continue
            name = _free(_name(document, source), taken)
            address = _address(base_url, name) if base_url else None
            kinds = [kind for kind in formats if kind in formats_of(document)]
            if not kinds:
                click.echo(f"tocsin: {name}: what is not published or has no code has no share card", err=True)
            # All forms are made before the first is written, so that a form that fails leaves no others behind.
            for kind, page in [(kind, render_file(document, kind, address)) for kind in kinds]:
                click.echo(write_whole(output / f"{name}.{kind}", page))
            if document.unread:
                count = len(document.unread)
                click.echo(f"tocsin: {name}: not understood: {count} (see `unread` in the JSON)", err=True)
    if not taken:
        click.echo(f"tocsin: no appeal or report{f' in {language}' if language else ''} found", err=True)
        raise click.exceptions.Exit(1)


def _address(base_url: str, name: str) -> Address:
    path = base_url + quote(name)
    return Address(f"{path}.html", f"{path}.png")


def _is_in(document: AppealDocument, language: str) -> bool:
    """Say whether a document is an edition in a language, or in a variety of it."""
    return f"{document.language or ''}-".replace("_", "-").lower().startswith(f"{language}-")


def _documents(source: Input) -> Iterator[AppealDocument]:
    if source.format == "json":
        yield from documents_of(source)
        return
    # The reader takes longest to load, and a document in JSON does not need it.
    from tocsin.core.reader import read  # noqa: PLC0415

    for reading in read(source.text):
        yield reading.document


def _name(document: AppealDocument, source: Input) -> str:
    """Name a page after its code and language, so that two language editions lie side by side; never after a person."""
    slug = re.sub(r"[^a-z0-9]+", "-", document.reference.canonical.lower()).strip("-") if document.reference else ""
    if slug:
        language = re.sub(r"[^A-Za-z0-9-]+", "", document.language or "")
        return ".".join(filter(None, (slug[:_LONGEST_NAME], language[:_LONGEST_NAME])))
    stem = re.sub(r"[^\w-]+", "-", Path(source.name).stem if source.name != "-" else "").strip("-")
    return stem[:_LONGEST_NAME] or document.kind


def _free(name: str, taken: set[str]) -> str:
    """Give the name, or the first of `name-2`, `name-3` … that this run has not written."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free
