"""Each table of each room is filled with words that stand nowhere else, and no answer of the API holds one of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid5

from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client

from canaries import STEM, Cage, found_in
from invented_appeals import SPANISH
from people import NOW
from public_site import Press, slug_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.api.table import QUESTIONS, ROOT
from tocsin.publishing.models import Shown


class Undo(Exception):
    """What was written is taken back."""


class Filling:
    """Rows that name one another, with a word in every field that can hold one."""

    def __init__(self) -> None:
        self.cage, self.ids = Cage(), set[str]()
        self._rows: dict[type[models.Model], models.Model] = {}

    def row(self, model: type[models.Model]) -> models.Model:
        """Put the row of a table in, and those that it names before it."""
        if model not in self._rows:
            self._rows[model] = row = model(**{each.attname: self.worth(each) for each in model._meta.concrete_fields})
            row.save(force_insert=True)
        return self._rows[model]

    def worth(self, field: Any) -> object:
        """Give something that a field can hold: a word if it can, else a number or a time that is nobody's."""
        if isinstance(field, models.ForeignKey):
            # One of two rows that name one another is there first, and names nobody.
            return None if field.null else self.row(field.related_model).pk
        if field.choices:
            return field.choices[0][0]
        word = self.cage.canary(f"{field.model.__name__}.{field.name}")
        if isinstance(field, models.BinaryField):
            return word.encode()
        if isinstance(field, models.UUIDField):
            made = uuid5(UUID(int=0), word)
            self.ids |= {str(made), made.hex}
            return made
        if isinstance(field, models.CharField | models.TextField):
            return word[: field.max_length]
        if isinstance(field, models.DateTimeField):
            return NOW
        if isinstance(field, models.DateField):
            return NOW.date()
        return isinstance(field, models.BooleanField) or 7007


def asked_of_everything(site: Client, slugs: list[str], codes: list[str]) -> Iterator[HttpResponse]:
    """Ask every question, with every parameter, and for every name."""
    for question in QUESTIONS:
        address = f"/{ROOT}{question.path}"
        if "{slug}" in address:
            yield from (site.get(address.replace("{slug}", slug)) for slug in slugs)
            continue
        required = {each.name: [each.example] for each in question.asked if each.required}
        for name, texts in {"": [""], **{each.name: [each.example] for each in question.asked}, **required}.items():
            more = {"code": [*texts, *codes], "q": [*texts, STEM]}.get(name, texts)
            yield from (site.get(address, {name: text} if name else {}) for text in more)


def test_no_answer_holds_a_word_of_any_row(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    gone = press.publish([SPANISH], now=NOW)
    press.retract(gone, now=NOW)
    filling = Filling()
    try:
        with ExitStack() as stack:
            # Gone again before the test ends: they are no rows that a site could have.
            for alias in ("default", "keys"):
                stack.enter_context(transaction.atomic(using=alias))
            filled = [filling.row(model) for model in apps.get_models()]
            shown = next(row for row in filled if isinstance(row, Shown))
            answers = list(
                asked_of_everything(site, [slug_of(lawyer), slug_of(gone), shown.slug], [lawyer.code, shown.slug])
            )
            raise Undo
    except Undo:
        pass
    assert {each.status_code for each in answers} == {200, 400, 404, 410}
    assert sum(lawyer.code in each.content.decode() for each in answers) > 5, "what is published is there"
    for each in answers:
        assert found_in(each.content) == set()
        assert not any(made in each.content.decode() for made in filling.ids)
    assert len(filling.cage.places) > 200
