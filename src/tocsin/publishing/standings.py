"""How what was published stands: worked out from what was let in and the hour, and kept nowhere."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final, Literal, NamedTuple

from tocsin.publishing import holding, queries
from tocsin.publishing.models import Publication, Shown

Standing = Literal["held_back", "embargoed", "closed", "superseded", "corrected", "published"]
# What readers may narrow a list to: what still asks for letters, and what its mark in the list says.
ASKS: Final = "asks"
NARROWED_TO: Final = (ASKS, "superseded", "closed", "corrected")


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


def asks_for_letters(kind: str, standing: Standing | None, *, is_archived: bool) -> bool:
    """Tell whether an appeal still asks for letters: it is neither old nor closed, and nothing newer is there."""
    return kind != "closure" and not is_archived and standing not in ("closed", "superseded")


def find_places(wanted: str, *, now: datetime) -> Collection[int] | None:
    """Give the places in the list of what stands as is wanted (`NARROWED_TO`), the newest first.

    `None` where nothing is wanted.
    """
    if not wanted:
        return None
    return _all_places(queries.number(), queries.next_change(now)).get(wanted, {})


@lru_cache(1)
def _all_places(number: int, until: datetime) -> Mapping[str, Mapping[int, None]]:  # noqa: ARG001 - as `queries._keys`
    """Give all these places: they stay the same until something is let in, or an hour changes what shows.

    They are the keys of a mapping, which is in order and tells at once whether one is among them.
    """
    at = until - timedelta(microseconds=1)
    stand = list_standings(None, now=at)
    found: dict[str, dict[int, None]] = defaultdict(dict)
    rows = queries.standing(at).order_by("-place").values_list("place", "publication__code", "kind", "archived")
    for place, code, kind, archived in rows:
        here = stand.get(code, "published")
        found[here][place] = None
        if asks_for_letters(kind, here, is_archived=archived):
            found[ASKS][place] = None
    return dict(found)


def forget() -> None:
    """Forget what was worked out: tests share one process."""
    _all_places.cache_clear()


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
