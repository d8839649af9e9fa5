"""How what was published stands: worked out from what was let in and the hour, and kept nowhere."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from tocsin.publishing import holding, queries
from tocsin.publishing.models import Publication, Shown

Standing = Literal["held_back", "embargoed", "closed", "superseded", "corrected", "published"]


def list_standings(codes: Collection[str], *, now: datetime) -> Mapping[str, Standing]:
    """Tell how what was published under some codes stands; what was taken back is left out.

    What came later decides before what something is itself: the case of a corrected appeal may be closed.
    """
    rows = Shown.objects.filter(publication__code__in=codes, retracted_at=None)
    there = list(rows.values_list("slug", "publication__code", "publication__version", "kind", "visible_from"))
    later, held = _kinds_after([code for _, code, *_ in there], now), holding.list_held_back()
    corrections = [slug for slug, _, version, *_ in there if version > 1]
    known = {(row.slug, row.version) for row in Publication.objects.filter(slug__in=corrections, heldback=None)}
    found: dict[str, Standing] = {}
    for slug, code, version, kind, visible_from in there:
        if slug in held:
            found[code] = "held_back"
        elif visible_from > now:
            found[code] = "embargoed"
        elif "closure" in (kind, *later[code]):
            found[code] = "closed"
        elif later[code]:
            found[code] = "superseded"
        else:
            found[code] = "corrected" if any((slug, each) in known for each in range(1, version)) else "published"
    return found


def _kinds_after(codes: Collection[str], now: datetime) -> Mapping[str, list[str]]:
    """Give the kinds of what is shown and follows on each of some codes, however far behind it."""
    found: dict[str, list[str]] = {code: [] for code in codes}
    behind: Mapping[str, set[str]] = {code: {code} for code in codes}
    while behind:
        rows = queries.standing(now).filter(publication__supersedes__in=behind)
        reached: dict[str, set[str]] = defaultdict(set)
        for before, code, kind in rows.values_list("publication__supersedes", "publication__code", "kind"):
            for first in behind[before]:
                found[first].append(kind)
            reached[code] |= behind[before]
        behind = reached
    return found
