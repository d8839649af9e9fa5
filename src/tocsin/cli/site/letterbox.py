"""`tocsin site letterbox`."""

import click

from tocsin.cli.site.beside import beside_option
from tocsin.cli.site.boot import PUBLIC_PORT, boot
from tocsin.cli.site.serving import serve_beside


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=PUBLIC_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@beside_option
def letterbox(address: str, port: int, workers: int, beside: int | None) -> None:
    """Serve the public form, in a process that holds no key, until it is stopped.

    It is reached by `public_hosts` of the settings. Whoever leads cases opens it on the desk, under Reports.

    Example: tocsin site letterbox --port 8001
    """
    boot("tocsin.config.settings_public")
    application = "tocsin.config.wsgi_public:application"
    serve_beside("the public form", application, address, port, workers, hosts="public_hosts", beside=beside)
