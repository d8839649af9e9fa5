"""What is shown now, kept so that it is found quickly: one row an appeal, its words, and whom it names."""

from collections.abc import Iterable

from tocsin.core.names import words_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import defenders, search
from tocsin.publishing.models import Publication, PublishedRetraction, Shown, ShownWords
from tocsin.publishing.texts import texts


def put(publication: Publication, appeal: PublicAppeal) -> None:
    """Show a version, in the place of the one before it."""
    documents = [each.document for each in appeal.editions]
    shown, _ = Shown.objects.update_or_create(
        slug=publication.slug,
        defaults={
            "publication": publication,
            "visible_from": publication.visible_from,
            "retracted_at": None,
            "kind": appeal.kind,
            "archived": appeal.is_archived,
            "issued_on": next((each.issued_on for each in documents if each.issued_on), None),
            "countries": _spaced(code for each in documents for code in each.countries),
            "violations": _spaced(one.code for each in documents for one in each.violations if one.code),
        },
    )
    search.drop(ShownWords.objects.filter(shown=shown))
    for edition in appeal.editions:
        words = " ".join(dict.fromkeys(words_of("\n".join(texts(edition.document)))))
        search.keep(ShownWords.objects.create(shown=shown, language=edition.language, words=words))
    defenders.put(shown.slug, appeal)


def take_off(retraction: PublishedRetraction) -> None:
    """Show that an appeal was retracted, find it by no word any more, and name nobody in it."""
    search.drop(ShownWords.objects.filter(shown__slug=retraction.slug))
    defenders.take_off(retraction.slug)
    Shown.objects.filter(slug=retraction.slug).update(retracted_at=retraction.retracted_at)


def _spaced(codes: Iterable[str]) -> str:
    return "".join(f" {code} " for code in dict.fromkeys(codes))
