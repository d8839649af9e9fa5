"""Reading what is published: one appeal, lists, chains. Nothing is given whose signatures are wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import get_args
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from tocsin.core.codes import Code, Scheme
from tocsin.core.errors import BadPublication, Disavowed
from tocsin.core.publication import (
    Disavowal,
    PublicAppeal,
    PublishedKind,
    Retraction,
    Signatory,
    disavowal_of,
    from_file,
    verify,
)
from tocsin.publishing import asking, holding, hours, search, signatories
from tocsin.publishing.models import (
    GivenCode,
    Naming,
    Publication,
    PublishedRetraction,
    Shown,
)
from tocsin.vault.keyring import is_signed

ON_A_PAGE = 20
KINDS: tuple[PublishedKind, ...] = get_args(PublishedKind)
_KEPT = 512
Gone = Retraction | Disavowal


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `standing` is how it stands (`standings.find_places`)."""

    words: str = ""
    country: str = ""
    year: int | None = None
    kind: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An appeal in a list: what was signed, or that it was retracted or is void.

    `publication` is the version that is shown, `digest` that of its statement with all signatures.
    """

    slug: str
    code: str
    appeal: PublicAppeal | None
    visible_from: datetime
    changed_at: datetime
    retracted_at: datetime | None = None
    publication: UUID | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list."""

    items: tuple[Listed, ...]
    total: int
    number: int
    wanted: Wanted = field(default_factory=Wanted)

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // ON_A_PAGE))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list; `last` is the place behind which more follows."""

    items: tuple[Listed, ...]
    total: int
    last: int | None


@dataclass(frozen=True, slots=True)
class InPublic:
    """How something stands in public: from when on, if not yet, and whether it is signed as it must be.

    `is_void`: it was, but a key that signed it is disavowed since. `is_held_back`: this version never shows, whatever
    the hour; `follows_held`: it shows no sooner than what it follows on, which is held back.
    """

    slug: str
    awaited_until: datetime | None
    is_genuine: bool
    is_void: bool
    is_held_back: bool = False
    follows_held: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """What stands around an appeal: those before it in its chain and after it, and whom it names, by folded name."""

    earlier: tuple[Listed, ...]
    later: tuple[Listed, ...]
    defenders: Mapping[str, str]


def number() -> int:
    """Give the number of the catalogue: while it stays the same, nothing was let in."""
    return hours.number()


def next_change(now: datetime) -> datetime:
    """Give when pages change by themselves: an appeal shows, or a day is over and its figures are."""
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    embargo = (
        Shown.objects.filter(visible_from__gt=now)
        .order_by("visible_from")
        .values_list("visible_from", flat=True)
        .first()
    )
    return min(tomorrow, embargo) if embargo else tomorrow


def list_shown(wanted: Wanted, page: int, *, among: Collection[int] | None = None, now: datetime) -> Page:
    """List what is shown, the newest first; `among` some places alone, where the standing that is wanted has some."""
    start = (page - 1) * ON_A_PAGE
    here, total = (
        _some(wanted, ON_A_PAGE, start=start, now=now)
        if among is None
        else _some_among(among, wanted, ON_A_PAGE, start=start, now=now)
    )
    return Page(tuple(genuine(here)), total, page, wanted)


def list_archived(page: int, *, now: datetime) -> Page:
    """List what is shown from an archive, the newest first."""
    rows, start = standing(now).filter(archived=True), (page - 1) * ON_A_PAGE
    return Page(tuple(genuine(placed(rows)[start : start + ON_A_PAGE])), rows.count(), page)


def list_naming(defender: str, page: int, *, now: datetime) -> Page:
    """List what is shown and names a defender, the newest first."""
    rows = standing(now).filter(slug__in=Naming.objects.filter(defender=defender).values("shown"))
    start = (page - 1) * ON_A_PAGE
    return Page(tuple(genuine(placed(rows)[start : start + ON_A_PAGE])), rows.count(), page)


def list_after(
    wanted: Wanted, after: int | None, most: int, *, among: Collection[int] | None = None, now: datetime
) -> Stretch:
    """List what is shown from a place on, the newest first: what is let in meanwhile moves nothing behind it.

    `among` is as in `list_shown`.
    """
    here, total = (
        _some(wanted, most + 1, before=after, now=now)
        if among is None
        else _some_among(among, wanted, most + 1, before=after, now=now)
    )
    return Stretch(tuple(genuine(here[:most])), total, here[most - 1].place if len(here) > most else None)


