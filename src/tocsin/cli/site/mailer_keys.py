"""`tocsin site mailer-keys`."""

import click

from tocsin.cli.site.boot import boot


@click.command("mailer-keys")
def mailer_keys() -> None:
    """Draw the keys of the mailer into the folder `mailer`, and say what has to be made known of them.

    The keys of those who publish now are pinned there: of a key that is taken out of `mailer/signatories.json` nothing
    is sent, whatever the database says. After a new approver was admitted, put the list in anew from the public site.
    An OpenPGP key of the organisation, without a password, goes into `mailer/openpgp.asc`; then all messages are
    signed by it. Those who gave a key of theirs get encrypted ones with it or without.

    Example: tocsin site mailer-keys
    """
    boot("tocsin.config.settings_mailer")
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    from tocsin.config import equipping  # noqa: PLC0415
    from tocsin.core.publication import signatories_to_file  # noqa: PLC0415
    from tocsin.publishing import signatories  # noqa: PLC0415

    drawn = equipping.draw(
        settings.SITE.directory / equipping.FOLDER, signatories_to_file(signatories.list_signatories())
    )
    click.echo("Put this line into the table [mailings] of site.toml:")
    click.echo(f'address_key = "{drawn.address_key}"')
    click.echo("And these texts into the DNS of the domain of the sender:")
    for selector, record in drawn.records.items():
        click.echo(f"{selector}._domainkey TXT {record}")
