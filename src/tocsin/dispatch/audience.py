"""To whom a mailing goes: whoever fits it at the click that sends it.

A million readers are not written down within a click, nor looked at. So the click writes down whom it is for and when
it was, and the first part of the readers; mailers write the others, part by part, while those before are being sent.
Each part is one statement that the database carries out by itself, in one transaction with its count and how far it
got: what is written down of an audience adds up at any time, and a crash costs no more than a part that was not begun.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThan

from tocsin.core.subscribing import groups_of
from tocsin.dispatch.models import TOMBSTONES, Audience, Delivery, Fixing, Mailing, Subscriber, Suppression
from tocsin.publishing import holding
from tocsin.publishing.models import GivenCode, Publication, Shown

# Readers in a part, and those who are looked at for it: nobody else writes into SQLite meanwhile, and for what few want
# a click would else look at every reader there is.
_A_PART, _A_LOOK = 5_000, 20_000


class Wanted(msgspec.Struct, frozen=True, tag=True):
    """Whom an appeal is for.

    Attributes:
        languages: Those of its editions; a reader gets the first of hers that is among them, and nothing if none is.
        countries: Codes of which a reader who named countries has one.
        topics: The same for groups of violations.
        earlier: Slugs of what comes before it, its own if it is a correction: who got one of them comes first.
        only_earlier: Whether nobody else gets it, as with a correction of what was mailed to its end.
    """

    languages: Sequence[str]
    countries: Sequence[str]
    topics: Sequence[str]
    earlier: Sequence[str]
    only_earlier: bool


# By its tag it stands in the rows of mailings that are on their way, which an update of the program must not break off.
class Reached(msgspec.Struct, frozen=True, tag="Told"):
    """Those whom the tombstone of an appeal is for: to whom a version of it went, or may have gone."""

    slug: str


def wanted_for(publication: Publication, languages: Sequence[str]) -> Wanted:
    """Give whom a publication is for."""
    shown = Shown.objects.filter(slug=publication.slug).first()
    is_correction = not holding.is_first_to_show(publication)
    return Wanted(
        languages=tuple(languages),
        countries=tuple(shown.countries.split()) if shown else (),
        topics=sorted(groups_of(shown.violations.split())) if shown else (),
        earlier=(publication.slug,) if is_correction else tuple(sorted(_of_its_chain(publication, "lt"))),
        only_earlier=is_correction and was_mailed_to_its_end(publication.slug),
    )


def was_mailed_to_its_end(slug: str) -> bool:
    """Tell whether everybody who wanted a version of an appeal got it: else its correction is for everybody, too.

    What was corrected before it was mailed, or meanwhile, goes to nobody any more.
    """
    return Mailing.objects.filter(slug=slug, state="finished").exclude(kind__in=TOMBSTONES).exists()


def _of_its_chain(publication: Publication, side: Literal["lt", "gt"]) -> set[str]:
    """Give the slugs of the appeals of a chain that come before one, or after it."""
    own = GivenCode.objects.filter(printed=publication.code).first()
    if own is None:
        return set()
    chain = GivenCode.objects.filter(scheme=own.scheme, series=own.series, year=own.year, number=own.number)
    codes = chain.filter(**{f"follow_up__{side}": own.follow_up}).values("printed")
    return set(Publication.objects.filter(code__in=codes).values_list("slug", flat=True))


def last_of_its_chain(publication: Publication, *, now: datetime) -> Publication | None:
    """Give the last appeal of a chain that shows by now and comes after this one; nothing if none does."""
    later = Shown.objects.filter(slug__in=_of_its_chain(publication, "gt"), retracted_at=None, visible_from__lte=now)
    last = later.select_related("publication").order_by("-place").first()
    return last.publication if last else None


class Counted(NamedTuple):
    """How many get something, by the language in which each gets it; and how many want it and read none of those."""

    by_language: dict[str, int]
    read_none: int


def count(wanted: Wanted) -> Counted:
    """Count those whom an appeal is for in one walk through all readers: many of them want the same languages."""
    rows = _wanting(wanted, Subscriber.objects.filter(state="active")).order_by("languages")
    counted: Counter[str] = Counter()
    for languages, readers in rows.values_list("languages").annotate(readers=Count("id")):
        counted[next((tag for tag in languages.split() if tag in wanted.languages), "")] += readers
    none = 0 if wanted.only_earlier else counted[""]
    return Counted({tag: counted[tag] for tag in sorted(counted) if tag}, none)


def count_told(slug: str) -> dict[str, int]:
    """Count those whom the tombstone of an appeal is for by the language in which each gets it."""
    rows = _told(Reached(slug), Subscriber.objects.filter(state="active")).order_by("reads")
    return dict(rows.values_list("reads").annotate(readers=Count("id")))


def begin(mailing: Mailing, wanted: Wanted | Reached, *, now: datetime) -> None:
    """Fix whom a mailing is for, and write down what it owes the first of them; nobody comes to it afterwards."""
    Fixing.objects.create(mailing=mailing, wanted=msgspec.json.encode(wanted).decode(), as_of=now)
    go_on(mailing.id)


def unfixed() -> list[UUID]:
    """Give the mailings of which not all readers are written down yet."""
    return list(Fixing.objects.order_by("as_of").values_list("mailing", flat=True))


def go_on(mailing: UUID) -> bool:
    """Look at some more readers of a mailing, write down and count what it owes them; tell if there are more."""
    with transaction.atomic():
        # Whatever became of the mailing meanwhile: after a stop they are in the sum as well.
        row = Fixing.objects.select_for_update(skip_locked=True).filter(mailing=mailing).first()
        if row is None:  # another mailer is at it
            return False
        wanted, left, looked = msgspec.json.decode(row.wanted, type=Wanted | Reached), _A_PART, False
        while left > 0 and not looked and row.rank <= _last_rank(wanted):
            last = _last_of_a_look(row)
            written = _write(row, wanted, left, last)
            _count(mailing, Counter(language for _, language in written))
            left -= len(written)
            if not left:
                row.after = max(_as_id(reader) for reader, _ in written)
            elif last is not None:
                row.after, looked = last, True
            else:  # there are no more of this rank
                row.rank, row.after = row.rank + 1, None
        goes_on = row.rank <= _last_rank(wanted)
        if goes_on:
            row.save(update_fields=["rank", "after"])
        else:
            row.delete()
    return goes_on


def _last_of_a_look(row: Fixing) -> UUID | None:
    """Give the reader up to whom the next ones are looked at; nobody if they are so few that it is up to the end."""
    ahead = Subscriber.objects.order_by("id").values_list("id", flat=True)
    if row.after is not None:
        ahead = ahead.filter(id__gt=row.after)
    return ahead[_A_LOOK - 1 : _A_LOOK].first()


def _last_rank(wanted: Wanted | Reached) -> int:
    return int(isinstance(wanted, Wanted) and bool(wanted.earlier) and not wanted.only_earlier)


def _write(row: Fixing, wanted: Wanted | Reached, most: int, last: UUID | None) -> list[tuple[Any, str]]:
    """Write down what is owed to the next readers of a rank, up to a last one; give them, each with her language."""
    empty = Value("", output_field=CharField())
    barred = Suppression.objects.filter(fingerprint=OuterRef("fingerprint")).values("reason")[:1]
    gets = Q(barred=None, state="active")
    owed: dict[str, Any] = {
        "mailing_id": Value(row.mailing_id, output_field=UUIDField()),
        "subscriber": F("id"),
        "rank": Value(row.rank),
        "language": F("reads"),
        "html": F("html"),
        "neutral": F("neutral_subject"),
        "state": Case(When(gets, then=Value("waiting")), default=Value("suppressed"), output_field=CharField()),
        "reason": Case(When(gets, then=empty), default=Coalesce("barred", "state"), output_field=CharField()),
        "reply": empty,
        "queue_id": empty,
        **dict.fromkeys(("tries", "doubts", "epoch"), Value(0)),
    }
    readers = (
        _of_rank(row, wanted, _readers(wanted, _there(row.as_of))).order_by("id").annotate(barred=Subquery(barred))
    )
    if row.after is not None:
        readers = readers.filter(id__gt=row.after)
    if last is not None:
        readers = readers.filter(id__lte=last)
    rows = readers.annotate(**{f"its_{name}": value for name, value in owed.items()})
    query, words = rows.values_list(*(f"its_{name}" for name in owed))[:most].query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in owed)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO dispatch_delivery ({columns}) {query} RETURNING subscriber, language", words)
        written: list[tuple[Any, str]] = cursor.fetchall()
    return written


def _there(as_of: datetime) -> QuerySet[Subscriber]:
    """Give who was subscribed at a time; who left since then is among them, and who came since then is not.

    Of a list that is being taken at that time some may be among them, as if it had been taken before.
    """
    barred = Suppression.objects.filter(fingerprint=OuterRef("fingerprint"), since__gt=as_of)
    gone = (Q(state="left") & ~Q(left_at__gt=as_of)) | (Q(state="suppressed") & ~Exists(barred))
    # Left out and not picked: by the index of states, databases would find and sort all readers for each part.
    return Subscriber.objects.exclude(Q(state="unconfirmed") | Q(confirmed_at__gt=as_of) | gone)


def _of_rank(row: Fixing, wanted: Wanted | Reached, readers: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Keep those of a rank: all of the first are written down before any of the next is."""
    if row.rank:
        # Not by its id: of a new one PostgreSQL expects no rows, and would look through all of them.
        mine = {f"mailing__{name}": getattr(row.mailing, name) for name in ("slug", "version", "kind")}
        return readers.exclude(_has(Delivery.objects.filter(subscriber=OuterRef("id"), **mine)))
    return readers.filter(_got(wanted.earlier)) if isinstance(wanted, Wanted) and wanted.earlier else readers


