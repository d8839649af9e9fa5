"""A command of the site in this process, at a terminal at which somebody answers what it asks."""

from collections.abc import Sequence

from click import Command
from click.testing import CliRunner, Result


def at_the_terminal(command: Command, words: Sequence[str], typed: str) -> Result:
    # A command keeps the options for help that it was first called with: those of `tocsin` itself.
    return CliRunner().invoke(command, list(words), input=typed, help_option_names=["-h", "--help"])
