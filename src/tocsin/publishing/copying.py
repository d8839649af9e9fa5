"""The whole public site as files: for a disk, a mirror, an onion host, or a server that runs no program of ours."""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from tocsin.core.errors import BadOutput
from tocsin.publishing import cap, feeds, pages, queries
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import copying as api
from tocsin.publishing.queries import Wanted

_MARK: Final = "tocsin-public-site.txt"
_MARKED: Final = b"A copy of a public site, made by Tocsin. The next copy takes the place of this folder.\n"


def copy_to(folder: Path, forms: Collection[str] = pages.FORMS, *, now: datetime) -> tuple[int, int]:
    """Write the whole site into a folder, in the place of the copy that was there; whole, or the old one stays.

    Args:
        folder: Where.
        forms: Which files each edition has beside its page.
        now: What is shown at this time.

    Returns:
        How many appeals, and how many files.

    Raises:
        BadOutput: The folder holds something else, or cannot be written.
    """
    if folder.exists() and not _may_be_replaced(folder):
        raise BadOutput("this folder holds something else", where=folder.name, hint="name a new or empty folder")
    fresh, old = (folder.with_name(f".{folder.name}.{name}") for name in ("new", "old"))
    try:
        for each in (fresh, old):
            shutil.rmtree(each, ignore_errors=True)
        count = _write(fresh, forms, now)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise BadOutput("cannot be written", where=folder.name, hint=error.strerror) from error
    return len(queries.list_addresses(now=now)), count


def files_of(forms: Collection[str] = pages.FORMS, *, now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name every file of the site, each with what makes it."""
    yield "index.html", pages.tongues
    yield "robots.txt", feeds.robots
    yield "sitemap.xml", partial(feeds.site_map, now=now)
    yield "signatories.json", pages.keys
    _, countries = queries.years_and_countries(now=now)
    for tag in pages.languages():
        yield f"{tag}/verify.html", partial(pages.verifying, tag)
        yield f"{tag}/feed.atom", partial(feeds.atom, tag, now=now)
        yield f"{tag}/feed.json", partial(feeds.json_feed, tag, now=now)
        yield from _lists(tag, countries, now)
    for slug, tags, _ in queries.list_addresses(now=now):
        yield from _appeal(slug, tags, forms, now)
    for slug in queries.list_retracted(now=now):
        yield f"appeals/{slug}/proof.json", partial(pages.proof, slug, now=now)
        for tag in pages.languages():
            yield f"appeals/{slug}/{tag}.html", partial(pages.appeal, slug, tag, now=now)
        yield f"appeals/{slug}/cap.xml", partial(cap.alert, slug, now=now)
    yield from api.files_of(forms, now=now)


def _lists(tag: str, countries: Collection[str], now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    for page in range(1, queries.count_pages(Wanted(), now=now) + 1):
        yield f"{tag}/{pages.numbered(page)}", partial(pages.index, tag, page, searchable=False, now=now)
    for code in countries:
        for page in range(1, queries.count_pages(Wanted(country=code), now=now) + 1):
            make = partial(pages.of_country, tag, code, page, now=now)
            yield f"{tag}/country/{pages.numbered(page, code)}", make
    for key in queries.list_defenders(now=now):
        for page in range(1, queries.count_pages(Wanted(defender=key), now=now) + 1):
            make = partial(pages.of_defender, tag, key, page, now=now)
            yield f"{tag}/defender/{pages.numbered(page, key)}", make


def _appeal(
    slug: str, tags: Collection[str], forms: Collection[str], now: datetime
) -> Iterator[tuple[str, Callable[[], Answer]]]:
    listed = queries.find(slug, now=now)
    if listed is None or listed.appeal is None:
        return
    yield f"appeals/{slug}/proof.json", partial(pages.proof_of, listed.appeal)
    yield f"appeals/{slug}/cap.xml", partial(cap.alert, slug, now=now)
    for tag in tags:
        yield f"appeals/{slug}/{tag}.html", partial(pages.appeal, slug, tag, forms=forms, listed=listed, now=now)
        for form in pages.FORMS:
            if form in forms:
                yield f"appeals/{slug}/{tag}.{form}", partial(pages.file, slug, tag, form, listed=listed, now=now)


def _write(folder: Path, forms: Collection[str], now: datetime) -> int:
    folder.mkdir(parents=True)
    (folder / _MARK).write_bytes(_MARKED)
    made = {folder}
    count = 0
    for name, make in files_of(forms, now=now):
        path = folder / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(make().body)
        count += 1
    os.sync()
    return count


def _may_be_replaced(folder: Path) -> bool:
    return folder.is_dir() and ((folder / _MARK).is_file() or not any(folder.iterdir()))
