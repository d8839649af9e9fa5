"""Who is defended in what is shown, each under an id that was drawn: it tells no name, and no name leads to it.

A name counts only where the signed edition lists its bearer as a defender and prints the name. The same words in the
same country are taken for the same person; within one appeal, so are names of two editions that sound alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db.models import Model

from tocsin.core.appeal import AppealDocument
from tocsin.core.names import LEAST_SCORE, compare, words_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.models import Defender, Naming
from tocsin.publishing.texts import printed_words

# One word alone is borne by too many to be taken for one person.
_FEWEST_WORDS = 2
_LONGEST = Naming._meta.get_field("words").max_length or 0


@dataclass(frozen=True, slots=True)
class Named:
    """A defender as one edition names her; `words` is the name, folded."""

    language: str
    name: str
    words: str


def named_in(document: AppealDocument) -> Iterator[Named]:
    """Give the defenders whom a document lists and prints, each once."""
    listed = list(listed_in(document))
    printed = printed_words(document) if listed else ""
    yield from (each for each in listed if f" {each.words} " in printed)


def listed_in(document: AppealDocument) -> Iterator[Named]:
    """Give the defenders whom a document lists, each once; that it prints them was seen when it was let in."""
    seen = set()
    for person in document.facts.people:
        split = words_of(person.name)
        words = " ".join(split)
        if person.role != "defender" or len(split) < _FEWEST_WORDS or len(words) > _LONGEST or words in seen:
            continue
        seen.add(words)
        yield Named(document.language or "", person.name, words)


def put(slug: str, appeal: PublicAppeal, defender: Any = Defender, naming: Any = Naming) -> None:
    """Name the defenders of what is shown under a slug now, in the place of those before.

    Whoever was named before keeps her id. A migration hands in the tables as they were then.
    """
    own = list(naming.objects.filter(shown_id=slug).values_list("words", "defender_id"))
    naming.objects.filter(shown_id=slug).delete()
    countries = {code for each in appeal.editions for code in each.document.countries}
    for group in _people(appeal):
        words = {each.words for each in group}
        known = [key for one, key in own if one in words] or list(_known(words, countries, naming))
        key = min(known, default=None) or defender.objects.create(id=uuid4().hex).pk
        naming.objects.bulk_create(
            naming(shown_id=slug, defender_id=key, language=each.language, words=each.words) for each in group
        )
    drop_unnamed(defender)


def take_off(slug: str) -> None:
    """Name nobody under a slug any more."""
    Naming.objects.filter(shown_id=slug).delete()
    drop_unnamed()


def drop_unnamed(defender: Any = Defender) -> None:
    """Forget the ids of those whom nothing names any more."""
    defender.objects.filter(naming=None).delete()


def _people(appeal: PublicAppeal) -> list[list[Named]]:
    """Give the defenders of an appeal, each with her name in every edition that has it."""
    groups: list[list[Named]] = []
    for edition in appeal.editions:
        free = list(groups)
        for each in named_in(edition.document):
            group = _nearest(each, free)
            if group is None:
                groups.append([each])
            else:
                free = [other for other in free if other is not group]
                group.append(each)
    return groups


def _nearest(named: Named, groups: Iterable[list[Named]]) -> list[Named] | None:
    scored = [(max(_score(named, each) for each in group), group) for group in groups]
    score, group = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return group if score >= LEAST_SCORE else None


def _score(one: Named, other: Named) -> float:
    return 1.0 if one.words == other.words else compare(one.name, other.name).score


def _known(words: set[str], countries: set[str], naming: Any) -> Iterator[str]:
    rows: Iterable[Model] = naming.objects.filter(words__in=words).select_related("shown")
    for row in rows:
        if countries & set(row.shown.countries.split()):  # type: ignore[attr-defined]
            yield row.defender_id  # type: ignore[attr-defined]
