"""Copies of a withdrawn or void appeal that others hold: where it stood, what to write to whom, who was asked when.

This program asks nobody by itself: whoever is asked learns that the appeal is withdrawn and who asks, and may tell.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import product
from uuid import uuid4

import msgspec
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor
from tocsin.appeals.models import CopyRequest
from tocsin.appeals.store import AppealKey, OpenDraft, hold
from tocsin.core.errors import BadRequest
from tocsin.core.publication import Retraction
from tocsin.core.render import labels_for
from tocsin.journal import actions as journal
from tocsin.publishing.addresses import addresses_of
from tocsin.publishing.queries import Gone, find_gone, find_in_public
from tocsin.vault.sealing import Place

NOTE = "appeal.draft"
# Whoever keeps an archive or a mirror reads this one.
_COMMON = "en"


class _Said(msgspec.Struct, frozen=True):
    kind: str
    whom: str


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody was asked to take copies down."""

    row: CopyRequest
    kind: str
    whom: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to holders of copies of one kind, in one language."""

    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Copies:
    """What the page of a withdrawn or void appeal says of copies elsewhere.

    `asked` is `None` of one from the archive: no case is there to keep it.
    """

    addresses: tuple[str, ...]
    letters: tuple[Letter, ...]
    asked: tuple[Asked, ...] | None = None


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """Give the kinds of holders of copies, each with its name and what it is asked."""
    table: dict[str, dict[str, str]] = tomllib.loads(files(__package__).joinpath("copies.toml").read_text("utf-8"))
    return table


def find(draft: OpenDraft, slug: str, language: str) -> Copies | None:
    """Give what is known of copies elsewhere; nothing while the appeal stands.

    Args:
        draft: The appeal.
        slug: Where it stood.
        language: The language of who looks; each letter is given in it and in English.
    """
    found = find_of(draft.row.code, slug, language)
    if found is None:
        return None
    rows = CopyRequest.objects.filter(appeal=draft.row).order_by("at")
    return replace(found, asked=tuple(_open(draft, row) for row in rows))


def find_of(code: str, slug: str, language: str) -> Copies | None:
    """Give the same of an appeal that no case keeps, as those of the archive: without who was asked."""
    gone = find_gone(slug)
    if gone is None:
        return None
    addresses = tuple(f"{settings.SITE.publishing_address}{each}" for each in addresses_of(slug))
    pairs = product(kinds(), dict.fromkeys((_COMMON, language)))
    return Copies(
        addresses, tuple(Letter(kind, tag, _written(kind, tag, code, gone, addresses)) for kind, tag in pairs)
    )


def note(actor: Actor, key: AppealKey, kind: str, whom: str, *, now: datetime) -> None:
    """Write down that somebody was asked to take copies of a withdrawn or void appeal down.

    Raises:
        BadRequest: if it stands, or nobody is named.
    """
    if kind not in kinds() or not whom.strip():
        raise BadRequest("say who was asked")
    with hold(actor, NOTE, key, now=now) as draft:
        in_public = find_in_public(draft.row.code, now=now) if draft.row.code else None
        if in_public is None or find_gone(in_public.slug) is None:
            raise BadRequest("this is not possible where the appeal stands now")
        row = CopyRequest(id=uuid4(), appeal=draft.row, by=actor.id, at=now)
        row.sealed = draft.keys.seal(msgspec.json.encode(_Said(kind, whom.strip())), _place(row))
        row.save(force_insert=True)
        journal.record(actor.id, "appeals.copies.asked", key.appeal, now=now, case=key.case)


def _written(kind: str, language: str, code: str, gone: Gone, addresses: tuple[str, ...]) -> str:
    is_retracted = isinstance(gone, Retraction)
    at = gone.retracted_at if isinstance(gone, Retraction) else gone.since
    asks = kinds()[kind]["asks"]
    with translation.override(language):
        withdrawn = gettext(
            "We published the appeal %(code)s and withdrew it on %(day)s. Copies of it can put people at risk."
        )
        void = gettext(
            "An appeal stood on our site under the code %(code)s. It is void, as its page says: "
            "we do not stand for it. Copies of it can put people at risk."
        )
        head = withdrawn if is_retracted else void
        said = head % {"code": code, "day": labels_for(language).day(timezone.localdate(at))}
        return "\n\n".join((said, gettext(asks), "\n".join(addresses), settings.SITE.publisher)).strip()


def _open(draft: OpenDraft, row: CopyRequest) -> Asked:
    said = msgspec.json.decode(draft.keys.open(bytes(row.sealed), _place(row)), type=_Said)
    return Asked(row, kinds()[said.kind]["name"] if said.kind in kinds() else said.kind, said.whom)


def _place(row: CopyRequest) -> Place:
    return Place("appeal_copies", row.id, f"asked {row.appeal_id} {row.by}")
