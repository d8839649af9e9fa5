"""From a draft to what may go through the hatch: the one place where the private house makes a `PublicAppeal`.

Everything here is worked out from the texts and the signatures, never from the state that a row says it is in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from tocsin.accounts.queries import list_workers
from tocsin.appeals.models import Appeal, Approval
from tocsin.appeals.store import OpenDraft
from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import parse
from tocsin.core.drafting import with_code
from tocsin.core.errors import NotVouched
from tocsin.core.publication import PublicAppeal, Signature, Words, edition_of, key_id_of
from tocsin.publishing import codes
from tocsin.vault import queries as vault
from tocsin.vault.keyring import PublicKeys

NEEDED = 2
APPROVE = "appeal.approve"


def give_code(draft: OpenDraft, *, now: dt.datetime) -> str:
    """Give out the code of an appeal, in the transaction of its first approval; one that it has already stays.

    The month in a code is that of the day of issue. Where that day went into another month, the number is void and
    another one is given out: no code says a month in which its appeal was not issued.
    """
    row, on = draft.row, day_of(draft)
    if stays := code_that_stays(draft):
        return stays
    if row.code:
        codes.void_code(row.code)
    first = code_before(draft)
    country = next(iter(draft.content.source.composition.document.countries), None)
    return codes.give_follow_up(first, on, now=now) if first else codes.give_code(country, on, now=now)


def code_before(draft: OpenDraft) -> str:
    """Give the code of the appeal that one follows, published here or archived; nothing for a first appeal."""
    return draft.row.follows.code if draft.row.follows else draft.content.follows


def code_that_stays(draft: OpenDraft) -> str:
    """Give the code that an appeal keeps; nothing where it has none, or gets another one with its next approval."""
    row, on = draft.row, day_of(draft)
    keeps = row.times or code_before(draft) or (row.code and _says(row.code, on))
    return row.code if keeps else ""


def _says(printed: str, on: dt.date) -> bool:
    """Tell whether what a code says of its day is so; not every scheme says a month."""
    code = parse(printed, scheme=codes.in_use()).code
    return code.year == on.year and code.month in {None, on.month}


def day_of(draft: OpenDraft) -> dt.date:
    """Give the day of issue."""
    return draft.content.source.composition.document.issued_on or dt.date.min


def day_shown(draft: OpenDraft, *, now: dt.datetime) -> dt.date:
    """Give the day on which it shows where nothing else comes up, for which it is checked.

    A correction keeps the hour of what it corrects, and may be issued days before.
    """
    hour = draft.content.not_before
    return max(timezone.localdate(now), day_of(draft), timezone.localdate(hour) if hour else dt.date.min)


def documents(draft: OpenDraft, code: str) -> tuple[AppealDocument, ...]:
    """Give the editions as they are published, under a code; without one where it is empty."""
    given = (each.composition.document for each in draft.content.editions)
    scheme = codes.in_use()
    own = parse(code, scheme=scheme).code if code else None
    return tuple(with_code(document, own, scheme) for document in given)


def public_appeal(draft: OpenDraft, code: str) -> PublicAppeal:
    """Make what is signed: all editions under their code."""
    made = sorted((edition_of(each) for each in documents(draft, code)), key=lambda edition: edition.language)
    kind = draft.content.source.composition.document.kind
    follows = code_before(draft) or None
    # What is public already is what was signed then; anything newer would be the next correction.
    times = draft.row.times if draft.version == draft.row.published else draft.row.times + 1
    # A correction says in the first language what it changed.
    note = (Words(draft.content.source.language, draft.content.note),) if times > 1 else ()
    beside = {"missions": draft.content.missions, "letter_languages": draft.content.letter_languages}
    more = {"not_before": draft.content.not_before, "salutations": draft.content.salutations, **beside}
    return PublicAppeal(code, kind, tuple(made), times, note, follows, **more)  # type: ignore[arg-type]


def signed_by(rows: Iterable[Approval], draft: OpenDraft, appeal: PublicAppeal) -> Mapping[UUID, Signature]:
    """Give the approvals that count, by who gave them.

    One counts if it is of this version, its signature is over exactly these bytes by a key that this site stands for,
    whoever gave it wrote nothing in the appeal, and still works here as somebody who approves.
    """
    approvers = set(list_workers(APPROVE)) - set(draft.writers)
    found = {}
    for row in rows:
        keys = _keys(row.by)
        right = row.appeal_id == draft.row.id and row.version == draft.version and row.by in approvers
        if right and keys is not None and keys.signed(appeal.message, bytes(row.signature)):
            found[row.by] = Signature(key_id_of(keys.sign), bytes(row.signature))
    return found


def _keys(holder: UUID) -> PublicKeys | None:
    try:
        return vault.vouched_keys(holder)
    except NotVouched:
        return None


def approvals_of(row: Appeal, version: int) -> list[Approval]:
    """List what was signed of a version, whether it counts or not."""
    return list(Approval.objects.filter(appeal=row.id, version=version).order_by("at"))


def with_signatures(appeal: PublicAppeal, signatures: Iterable[Signature]) -> PublicAppeal:
    """Give an appeal with its signatures, in the order of the keys."""
    return replace(appeal, signatures=tuple(sorted(signatures, key=lambda each: each.key)))
