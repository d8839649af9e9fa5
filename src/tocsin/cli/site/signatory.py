"""`tocsin site signatory`: whose keys count for what is published, at the machine."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from tocsin.cli.inputs import TIME
from tocsin.cli.site.asking import ask_person, ask_two, now, started_at

if TYPE_CHECKING:
    from tocsin.appeals.disavowing import Prepared


@click.group()
def signatory() -> None:
    """Let the key of an approver count for what is published, or count no more; or say that it was stolen.

    Example: tocsin site signatory retire ada
    """


@signatory.command()
@click.argument("login")
def admit(login: str) -> None:
    """Let the present key of LOGIN, an approver, count for what is published from now on.

    Asks for name, passphrase and code of an administrator.

    Example: tocsin site signatory admit ada
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415  Django has to be started before
    from tocsin.appeals import admitting  # noqa: PLC0415

    account = staff.find_account(login)
    admitting.admit(ask_person("An administrator"), account, now=now())
    click.echo("Her key counts.")


@signatory.command()
@click.argument("login")
def retire(login: str) -> None:
    """Let the key of LOGIN count for nothing new; what it signed before stays genuine.

    Asks for name, passphrase and code of an administrator.

    Example: tocsin site signatory retire ada
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.appeals import admitting  # noqa: PLC0415

    account = staff.find_account(login)
    count = admitting.retire(ask_person("An administrator"), account, now=now())
    click.echo("Her key counts for nothing new." if count else "She had no key that counts.")


@signatory.command()
@click.argument("login")
@click.option(
    "--since",
    required=True,
    type=TIME,
    metavar="TIME",
    help="From when on others may have had the key, in UTC.",
)
@click.option("--say", required=True, metavar="WORDS", help="What readers are told; it names nobody.")
@click.option("--language", default="en", show_default=True, help="The language of these words.")
@click.option(
    "--genuine",
    multiple=True,
    metavar="CODE",
    help="What she signed herself after that time stays genuine; may be repeated.",
)
@click.option("--key", default="", metavar="ID", help="Which of her keys, if she had several.")
def disavow(login: str, since: datetime, say: str, language: str, genuine: tuple[str, ...], key: str) -> None:
    """Say in public that the key of LOGIN was stolen: of what it signed, only what is confirmed here stays genuine.

    Confirmed is what was published before the time, and every retraction. Everything else by this key is shown no
    more, is sent to nobody, and `tocsin verify` calls it VOID. This is never taken back. Asks for name, passphrase
    and code of two other approvers.

    Example: tocsin site signatory disavow ada --since 2026-11-20T08:00 --say "A key was stolen. Pass none of it on."
    """
    at = started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.appeals import disavowing  # noqa: PLC0415
    from tocsin.core.publication import Words  # noqa: PLC0415

    account = staff.find_account(login)
    since = since.replace(tzinfo=UTC)
    prepared = disavowing.prepare(account, since, Words(language, say), also=genuine, key=key, now=at)
    _list(prepared)
    void = disavowing.disavow(ask_two("The first of two other approvers"), prepared, now=now())
    click.echo(
        f"Her key counts no more. {len(prepared.genuine)} of what it signed stay genuine; {void} are taken down."
    )


def _list(prepared: "Prepared") -> None:
    """Show what becomes of all that the key signed, for two people to look at before they sign."""
    for word, rows in (("genuine", prepared.genuine), ("VOID", prepared.void)):
        for each in rows:
            version = f", version {each.version}" if each.version else " (no appeal)"
            click.echo(f"{word:8} {each.at:%Y-%m-%d %H:%M}  {each.code}{version}", err=True)
