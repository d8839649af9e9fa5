"""What each page of an appeal asks of the database: what stands under its slug, its chain, and whom it names.

Nobody believes any of it: `queries` looks at the signatures, and at what stands no more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, IntegerField, QuerySet

from tocsin.publishing.compiled import Blank, Compiled
from tocsin.publishing.models import GivenCode, Naming, Publication, Shown

_OF_SHOWN = ("slug", "visible_from", "retracted_at")
_OF_PUBLICATION = ("id", "code", "slug", "statement")
_SLUG, _CODE, _NOW = Blank("slug", CharField()), Blank("code", CharField()), Blank("now", DateTimeField())
_CHAIN = {name: Blank(name, CharField()) for name in ("scheme", "series")} | {
    name: Blank(name, IntegerField()) for name in ("year", "number")
}


def shown_under(slug: str, *, now: datetime) -> list[Shown]:
    """Give the row of what shows under a slug by its hour, with its publication; nothing where nothing does."""
    return [_row(*values) for values in _shown_under(slug=slug, now=now)]


def shown_by(code: str, *, now: datetime) -> list[Shown]:
    """Give the rows of what shows under a code, as `shown_under`."""
    return [_row(*values) for values in _shown_by(code=code, now=now)]


def chain_of(code: str) -> tuple[int, Mapping[str, int]]:
    """Give the place of a code in its chain, and those of all codes of that; an empty chain for one never given out."""
    for follow_up, *chain in _given(code=code):
        return follow_up, dict(_given_in_chain(**dict(zip(_CHAIN, chain, strict=True))))
    return 0, {}


def defenders_in(slug: str) -> dict[str, str]:
    """Give the ids of those whom what is shown under a slug names, by their folded names."""
    return dict(_named_in(slug=slug))


def _row(*values: Any) -> Shown:
    own, published = values[: len(_OF_SHOWN)], values[len(_OF_SHOWN) :]
    publication = Publication(**dict(zip(_OF_PUBLICATION, published, strict=True)))
    return Shown(**dict(zip(_OF_SHOWN, own, strict=True)), publication=publication)


def _shown() -> "QuerySet[Shown, tuple[Any, ...]]":
    wanted = (*_OF_SHOWN, *(f"publication__{name}" for name in _OF_PUBLICATION))
    return Shown.objects.filter(visible_from__lte=_NOW).values_list(*wanted)


_shown_under = Compiled(lambda: _shown().filter(slug=_SLUG))
_shown_by = Compiled(lambda: _shown().filter(publication__code=_CODE))
_given = Compiled(lambda: GivenCode.objects.filter(printed=_CODE).order_by("id").values_list("follow_up", *_CHAIN)[:1])
_given_in_chain = Compiled(lambda: GivenCode.objects.filter(**_CHAIN).values_list("printed", "follow_up"))
_named_in = Compiled(lambda: Naming.objects.filter(shown=_SLUG).values_list("words", "defender"))
