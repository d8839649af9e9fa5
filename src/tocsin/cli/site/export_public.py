"""`tocsin site export-public`."""

import os
from dataclasses import replace
from pathlib import Path

import click

from tocsin.adapters.outlets import demand_faces
from tocsin.cli.site.boot import boot


@click.command("export-public")
@click.option(
    "-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Where to."
)
@click.option("--address", metavar="URL", help="What links in feeds begin with, if the copy is served elsewhere.")
@click.option("--without", multiple=True, metavar="FORM", help="Leave out files of a form, such as pdf, docx or png.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many processes make files; by default one a core.")
@click.option("--whole", is_flag=True, help="Make every file anew, even what has not changed.")
def export_public(output: Path, address: str | None, without: tuple[str, ...], jobs: int | None, whole: bool) -> None:
    """Write the whole public site into a folder, as files that need no program of ours.

    It works from a disk, a mirror or an onion name. Its lists have neither search nor filters: by country there are
    pages of their own, and no lists by year or kind. A copy that is there is replaced as a whole, so that what was
    withdrawn meanwhile is gone from it, but for a page that says so; files of it that would be made of the same again
    are taken over, unless somebody touched them.

    Example: tocsin site export-public -o mirror --without docx
    """
    boot("tocsin.config.settings_publishing")
    demand_faces()
    from django.conf import settings  # noqa: PLC0415  Django has to be started before

    from tocsin.publishing import copying, pages  # noqa: PLC0415
    from tocsin.publishing.hours import hour  # noqa: PLC0415

    unknown = sorted(set(without) - set(pages.FORMS))
    if unknown:
        raise click.BadParameter(f"{unknown[0]} is none of {', '.join(pages.FORMS)}", param_hint="--without")
    if address:
        settings.SITE = replace(settings.SITE, publishing_address=f"{address.rstrip('/')}/")
    forms = [form for form in pages.FORMS if form not in without]
    jobs = jobs or len(os.sched_getaffinity(0))
    copied = copying.copy_to(output.absolute(), forms, now=hour(), jobs=jobs, whole=whole)
    click.echo(f"{output}: {copied.appeals} appeals, {copied.files} files, {copied.anew} of them made anew")
