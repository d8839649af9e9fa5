"""`tocsin match`: say which published appeal a mail is about."""

import sys
from typing import Any

import click

from tocsin.cli.code import (
    Examples,
    describe_code,
    echo_json,
    format_option,
    load_registry,
    registry_option,
    scheme_option,
)
from tocsin.cli.inputs import read_inputs, read_table
from tocsin.cli.terminal import one_line
from tocsin.core import matching
from tocsin.core.codes import Scheme, format_code
from tocsin.core.errors import BadInput

_LARGEST_KNOWN = 10_000_000
_REASONS = {
    "no_code": "no code in it",
    "unpublished": "its code is not published",
    "unclear": "what it says of a code fits several appeals",
    "contradiction": "it names several codes",
}


@click.command(
    cls=Examples,
    epilog="Example:\n  tocsin match reply.eml --registry codes.txt\n"
    "  tocsin match - --registry codes.txt < reply.txt\n"
    "  tocsin match reply.eml --registry codes.txt --known known.toml",
)
@click.argument("mails", nargs=-1, required=True, metavar="MAIL...")
@registry_option
@scheme_option
@click.option(
    "--known",
    "known_path",
    metavar="FILE",
    help="What leads to appeals beside codes, in TOML: tables tokens, threads, senders and names, each with codes.",
)
@format_option
def match(mails: tuple[str, ...], registry_path: str, scheme: str, known_path: str | None, output: str) -> None:
    """Say which published appeal each MAIL is about, with the evidence; `-` is standard input.

    Ends with 1 where no mail could be matched.
    """
    if registry_path == "-" and "-" in mails:
        raise BadInput("standard input cannot be both the list of codes and a mail")
    registry = load_registry(registry_path, scheme)
    rules = registry.scheme
    known = matching.Known()
    if known_path is not None:
        text = read_table(known_path, largest=_LARGEST_KNOWN, what="what is known")
        known = matching.read_known(text, scheme=rules, name=known_path)
    results = [
        (
            item.name,
            matching.match(matching.read_mail(item.text, unread=item.unread, pictures=item.pictures), registry, known),
        )
        for item in read_inputs(mails)
    ]
    if output == "json":
        described = [_describe(name, result, rules) for name, result in results]
        echo_json(described if len(described) != 1 else described[0])
    else:
        for name, result in results:
            _print(name, result, rules)
    sys.exit(0 if any(result.code for _, result in results) else 1)


def _describe(name: str, result: matching.Match, scheme: Scheme) -> dict[str, Any]:
    return {
        "mail": name,
        "code": result.code and format_code(result.code, scheme),
        "result": result.result,
        "reason": result.reason,
        "evidence": [
            {
                "where": one.where,
                "how": one.how,
                "published": [format_code(code, scheme) for code in one.codes],
                "as_printed": one.printed,
                "span": one.span and list(one.span),
                **(describe_code(one.found, scheme) if one.found else {}),
            }
            for one in result.evidence
        ],
        "candidates": [{"code": format_code(one.code, scheme), "score": one.score} for one in result.candidates],
    }


def _print(name: str, result: matching.Match, scheme: Scheme) -> None:
    verdict = format_code(result.code, scheme) if result.code else f"not known: {_REASONS[result.reason]}"
    click.echo(f"{one_line(name)}\t{verdict}")
    for one in result.evidence:
        oddities = f" ({', '.join(one.found.oddities)})" if one.found and one.found.oddities else ""
        click.echo(f"  {one.where}: {one.how}: {one_line(one.printed)}{oddities}")
    for candidate in result.candidates if result.code is None else ():
        click.echo(f"  perhaps {format_code(candidate.code, scheme)}")