def list_changes(most: int, *, now: datetime) -> tuple[Listed, ...]:
    """List what was published, corrected or retracted, the last change first: what a feed tells.

    What was taken over from an archive is no news, nor is that it was retracted.
    """
    rows = _shown(now).filter(archived=False).select_related("publication")
    newest = rows.exclude(slug__in=_gone()).order_by("-visible_from", "slug")[:most]
    gone = rows.filter(slug__in=_gone()).order_by("-retracted_at", "slug")[:most]
    # A row may say that something old is news; what was signed says that it is of the archive.
    told = (each for each in genuine([*newest, *gone]) if each.appeal is None or not each.appeal.is_archived)
    return tuple(sorted(told, key=lambda each: each.changed_at, reverse=True)[:most])


def list_addresses(*, now: datetime) -> list[tuple[str, tuple[str, ...], datetime]]:
    """List what is shown: slug, languages, and when it changed."""
    rows = standing(now).order_by("slug").values_list("slug", "languages", "visible_from")
    return [(slug, tuple(sorted(languages.split())), changed) for slug, languages, changed in rows]


def list_withdrawn(*, now: datetime) -> tuple[Listed, ...]:
    """List what was retracted or is void, the last first."""
    rows = _shown(now).filter(slug__in=_gone()).select_related("publication").order_by("-retracted_at", "slug")
    return tuple(genuine(rows))


def years_and_countries(*, now: datetime) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Give the years, the last first, and countries of what is shown."""
    return _years_and_countries(number(), next_change(now))


@lru_cache(1)
def _years_and_countries(number: int, until: datetime) -> tuple[tuple[int, ...], tuple[str, ...]]:  # noqa: ARG001
    rows = standing(until - timedelta(microseconds=1))
    # SQLite would call Python for the year of each row.
    days = rows.values_list("issued_on", flat=True).distinct()
    countries = {code for spaced in rows.values_list("countries", flat=True).distinct() for code in spaced.split()}
    return tuple(sorted({day.year for day in days if day}, reverse=True)), tuple(sorted(countries))


def find(slug: str, *, now: datetime) -> Listed | None:
    """Give what is shown under a slug, or that it was retracted; `None` where nothing is, or not yet."""
    return None if slug in _held_back() else next(genuine(asking.shown_under(slug, now=now)), None)


def find_in_public(code: str, *, now: datetime) -> InPublic | None:
    """Give how what was published under a code stands in public; `None` where nothing was."""
    row = Shown.objects.filter(publication__code=code).select_related("publication").first()
    if row is None:
        return None
    awaited_until = row.visible_from if row.visible_from > now else None
    is_void = isinstance(find_gone(row.slug), Disavowal)
    is_genuine = not is_void and next(genuine([row]), None) is not None
    is_held_back = holding.is_held_back(row.publication)
    follows_held = not is_held_back and holding.does_not_show(row.publication)
    return InPublic(row.slug, awaited_until, is_genuine, is_void, is_held_back, follows_held)


def find_chain(appeal: PublicAppeal, *, now: datetime) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """Give the other appeals of a chain that are shown: those before this one, and those after it."""
    own, places = asking.chain_of(appeal.code)
    gone = _held_back() | _gone().keys()
    rows = (row for code in places if code != appeal.code for row in asking.shown_by(code, now=now))
    others = sorted(genuine(row for row in rows if row.slug not in gone), key=lambda each: places[each.code])
    return (
        tuple(each for each in others if places[each.code] < own),
        tuple(each for each in others if places[each.code] > own),
    )


def names_of(defender: str) -> set[tuple[str, str]]:
    """Give the folded names of a defender, each with every language in which it is printed."""
    return set(Naming.objects.filter(defender=defender).values_list("words", "language"))


def find_near(listed: Listed, *, now: datetime) -> Near:
    """Give what stands around an appeal."""
    if listed.appeal is None:
        return Near((), (), {})
    return Near(*find_chain(listed.appeal, now=now), asking.defenders_in(listed.slug))


def all_defenders() -> dict[str, dict[str, str]]:
    """Give the ids of those whom each appeal names, by their folded names."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for slug, words, defender in Naming.objects.values_list("shown", "words", "defender"):
        found[slug][words] = defender
    return found


