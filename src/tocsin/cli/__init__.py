"""The command line: `tocsin read|check|compose|render|code|match|verify|treaties`.

Each command is a module of this package and is imported only when it is called, so that the start stays short.
"""

import sys

import click

from tocsin import __version__
from tocsin.adapters.collecting import collect_seldom
from tocsin.cli.lazy import LazyGroup
from tocsin.cli.terminal import calm, one_line
from tocsin.core.errors import TocsinError

_COMMANDS = {
    "check": "Say what must be mended before an appeal may be approved.",
    "compose": "Compose an appeal from a case.",
    "code": "Parse, find and give out reference codes.",
    "match": "Say which published appeal a mail is about.",
    "read": "Read appeals and reports into structured data.",
    "render": "Show an appeal as HTML, PDF, text and more.",
    "site": "Set up a site, look after it, and serve its desk.",
    "verify": "Say whether a copy of an appeal is genuine.",
    "treaties": "Say which State is bound by which treaty.",
}


class _Commands(LazyGroup):
    package, lines = __name__, _COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tocsin")
def tocsin() -> None:
    """Turn a report of an attack on a human rights defender into a coded urgent appeal.

    Every command reads files or standard input (`-`), writes standard output, and ends with 0 where it found what it
    looked for, 1 where it found nothing, 2 where the input could not be taken.

    Example: tocsin read appeal.txt --explain
    """


def main() -> None:
    """Run the command line; an error that we raise on purpose, or a wrong option, becomes one line and exit code 2."""
    collect_seldom()
    try:
        code = tocsin.main(standalone_mode=False)
    except TocsinError as error:
        click.echo(f"tocsin: {calm(str(error))}", err=True)
        code = 2
    except click.exceptions.Abort:
        click.echo("tocsin: stopped", err=True)
        code = 130
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        click.echo(f"tocsin: {one_line(error.format_message())}{_where_to_look(error)}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        # The reader of our output has gone; nothing is wrong with us.
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _where_to_look(error: click.ClickException) -> str:
    """Name the help of the command that was called wrongly."""
    called = error.ctx if isinstance(error, click.UsageError) else None
    return f" (see {called.command_path} --help)" if called else ""
