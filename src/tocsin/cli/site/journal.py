"""`tocsin site journal`: looking whether the journal is whole, and anchors to keep elsewhere."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.boot import boot
from tocsin.core.errors import BadRequest, MissingInput, UndecodableInput

if TYPE_CHECKING:
    from tocsin.journal.verifying import KeptAnchor

_LINE = re.compile(
    r"anchor (?P<step>\d{1,18}) entry (?P<number>\d{1,18}) at (?P<at>\S+) digest (?P<digest>[0-9a-f]{64})"
    r" key (?P<key>[0-9a-f]{64})"
)


@click.group()
def journal() -> None:
    """Look whether the journal is whole, and print anchors to keep elsewhere.

    Example: tocsin site journal verify
    """


@journal.command()
@click.option("--anchors", "file", type=click.Path(path_type=Path), help="Lines of earlier anchors, kept elsewhere.")
def verify(file: Path | None) -> None:
    """Read the whole journal: was anything changed, removed, put in, moved, cut off or set back?

    On its own the machine cannot tell that both of its databases were set back together, or that everything was written
    anew with a key of an intruder: only anchors that were kept elsewhere show that. What was cut off after the last of
    them is not found either where the key store was set back with it.

    Example: tocsin site journal verify --anchors anchors.txt
    """
    kept = _read(file) if file is not None else []
    boot()
    from tocsin.journal import verifying  # noqa: PLC0415  Django has to be started before

    report = verifying.inspect([_kept(line) for line in kept])
    click.echo(
        f"whole: {report.entries} entries, {report.anchors} signed anchors, {report.since_anchor} since the last"
    )
    for number in report.starts[1:]:
        click.echo(f"begun anew after entry {number}, as after a restored backup: ask who restored it")
    if kept:
        click.echo(f"it is the journal of the {len(kept)} anchors that were kept")
    else:
        click.echo(f"compare with what was kept elsewhere: first key {report.first_key.hex()}")


@journal.command()
def anchor() -> None:
    """End the present key with an anchor, and print the anchor's line.

    Print it on paper, or give it to two people outside: `verify --anchors` shows with it that nothing up to there was
    changed or taken away. What is set under `[anchors]` in site.toml gets anchors by itself.

    Example: tocsin site journal anchor | lp
    """
    boot()
    from django.utils import timezone  # noqa: PLC0415  Django has to be started before

    from tocsin.journal import anchors, verifying  # noqa: PLC0415
    from tocsin.operations import keeping  # noqa: PLC0415

    # Nobody is given a line that a changed journal would pass by.
    report = verifying.inspect()
    if not report.entries:
        raise BadRequest("there is nothing in the journal yet")
    now = timezone.now()
    made = anchors.anchor(now=now)
    click.echo(anchors.line_of(made))
    keeping.printed(made, now=now)


@journal.command()
def resume() -> None:
    """Go on with a new key after a backup was restored; it is written into the journal that this was done.

    Until then nobody can sign in to a site whose journal and key store are of different times.

    Example: tocsin site journal resume
    """
    boot()
    from django.utils import timezone  # noqa: PLC0415  Django has to be started before

    from tocsin.journal import actions  # noqa: PLC0415

    actions.resume(now=timezone.now())
    click.echo("The journal goes on with a new key. Print an anchor: tocsin site journal anchor")


def _read(path: Path) -> list[re.Match[str]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UndecodableInput("this is no UTF-8", where=path.name) from error
    except OSError as error:
        raise MissingInput("no such file, or it cannot be read", where=path.name) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise BadRequest("this is no line of an anchor", where=f"{path.name}, line {number}")
        found.append(match)
    if not found:
        raise BadRequest("there is no anchor in this file", where=path.name)
    return found


def _kept(line: re.Match[str]) -> "KeptAnchor":
    from tocsin.journal.verifying import KeptAnchor  # noqa: PLC0415  Django has to be started before

    return KeptAnchor(int(line["number"]), bytes.fromhex(line["digest"]), bytes.fromhex(line["key"]))
