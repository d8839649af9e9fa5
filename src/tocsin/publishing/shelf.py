"""What is shown now, kept so that it is found quickly: one row an appeal, and the words of each edition."""

from collections.abc import Iterable, Iterator

from tocsin.core.appeal import AppealDocument
from tocsin.core.names import words_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import search
from tocsin.publishing.models import Publication, PublishedRetraction, Shown, ShownWords


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
            "issued_on": next((each.issued_on for each in documents if each.issued_on), None),
            "countries": _spaced(code for each in documents for code in each.countries),
            "violations": _spaced(one.code for each in documents for one in each.violations if one.code),
        },
    )
    search.drop(ShownWords.objects.filter(shown=shown))
    for edition in appeal.editions:
        words = " ".join(dict.fromkeys(words_of("\n".join(texts(edition.document)))))
        search.keep(ShownWords.objects.create(shown=shown, language=edition.language, words=words))


def take_off(retraction: PublishedRetraction) -> None:
    """Show that an appeal was retracted, and find it by no word any more."""
    search.drop(ShownWords.objects.filter(shown__slug=retraction.slug))
    Shown.objects.filter(slug=retraction.slug).update(retracted_at=retraction.retracted_at)


def texts(document: AppealDocument) -> Iterator[str]:
    """Give the printed texts of a document by which it may be found."""
    for text in (document.title, document.opening, document.about):
        if text:
            yield text.text
    if document.reference:
        yield document.reference.canonical
    yield from (each.as_printed for each in document.violations)
    for section in document.sections:
        yield section.heading or ""
        yield from (paragraph.text for paragraph in section.paragraphs)
    yield from (each.text for each in document.demands)
    yield from (each.as_printed for each in document.addressees)
    yield from (each.text for each in document.notes)
    yield from document.publishers


def _spaced(codes: Iterable[str]) -> str:
    return "".join(f" {code} " for code in dict.fromkeys(codes))
