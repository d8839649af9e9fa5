"""`tocsin site public`."""

import os

import click

from tocsin.adapters.outlets import demand_faces
from tocsin.cli.site.addresses import name_of
from tocsin.cli.site.beside import beside_option
from tocsin.cli.site.boot import PUBLISHING_PORT, boot
from tocsin.cli.site.serving import serve_beside


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=PUBLISHING_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@beside_option
def public(address: str, port: int, workers: int, beside: int | None) -> None:
    """Serve the public site, where published appeals stand, in a process that can open no case, until it is stopped.

    It is reached by `publishing_hosts` of the settings.

    Example: tocsin site public --port 8002
    """
    # Only a demonstration believes it: links of a working site begin with the name in its settings.
    os.environ.setdefault("TOCSIN_PUBLISHING_ADDRESS", f"http://{name_of(address)}:{port}/")
    boot("tocsin.config.settings_publishing")
    # Or it would show every appeal without the PDF that the last one had, and say nothing of it.
    demand_faces()
    application = "tocsin.config.wsgi_publishing:application"
    serve_beside("the public site", application, address, port, workers, hosts="publishing_hosts", beside=beside)
