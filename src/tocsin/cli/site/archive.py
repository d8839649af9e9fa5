"""`tocsin site archive`: withdrawing and correcting what was taken over from an archive."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.asking import ask_two, now, started_at
from tocsin.cli.terminal import one_line
from tocsin.core.archive import DOUBTS
from tocsin.core.errors import BadInput

if TYPE_CHECKING:
    from tocsin.core.archive import Found

_SAY = click.option("--say", required=True, metavar="WORDS", help="What readers are told; it names nobody.")
_LANGUAGE = click.option("--language", default="en", show_default=True, help="The language of these words.")


@click.group()
def archive() -> None:
    """Withdraw or correct an appeal that was taken over from an archive. Two approvers show who they are, and sign.

    Example: tocsin site archive withdraw "XZV 001 / 0309 / OBS 040" --say "Withdrawn for the safety of a person."
    """


@archive.command()
@click.argument("code")
@_SAY
@_LANGUAGE
def withdraw(code: str, say: str, language: str) -> None:
    """Take the archived appeal of CODE back: its address says so from now on, and nothing of it is shown.

    So it is done with an appeal whose case was shredded, too; both are on the desk's page of the archive. A later
    import of the same documents does not bring it back. Asks for name, passphrase and code of two approvers.

    Example: tocsin site archive withdraw "XZV 001 / 0309 / OBS 040" --say "Withdrawn for the safety of a person."
    """
    at = started_at()
    from tocsin.appeals import archiving  # noqa: PLC0415  Django has to be started before
    from tocsin.core.publication import Words  # noqa: PLC0415

    there = archiving.find_without_case(code, now=at)
    title = there.editions[0].document.title
    click.echo(f"{there.code}: {one_line(title.text) if title else 'without a title'}", err=True)
    archiving.withdraw(ask_two("The first of two approvers"), there, Words(language, say), now=now())
    click.echo(f"{there.code} is withdrawn.")


@archive.command()
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_SAY
@_LANGUAGE
@click.option(
    "--accept",
    multiple=True,
    type=click.Choice([name for name, each in DOUBTS.items() if each.may_stand]),
    metavar="DOUBT",
    help="Take the document with this doubt all the same; may be repeated.",
)
def correct(code: str, file: Path, say: str, language: str, accept: tuple[str, ...]) -> None:
    """Let the text in FILE take the place of what stands under CODE in its language, as the next version.

    Its page says what was changed. Asks for name, passphrase and code of two approvers.

    Example: tocsin site archive correct "XZV 001 / 0309 / OBS 040" mended.txt --say "A name was taken out."
    """
    at = started_at()
    from tocsin.appeals import archiving  # noqa: PLC0415
    from tocsin.core.archive import corrected  # noqa: PLC0415
    from tocsin.core.publication import Words  # noqa: PLC0415

    there = archiving.find_archived(code, now=at)
    appeal = corrected(there, _document_in(file), Words(language, say), accept)
    archiving.correct(ask_two("The first of two approvers"), appeal, now=now())
    click.echo(f"{there.code} is corrected: version {appeal.version}.")


def _document_in(file: Path) -> "Found":
    from tocsin.operations import reading_archive  # noqa: PLC0415
    from tocsin.publishing import codes  # noqa: PLC0415

    (opened,) = reading_archive.open_all([file], codes.in_use())
    if len(opened.found) != 1:
        raise BadInput(opened.problem or "it holds more than one document", where=str(file))
    return opened.found[0]
