"""What commands of a site ask at the terminal: who one is, and shares of the custodians."""

import sys
from typing import TYPE_CHECKING

import click

from tocsin.cli.site.boot import PORT, boot
from tocsin.core.errors import WrongSecret

if TYPE_CHECKING:
    from datetime import datetime

    from tocsin.accounts.actor import Actor

_TRIES = 3
_LAST_WORDS = 3


def started_at() -> "datetime":
    """Start the site, and give the time."""
    boot()
    return now()


def now() -> "datetime":
    """Give the time: asked for anew after each prompt, since people take minutes to type."""
    from django.utils import timezone  # noqa: PLC0415  Django has to be started before

    return timezone.now()


def ask_person(who: str) -> "Actor":
    """Let somebody show who she is, with passphrase and code as at the desk; a slip may be mended twice.

    Raises:
        WrongSecret: if it was wrong each time.
        TooManyTries: if it was wrong too often within a minute.
    """
    from tocsin.accounts import actions, demonstration  # noqa: PLC0415

    invented = {each.login: each.duty for each in demonstration.people()}
    for login, duty in invented.items():
        click.echo(f"  {login:8} {duty} (invented: neither passphrase nor code is asked)", err=True)
    tries = 0
    while True:
        tries += 1
        click.echo(f"{who}, please:", err=True)
        login = click.prompt("  Name", err=True)
        if login in invented:
            return demonstration.act_as(login, now=now())
        secret = click.prompt("  Passphrase or recovery code", hide_input=True, err=True)
        code = click.prompt("  Code from the authenticator", err=True)
        try:
            return actions.prove(login, secret, code, now=now())
        except WrongSecret as error:
            if tries == _TRIES:
                raise
            click.echo(f"  {error}", err=True)


def ask_two(first: str = "The first of two people") -> "tuple[Actor, Actor]":
    """Let two people show who they are."""
    return ask_person(first), ask_person("The second")


def ask_shares() -> tuple[str, ...]:
    """Let three custodians type their shares, one after the other; each is wiped off the screen before the next."""
    from tocsin.vault import organisation  # noqa: PLC0415

    def checked(typed: str) -> str:
        try:
            organisation.check_share(typed)
        except WrongSecret as error:
            raise click.UsageError(str(error)) from error
        return typed

    shares = []
    for number in range(1, organisation.NEEDED + 1):
        words = f"Share {number} of {organisation.NEEDED}: its custodian types all words, the others look away"
        shares.append(str(click.prompt(words, value_proc=checked, err=True)))
        wipe()
    return tuple(shares)


def show_share(number: int, share: str) -> None:
    """Show one share to its custodian, and go on when she has typed its end from her paper."""
    from tocsin.vault import organisation  # noqa: PLC0415

    of = f"{number} of {organisation.CUSTODIANS}"
    click.prompt(f"Custodian {of} comes to the screen alone. Enter shows the share", default="", show_default=False)
    for at, line in enumerate(_lines(share.split())):
        click.echo(f"\n    {line}" if not at else f"    {line}")
    last = " ".join(share.split()[-_LAST_WORDS:])

    def checked(typed: str) -> str:
        if " ".join(typed.lower().split()) != last:
            raise click.UsageError("these are not the last three words: compare the paper with the screen")
        return typed

    click.prompt("\nWritten? Type its last three words from the paper", value_proc=checked)
    wipe()


def wipe() -> None:
    """Clear the screen and what could be scrolled back to, where there is a screen."""
    if sys.stdout.isatty():
        click.echo("\x1b[H\x1b[2J\x1b[3J", nl=False)


def print_link(secret: str) -> None:
    """Print the link that stands for somebody once."""
    from django.conf import settings  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    host, path = settings.ALLOWED_HOSTS[0], reverse("link", args=[secret])
    click.echo(f"https://{host}{path}" if settings.CSRF_COOKIE_SECURE else f"http://{host}:{PORT}{path}")
    click.echo("It works once, for three days. Hand it over in person or by a channel that you both trust.", err=True)


def _lines(words: list[str]) -> list[str]:
    """Number the words, six a line, so that none is left out on the paper."""
    numbered = [f"{number:2} {word:10}" for number, word in enumerate(words, 1)]
    return ["".join(numbered[at : at + 6]).rstrip() for at in range(0, len(numbered), 6)]
