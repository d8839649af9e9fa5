"""`tocsin site recovery`: the key of the organisation, and what several people together do with it.

Shares are typed at the machine itself and nowhere else: no page takes them, so that no false page can.
"""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tocsin.cli.site.asking import ask_person, ask_shares, ask_two, now, print_link, show_share, started_at

if TYPE_CHECKING:
    from datetime import datetime

    from tocsin.casework.recovery import Standing

_reason = click.option("--reason", required=True, help="Why; whoever gives access to the case reads it.")
_days = click.option("--days", default=30, show_default=True, type=click.IntRange(1, 90), help="For how long.")


@click.group()
def recovery() -> None:
    """Open again what nobody can open any more: three custodians and two people.

    Example: tocsin site recovery list
    """


@recovery.command("list")
def list_() -> None:
    """List all cases: id, until when people can open all of it, and whether three custodians can. Asks for nothing.

    Example: tocsin site recovery list
    """
    at = started_at()
    from tocsin.casework import recovery as actions  # noqa: PLC0415  Django has to be started before

    for case in actions.list_cases(at):
        click.echo(f"{case.case}\t{_until(case)}\t{_custodians(case)}")


def _until(case: "Standing") -> str:
    from tocsin.vault.last_holders import NEVER  # noqa: PLC0415

    if case.until is None:
        return "not open to anybody"
    return "open without an end" if case.until == NEVER else f"open until {case.until:%Y-%m-%d}"


def _custodians(case: "Standing") -> str:
    if case.custodians:
        return "custodians"
    return "custodians once it is saved" if case.has_recovery else "without custodians"


@recovery.command()
def make() -> None:
    """Make a new key of the organisation, and show its five shares to five custodians, one by one.

    Each custodian comes to the screen alone and writes down 33 words. Then two people whose role may make the key show
    who they are; before that nothing has changed. Shares of an earlier key open what is not saved again after this.

    Example: tocsin site recovery make
    """
    started_at()
    from tocsin.casework import recovery as actions  # noqa: PLC0415
    from tocsin.vault import organisation  # noqa: PLC0415

    drawn = organisation.draw()
    for number, share in enumerate(drawn.shares, 1):
        show_share(number, share)
    actions.make_shares(ask_two(), drawn, now=now())
    click.echo("The key is made. A case is given to it when somebody who holds the case saves it next.")
    click.echo("Try the papers now, and once a month: tocsin site recovery drill")


@recovery.command()
def drill() -> None:
    """See whether three shares still make the key. Opens nothing; the journal says that it was tried.

    Example: tocsin site recovery drill
    """
    started_at()
    from tocsin.casework import recovery as actions  # noqa: PLC0415

    if not actions.try_shares(ask_shares(), now=now()):
        click.echo("These are shares of an earlier key: have a new one made, or find the present papers.")
        raise SystemExit(1)
    click.echo("The three shares make the present key.")


@recovery.command()
@click.argument("case", type=click.UUID)
@click.argument("login")
@_reason
@_days
def case(case: UUID, login: str, reason: str, days: int) -> None:
    """Give LOGIN access to all of CASE, which nobody else can give any more.

    Asks three custodians for their shares, and two people whose role may use them for name, passphrase and code.

    Example: tocsin site recovery case 3f2b6f0e-8a0b-4f57-9a6f-2f0f5f0d1c11 amina --reason 'the lead has died'
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.casework import recovery as actions  # noqa: PLC0415

    to, shares, two = staff.find_account(login), ask_shares(), ask_two()
    at = now()
    given = actions.recover_case(two, shares, case, to, reason=reason, ends_at=_end(at, days), now=at)
    click.echo(f"{len(given)} compartments are open to her for {days} days.")


@recovery.command()
@click.argument("login")
@_reason
@_days
def person(login: str, reason: str, days: int) -> None:
    """Give LOGIN in her new account what she held in the one before, as far as the custodians can open it.

    For somebody who lost every way into her account, and has a new one in its place. Asks as `case` does.

    Example: tocsin site recovery person amina --reason 'lost passphrase and recovery code'
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.casework import recovery as actions  # noqa: PLC0415

    to, shares, two = staff.find_account(login), ask_shares(), ask_two()
    at = now()
    given = actions.recover_person(two, shares, to, reason=reason, ends_at=_end(at, days), now=at)
    cases = len({grant.case for grant in given})
    click.echo(f"{len(given)} compartments of {cases} cases are open to her for {days} days.")


@recovery.command()
@click.argument("case", type=click.UUID)
@_reason
@_days
def reopen(case: UUID, reason: str, days: int) -> None:
    """Let the last holder of CASE open it again, where her day has come and the custodians do not hold it.

    Asks her for name, passphrase and code, and two people besides whose role may use the shares.

    Example: tocsin site recovery reopen 3f2b6f0e-8a0b-4f57-9a6f-2f0f5f0d1c11 --reason 'nobody prolonged it'
    """
    started_at()
    from tocsin.casework import recovery as actions  # noqa: PLC0415

    holder, two = ask_person("The last holder"), ask_two()
    at = now()
    given = actions.reopen_case(two, holder, case, reason=reason, ends_at=_end(at, days), now=at)
    click.echo(f"{len(given)} compartments are open to her for {days} days. Let her give a colleague access now.")


@recovery.command()
@click.argument("login")
def account(login: str) -> None:
    """Give a new account to LOGIN, who lost every way into hers, where no administrator can do it.

    Prints the link by which she joins. Asks three custodians for their shares, and any two colleagues for name,
    passphrase and code. It opens no case: see `person`.

    Example: tocsin site recovery account vera
    """
    started_at()
    from tocsin.accounts import staff  # noqa: PLC0415
    from tocsin.casework import recovery as actions  # noqa: PLC0415

    lost, shares, two = staff.find_account(login), ask_shares(), ask_two()
    print_link(actions.restore_account(two, shares, lost, now=now()))


def _end(at: "datetime", days: int) -> "datetime":
    return at + timedelta(days=days)
