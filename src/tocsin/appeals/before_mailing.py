"""What an officer is told of an appeal before she sends it to its readers: what would be wrong, and what they get."""

from datetime import datetime

from tocsin.core.render import to_text
from tocsin.dispatch import actions as dispatch
from tocsin.dispatch import audience
from tocsin.dispatch.genuine import page_of
from tocsin.dispatch.masthead import masthead
from tocsin.publishing import holding, queries
from tocsin.publishing.models import Publication


def told_before(publication: Publication, *, now: datetime) -> dict[str, object]:
    """Give whether some get it first or alone, what has come after it, and its words."""
    wanted = dispatch.wanted_now(publication.slug, publication.version)
    return {
        "alone": wanted.only_earlier,
        "first": bool(wanted.earlier),
        "later": audience.last_of_its_chain(publication, now=now),
        "gets": _words(publication),
    }


def _words(publication: Publication) -> dict[str, str]:
    """Give what readers get, by language; nothing of what two people did not sign or what is held back."""
    appeal = None if holding.does_not_show(publication) else queries.signed_appeal(publication)
    if appeal is None:
        return {}
    archive = masthead(publication.slug).archive
    pages = {each.language: page_of(appeal, each.language, archive) for each in appeal.editions}
    return {language: to_text(page) for language, page in pages.items() if page}
