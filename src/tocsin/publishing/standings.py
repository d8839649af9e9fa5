"""How what was published stands: worked out from what was let in and the hour, and kept nowhere."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Literal, NamedTuple

from tocsin.publishing import holding, queries
from tocsin.publishing.models import Publication, Shown

Standing = Literal["held_back", "embargoed", "closed", "superseded", "corrected", "published"]


class _Later(NamedTuple):
    """What is shown and follows on something: the code of that, its own, and its kind."""

    before: str
    code: str
    kind: str


def list_standings(codes: Collection[str] | None, *, now: datetime) -> Mapping[str, Standing]:
    """Tell how what was published under some codes, or under all, stands; what was taken back is left out.

    What came later decides before what something is itself: the case of a corrected appeal may be closed.
    """
    shown = Shown.objects.filter(retracted_at=None)
    rows = shown if codes is None else shown.filter(publication__code__in=codes)
    there = list(rows.values_list("slug", "publication__code", "publication__version", "kind", "visible_from"))
    after = _all_after(now) if codes is None else partial(_list_after, now)
    later, held = _kinds_after([code for _, code, *_ in there], after), holding.list_held_back()
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


def _list_after(now: datetime, codes: Collection[str]) -> Iterable[_Later]:
    rows = queries.standing(now).filter(publication__supersedes__in=codes)
    return map(_Later._make, rows.values_list("publication__supersedes", "publication__code", "kind"))


def _all_after(now: datetime) -> Callable[[Collection[str]], Iterable[_Later]]:
    """Read all that follows on something at once, for who asks of everything."""
    found: dict[str, list[_Later]] = defaultdict(list)
    rows = queries.standing(now).exclude(publication__supersedes="")
    for row in map(_Later._make, rows.values_list("publication__supersedes", "publication__code", "kind")):
        found[row.before].append(row)
    return lambda codes: (row for code in codes for row in found.get(code, ()))


def _kinds_after(
    codes: Collection[str], after: Callable[[Collection[str]], Iterable[_Later]]
) -> Mapping[str, list[str]]:
    """Give the kinds of what is shown and follows on each of some codes, however far behind it."""
    found: dict[str, list[str]] = {code: [] for code in codes}
    behind: Mapping[str, set[str]] = {code: {code} for code in codes}
    while behind:
        reached: dict[str, set[str]] = defaultdict(set)
        for before, code, kind in after(behind.keys()):
            for first in behind[before]:
                found[first].append(kind)
            reached[code] |= behind[before]
        behind = reached
    return found
