"""`tocsin site user`: accounts from the command line of the machine.

What only takes access away, or only counts, needs no secret. What gives any is done by somebody who shows here who she
is, with passphrase and code as at the desk; nobody ever types or sees a secret of somebody else.
"""

import click

from tocsin.cli.site.asking import ask_person, ask_two, now, print_link, started_at


@click.group()
def user() -> None:
    """List, invite and close accounts, and help who lost a second factor.

    Example: tocsin site user list
    """


@user.command("list")
def list_() -> None:
    """List all accounts: id, state, roles, second factor. Names are sealed, and shown at the desk only.

    Example: tocsin site user list
    """
    started_at()
    from tocsin.accounts import queries  # noqa: PLC0415  Django has to be started before

    for member in queries.list_accounts():
        factor = "second factor" if member.has_factor else "no second factor"
        click.echo(f"{member.id}\t{member.state}\t{', '.join(member.roles) or 'no role'}\t{factor}")


@user.command()
@click.argument("login")
@click.option("--name", help="The name that colleagues see; LOGIN otherwise.")
@click.option("--role", "roles", multiple=True, help="What the newcomer is here; may be repeated.")
def invite(login: str, name: str | None, roles: tuple[str, ...]) -> None:
    """Create an account for LOGIN, and print the link by which its person joins.

    Asks for name, passphrase and code of an administrator.

    Example: tocsin site user invite amina --name 'Amina Belkova' --role verifier
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415

    print_link(staff.invite(ask_person("An administrator"), login, name or login, roles, now=now()))


@user.command()
@click.argument("login")
@click.argument("roles", nargs=-1)
def role(login: str, roles: tuple[str, ...]) -> None:
    """Give LOGIN these ROLES and no other; they hold from the next request.

    Asks for name, passphrase and code of an administrator.

    Example: tocsin site user role amina verifier legal
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415

    account = staff.find_account(login)
    staff.set_roles(ask_person("An administrator"), account, roles, now=now())
    click.echo("The roles are changed.")


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Close the account of LOGIN: its sessions, links and access end at once. Asks for nothing.

    Access to what nobody else could open is kept, and counted.

    Example: tocsin site user disable amina
    """
    at = started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.vault import last_holders  # noqa: PLC0415

    account = staff.find_account(login)
    alone = last_holders.held_alone(account, at)
    outcome = staff.disable(None, account, now=at)
    click.echo(f"The account is closed; {len(outcome.ended)} grants ended.")
    if outcome.kept:
        click.echo(f"{len(outcome.kept)} grants were kept: nobody else could open what they open.")
    if alone:
        click.echo(f"{len(alone)} cases were hers alone: tocsin site recovery list")


@user.command("reset-second-factor")
@click.argument("login")
def reset_second_factor(login: str) -> None:
    """Void the second factors of LOGIN, and print a link that stands for them once.

    For the day on which no administrator can do it at the desk. Asks for name, passphrase and code of two people of the
    site; whoever uses the link has to know the passphrase or recovery code of LOGIN besides.

    Example: tocsin site user reset-second-factor vera
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415

    account = staff.find_account(login)
    print_link(staff.break_glass(*ask_two(), account, now=now()))
