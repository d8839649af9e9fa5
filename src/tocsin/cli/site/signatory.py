"""`tocsin site signatory`: whose keys count for what is published, at the machine."""

import click

from tocsin.cli.site.asking import ask_person, now, started_at


@click.group()
def signatory() -> None:
    """Let the key of an approver count for what is published, or count no more.

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
