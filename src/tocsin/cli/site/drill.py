"""`tocsin site drill`."""

import click

from tocsin.cli.site.asking import ask_person, now, started_at


@click.command()
def drill() -> None:
    """Sign in at this machine and open every case of one person: whether a restored site is one that people can use.

    Asks for name, passphrase and code. Prints how many cases were opened, and the id of each that was not; of what
    stands in them nothing. The journal is told that she read them. Ends with 1 unless all were opened.

    Example: tocsin site drill
    """
    started_at()
    from tocsin.casework import actions, queries  # noqa: PLC0415  Django has to be started before
    from tocsin.core.errors import TocsinError  # noqa: PLC0415

    person = ask_person("Somebody who has cases")
    cases = [file.id for file in queries.list_case_files(person, now=now())]
    closed = 0
    for case in cases:
        try:
            actions.read_case(person, case, now=now())
        except TocsinError as error:
            closed += 1
            click.echo(f"not opened: {case} ({error.code})")
    click.echo(f"{len(cases) - closed} of {len(cases)} cases were opened")
    if not cases:
        click.echo("This person has no case: repeat it with somebody who has.")
    raise SystemExit(int(bool(closed) or not cases))
