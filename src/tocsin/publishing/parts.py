"""The public site in parts: files that are made of one thing, and what that is, so that nothing is made twice.

The parts come in the order of the list of appeals, so that whoever makes them reads each appeal once for its own page,
the lists and the page of its defender.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from tocsin.publishing import acting, cap, feeds, finished, pages, program, queries, told, whole
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import copying as api
from tocsin.publishing.api.reading import MOST
from tocsin.publishing.queries import ON_A_PAGE, Near
from tocsin.publishing.standings import Standing
from tocsin.publishing.told import Figures
from tocsin.publishing.whole import Named, Outline, Reading

T = TypeVar("T")
Files = Iterable[tuple[str, Callable[[], Answer]]]


@dataclass(frozen=True, slots=True)
class Part:
    """Some files. While `source` stays the same, so do they; without one they are made each time."""

    key: str
    source: str | None
    files: Callable[[], Files]


@dataclass(frozen=True, slots=True)
class Site:
    """All parts, and how many appeals they show."""

    parts: list[Part]
    appeals: int


def stamp(forms: Collection[str]) -> str:
    """Tell what all pages are made of beside the appeals: this program, the settings, and the keys that count."""
    site = settings.SITE
    return _told(
        program.digest(),
        sorted(forms),
        [site.publishing_address, site.publisher, site.is_demonstration, settings.TIME_ZONE],
        settings.TOCSIN_CODE_SCHEME,
        [list(pages.languages()), sorted(settings.TOCSIN_DRAFTS), settings.TOCSIN_INVENTED_COUNTRIES],
        pages.keys().body.decode(),
    )


def parts_of(forms: Collection[str] = pages.FORMS, *, now: datetime, anew: bool = False) -> Site:
    """Give every part of the site. Nothing is read of an appeal before its files are made.

    Those that are kept finished are taken as they are, unless all are to be made `anew`.
    """
    reading = Reading(whole.list_outlines(now=now), now=now)
    outlines = reading.outlines
    placed = [
        *_appeals(reading, forms, now, anew=anew),
        *_lists(reading, now),
        *_countries(reading),
        *_defenders(reading),
        *_list_of_api(reading),
    ]
    placed.sort(key=lambda pair: pair[0])
    gone = sorted(each.slug for each in queries.list_withdrawn(now=now))
    tombstones = (Part(f"withdrawn {slug}", None, partial(_tombstone, slug, forms, now)) for slug in gone)
    once = Part("once", None, partial(_once, forms, now))
    asked = Part("api", _told(*(str(each.publication) for each in outlines), gone), partial(api.files_of, now=now))
    return Site([once, asked, *tombstones, *(part for _, part in placed)], len(outlines))


def files_of(forms: Collection[str] = pages.FORMS, *, now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name every file of the site, each with what makes it."""
    for part in parts_of(forms, now=now).parts:
        yield from part.files()


def _once(forms: Collection[str], now: datetime) -> Files:
    yield "index.html", pages.tongues
    yield "robots.txt", partial(feeds.robots, now=now)
    yield "letter.js", pages.script
    yield from api.said_of_copy(now=now)
    for number, name in enumerate(feeds.maps(now=now), 1):
        yield name, partial(feeds.site_map, number, now=now)
    yield "signatories.json", pages.keys
    for tag in pages.languages():
        yield f"{tag}/verify.html", partial(pages.verifying, tag)
        yield f"{tag}/feed.atom", partial(feeds.atom, tag, now=now)
        yield f"{tag}/feed.json", partial(feeds.json_feed, tag, forms=forms, now=now)


def _tombstone(slug: str, forms: Collection[str], now: datetime) -> Files:
    yield f"appeals/{slug}/proof.json", partial(pages.proof, slug, now=now)
    for tag in pages.languages():
        yield f"appeals/{slug}/{tag}.html", partial(pages.appeal, slug, tag, now=now)
        yield f"{tag}/act/{slug}.html", partial(acting.page, slug, tag, now=now)
    yield f"appeals/{slug}/cap.xml", partial(cap.alert, slug, now=now)
    yield api.file_of(slug, forms, now=now)


def _appeals(reading: Reading, forms: Collection[str], now: datetime, *, anew: bool) -> Iterator[tuple[int, Part]]:
    """Give three parts for each appeal: what changes with its figures, with its chain, and never."""
    defenders, chains = queries.all_defenders(), whole.all_chains(now=now)
    told_of = told.all_figures(before=timezone.localdate(now))
    for place, each in enumerate(reading.outlines):
        ids = defenders.get(each.slug, {})
        chain = chains.get(each.slug)
        near = None if chain else Near((), (), ids)
        figures = told_of.get(each.slug, Figures())
        source = [str(each.publication), sorted(ids.items()), chain]
        pages_of = partial(_pages, reading, each, forms, near, figures, now)
        yield place, Part(f"appeal {each.slug}", _told(*source, repr(figures), each.standing), pages_of)
        yield place, Part(f"letters {each.slug}", _told(*source), partial(_letters, reading, each.slug, near, now))
        # Most of the time of a copy goes into these.
        forms_of = partial(_forms, reading, each.slug, forms, now, anew=anew)
        yield place, Part(f"forms {each.slug}", _told(str(each.publication)), forms_of)


