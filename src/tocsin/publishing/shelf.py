"""What is shown now, kept so that it is found quickly: one row an appeal, its words, and whom it names."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from tocsin.core.publication import PublicAppeal
from tocsin.publishing import defenders, finished, search, suffering, told
from tocsin.publishing.models import Publication, Shown, ShownWords
from tocsin.publishing.texts import texts


def put(publication: Publication, appeal: PublicAppeal) -> None:
    """Show a version instead of the one before it: where that stood, unless it bears another day of issue."""
    drawn = draw(publication, appeal)
    _forget_words(publication.slug)
    finished.drop(publication.slug)
    shown, _ = Shown.objects.update_or_create(
        slug=publication.slug,
        defaults={
            **drawn,
            "place": _place(publication, drawn["issued_on"]),
            "publication": publication,
            "retracted_at": None,
        },
    )
    search.keep(ShownWords.objects.create(place=shown.place, words=words(shown, appeal)))
    defenders.put(shown.slug, appeal)


def draw(publication: Publication, appeal: PublicAppeal) -> dict[str, Any]:
    """Give what the row by which an appeal is found, listed and counted has to say, by what was signed."""
    documents = [each.document for each in appeal.editions]
    return {
        "visible_from": publication.visible_from,
        "kind": appeal.kind,
        "archived": appeal.is_archived,
        "issued_on": next((each.issued_on for each in documents if each.issued_on), None),
        "countries": _spaced(code for each in documents for code in each.countries),
        "violations": _spaced(one.code for each in documents for one in each.violations if one.code),
        "acts": _spaced(suffering.types_of_acts(appeal)),
        "organisations": "\n".join(suffering.organisations(appeal)),
        "languages": _spaced(each.language for each in appeal.editions),
    }


def words(shown: Any, appeal: PublicAppeal) -> str:
    """Give what an appeal is found by: the words of all its editions, and the marks of its row.

    A migration hands in a row as it was then.
    """
    year = shown.issued_on.year if shown.issued_on else None
    printed = (text for each in appeal.editions for text in texts(each.document))
    return search.words_kept(printed, search.marks(shown.countries.split(), year, appeal.kind))


def take_off(slug: str, at: datetime) -> None:
    """Show that an appeal stands no more since then, find it by no word, name nobody in it, and count nothing."""
    hold_back(slug)
    Shown.objects.filter(slug=slug).update(retracted_at=at, organisations="")
    told.forget(slug)


def hold_back(slug: str) -> None:
    """Find what does not show by no word, name nobody in it, keep no file of it; a later version takes its place."""
    finished.drop(slug)
    _forget_words(slug)
    defenders.take_off(slug)


def _forget_words(slug: str) -> None:
    search.drop(ShownWords.objects.filter(place__in=Shown.objects.filter(slug=slug).values("place")))


def _place(publication: Publication, issued_on: date | None) -> int:
    """Give the place of the version before, or the next one that is free; whoever publishes does so alone."""
    before = Shown.objects.filter(slug=publication.slug, issued_on=issued_on).first()
    if before is not None:
        return before.place
    first, behind = search.first_place(issued_on, publication.visible_from)
    last = Shown.objects.filter(place__gte=first, place__lt=behind).aggregate(last=Max("place"))["last"]
    return first if last is None else int(last) + 1


def _spaced(codes: Iterable[str]) -> str:
    return "".join(f" {code} " for code in dict.fromkeys(codes))
