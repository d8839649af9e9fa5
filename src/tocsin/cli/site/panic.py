"""`tocsin site panic`."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from tocsin.cli.site.boot import boot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Mailers have no key store to ask: they see a freeze in the main database alone.
_MAIL_GOES_ON = (
    "MAIL GOES ON until it is told. Stop the mailers by hand, on every host that has one: systemctl stop tocsin-mailer"
)


@click.group()
def panic() -> None:
    """Stop everything: end sessions, freeze the site, shred the cases chosen for it.

    Works on a full disk and while the main database is locked, as long as the key store can be reached; what the
    journal cannot be told at once it is told later.

    Example: tocsin site panic lock
    """


@panic.command()
def lock() -> None:
    """End the sessions of everybody, at once and on every machine of the site.

    Example: tocsin site panic lock
    """
    boot()
    from tocsin.vault import emergency  # noqa: PLC0415  Django has to be started before

    _stop(emergency.lock, "All sessions are ended; everybody may sign in again.")


@panic.command()
def freeze() -> None:
    """End all sessions and let nobody sign in or change anything until it is lifted.

    Example: tocsin site panic freeze
    """
    boot()
    from tocsin.vault import emergency  # noqa: PLC0415

    said = "The site is frozen: nobody signs in, nothing is changed. Lift it: tocsin site panic lift"
    _stop(emergency.freeze, said, untold=_MAIL_GOES_ON)


@panic.command()
def lift() -> None:
    """Let people sign in and work again.

    Example: tocsin site panic lift
    """
    boot()
    from tocsin.vault import emergency  # noqa: PLC0415

    _stop(emergency.lift, "The site works again.")


@panic.command()
@click.argument("cases", nargs=-1, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="All cases of today; none that is opened later.")
def choose(cases: tuple[UUID, ...], every: bool) -> None:
    """In quiet times: put cases on the list of those that an emergency shreds.

    A case is named by the long id in the address of its page.

    Example: tocsin site panic choose --all
    """
    if bool(cases) == every:
        raise click.UsageError("name cases, or --all")
    boot()
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.casework.actions import list_ids  # noqa: PLC0415
    from tocsin.operations import panic as operations  # noqa: PLC0415

    chosen = list_ids() if every else list(cases)
    operations.choose(chosen, now=timezone.now())
    _print_list()


@panic.command()
@click.argument("cases", nargs=-1, required=True, type=click.UUID)
def spare(cases: tuple[UUID, ...]) -> None:
    """Take cases from the list again.

    Example: tocsin site panic spare 3f2b6f0e-8a0b-4f57-9a6f-2f0f5f0d1c11
    """
    boot()
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations import panic as operations  # noqa: PLC0415

    operations.spare(cases, now=timezone.now())
    _print_list()


@panic.command("list")
def list_cases() -> None:
    """Print the list of cases that an emergency shreds.

    Example: tocsin site panic list
    """
    boot()
    _print_list()


@panic.command()
@click.option("--yes", is_flag=True, help="Ask nothing; for scripts.")
def shred(yes: bool) -> None:
    """Destroy the keys of every case on the list. Nobody opens them any more; it cannot be undone.

    Example: tocsin site panic shred
    """
    boot()
    from tocsin.operations import panic as operations  # noqa: PLC0415
    from tocsin.vault import emergency  # noqa: PLC0415

    operations.wait_little()
    count = len(emergency.list_doomed())
    if not count:
        click.echo("No case is on the list (tocsin site panic choose).")
        raise SystemExit(1)
    if not yes:
        _ask_twice(count)
    _stop(
        operations.shred,
        f"The keys of {count} cases are destroyed. Now destroy every backup of the keys: until then it opens them.",
    )


def _ask_twice(count: int) -> None:
    click.echo(f"This destroys the keys of {count} cases. Nobody will ever open them again, you neither.")
    if click.prompt("How many cases do you destroy?", type=int) != count:
        raise click.Abort
    if click.prompt("Type SHRED to do it") != "SHRED":
        raise click.Abort


def _stop(action: "Callable[[datetime], object]", said: str, untold: str = "") -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations import panic as operations  # noqa: PLC0415

    operations.wait_little()
    told = operations.stop(action, settings.SITE.directory, now=timezone.now())
    click.echo(said)
    if not told:
        click.echo("The journal could not be told: its database is locked, full or gone. The worker tells it later.")
        if untold:
            click.echo(untold)


def _print_list() -> None:
    from tocsin.vault import emergency  # noqa: PLC0415

    for case in emergency.list_doomed():
        click.echo(str(case))
