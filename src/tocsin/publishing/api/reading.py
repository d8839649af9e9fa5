"""Answers to the questions of the API, made of what was signed. Nothing here decides which fields of it go out."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone

from tocsin.core.codes import OBSERVATORY, Printed, Scheme, format_code, list_schemes, load_scheme, parse
from tocsin.core.errors import BadCode, NotPublished
from tocsin.core.letters import Whom
from tocsin.core.publication import Edition, PublicAppeal, Retraction, Words
from tocsin.publishing import around, counting, pages, queries, record, standings, told
from tocsin.publishing.api import problems, statistics
from tocsin.publishing.api.values import (
    INTERVENTIONS,
    Appeal,
    Appeals,
    Copy,
    Correction,
    Countries,
    Figure,
    ListedAppeal,
    Meaning,
    NamedCountry,
    Office,
    PublishedEdition,
    PublishedFile,
    Related,
    Shown,
    Standing,
    Statistics,
    Title,
    Tombstone,
    Withdrawal,
    Withdrawals,
)
from tocsin.publishing.countries import country_name
from tocsin.publishing.queries import Gone, Listed, Near, Stretch
from tocsin.publishing.told import Figures

# How appeals stand, by their codes.
Stand = Mapping[str, standings.Standing]
MOST: Final = 100
ON_A_PAGE: Final = 20
# From an answer at the top of the API, and from one a folder below, to the top of the site.
_UP, _UP_FROM_APPEAL = "../../", "../../../"


def part_of(found: Stretch, stand: Stand, turn: Callable[[int], str]) -> Appeals:
    """Give a part of the list; `stand` tells how each of it stands, `turn` gives the address of the next one."""
    items = tuple(_listed(each, each.appeal, stand.get(each.code)) for each in found.items if each.appeal)
    return Appeals(found.total, items, turn(found.last) if found.last else None)


def appeal(
    slug: str,
    *,
    forms: Collection[str] = pages.FORMS,
    listed: Listed | None = None,
    near: Near | None = None,
    figures: Figures | None = None,
    stand: Stand | None = None,
    now: datetime,
) -> Appeal | Tombstone:
    """Give an appeal with all its editions, or say that it was withdrawn.

    `listed` is what stands under the slug, `near` what stands around it, `figures` what became of it, and `stand` how
    it stands, if that is known.

    Raises:
        NotPublished: nothing stands under this name, or not yet.
    """
    listed = listed or queries.find(slug, now=now)
    if listed and listed.appeal is None and (gone := queries.find_gone(slug)):
        return _tombstone(listed, gone)
    if listed is None or listed.appeal is None:
        raise NotPublished("no appeal is published under this name", hint="names stand in appeals.json")
    signed = listed.appeal
    is_first = signed.version == 1
    corrections = () if is_first else queries.list_corrections(slug, now=now)
    near = near or queries.find_near(listed, now=now)
    figures = figures or told.figures_of(slug, before=timezone.localdate(now))
    standing = (stand or standings.list_standings([signed.code], now=now)).get(signed.code)
    return Appeal(
        slug=listed.slug,
        code=signed.code,
        kind=signed.kind,
        intervention=INTERVENTIONS[signed.kind],
        archived=signed.is_archived,
        version=signed.version,
        standing=_shown_as(standing),
        asks=standings.asks_for_letters(signed.kind, standing, is_archived=signed.is_archived),
        follows=signed.supersedes,
        published_at=listed.visible_from if is_first else queries.list_versions(slug, before=None)[0][1],
        changed_at=listed.changed_at,
        countries=_countries(signed),
        violations=_violations(signed),
        editions=tuple(_edition(each, slug, forms) for each in signed.editions),
        corrections=tuple(Correction(each.version, at, each.note) for each, at in corrections if each.note),
        chain=tuple(_related(each, "") for each in (*near.earlier, *near.later)),
        record=tuple(Figure(each.name, getattr(figures, each.name), each.text) for each in record.definitions()),
        answered=tuple(_office(each) for each in record.offices_in(signed, figures)),
        # Who took an appeal over from an archive signed that it lay there, and not the appeal.
        signed_by=() if signed.is_archived else tuple(each.key for each in signed.signatures),
        proof=f"{_UP_FROM_APPEAL}appeals/{slug}/proof.json",
    )


def meaning(code: str, *, now: datetime) -> Meaning:
    """Say which appeal a code means, however it was typed.

    Raises:
        BadCode: It is no code of any scheme.
    """
    scheme, printed = _parsed(code, now)
    canonical = format_code(printed.code, scheme)
    chain = queries.find_meant(printed.code, scheme, now=now)
    own = next((each for each in chain if each.code == canonical), None)
    appeal = _related(own, "appeals/") if own else None
    return Meaning(
        canonical=canonical,
        scheme=scheme.name,
        **{part: getattr(printed.code, part) for part in printed.code.__slots__},
        oddities=printed.oddities,
        standing=appeal.standing if appeal else "unknown",
        appeal=appeal,
        chain=tuple(_related(each, "appeals/") for each in chain),
    )


def countries(*, now: datetime) -> Countries:
    """Give the countries of which something stands."""
    counts = Counter(
        code for row in counting.list_counted(now=now) for code in set(row.countries) if statistics.is_country(code)
    )
    tags = [tag for tag, _ in settings.LANGUAGES]
    return Countries(
        tuple(
            NamedCountry(code, tuple(Words(tag, country_name(code, tag)) for tag in tags), counts[code])
            for code in sorted(counts)
        )
    )


def counted(*, now: datetime) -> Statistics:
    """Give the figures."""
    return statistics.counted(counting.list_counted(now=now))


def withdrawals(*, now: datetime) -> Withdrawals:
    """Give everything that was taken back."""
    return Withdrawals(
        tuple(
            Withdrawal(each.slug, each.code, each.changed_at, f"{_UP}appeals/{each.slug}/proof.json")
            for each in queries.list_withdrawn(now=now)
        )
    )


def copied(*, now: datetime) -> Copy:
    """Say of which hour a copy is."""
    return Copy(now)


def _shown_as(standing: standings.Standing | None) -> Shown:
    """Say how something stands that is shown, whatever will be said of it once it shows."""
    return standing if standing in ("corrected", "superseded", "closed") else "published"


def _listed(listed: Listed, signed: PublicAppeal, standing: standings.Standing | None) -> ListedAppeal:
    return ListedAppeal(
        slug=listed.slug,
        code=signed.code,
        kind=signed.kind,
        intervention=INTERVENTIONS[signed.kind],
        archived=signed.is_archived,
        version=signed.version,
        standing=_shown_as(standing),
        asks=standings.asks_for_letters(signed.kind, standing, is_archived=signed.is_archived),
        follows=signed.supersedes,
        issued_on=next((each.document.issued_on for each in signed.editions if each.document.issued_on), None),
        changed_at=listed.changed_at,
        countries=_countries(signed),
        violations=_violations(signed),
        titles=tuple(_titles(listed.slug, signed)),
        address=f"appeals/{listed.slug}.json",
    )


def _titles(slug: str, signed: PublicAppeal) -> Iterator[Title]:
    for each in signed.editions:
        title = each.document.title
        text = title.text if title else signed.code
        yield Title(each.language, text, f"{_UP}appeals/{slug}/{each.language}.html")


def _edition(edition: Edition, slug: str, forms: Collection[str]) -> PublishedEdition:
    there = around.forms_made(edition.document, {"html", *(form for form in forms if form in pages.FORMS)})
    stem = f"{_UP_FROM_APPEAL}appeals/{slug}/{edition.language}"
    files = tuple(PublishedFile(form, f"{stem}.{form}") for form in there)
    return PublishedEdition(edition.language, edition.digest, files, edition.document)


def _related(listed: Listed, folder: str) -> Related:
    standing: Standing = "withdrawn" if listed.appeal is None else "published"
    return Related(listed.slug, listed.code, standing, f"{folder}{listed.slug}.json")


def _tombstone(listed: Listed, gone: Gone) -> Tombstone:
    return Tombstone(
        *problems.withdrawn_words(),
        slug=listed.slug,
        appeal=listed.code,
        standing="withdrawn",
        withdrawn_at=gone.retracted_at if isinstance(gone, Retraction) else listed.changed_at,
        note=gone.note,
        proof=f"{_UP_FROM_APPEAL}appeals/{listed.slug}/proof.json",
    )


def _office(whom: Whom) -> Office:
    names = ((tag, whom.office_in(tag)) for tag in whom.printed)
    return Office(tuple(Words(tag, name) for tag, name in names if name))


def _countries(signed: PublicAppeal) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for each in signed.editions for code in each.document.countries))


def _violations(signed: PublicAppeal) -> tuple[str, ...]:
    named = (one.code for each in signed.editions for one in each.document.violations if one.code)
    return tuple(dict.fromkeys(named))


def _parsed(code: str, now: datetime) -> tuple[Scheme, Printed]:
    """Read a code by the scheme under which something stands, else by the first that takes it."""
    read, refused = [], BadCode("not a reference code")
    for scheme in (OBSERVATORY, *(load_scheme(name) for name in list_schemes() if name != OBSERVATORY.name)):
        try:
            read.append((scheme, parse(code, scheme=scheme)))
        except BadCode as error:
            refused = error if scheme is OBSERVATORY else refused
    if not read:
        raise refused
    return next((each for each in read if queries.find_meant(each[1].code, each[0], now=now)), read[0])