def _count(mailing: UUID, languages: Counter[str]) -> None:
    for language, readers in sorted(languages.items()):
        rows = Audience.objects.filter(mailing=mailing, language=language)
        if not rows.update(readers=F("readers") + readers):
            Audience.objects.create(mailing_id=mailing, language=language, readers=readers)


def _as_id(stored: UUID | str) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)


def _readers(wanted: Wanted | Reached, there: QuerySet[Subscriber]) -> QuerySet[Any, Any]:
    """Keep those whom something is for, each with the language in which she gets it."""
    if isinstance(wanted, Reached):
        return _told(wanted, there)
    return _wanting(wanted, there).annotate(reads=_language(wanted.languages)).exclude(reads="")


def _wanting(wanted: Wanted, rows: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    """Keep those who want an appeal like this, in whatever language."""
    for field, codes in (("countries", wanted.countries), ("topics", wanted.topics)):
        fits = Q(**{field: ""})
        for code in codes:
            fits |= Q(**{f"{field}__contains": f" {code} "})
        rows = rows.filter(fits)
    return rows.filter(_got(wanted.earlier)) if wanted.only_earlier else rows


def _told(wanted: Reached, there: QuerySet[Subscriber]) -> QuerySet[Any, Any]:
    """Give those who have an appeal or may have it, each with the language in which it went to her last."""
    owed = Delivery.objects.filter(mailing__slug=wanted.slug, subscriber=OuterRef("id"))
    theirs = owed.exclude(mailing__kind__in=TOMBSTONES)
    went = theirs.filter(Q(state__in=("handed_over", "uncertain", "intended")) | Q(doubts__gt=0)).order_by("-id")
    return there.annotate(reads=Subquery(went.values("language")[:1])).exclude(reads=None)


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


def _got(earlier: Sequence[str]) -> IsNull:
    """Tell whether a reader was sent something before."""
    went = Delivery.objects.filter(mailing__slug__in=earlier, subscriber=OuterRef("id"), state="handed_over")
    return _has(went.exclude(mailing__kind__in=TOMBSTONES))


def _has(rows: QuerySet[Delivery]) -> IsNull:
    """Tell whether a reader has such a row; looked for reader by reader, not in the rows of all of them each time."""
    return IsNull(Subquery(rows.order_by().values("id")[:1]), False)
