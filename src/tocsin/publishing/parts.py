"""The public site in parts: files that are made of one thing, and what that is, so that nothing is made twice.

The parts come in the order of the list of appeals, so that whoever makes them reads each appeal once for its own page,
the lists and the page of its defender.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from tocsin.publishing import acting, cap, feeds, pages, queries, told
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import copying as api
from tocsin.publishing.queries import ON_A_PAGE, Near, Outline
from tocsin.publishing.told import Figures

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
        _program(),
        sorted(forms),
        [site.publishing_address, site.publisher, site.is_demonstration, settings.TIME_ZONE],
        [list(pages.languages()), sorted(settings.TOCSIN_DRAFTS), settings.TOCSIN_INVENTED_COUNTRIES],
        pages.keys().body.decode(),
    )


def parts_of(forms: Collection[str] = pages.FORMS, *, now: datetime) -> Site:
    """Give every part of the site. Nothing is read of an appeal before its files are made."""
    outlines = queries.list_outlines(now=now)
    placed = [
        *_appeals(outlines, forms, now),
        *_lists(outlines, now),
        *_countries(outlines, now),
        *_defenders(outlines, now),
    ]
    placed.sort(key=lambda pair: pair[0])
    gone = sorted(each.slug for each in queries.list_withdrawn(now=now))
    tombstones = (Part(f"withdrawn {slug}", None, partial(_tombstone, slug, forms, now)) for slug in gone)
    once = Part("once", None, partial(_once, now))
    asked = Part("api", _told(*(str(each.publication) for each in outlines), gone), partial(api.files_of, now=now))
    return Site([once, asked, *tombstones, *(part for _, part in placed)], len(outlines))


def files_of(forms: Collection[str] = pages.FORMS, *, now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name every file of the site, each with what makes it."""
    for part in parts_of(forms, now=now).parts:
        yield from part.files()


def _once(now: datetime) -> Files:
    yield "index.html", pages.tongues
    yield "robots.txt", feeds.robots
    yield "sitemap.xml", partial(feeds.site_map, now=now)
    yield "signatories.json", pages.keys
    for tag in pages.languages():
        yield f"{tag}/verify.html", partial(pages.verifying, tag)
        yield f"{tag}/feed.atom", partial(feeds.atom, tag, now=now)
        yield f"{tag}/feed.json", partial(feeds.json_feed, tag, now=now)


def _tombstone(slug: str, forms: Collection[str], now: datetime) -> Files:
    yield f"appeals/{slug}/proof.json", partial(pages.proof, slug, now=now)
    for tag in pages.languages():
        yield f"appeals/{slug}/{tag}.html", partial(pages.appeal, slug, tag, now=now)
        yield f"{tag}/act/{slug}.html", partial(acting.page, slug, tag, now=now)
    yield f"appeals/{slug}/cap.xml", partial(cap.alert, slug, now=now)
    yield api.file_of(slug, forms, now=now)


def _appeals(outlines: Sequence[Outline], forms: Collection[str], now: datetime) -> Iterator[tuple[int, Part]]:
    """Give two parts for each appeal: what changes with its figures, and its letters and files, which do not."""
    defenders, chains = queries.all_defenders(), queries.all_chains(now=now)
    told_of = told.all_figures(before=timezone.localdate(now))
    for place, each in enumerate(outlines):
        ids = defenders.get(each.slug, {})
        chain = chains.get(each.slug)
        near = None if chain else Near((), (), ids)
        figures = told_of.get(each.slug, Figures())
        source = [str(each.publication), sorted(ids.items()), chain]
        pages_of = partial(_pages, each.slug, forms, near, figures, now)
        yield place, Part(f"appeal {each.slug}", _told(*source, repr(figures)), pages_of)
        yield place, Part(f"letters {each.slug}", _told(*source), partial(_letters, each.slug, forms, near, now))


def _pages(slug: str, forms: Collection[str], near: Near | None, figures: Figures, now: datetime) -> Files:
    listed = queries.find(slug, now=now)
    if listed is None or listed.appeal is None:
        return
    yield api.file_of(slug, forms, listed=listed, near=near, figures=figures, now=now)
    for edition in listed.appeal.editions:
        tag = edition.language
        page = partial(pages.appeal, slug, tag, forms=forms, listed=listed, near=near, figures=figures, now=now)
        yield f"appeals/{slug}/{tag}.html", page


