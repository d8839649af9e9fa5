"""What readers and authorities did because of an appeal: sums, from which nobody can be told again.

A country is kept apart from day, addressee and channel, so that no row says who may have done what. Nothing else is
known: no address, no time of day, no mark of a browser. All figures are of days that are over.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, QuerySet, Sum, When

from tocsin.publishing.compiled import Blank, Compiled
from tocsin.publishing.models import ConfirmedReplies, LastTold, ToldActions, ToldCountry

CHANNELS: Final = ("email", "post", "phone", "fax", "web_form", "other")
NOT_SAID: Final = 9_999
"""The number of an addressee where nobody said whom she wrote to; no appeal has so many."""
# A country of fewer readers might tell who one of them is.
FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What the public learns of what became of an appeal; `record.toml` says what each figure counts.

    Attributes:
        actions: How many actions readers told.
        countries: From how many countries; each that at least `FEWEST` readers named.
        replies: How many replies of authorities people of the desk confirmed.
        offices: Ways that the appeal prints of those who answered, as far as readers may learn it.
    """

    actions: int = 0
    countries: int = 0
    replies: int = 0
    offices: tuple[str, ...] = ()


def tell(slug: str, number: int, channel: str, country: str, *, on: date) -> None:
    """Count one action of a reader; `country` is empty where she did not say it."""
    with transaction.atomic():
        last, first_ever = LastTold.objects.get_or_create(slug=slug, defaults={"day": on})
        # The first of a day settles what was told before it; another one who comes at once waits for that.
        if first_ever or LastTold.objects.filter(slug=last.slug, day__lt=on).update(day=on):
            ToldCountry.objects.filter(slug=slug).update(settled=F("actions"))
        row, _ = ToldActions.objects.get_or_create(slug=slug, day=on, number=number, channel=channel)
        ToldActions.objects.filter(id=row.id).update(actions=F("actions") + 1)
        if country:
            named, _ = ToldCountry.objects.get_or_create(slug=slug, country=country)
            ToldCountry.objects.filter(id=named.id).update(actions=F("actions") + 1)


def take_back(slug: str, number: int, channel: str, *, on: date) -> None:
    """Take one action out of the sum of its day, which somebody had taken for one and was none."""
    found = ToldActions.objects.filter(slug=slug, day=on, number=number, channel=channel, actions__gt=0)
    found.update(actions=F("actions") - 1)


def confirm(slug: str, replies: Mapping[tuple[date, str], int]) -> None:
    """Write down how many replies to an appeal were confirmed, instead of what was written down before.

    Args:
        slug: The appeal.
        replies: How many, by the day and the office that readers may learn of, empty where they may learn of none.
    """
    with transaction.atomic():
        ConfirmedReplies.objects.filter(slug=slug).delete()
        ConfirmedReplies.objects.bulk_create(
            ConfirmedReplies(slug=slug, day=day, office=office, replies=count)
            for (day, office), count in replies.items()
        )


def figures_of(slug: str, *, before: date) -> Figures:
    """Give the public figures of an appeal, of the days before one."""
    actions = sum(told for _, told in _actions_of(slug=slug, before=before))
    countries = len(_countries_of(slug=slug, before=before)) if actions else 0
    offices = {office: replies for _, office, replies in _replies_of(slug=slug, before=before)}
    return Figures(actions, countries, sum(offices.values()), _named(offices))


def all_figures(*, before: date) -> dict[str, Figures]:
    """Give the public figures of every appeal that has some."""
    actions, replies = dict(_actions(before)), _replies_by_appeal(before)
    countries = Counter(_countries(before).values_list("slug", flat=True))
    return {
        slug: Figures(
            actions.get(slug, 0),
            countries[slug] if slug in actions else 0,
            sum(replies[slug].values()),
            _named(replies[slug]),
        )
        for slug in actions.keys() | replies.keys()
    }


def told_by_addressee(slug: str) -> dict[int, int]:
    """Give how many actions readers told for each addressee of an appeal, and for `NOT_SAID`: for the desk."""
    rows = ToldActions.objects.filter(slug=slug).values("number").annotate(sum=Sum("actions")).order_by()
    return {row["number"]: row["sum"] for row in rows}


def forget(slug: str) -> None:
    """Forget what was told of an appeal."""
    for model in (ToldActions, ToldCountry, LastTold, ConfirmedReplies):
        model._default_manager.filter(slug=slug).delete()


def _replies_by_appeal(before: date) -> defaultdict[str, dict[str, int]]:
    """Give by appeal, and by the office that may be named, how many replies were confirmed before a day."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for slug, office, replies in _replies(before):
        found[slug][office] = replies
    return found


def _named(offices: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, offices)))


def _actions(before: date | Blank) -> "QuerySet[ToldActions, tuple[str, int]]":
    rows = ToldActions.objects.filter(day__lt=before).order_by().values_list("slug")
    return rows.annotate(sum=Sum("actions"))


def _replies(before: date | Blank) -> "QuerySet[ConfirmedReplies, tuple[str, str, int]]":
    rows = ConfirmedReplies.objects.filter(day__lt=before).order_by().values_list("slug", "office")
    return rows.annotate(sum=Sum("replies"))


def _countries(before: date | Blank) -> "QuerySet[ToldCountry]":
    """Give the countries that were named often enough before a day."""
    going_on = Exists(LastTold.objects.filter(slug=OuterRef("slug"), day__gte=before))
    told = Case(When(going_on, then=F("settled")), default=F("actions"))
    return ToldCountry.objects.alias(told=told).filter(told__gte=FEWEST)


_SLUG, _BEFORE = Blank("slug", CharField()), Blank("before", DateField())
_actions_of = Compiled(lambda: _actions(_BEFORE).filter(slug=_SLUG))
_replies_of = Compiled(lambda: _replies(_BEFORE).filter(slug=_SLUG))
_countries_of = Compiled(lambda: _countries(_BEFORE).filter(slug=_SLUG).values_list("country"))
