"""`tocsin site`: setting up a site and serving it. Django is imported only inside the commands."""

import sys
from typing import Any

import click

from tocsin.cli.lazy import LazyGroup
from tocsin.core.errors import Unreachable

_COMMANDS = {
    "archive": "Withdraw or correct what was taken over from an archive.",
    "authorities": "Take files into the directory of authorities, and write it into one.",
    "backup": "Make a backup: sealed, data and keys apart.",
    "bounces": "Count what came back to mailings, and undo what followed from it.",
    "check": "Look whether the site is sound: settings, databases, journal.",
    "clock": "Tell whether the clock of this machine may be believed.",
    "codes": "Take a list of codes in that were given out before.",
    "doctor": "Look at a site and its machine, and say what to do.",
    "drill": "Sign in here and open every case of one person.",
    "export-public": "Write the whole public site into a folder.",
    "import-archive": "Take appeals over that were published before there was this site.",
    "init": "Set up a site: its secrets, its databases, its first account.",
    "journal": "Look whether the journal is whole, and print anchors to keep elsewhere.",
    "letterbox": "Serve the public form, in a process that holds no key.",
    "mailer": "Send what officers asked to be mailed.",
    "mailer-keys": "Draw the keys of the mailer, once for a site.",
    "panic": "Stop everything: end sessions, freeze the site, shred chosen cases.",
    "public": "Serve the public site, where published appeals stand.",
    "receive": "Take mail from the mail server of this machine.",
    "recovery": "Open again what nobody can open any more: three custodians and two people.",
    "restore": "Set up a site from a backup.",
    "retention": "Say what would be destroyed, and by when; destroys nothing.",
    "serve": "Serve the desk until it is stopped.",
    "signatory": "Let the key of an approver count for what is published, or no more.",
    "subscribers": "Take readers in from lists, take them out, erase and count them.",
    "upgrade": "Bring the tables of a site to this version of Tocsin.",
    "user": "List, invite and close accounts, and help who lost a second factor.",
    "worker": "Do what is due, every minute.",
}


class _Commands(LazyGroup):
    package, lines = __name__, _COMMANDS

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except _database_errors() as error:
            raise Unreachable("a database is locked, full or gone", hint="tocsin site doctor") from error


def _database_errors() -> tuple[type[Exception], ...]:
    """Give what databases raise; asked only when something was raised, so that nothing is imported for it."""
    utils = sys.modules.get("django.db.utils")
    return (utils.Error,) if utils else ()


@click.group(cls=_Commands)
def site() -> None:
    """Set up a site, look after it, and serve its desk.

    A site is a directory with `site.toml` and, without PostgreSQL, its databases. TOCSIN_SITE names the file;
    `var/site.toml` otherwise.

    Example: tocsin site init --demonstration
    """
