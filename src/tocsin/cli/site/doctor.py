"""`tocsin site doctor`."""

import json

import click

from tocsin.cli.site.boot import boot

_MARKS = {"good": "ok", "warning": "look", "wrong": "WRONG"}


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(form: str) -> None:
    """Look at a site and its machine: disk, clock, permissions, sandbox, databases, keys, journal, backups.

    One line for each thing, with what to do; ends with 1 if something is wrong.

    Example: tocsin site doctor
    """
    boot()
    from dataclasses import asdict  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415  Django has to be started before
    from django.utils import timezone  # noqa: PLC0415

    from tocsin.operations.doctor import examine  # noqa: PLC0415

    findings = examine(settings.SITE, now=timezone.now())
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2))
    else:
        for each in findings:
            todo = f": {each.todo}" if each.todo else ""
            click.echo(f"{_MARKS[each.state]:<6}{each.about:<17}{each.seen}{todo}")
    raise SystemExit(int(any(each.state == "wrong" for each in findings)))
