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
from tocsin.cli.inputs import read_inputs
from tocsin.cli.terminal import one_line
from tocsin.core import matching
from tocsin.core.codes import Scheme, format_code
from tocsin.core.errors import BadInput

_REASONS = {
    "no_code": "no code in it",
    "unpublished": "its code is not published",
    "unclear": "what it says of a code fits several appeals",
    "contradiction": "it names several codes",
}


@click.command(
    cls=Examples,
    epilog="Example:\n  tocsin match reply.eml --registry codes.txt\n  tocsin match - --registry codes.txt < reply.txt",
)
@click.argument("mails", nargs=-1, required=True, metavar="MAIL...")
@registry_option
@scheme_option
@format_option
def match(mails: tuple[str, ...], registry_path: str, scheme: str, output: str) -> None:
    """Say which published appeal each MAIL is about, with the evidence; `-` is standard input.

    Ends with 1 where no mail could be matched.
    """
    if registry_path == "-" and "-" in mails:
        raise BadInput("standard input cannot be both the list of codes and a mail")
    registry = load_registry(registry_path, scheme)
    rules = registry.scheme
    results = [(item.name, matching.match(item.text, registry)) for item in read_inputs(mails)]
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
        "reason": result.reason,
        "evidence": [
            {
                "where": one.where,
                "how": one.how,
                "published": [format_code(code, scheme) for code in one.codes],
                **describe_code(one.found, scheme),
            }
            for one in result.evidence
        ],
        "candidates": [{"code": format_code(one.code, scheme), "score": one.score} for one in result.candidates],
    }


def _print(name: str, result: matching.Match, scheme: Scheme) -> None:
    verdict = format_code(result.code, scheme) if result.code else f"not known: {_REASONS[result.reason]}"
    click.echo(f"{one_line(name)}\t{verdict}")
    for one in result.evidence:
        oddities = f" ({', '.join(one.found.oddities)})" if one.found.oddities else ""
        click.echo(f"  {one.where}: {one.how}: {one_line(one.found.as_printed)}{oddities}")
    for candidate in result.candidates if result.code is None else ():
        click.echo(f"  perhaps {format_code(candidate.code, scheme)}")
