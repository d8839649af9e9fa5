"""What the public page of an appeal would weigh, told to who writes it: a slow phone pays for each kB."""

import datetime as dt
import gzip
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.appeals import hatch
from tocsin.appeals.store import OpenDraft
from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import Registry, format_code, parse, slug
from tocsin.core.errors import BadCode, BadPublication, BadRegistry
from tocsin.core.publication import PublicAppeal, edition_of
from tocsin.publishing import codes, pages
from tocsin.publishing.queries import Listed, Near
from tocsin.publishing.told import Figures

# Bytes of a page, and of it compressed, which is its first view: there is nothing else on it.
PAGE, FIRST_VIEW = 50_000, 14_000
_FAR = dt.timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Heavy:
    """A page that would be too heavy, in kB: all of it, what its first view loads, and what makes it so.

    Attributes:
        page: All of it.
        first_view: The same, compressed.
        telling: What it tells, and what the publisher holds.
        addressees: Those to whom it writes.
        editions: The links to the other editions.
    """

    page: int
    first_view: int
    telling: int
    addressees: int
    editions: int


def too_heavy(draft: OpenDraft, language: str, *, now: datetime) -> Heavy | None:
    """Tell what makes the page of an edition too heavy; `None` where it is light.

    It is made as the public site makes it, without what is not known yet: a chain, and what readers will tell. The page
    on whom to write to stays light whatever goes along: as many embassies as may be were weighed there.
    """
    try:
        appeal = hatch.public_appeal(draft, hatch.code_that_stays(draft) or _any_code(draft))
    except (BadCode, BadRegistry, BadPublication):
        # What can get no code, or is not whole, is not published: other findings say so.
        return None
    content = _page(appeal, language, now)
    packed = len(gzip.compress(content, 9))
    if len(content) <= PAGE and packed <= FIRST_VIEW:
        return None
    (own,) = (each for each in appeal.editions if each.language == language)
    lighter = (
        _with(appeal, replace(own.document, sections=())),
        _with(appeal, replace(own.document, addressees=())),
        replace(appeal, editions=(own,)),
    )
    parts = (len(content) - len(_page(each, language, now)) for each in lighter)
    return Heavy(*(round(each / 1000) for each in (len(content), packed, *parts)))


def _any_code(draft: OpenDraft) -> str:
    """Give a code as long as the one that it will get, of a day on which none was given out."""
    country = next(iter(draft.content.source.composition.document.countries), None)
    scheme, on = codes.in_use(), hatch.day_of(draft)
    return format_code(Registry((), scheme).next_code(country, on + _FAR if on > dt.date.min else on), scheme)


def _with(appeal: PublicAppeal, document: AppealDocument) -> PublicAppeal:
    others = (each for each in appeal.editions if each.language != document.language)
    editions = sorted((edition_of(document), *others), key=lambda each: each.language)
    return replace(appeal, editions=tuple(editions))


def _page(appeal: PublicAppeal, language: str, now: datetime) -> bytes:
    scheme = codes.in_use()
    listed = Listed(slug(parse(appeal.code, scheme=scheme).code, scheme), appeal.code, appeal, now, now)
    alone = Near((), (), {})
    return pages.appeal(listed.slug, language, listed=listed, near=alone, figures=Figures(), now=now).body