def find_meant(code: Code, scheme: Scheme, *, now: datetime) -> tuple[Listed, ...]:
    """Give all that is shown, or was retracted, of the chain that a code belongs to, in the order of the chain."""
    if code.chain is None:
        return ()
    series, year, number = code.chain
    chain = GivenCode.objects.filter(scheme=scheme.name, series=series, year=year, number=number)
    places = dict(chain.values_list("printed", "follow_up"))
    rows = _shown(now).filter(publication__code__in=places).select_related("publication")
    return tuple(sorted(genuine(rows), key=lambda each: places[each.code]))


def list_corrections(slug: str, *, now: datetime) -> tuple[tuple[PublicAppeal, datetime], ...]:
    """List the versions of an appeal after the first that have shown, each with the time from which it did."""
    rows = holding.not_held_back(slug).filter(visible_from__lte=now).order_by("version")
    return tuple((appeal, row.visible_from) for row in rows[1:] if (appeal := signed_appeal(row)))


def list_versions(slug: str, *, before: int | None) -> list[tuple[int, datetime]]:
    """List the versions under a slug, those before one or all, each with the time from which it showed."""
    rows = holding.not_held_back(slug).order_by("version")
    return list((rows.filter(version__lt=before) if before else rows).values_list("version", "visible_from"))


def find_retraction(slug: str) -> Retraction | None:
    """Give the retraction of what stood under a slug; `None` where there is none that two signatories signed."""
    now = number()
    return _retractions(now, _keys(now)).get(slug)


def find_gone(slug: str) -> Gone | None:
    """Give why nothing stands under a slug any more: its retraction, or the disavowal of a key that signed it."""
    return _gone().get(slug)


def _some(
    wanted: Wanted, most: int, *, start: int = 0, before: int | None = None, now: datetime
) -> tuple[list[Shown], int]:
    """Give some of what is wanted, the newest first, and how much there is of it in all."""
    if wanted.words.strip():
        text = _asked(wanted)
        places, total = search.find(text, most, start=start, before=before, now=now) if text else ([], 0)
        return list(placed(standing(now).filter(place__in=places))), total
    rows = _narrowed(wanted, now)
    here = list(placed(rows if before is None else rows.filter(place__lt=before))[start : start + most])
    whole = not start and before is None and len(here) < most
    return here, len(here) if whole else rows.count()


def _some_among(
    among: Collection[int],
    wanted: Wanted,
    most: int,
    *,
    start: int = 0,
    before: int | None = None,
    now: datetime,
) -> tuple[list[Shown], int]:
    """Give some of what is wanted and stands at one of some places, the newest first, as `_some` does.

    No row is read but those that are given: the index of words narrows by country, year and kind, and gives all places
    that fit, since it knows no standing.
    """
    if replace(wanted, words=wanted.words.strip(), standing="") == Wanted():
        fits = among
    else:
        text = _asked(wanted)
        fits = search.find(text, search.LAST_PLACE, now=now)[0] if text else ()
    there = [place for place in fits if place in among]
    here = there if before is None else [place for place in there if place < before]
    return list(placed(standing(now).filter(place__in=here[start : start + most]))), len(there)


def _asked(wanted: Wanted) -> str | None:
    """Ask the index of words, which narrows by country, year and kind as well and reads no row that is not given."""
    countries = [wanted.country] if wanted.country else []
    return search.asked(wanted.words, search.marks(countries, wanted.year, wanted.kind))


def _narrowed(wanted: Wanted, now: datetime) -> QuerySet[Shown]:
    rows = standing(now)
    if wanted.country:
        rows = rows.filter(countries__contains=f" {wanted.country} ")
    if wanted.year:
        rows = rows.filter(issued_on__year=wanted.year)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return rows


def placed(rows: QuerySet[Shown]) -> QuerySet[Shown]:
    """Give rows with what they show, the newest first."""
    return rows.select_related("publication").order_by("-place")


def standing(now: datetime) -> QuerySet[Shown]:
    """Give what is shown and was not retracted, by the signed retractions; what a row says counts for nothing."""
    return _shown(now).exclude(slug__in=_gone())


def _shown(now: datetime) -> QuerySet[Shown]:
    return Shown.objects.filter(visible_from__lte=now).exclude(slug__in=_held_back())


def _held_back() -> frozenset[str]:
    """Give what does not show though its hour may be over: what is held back, and what follows on that."""
    return _all_held_back(number())


@lru_cache(1)
def _all_held_back(number: int) -> frozenset[str]:  # noqa: ARG001 - as `_keys`
    return holding.list_held_back()


