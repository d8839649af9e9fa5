"""What may be sent: what two people signed, as a mailer has checked itself, ordered by a person of this site."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal
from urllib.parse import urljoin

from tocsin.core.codes import parse
from tocsin.core.codes import slug as slug_of
from tocsin.core.errors import TocsinError
from tocsin.core.publication import PublicAppeal, Signatory, from_file, verify
from tocsin.core.render import Tombstone, labels_for, lay_out, lay_out_tombstone
from tocsin.core.render.page import Label, Link, Page, Term
from tocsin.dispatch import orders, tombstones
from tocsin.dispatch.models import Mailing
from tocsin.publishing import codes, holding, signatories
from tocsin.publishing.around import may_act
from tocsin.publishing.models import Publication, PublishedDisavowal, PublishedRetraction
from tocsin.vault.keyring import is_signed

Hold = Literal["no_order", "no_publication", "signatures", "embargo", "held_back", "corrected", "retracted"]
_KEPT = 16
#: What a mailing is about.
Matter = PublicAppeal | Tombstone


@dataclass(frozen=True, slots=True)
class Refused:
    """That nothing of a mailing may be sent, and why."""

    why: Hold


def find_genuine(mailing: Mailing, pinned: Collection[str], *, now: datetime) -> Matter | Refused:
    """Give the appeal of a mailing, or its tombstone, if it may be sent now.

    Args:
        mailing: As it stands in the database, where anybody may have written it.
        pinned: The ids of the keys that the mailer's own list names, but for those that it saw disavowed. A key counts
            if it is among them, and if this site still lets its holder publish: otherwise it counts for nothing.
        now: The time.
    """
    counting = counting_of(pinned)
    if tombstones.is_tombstone(mailing.kind):
        found = _find_tombstone(mailing, counting)
    else:
        found = find_appeal(mailing.slug, mailing.version, counting, now=now)
    if not isinstance(found, Refused) and not (_is_of_its_kind(mailing) and orders.is_ordered(mailing, counting)):
        return Refused("no_order")
    return found


def _find_tombstone(mailing: Mailing, counting: Collection[Signatory]) -> Matter | Refused:
    row = tombstones.last_of(mailing.slug)
    if row is None or row.version != mailing.version:
        return Refused("no_publication")
    return tombstones.find(mailing.kind, row, counting) or Refused("signatures")


def _is_of_its_kind(mailing: Mailing) -> bool:
    """Tell whether a mailing is of the kind of its publication: under another one it would go out a second time."""
    if tombstones.is_tombstone(mailing.kind):
        return True
    row = Publication.objects.get(slug=mailing.slug, version=mailing.version)
    return mailing.kind == kind_of(row)


def kind_of(publication: Publication) -> str:
    """Give the kind of the mailing of a publication."""
    return (
        "correction" if not holding.is_first_to_show(publication) else "update" if publication.supersedes else "appeal"
    )


def page_of(matter: Matter, language: str, archive: str) -> Page | None:
    """Lay out what a mailing is about; nothing if there is no such edition.

    Below an appeal that asks its readers to write stand the page on which they do, and the one on which they tell so;
    below everything the one on which they leave, for whose mail program shows no button for it. Each is the same
    address for everybody.

    Args:
        matter: What it is about.
        language: A BCP 47 tag.
        archive: The public page of the appeal.
    """
    if isinstance(matter, Tombstone):
        return _with_way_out(lay_out_tombstone(matter, language, archive), archive)
    edition = matter.edition(language)
    return _with_way_out(_with_act_pages(lay_out(edition.document), matter, archive), archive) if edition else None


def _with_act_pages(page: Page, appeal: PublicAppeal, archive: str) -> Page:
    if page.act is None or not may_act(appeal, ()):
        return page
    slug = archive.rstrip("/").rpartition("/")[2]
    wrote = labels_for(page.label_language)["wrote"]
    named = ((page.act, f"{slug}.html"), (wrote, f"{slug}/tell.html"))
    ways = ((words, urljoin(archive, f"../../{page.label_language}/act/{name}")) for words, name in named)
    return _with_pages(page, *ways)


def _with_way_out(page: Page, archive: str) -> Page:
    way = urljoin(archive, f"../../{page.label_language}/change.html")
    return _with_pages(page, (labels_for(page.label_language)["change_or_leave"], way))


def _with_pages(page: Page, *named: tuple[str, str]) -> Page:
    terms = (Term(Label(words), (Link(address, address),)) for words, address in named)
    return replace(page, colophon=(*page.colophon, *terms))


def counting_of(pinned: Collection[str]) -> Collection[Signatory]:
    """Give the keys that count for a mailer; `pinned` is as for `find_genuine`."""
    return [each for each in signatories.in_office() if each.id in pinned]


def find_appeal(slug: str, version: int, counting: Collection[Signatory], *, now: datetime) -> PublicAppeal | Refused:
    """Give an appeal that may be sent now, whoever asks for it."""
    if is_retracted(slug):
        return Refused("retracted")
    row = Publication.objects.filter(slug=slug, version=version).first()
    if row is None:
        return Refused("no_publication")
    appeal = _checked(row, counting)
    if appeal is None or appeal.is_archived:
        return Refused("signatures")
    if is_held_back(row):
        return Refused("held_back")
    if holding.not_held_back(slug).filter(version__gt=version, visible_from__lte=now).exists():
        return Refused("corrected")
    return Refused("embargo") if is_under_embargo(row, appeal, now=now) else appeal


def is_retracted(slug: str) -> bool:
    """Tell whether an appeal was taken back."""
    return PublishedRetraction.objects.filter(slug=slug).exists()


def is_held_back(row: Publication) -> bool:
    """Tell whether nothing of an appeal may leave, whatever its hour."""
    return holding.does_not_show(row)


def is_under_embargo(row: Publication, appeal: PublicAppeal, *, now: datetime) -> bool:
    """Tell whether nothing of an appeal may leave yet."""
    return max(row.visible_from, appeal.not_before or row.visible_from) > now


def read_appeal(row: Publication) -> PublicAppeal | None:
    """Give the appeal of a row as it stands there, whether it is genuine or not."""
    return _read(bytes(row.statement))


def disavowed() -> frozenset[str]:
    """Give the ids of the keys that are disavowed by now."""
    if not PublishedDisavowal.objects.exists():
        return frozenset()
    return frozenset(each.id for each in signatories.list_signatories() if each.disavowal)


def _checked(row: Publication, counting: Collection[Signatory]) -> PublicAppeal | None:
    """Give the appeal of a row, if two keys that count signed it for this very place."""
    try:
        appeal = _read(bytes(row.statement))
        if appeal is None:
            return None
        verify(appeal, counting, is_signed)
        scheme = codes.scheme_of(appeal.code)
        own = slug_of(parse(appeal.code, scheme=scheme).code, scheme)
    except TocsinError:
        return None
    return appeal if (own, appeal.version) == (row.slug, row.version) else None


@lru_cache(_KEPT)
def _read(statement: bytes) -> PublicAppeal | None:
    read = from_file(statement)
    return read if isinstance(read, PublicAppeal) else None
