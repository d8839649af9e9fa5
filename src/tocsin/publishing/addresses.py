"""Where an appeal stood in public, in all its forms and languages: what others may have kept copies of."""

from tocsin.adapters.outlets import formats_made
from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.publishing import pages
from tocsin.publishing.api.table import ROOT
from tocsin.publishing.models import Publication


def addresses_of(slug: str) -> list[str]:
    """List the addresses, from the root of the site, of all that was shown of an appeal, by any of its versions."""
    found: dict[str, None] = {}
    for row in Publication.objects.filter(slug=slug).order_by("version"):
        try:
            appeal = from_file(bytes(row.statement))
        except BadPublication:
            continue
        if isinstance(appeal, PublicAppeal):
            if not appeal.is_archived:
                # What is old is no alert.
                found[f"appeals/{slug}/cap.xml"] = None
            for edition in appeal.editions:
                forms = formats_made(edition.document, pages.FORMS)
                found |= dict.fromkeys(f"appeals/{slug}/{edition.language}.{form}" for form in ("html", *forms))
    if not found:
        return []
    # The proof holds all editions word for word, and so did the answer of the API.
    others = (f"appeals/{slug}/proof.json", f"{ROOT}appeals/{slug}.json")
    return [*found, *others, *(f"{tag}/act/{slug}.html" for tag in pages.languages())]