def _letters(slug: str, forms: Collection[str], near: Near | None, now: datetime) -> Files:
    listed = queries.find(slug, now=now)
    if listed is None or listed.appeal is None:
        return
    yield f"appeals/{slug}/proof.json", partial(pages.proof_of, listed.appeal)
    if not listed.appeal.is_archived:
        yield f"appeals/{slug}/cap.xml", partial(cap.alert_of, listed)
    yield from acting.files_of(listed, near or queries.find_near(listed, now=now))
    for edition in listed.appeal.editions:
        tag = edition.language
        for form in pages.FORMS:
            if form in forms:
                yield f"appeals/{slug}/{tag}.{form}", partial(pages.file, slug, tag, form, listed=listed, now=now)


def _lists(outlines: Sequence[Outline], now: datetime) -> Iterator[tuple[int, Part]]:
    choices = queries.years_and_countries(now=now)

    def made(page: int, shown: Sequence[Outline]) -> Files:
        found = _read(shown, len(outlines), page, now)
        for tag in pages.languages():
            make = partial(pages.index_of, tag, found, choices, searchable=False)
            yield f"{tag}/{pages.numbered(page)}", make

    for page, shown in _paged(outlines):
        source = _told([str(each.publication) for each in shown], len(outlines), choices)
        yield (page - 1) * ON_A_PAGE, Part(f"list {page}", source, partial(made, page, shown))


def _countries(outlines: Sequence[Outline], now: datetime) -> Iterator[tuple[int, Part]]:
    placed: dict[str, list[tuple[int, Outline]]] = defaultdict(list)
    for place, each in enumerate(outlines):
        for code in each.countries:
            placed[code].append((place, each))

    def made(code: str, page: int, shown: Sequence[Outline]) -> Files:
        found = _read(shown, len(placed[code]), page, now)
        for tag in pages.languages():
            yield f"{tag}/country/{pages.numbered(page, code)}", partial(pages.country_of, tag, code, found)

    for code, appeals in placed.items():
        for page, here in _paged(appeals):
            shown = [each for _, each in here]
            source = _told([str(each.publication) for each in shown], len(appeals))
            yield here[0][0], Part(f"country {code} {page}", source, partial(made, code, page, shown))


def _defenders(outlines: Sequence[Outline], now: datetime) -> Iterator[tuple[int, Part]]:
    places = {each.slug: (place, each) for place, each in enumerate(outlines)}

    def made(defender: str, page: int, shown: Sequence[Outline], total: int, tags: Collection[str]) -> Files:
        found = _read(shown, total, page, now)
        for tag in tags:
            name = f"{tag}/defender/{pages.numbered(page, defender)}"
            yield name, partial(pages.defender_of, tag, defender, found)

    for defender, namings in queries.all_namings().items():
        placed = sorted({places[slug] for slug, _ in namings if slug in places}, key=lambda pair: pair[0])
        tags = pages.tags_of(language for slug, language in namings if slug in places)
        for page, here in _paged(placed) if placed else ():
            shown = [each for _, each in here]
            source = _told([str(each.publication) for each in shown], len(placed), tags)
            part = Part(f"defender {defender} {page}", source, partial(made, defender, page, shown, len(placed), tags))
            yield here[0][0], part


def _read(shown: Sequence[Outline], total: int, page: int, now: datetime) -> queries.Page:
    return queries.read_page((each.slug for each in shown), total, page, now=now)


def _paged(items: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, max(1, len(items)), ON_A_PAGE):
        yield start // ON_A_PAGE + 1, items[start : start + ON_A_PAGE]


@cache
def _program() -> str:
    """Give the digest of all files of this program: another version may write another page."""
    digest = sha256()
    for path, each in sorted(_walked(files("tocsin"), "")):
        digest.update(path.encode() + b"\0" + each.read_bytes())
    return digest.hexdigest()


def _walked(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_file() and not each.name.endswith(".pyc"):
            yield f"{path}/{each.name}", each
        elif each.is_dir():
            yield from _walked(each, f"{path}/{each.name}")


def _told(*values: object) -> str:
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