def genuine(rows: Iterable[Shown]) -> Iterator[Listed]:
    """Leave out what somebody put here past the signatures: one such row takes no page with it."""
    now = number()
    keys = _keys(now)
    gone = _all_gone(now, keys)
    for row in rows:
        try:
            yield _listed(row, keys, gone.get(row.slug))
        except BadPublication:
            continue


def _listed(row: Shown, keys: tuple[Signatory, ...], gone: Gone | None) -> Listed:
    if gone is not None:
        at = row.retracted_at or (gone.retracted_at if isinstance(gone, Retraction) else gone.since)
        return Listed(row.slug, row.publication.code, None, row.visible_from, at, at)
    appeal = _verified(row.publication, keys)
    if appeal.code != row.publication.code or row.publication.slug != row.slug:
        raise BadPublication("what is shown here is signed for another code")
    if appeal.not_before is not None and row.visible_from < appeal.not_before:
        raise BadPublication("this row ends an embargo before the time that was signed")
    digest = sha256(row.publication.statement).hexdigest()
    publication = row.publication.id
    shown = row.visible_from
    return Listed(row.slug, appeal.code, appeal, shown, shown, publication=publication, digest=digest)


def _gone() -> Mapping[str, Gone]:
    """Give what stands no more, by slug: each by what two signed."""
    now = number()
    return _all_gone(now, _keys(now))


@lru_cache(1)
def _all_gone(number: int, keys: tuple[Signatory, ...]) -> Mapping[str, Gone]:
    return {**dict(_void(keys)), **_retractions(number, keys)}


def _void(keys: tuple[Signatory, ...]) -> Iterator[tuple[str, Disavowal]]:
    """Give what is void, by slug. A row says where to look, and no more: what is void verifies nowhere."""
    if not any(each.disavowal for each in keys):
        return
    for row in Shown.objects.exclude(retracted_at=None).select_related("publication").iterator(100):
        if disavowal := disavowal_that_voids(row.publication, keys):
            yield row.slug, disavowal


def disavowal_that_voids(row: Publication, keys: Collection[Signatory]) -> Disavowal | None:
    """Give the disavowal since which what two signed counts no more; `None` where there is none."""
    content = bytes(row.statement)
    # A statement names each key by its id: most need not be read.
    if not any(each.disavowal and each.id.encode() in content for each in keys):
        return None
    try:
        statement = from_file(content)
        verify(statement, keys, is_signed)
    except Disavowed:
        return disavowal_of(statement, keys)
    except BadPublication:
        return None
    return None


@lru_cache(1)
def _retractions(number: int, keys: tuple[Signatory, ...]) -> Mapping[str, Retraction]:  # noqa: ARG001 - as `_keys`
    """Give what was retracted, by slug: each signed, and for the code under which something stands there."""
    found = {}
    rows = list(PublishedRetraction.objects.all())
    codes = dict(Publication.objects.filter(slug__in=[row.slug for row in rows]).values_list("slug", "code"))
    for row in rows:
        try:
            statement = from_file(bytes(row.statement))
            verify(statement, keys, is_signed)
        except BadPublication:
            continue
        if isinstance(statement, Retraction) and statement.code == codes.get(row.slug):
            found[row.slug] = statement
    return found


def signed_appeal(row: Publication) -> PublicAppeal | None:
    """Give the appeal of a row; `None` where a row was put there past the signatures."""
    try:
        return _verified(row, _keys(number()))
    except BadPublication:
        return None


@lru_cache(_KEPT)
def _verified(row: Publication, keys: tuple[Signatory, ...]) -> PublicAppeal:
    """Read and verify what was let in; a row is never changed, so that once is enough for a process and its keys."""
    statement = from_file(bytes(row.statement))
    if not isinstance(statement, PublicAppeal):
        raise BadPublication("this is no appeal")
    verify(statement, keys, is_signed)
    return statement


@lru_cache(1)
def _keys(number: int) -> tuple[Signatory, ...]:  # noqa: ARG001 - while it is the same, nothing was signed by a new key
    return signatories.list_signatories()


def forget() -> None:
    """Forget what was read, so that it is verified anew: tests share one process."""
    _verified.cache_clear()
    _keys.cache_clear()
    _all_gone.cache_clear()
    _retractions.cache_clear()
    _all_held_back.cache_clear()
    _years_and_countries.cache_clear()
