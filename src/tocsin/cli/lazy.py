"""Groups of commands that are imported only to be run, so that a start loads no more than its command needs."""

import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """A group that knows its commands by name and line of help: the attribute of that name in the module of that name.

    `package` holds the modules, `lines` says of each command what it does.
    """

    package: str
    lines: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return sorted(self.lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; nothing if there is none of this name."""
        if cmd_name not in self.lines:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"{self.package}.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the lines of help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self.lines.items()))
