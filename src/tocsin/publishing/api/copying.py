"""The answers that can be files, for a copy of the site: all but what is searched for and what a code means."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from tocsin.publishing import counting, pages
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import documenting, extract, openapi, reading, serving
from tocsin.publishing.api.reading import MOST, Stand
from tocsin.publishing.api.table import OF_COPIES, QUESTIONS, ROOT
from tocsin.publishing.queries import Listed, Near, Stretch
from tocsin.publishing.told import Figures


def files_of(*, now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name every file of the API that is about all appeals, each with what makes it."""
    counted = tuple(counting.list_counted(now=now))
    for tag in pages.languages():
        yield f"{tag}/api.html", partial(documenting.page, tag, served=False)
        yield f"{tag}/statistics.html", partial(extract.page, tag, counted)
    for year in extract.years_of(counted):
        yield f"{ROOT}statistics-{year}.csv", partial(extract.year, year, counted)
    yield f"{ROOT}openapi.json", partial(serving.described_as, openapi.document(served=False))
    for question in QUESTIONS:
        if not question.parameters:
            yield ROOT + question.path, lambda make=question.make: serving.answer_of(make(now=now))  # type: ignore[misc]


def said_of_copy(*, now: datetime) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name the files in which a copy says what it is, with what makes them."""
    for question in OF_COPIES:
        yield ROOT + question.path, lambda make=question.make: serving.answer_of(make(now=now))  # type: ignore[misc]


def file_of(
    slug: str,
    forms: Collection[str],
    *,
    listed: Listed | None = None,
    near: Near | None = None,
    figures: Figures | None = None,
    stand: Stand | None = None,
    now: datetime,
) -> tuple[str, Callable[[], Answer]]:
    """Name the file of one appeal, with what makes it.

    `forms` are those in which editions lie in the copy; the others are as `reading.appeal` takes them.
    """

    def make() -> Answer:
        found = reading.appeal(slug, forms=forms, listed=listed, near=near, figures=figures, stand=stand, now=now)
        return serving.answer_of(found)

    return f"{ROOT}appeals/{slug}.json", make


def part_of_list(shown: Sequence[Listed], stand: Stand, number: int, total: int) -> tuple[str, Callable[[], Answer]]:
    """Name the file of a part of the list, of `MOST` appeals but the last; each leads on to the next one."""
    last = number if number * MOST < total else None
    found = Stretch(tuple(shown), total, last)
    name = f"{ROOT}appeals{'' if number == 1 else f'-{number}'}.json"
    return name, lambda: serving.answer_of(reading.part_of(found, stand, lambda number: f"appeals-{number + 1}.json"))
