"""`tocsin code`: parse, find and give out reference codes."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from tocsin.cli.inputs import DAY, read_inputs, read_table
from tocsin.cli.terminal import one_line
from tocsin.core.codes import (
    ODDITIES,
    Found,
    Printed,
    Registry,
    Scheme,
    find_all,
    format_code,
    list_schemes,
    load_scheme,
    parse,
    read_registry,
    slug,
)
from tocsin.core.errors import BadInput

_LARGEST_REGISTRY = 20_000_000

scheme_option = click.option(
    "--scheme", type=click.Choice(list_schemes()), default="observatory", show_default=True, help="Whose codes."
)
registry_option = click.option(
    "--registry",
    "registry_path",
    required=True,
    metavar="FILE",
    help="List of published codes, one a line; after a tab the date of issue or `void`; # begins a comment.",
)
format_option = click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
_on_option = click.option("--on", type=DAY, metavar="DATE", help="Date of the document.")


class Examples(click.Command):
    """A command whose help ends with examples as they are written."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line for line, where click would fill a paragraph."""
        formatter.write_paragraph()
        for line in (self.epilog or "").splitlines():
            formatter.write(f"{line}\n")


class ExamplesGroup(Examples, click.Group):
    """A group whose help ends with examples."""


def load_registry(path: str, scheme: str) -> Registry:
    """Read the list of published codes from a file, or from standard input for `-`.

    Raises:
        MissingInput: No such file, or not readable.
        TooLarge: More than 20 MB.
        UndecodableInput: Not UTF-8.
        BadRegistry: A line is no code, or two lines claim one number.
    """
    text = read_table(path, largest=_LARGEST_REGISTRY, what="a list of codes")
    return read_registry(text, scheme=load_scheme(scheme), name=path)


def echo_json(value: Any) -> None:
    """Print JSON; bytes of a command line that are no UTF-8 come out as the escapes that JSON has for them."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(written.encode("utf-8", "backslashreplace").decode())


def describe_code(printed: Printed, scheme: Scheme) -> dict[str, Any]:
    """Give a code with its parts as plain values."""
    described: dict[str, Any] = {
        "as_printed": printed.as_printed,
        "canonical": format_code(printed.code, scheme),
        "slug": slug(printed.code, scheme),
        **asdict(printed.code),
        "oddities": list(printed.oddities),
    }
    if isinstance(printed, Found):
        described |= {"span": list(printed.span), "completeness": printed.completeness}
    return described


def _day(on: Any) -> date | None:
    return on.date() if on else None


@click.group(cls=ExamplesGroup, epilog="Example:\n  tocsin code parse 'KAZ 002/0621/OBS 065'")
def code() -> None:
    """Parse, find and give out reference codes."""


@code.command(
    "parse",
    cls=Examples,
    epilog="Example:\n  tocsin code parse 'KGZ 003 /0106/ OBS 058' --on 2001-06-29\n"
    "  echo 'UA: 191/13' | tocsin code parse - --scheme amnesty",
)
@click.argument("text")
@scheme_option
@_on_option
@format_option
def parse_command(text: str, scheme: str, on: Any, output: str) -> None:
    """Say what the code TEXT means, and what is odd about it. `-` reads it from standard input."""
    rules = load_scheme(scheme)
    if text == "-":
        text = sys.stdin.read(1_000)
    described = describe_code(parse(text, scheme=rules, on=_day(on)), rules)
    if output == "json":
        echo_json(described)
        return
    click.echo(described["canonical"])
    oddities = described.pop("oddities")
    for name, value in described.items():
        if value is not None:
            click.echo(f"  {name.replace('_', ' '):<15} {one_line(str(value))}")
    for name in oddities:
        click.echo(f"  {'odd':<15} {name}: {ODDITIES[name]}")


@code.command(
    "find",
    cls=Examples,
    epilog="Example:\n  tocsin code find letter.eml notes.txt\n  pbpaste | tocsin code find - --format json",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@scheme_option
@_on_option
@format_option
def find_command(files: tuple[str, ...], scheme: str, on: Any, output: str) -> None:
    """Find every code in FILE; `-` is standard input.

    Each line of the text output has, between tabs: file, start and end in characters, the canonical form, the form as
    printed, and what is odd. Ends with 1 where there is no code.
    """
    rules = load_scheme(scheme)
    found = [(item.name, one) for item in read_inputs(files) for one in find_all(item.text, scheme=rules, on=_day(on))]
    if output == "json":
        listed = [{"file": name, **describe_code(one, rules)} for name, one in found]
        echo_json(listed)
    else:
        _print_found(found, rules)
    sys.exit(0 if found else 1)


def _print_found(found: Iterable[tuple[str, Found]], scheme: Scheme) -> None:
    for name, one in found:
        place = f"{one.span[0]}-{one.span[1]}"
        parts = (one_line(name), place, format_code(one.code, scheme), one_line(one.as_printed), *one.oddities)
        click.echo("\t".join(parts[:4]) + "\t" + ",".join(parts[4:]))


@code.command(
    "next",
    cls=Examples,
    epilog="Example:\n  tocsin code next --registry codes.txt --country KAZ --on 2021-06-08",
)
@registry_option
@click.option("--country", metavar="KAZ", help="ISO 3166-1 alpha-3; not for schemes without countries.")
@click.option("--on", type=DAY, required=True, metavar="DATE", help="Date of issue.")
@scheme_option
def next_command(registry_path: str, country: str | None, on: Any, scheme: str) -> None:
    """Print the code for the next first appeal. The list is not changed."""
    registry = load_registry(registry_path, scheme)
    click.echo(format_code(registry.next_code(country and country.upper(), on.date()), registry.scheme))


@code.command(
    "follow-up",
    cls=Examples,
    epilog="Example:\n  tocsin code follow-up --registry codes.txt 'KAZ 002 / 0621 / OBS 065'",
)
@registry_option
@click.argument("text", metavar="CODE")
@scheme_option
def follow_up_command(registry_path: str, text: str, scheme: str) -> None:
    """Print the code for the next follow-up to the appeal CODE. The list is not changed."""
    if registry_path == text == "-":
        raise BadInput("standard input cannot be both the list of codes and the code")
    registry = load_registry(registry_path, scheme)
    if text == "-":
        text = sys.stdin.read(1_000)
    click.echo(format_code(registry.follow_up(parse(text, scheme=registry.scheme).code), registry.scheme))
