"""`tocsin site letterbox`."""

import click

from tocsin.cli.site.addresses import name_of
from tocsin.cli.site.beside import beside_option, end_with
from tocsin.cli.site.boot import PUBLIC_PORT, boot
from tocsin.cli.site.serving import server_of
from tocsin.core.errors import BadSettings


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
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    server = server_of("tocsin.config.wsgi_public:application", address, port, workers)
    if not settings.ALLOWED_HOSTS:
        raise BadSettings("the public form has no name", where="site.toml, public_hosts")
    if beside:
        end_with(beside)
    else:
        click.echo(f"The public form: http://{name_of(address)}:{port}/  (Ctrl-C stops it)")
    server.serve()