def _pages(
    reading: Reading, outline: Outline, forms: Collection[str], near: Near | None, figures: Figures, now: datetime
) -> Files:
    slug = outline.slug
    listed = reading.find(slug)
    if listed is None or listed.appeal is None:
        return
    stand = {outline.code: outline.standing}
    yield api.file_of(slug, forms, listed=listed, near=near, figures=figures, stand=stand, now=now)
    for edition in listed.appeal.editions:
        tag = edition.language
        page = partial(pages.appeal, slug, tag, forms=forms, listed=listed, near=near, figures=figures, now=now)
        yield f"appeals/{slug}/{tag}.html", page


def _letters(reading: Reading, slug: str, near: Near | None, now: datetime) -> Files:
    listed = reading.find(slug)
    if listed is not None and listed.appeal is not None:
        yield from acting.files_of(listed, near or queries.find_near(listed, now=now))


def _forms(reading: Reading, slug: str, forms: Collection[str], now: datetime, *, anew: bool) -> Files:
    listed = reading.find(slug)
    if listed is None or listed.appeal is None:
        return
    yield f"appeals/{slug}/proof.json", partial(pages.proof_of, listed.appeal)
    if not listed.appeal.is_archived:
        yield f"appeals/{slug}/cap.xml", partial(cap.alert_of, listed)
    kept = {} if anew else finished.of(listed)
    for edition in listed.appeal.editions:
        tag = edition.language
        for form in pages.FORMS:
            if form in forms:
                make = partial(pages.file, slug, tag, form, listed=listed, kept=kept, now=now)
                yield f"appeals/{slug}/{tag}.{form}", make


def _lists(reading: Reading, now: datetime) -> Iterator[tuple[int, Part]]:
    outlines = reading.outlines
    choices = queries.years_and_countries(now=now)

    def made(page: int, shown: Sequence[Outline]) -> Files:
        found = reading.page(shown, len(outlines), page)
        for tag in pages.languages():
            make = partial(pages.index_of, tag, found, choices, _standings(shown), searchable=False)
            yield f"{tag}/{pages.numbered(page)}", make

    for page, shown in _paged(outlines):
        source = _told(_rows(shown), len(outlines), choices)
        yield (page - 1) * ON_A_PAGE, Part(f"list {page}", source, partial(made, page, shown))


def _countries(reading: Reading) -> Iterator[tuple[int, Part]]:
    placed: dict[str, list[tuple[int, Outline]]] = defaultdict(list)
    for place, each in enumerate(reading.outlines):
        for code in each.countries:
            placed[code].append((place, each))

    def made(code: str, page: int, shown: Sequence[Outline]) -> Files:
        found = reading.page(shown, len(placed[code]), page)
        for tag in pages.languages():
            yield (
                f"{tag}/country/{pages.numbered(page, code)}",
                partial(pages.country_of, tag, code, found, _standings(shown)),
            )

    for code, appeals in placed.items():
        for page, here in _paged(appeals):
            shown = [each for _, each in here]
            source = _told(_rows(shown), len(appeals))
            yield here[0][0], Part(f"country {code} {page}", source, partial(made, code, page, shown))


def _defenders(reading: Reading) -> Iterator[tuple[int, Part]]:
    places = {each.slug: (place, each) for place, each in enumerate(reading.outlines)}

    def made(defender: str, page: int, shown: Sequence[Outline], total: int, named: Collection[Named]) -> Files:
        found = reading.page(shown, total, page)
        printed = {(each.words, each.language) for each in named}
        for tag in pages.tags_of(each.language for each in named):
            name = f"{tag}/defender/{pages.numbered(page, defender)}"
            yield name, partial(pages.defender_of, tag, defender, found, printed, _standings(shown))

    for defender, everywhere in whole.all_namings().items():
        named = [each for each in everywhere if each.slug in places]
        placed = sorted({places[each.slug] for each in named}, key=lambda pair: pair[0])
        told = sorted({(each.words, each.language) for each in named})
        for page, here in _paged(placed) if placed else ():
            shown = [each for _, each in here]
            source = _told(_rows(shown), len(placed), told)
            part = Part(f"defender {defender} {page}", source, partial(made, defender, page, shown, len(placed), named))
            yield here[0][0], part


def _list_of_api(reading: Reading) -> Iterator[tuple[int, Part]]:
    total = len(reading.outlines)

    def made(page: int, shown: Sequence[Outline]) -> Files:
        yield api.part_of_list(reading.some(shown), _standings(shown), page, total)

    for page, shown in _paged(reading.outlines, MOST):
        source = _told(_rows(shown), total)
        yield (page - 1) * MOST, Part(f"list of the api {page}", source, partial(made, page, shown))


def _paged(items: Sequence[T], most: int = ON_A_PAGE) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, max(1, len(items)), most):
        yield start // most + 1, items[start : start + most]


def _rows(shown: Iterable[Outline]) -> list[list[str]]:
    """Give what the rows of a list are made of."""
    return [[str(each.publication), each.standing] for each in shown]


def _standings(shown: Iterable[Outline]) -> dict[str, Standing]:
    return {each.code: each.standing for each in shown}


def _told(*values: object) -> str:
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
