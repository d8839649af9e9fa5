"""What readers told of what they did because of an appeal: sums, from which nobody can be told again.

A country is kept apart from day, addressee and channel, so that no row says who may have done what. Nothing else is
known: no address, no time of day, no mark of a browser.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F, Sum

from tocsin.publishing.models import ToldActions, ToldCountry

CHANNELS: Final = ("email", "post", "phone", "fax", "web_form", "other")
# A country of fewer readers might tell who one of them is.
FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What the public learns of what readers did.

    Attributes:
        actions: How many actions readers told, on days that are over.
        countries: From how many countries; each that at least `FEWEST` readers named.
    """

    actions: int = 0
    countries: int = 0


def tell(slug: str, number: int, channel: str, country: str, *, on: date) -> None:
    """Count one action of a reader; `country` is empty where she did not say it."""
    with transaction.atomic():
        row, _ = ToldActions.objects.get_or_create(slug=slug, day=on, number=number, channel=channel)
        ToldActions.objects.filter(id=row.id).update(actions=F("actions") + 1)
        if country:
            named, _ = ToldCountry.objects.get_or_create(slug=slug, country=country)
            ToldCountry.objects.filter(id=named.id).update(actions=F("actions") + 1)


def figures_of(slug: str, *, before: date) -> Figures:
    """Give the public figures of an appeal, of the days before one."""
    actions = ToldActions.objects.filter(slug=slug, day__lt=before).aggregate(sum=Sum("actions"))["sum"] or 0
    countries = ToldCountry.objects.filter(slug=slug, actions__gte=FEWEST).count() if actions else 0
    return Figures(actions, countries)


def all_figures(*, before: date) -> dict[str, Figures]:
    """Give the public figures of every appeal that has some."""
    told = ToldActions.objects.filter(day__lt=before).values("slug").annotate(sum=Sum("actions")).order_by()
    countries: dict[str, int] = defaultdict(int)
    for slug in ToldCountry.objects.filter(actions__gte=FEWEST).values_list("slug", flat=True):
        countries[slug] += 1
    return {row["slug"]: Figures(row["sum"], countries[row["slug"]]) for row in told}


def forget(slug: str) -> None:
    """Forget what was told of an appeal."""
    ToldActions.objects.filter(slug=slug).delete()
    ToldCountry.objects.filter(slug=slug).delete()
