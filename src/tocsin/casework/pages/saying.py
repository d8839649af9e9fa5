"""Who says how somebody is held: the sources of the claims on it, and from whom these heard it."""

from django.utils.translation import gettext

from tocsin.casework.pages.wording import label
from tocsin.core.records import Case, Claim, Detention, Source

_OVER = frozenset({"rejected", "retracted", "superseded"})


def who_says(case: Case, detention: Detention, language: str) -> tuple[str, ...]:
    """Name the sources of the claim on which the status of a detention rests, or else of the claims on the detention.

    They are called by what they are, as everybody who reads the case may know: "Lawyer, told by Family".
    """
    named = case.find_record((detention.status.claim if detention.status else None) or "", Claim)
    claims = (named,) if named else (each for each in case.claims if detention.id in each.about)
    sources = dict.fromkeys(source for each in claims if each.status not in _OVER for source in each.sources)
    return tuple(dict.fromkeys(_told(case, each, language) for each in sources))


def _told(case: Case, ref: str, language: str) -> str:
    """Say what a source is, and who told it."""
    source = case.get_record(ref, Source)
    words = str(label("source_types", source.type, language))
    if source.heard_from is None:
        return words
    return gettext("%(source)s, told by: %(by)s") % {
        "source": words,
        "by": _told(case, source.heard_from, language),
    }
