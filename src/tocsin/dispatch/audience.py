"""To whom a mailing goes: fixed in one transaction, in one statement that the database carries out by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import Exact, GreaterThan, LessThan

from tocsin.core.subscribing import groups_of
from tocsin.dispatch.models import TOMBSTONES, Audience, Delivery, Mailing, Subscriber, Suppression
from tocsin.publishing.models import GivenCode, Publication, Shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an appeal is for.

    Attributes:
        languages: Those of its editions; a reader gets the first of hers that is among them, and nothing if none is.
        countries: Codes of which a reader who named countries has one.
        topics: The same for groups of violations.
        earlier: Slugs of what comes before it, its own if it is a correction: who got one of them comes first.
        only_earlier: Whether nobody else gets it, as with a correction.
    """

    languages: Sequence[str]
    countries: Sequence[str]
    topics: Sequence[str]
    earlier: Sequence[str]
    only_earlier: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Those whom the tombstone of an appeal is for: to whom a version of it went, or may have gone."""

    slug: str


def wanted_for(publication: Publication, languages: Sequence[str]) -> Wanted:
    """Give whom a publication is for."""
    shown = Shown.objects.filter(slug=publication.slug).first()
    is_correction = publication.version > 1
    return Wanted(
        languages=tuple(languages),
        countries=tuple(shown.countries.split()) if shown else (),
        topics=sorted(groups_of(shown.violations.split())) if shown else (),
        earlier=(publication.slug,) if is_correction else tuple(_before(publication)),
        only_earlier=is_correction,
    )


def _before(publication: Publication) -> list[str]:
    """List the slugs of the appeals of a chain that come before one."""
    own = GivenCode.objects.filter(printed=publication.code).first()
    if own is None or not own.follow_up:
        return []
    chain = GivenCode.objects.filter(scheme=own.scheme, series=own.series, year=own.year, number=own.number)
    codes = chain.filter(follow_up__lt=own.follow_up).values("printed")
    return sorted(set(Publication.objects.filter(code__in=codes).values_list("slug", flat=True)))


def count_by_language(wanted: Wanted | Told) -> dict[str, int]:
    """Count those whom something is for by the language in which each gets it."""
    rows = _readers(wanted).order_by("reads")
    return dict(rows.values_list("reads").annotate(readers=Count("id")))


def fix(mailing: Mailing, wanted: Wanted | Told) -> None:
    """Write down what a mailing owes each reader, and count it; nobody comes to it afterwards."""
    none, empty = Value(0), Value("", output_field=CharField())
    barred = Suppression.objects.filter(fingerprint=OuterRef("fingerprint")).values("reason")[:1]
    earlier = wanted.earlier if isinstance(wanted, Wanted) else ()
    owed: dict[str, Any] = {
        "mailing_id": Value(mailing.id, output_field=UUIDField()),
        "subscriber": F("id"),
        "rank": Case(When(_got(earlier), then=none), default=Value(1)) if earlier else none,
        "language": F("reads"),
        "html": F("html"),
        "neutral": F("neutral_subject"),
        "state": Case(When(barred=None, then=Value("waiting")), default=Value("suppressed"), output_field=CharField()),
        "reason": Coalesce("barred", empty, output_field=CharField()),
        "reply": empty,
        "queue_id": empty,
        "tries": none,
        "doubts": none,
        "epoch": none,
    }
    readers = _readers(wanted).annotate(barred=Subquery(barred)).order_by("id")
    rows = readers.annotate(**{f"its_{name}": value for name, value in owed.items()})
    query, words = rows.values_list(*(f"its_{name}" for name in owed)).query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in owed)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO dispatch_delivery ({columns}) {query}", words)
    counted = Delivery.objects.filter(mailing=mailing).order_by().values_list("language")
    Audience.objects.bulk_create(
        Audience(mailing=mailing, language=language, readers=readers)
        for language, readers in counted.annotate(readers=Count("id"))
    )


def _readers(wanted: Wanted | Told) -> QuerySet[Any, Any]:
    if isinstance(wanted, Told):
        return _told(wanted)
    rows = Subscriber.objects.filter(state="active").annotate(reads=_language(wanted.languages)).exclude(reads="")
    for field, codes in (("countries", wanted.countries), ("topics", wanted.topics)):
        fits = Q(**{field: ""})
        for code in codes:
            fits |= Q(**{f"{field}__contains": f" {code} "})
        rows = rows.filter(fits)
    return rows.filter(_got(wanted.earlier)) if wanted.only_earlier else rows


def _told(wanted: Told) -> QuerySet[Any, Any]:
    """Give those who have an appeal or may have it, each with the language in which it went to her last."""
    owed = Delivery.objects.filter(mailing__slug=wanted.slug, subscriber=OuterRef("id"))
    theirs = owed.exclude(mailing__kind__in=TOMBSTONES)
    went = theirs.filter(Q(state__in=("handed_over", "uncertain", "intended")) | Q(doubts__gt=0)).order_by("-id")
    return (
        Subscriber.objects.filter(state="active")
        .annotate(reads=Subquery(went.values("language")[:1]))
        .exclude(reads=None)
    )


def _language(tags: Sequence[str]) -> Case:
    """Give the first language of a reader's that an appeal has; nothing if it has none."""
    at = {tag: StrIndex(F("languages"), Value(f" {tag} ")) for tag in tags}
    cases = []
    for tag in tags:
        is_first = Q(GreaterThan(at[tag], 0))
        for other in tags:
            if other != tag:  # 0 is said of what is not there
                is_first &= Q(Exact(at[other], 0)) | Q(LessThan(at[tag], at[other]))
        cases.append(When(is_first, then=Value(tag)))
    return Case(*cases, default=Value(""), output_field=CharField())


def _got(earlier: Sequence[str]) -> Exists:
    """Tell whether a reader was sent something before."""
    went = Delivery.objects.filter(mailing__slug__in=earlier, subscriber=OuterRef("id"), state="handed_over")
    return Exists(went.exclude(mailing__kind__in=TOMBSTONES))
