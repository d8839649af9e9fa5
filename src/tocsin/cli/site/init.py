"""`tocsin site init`."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import click

from tocsin.cli.site.boot import boot
from tocsin.config import site as settings_of
from tocsin.config import writing
from tocsin.core.errors import BadOutput, MissingInput, UndecodableInput
from tocsin.core.records import Case, from_yaml
from tocsin.operations import archive, ballast


class Written(NamedTuple):
    """What stands in the file of a new site, besides secrets."""

    kind: str
    hosts: tuple[str, ...]
    recipients: tuple[str, ...]
    proxies: tuple[str, ...]


@click.command()
@click.option("--demonstration", is_flag=True, help="Invented people with one-click sign-in, on this machine only.")
@click.option("--case", "case_file", type=click.Path(path_type=Path), help="A case in YAML for the demonstration.")
@click.option("--backup-to", "recipients", multiple=True, help="A public key (age1...) for backups; else one is drawn.")
@click.option("--host", "hosts", multiple=True, help="A name by which the desk is reached; may be repeated.")
@click.option(
    "--proxy", "proxies", multiple=True, help="From where the server that speaks TLS connects; else from here."
)
def init(
    demonstration: bool,
    case_file: Path | None,
    hosts: tuple[str, ...],
    recipients: tuple[str, ...],
    proxies: tuple[str, ...],
) -> None:
    """Set up a site: its secrets, its databases, its first account.

    Without --demonstration it asks for the first account's name and passphrase, and shows once what has to be kept: a
    recovery code, the secret for an authenticator, and the key that opens backups.

    Example: tocsin site init --demonstration --case examples/case.yaml
    """
    final = settings_of.where(os.environ)
    if final.exists():
        raise BadOutput("there is a site already", where=final.name, hint="set TOCSIN_SITE to set up another one")
    if final.parent.exists() and any(final.parent.iterdir()):
        raise BadOutput("the directory of the site is not empty", where=final.parent.name)
    if case_file is not None and not demonstration:
        raise click.UsageError("--case is for a demonstration")
    case = _read(case_file) if case_file is not None else None
    asked = None if demonstration else _ask()
    drawn = None if demonstration or recipients else archive.new_key()
    archive.recipients(recipients)
    written = Written(
        "demonstration" if demonstration else "working", hosts, (drawn[1],) if drawn else recipients, proxies
    )
    unfinished = final.parent.with_name(final.parent.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        kept = _found(unfinished / final.name, written, asked, case)
        unfinished.rename(final.parent)
        ballast.keep(final.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    if kept:
        click.echo("\nShown once and kept nowhere. Write it on paper, and put the paper where nobody looks:")
        click.echo(f"  recovery code   {kept[0]}\n  authenticator   {kept[1]}\n")
    if drawn:
        click.echo("Opens every backup. Keep it apart from this machine and from the backups, in two places:")
        click.echo(f"  {drawn[0]}\n")
    click.echo(f"The site is set up in {final.parent.name}/. Serve it with: tocsin site serve")


def _found(
    path: Path, written: Written, asked: tuple[str, str, str] | None, case: Case | None
) -> tuple[str, str] | None:
    """Make the site in a directory of its own; give what the first person has to keep."""
    writing.write_new(path, written.kind, written.hosts or settings_of.LOOPBACK, written.recipients, written.proxies)
    os.environ["TOCSIN_SITE"] = str(path)
    boot()
    from tocsin.config import founding  # noqa: PLC0415  Django has to be started before

    try:
        founding.make_tables()
        if asked is not None:
            return founding.found(path, *asked)
        founding.found_demonstration(path, case)
        return None
    finally:
        founding.close()


def _read(path: Path) -> Case:
    """Read the case before anything is founded: that takes five seconds."""
    try:
        return from_yaml(path.read_text("utf-8"), where=path.name)
    except UnicodeDecodeError as error:
        raise UndecodableInput("this is no UTF-8", where=path.name) from error
    except OSError as error:
        raise MissingInput("no such file, or it cannot be read", where=path.name) from error


def _ask() -> tuple[str, str, str]:
    login = click.prompt("Name to sign in by")
    name = click.prompt("Name that colleagues see", default=login)
    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    return login, name, passphrase
