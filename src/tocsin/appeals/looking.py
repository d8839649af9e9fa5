"""What an approver saw before: the last version of which she read all that becomes public, or signed something."""

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor
from tocsin.appeals.models import Approval, Clearance
from tocsin.appeals.store import OpenDraft
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_entries

_READ = "appeals.final.read"


def note(actor: Actor, draft: OpenDraft, *, now: datetime) -> None:
    """Write down that somebody read what becomes public of a version."""
    with transaction.atomic():
        journal.record(actor.id, _READ, draft.row.id, now=now, version=draft.version)


def last_seen(draft: OpenDraft, who: UUID) -> tuple[int, bool]:
    """Give the last version before this one that somebody saw, or 0, and whether she signed about it."""
    readings = list_entries(subject=draft.row.id, actor=who).filter(kind=_READ)
    versions = (int(json.loads(facts)["version"]) for facts in readings.values_list("facts", flat=True))
    read = max((each for each in versions if each < draft.version), default=0)
    signed = _last_signed(draft, who)
    return max(read, signed), signed >= read


def _last_signed(draft: OpenDraft, who: UUID) -> int:
    found = [
        kind.objects.filter(appeal=draft.row.id, by=who, version__lt=draft.version).order_by("-version").first()
        for kind in (Clearance, Approval)
    ]
    return max((each.version for each in found if each is not None), default=0)
