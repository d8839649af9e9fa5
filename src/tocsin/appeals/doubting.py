"""Whenever a case is saved: whether its appeals say what it hides now, or name whom they may not name any more.

One that was released and waits for its hour is held back then, without a signature: what two people signed stands, and
does not show. Of one that shows, what is on its way to readers by mail is paused. A version that goes the whole way
anew is what shows in its place.

Those who approve an appeal hold the facts of its case. A source whose name is typed in after they did they would never
see in the text; whoever types it sees both, and so her save is the moment to look. Keys of the facts open the texts,
and nobody saves a case without them.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.appeals import shredded
from tocsin.appeals.checking import may_not_show, names_withdrawn, tells_hidden
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import Content, Doubt, OpenDraft, append, open_draft
from tocsin.appeals.tables import ABANDONED, APPROVED, CHANGES_REQUESTED, RETRACTED, moved, verbs
from tocsin.casework.actions import read_case
from tocsin.casework.parts import compartments
from tocsin.casework.queries import SEALED
from tocsin.casework.watching import Saved, Watch
from tocsin.core.editing import lives
from tocsin.core.errors import BadRequest, CannotOpen, NotAllowed
from tocsin.core.preflight import NamedPerson
from tocsin.dispatch import outbox
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import queries

_TELLS_HIDDEN, _NAMES_WITHDRAWN = "appeal_tells_hidden", "appeal_names_withdrawn"
_HELD_BACK = "appeal_held_back"
_DAY = len("2026-11-27")


def demand_seen_whole(actor: Actor, draft: OpenDraft, *, now: datetime) -> None:
    """Refuse to let a doubted text go on by the hand of somebody who could not see what is wrong with it.

    Raises:
        BadRequest: if a rule found something in it, and a part of the case is closed to her.
    """
    if draft.content.doubt is not None and read_case(actor, draft.row.case_id, now=now).state.closed:
        raise BadRequest(
            "a rule found what you may not see in this text: somebody who holds all parts of the case submits it"
        )


def as_public(draft: OpenDraft, public: OpenDraft) -> Content:
    """Give what is public as the newest version, when a correction is given up: a doubt about it stays."""
    doubt = draft.content.public_doubt
    of_it = doubt if doubt is not None and doubt.version == public.version else None
    return msgspec.structs.replace(public.content, doubt=of_it, public_doubt=of_it)


def _look(saved: Saved) -> Iterator[str]:
    # Before anything is journalled: whoever publishes holds the public house first, too.
    yield from list(_held_back(saved))
    keys = saved.keys[compartments().default]
    # Not locked before something is found: whoever writes in an appeal reads its case, and would wait for this save.
    for row in Appeal.objects.filter(case=saved.keys.case).exclude(state__in=(RETRACTED, ABANDONED)):
        try:
            newest = open_draft(keys, row)
            public = _public(newest)
        except (CannotOpen, NotAllowed):
            # Somebody changed the database: nothing of it is published, and the case has to be saved all the same.
            continue
        newest = _with_doubts(saved, newest, public)
        alarms = list(_doubted(newest, public))
        shown = public or (newest if newest.row.state == APPROVED else None)
        if shown is not None and (ended := names_withdrawn(shown, saved.case, on=timezone.localdate(saved.at))):
            alarms.append(_alarm(min(_ended_on(each, saved) for each in ended), _NAMES_WITHDRAWN, shown))
        if public is not None and any(each.endswith(_named(public)) for each in alarms):
            _pause_mailings(saved, row.code)
        yield from alarms


def _pause_mailings(saved: Saved, code: str) -> None:
    """Let no more readers be mailed what should not be public, before two people could have taken it back (P-05)."""
    found = queries.find_in_public(code, now=saved.at)
    if found is None:
        return
    with transaction.atomic():
        for mailing in outbox.pause_all("doubted", of=found.slug):
            journal.record(saved.by, "appeals.mailing.paused", mailing, now=saved.at)


def _held_back(saved: Saved) -> Iterator[str]:
    """Hold back what waits for its hour and may not show; gives an alarm for all that is held back.

    What waits is asked of the public house: a row here says only where an appeal stands.
    """
    for row in Appeal.objects.filter(case=saved.keys.case).exclude(code=""):
        found = queries.find_in_public(row.code, now=saved.at)
        if found is None or queries.find_gone(found.slug):
            continue
        if not (found.awaited_until or found.is_held_back or found.follows_held):
            continue
        if not found.is_held_back:
            if not _forbidden(saved, row, found.awaited_until or saved.at):
                continue
            case, version = saved.keys.case, row.published
            with transaction.atomic():
                publishing.hold_back(row.code, now=saved.at)
                journal.record(saved.by, "appeals.appeal.held_back", row.id, now=saved.at, case=case, version=version)
        yield f"{timezone.localdate(saved.at)} {_HELD_BACK} {row.id.hex}.{row.published}"


def _forbidden(saved: Saved, row: Appeal, hour: datetime) -> bool:
    """Tell whether what is released may not show by this case; what cannot be looked at may not."""
    if lives()["Case"].current(saved.case) == SEALED:
        return True
    try:
        public = open_draft(saved.keys[compartments().default], row, row.published)
    except (CannotOpen, NotAllowed):
        return True
    return may_not_show(public, saved.case, on=timezone.localdate(max(hour, saved.at)))


def _public(newest: OpenDraft) -> OpenDraft | None:
    row = newest.row
    if not row.is_public:
        return None
    return newest if newest.version == row.published else open_draft(newest.keys, row, row.published)


def _with_doubts(saved: Saved, newest: OpenDraft, public: OpenDraft | None) -> OpenDraft:
    """Give the newest version, or one more where a doubt is new or over: what was signed before counts no more."""
    content, row = newest.content, newest.row
    doubt, old = _doubt(saved, newest, content.doubt), content.public_doubt
    # A doubt about what was public before stays written there: to take it out would be one more version.
    is_of_it = public is None or old is None or old.version == public.version
    public_doubt = _doubt(saved, public, old if is_of_it else None) if public else None
    public_doubt = public_doubt if is_of_it else public_doubt or old
    changed = msgspec.structs.replace(content, doubt=doubt, public_doubt=public_doubt)
    if changed == content:
        return newest
    with transaction.atomic():
        locked = Appeal.objects.select_for_update(of=("self",)).get(id=row.id)
        if locked.version != row.version:
            return _with_doubts(saved, open_draft(newest.keys, locked), public)
        if doubt and locked.state in verbs()["doubt"].states:
            locked.state = moved(locked.state, "doubt")
        append(open_draft(newest.keys, locked), changed, by=saved.by, now=saved.at)
        locked.save(update_fields=["state", "version"])
        case, version = saved.keys.case, locked.version
        journal.record(saved.by, "appeals.appeal.doubted", row.id, now=saved.at, case=case, version=version)
        return open_draft(newest.keys, locked)


def _doubt(saved: Saved, draft: OpenDraft, before: Doubt | None) -> Doubt | None:
    """Give the doubt about a version; one that was is over when somebody sees all of the case and finds nothing."""
    if tells_hidden(draft, saved.case):
        return before or Doubt(draft.version, timezone.localdate(saved.at))
    return None if saved.is_whole else before


def _doubted(newest: OpenDraft, public: OpenDraft | None) -> Iterator[str]:
    doubt, public_doubt = newest.content.doubt, newest.content.public_doubt
    if doubt is not None:
        yield _alarm(doubt.since, _TELLS_HIDDEN, newest)
    if public is not None and public_doubt is not None and public_doubt.version == public.version:
        yield _alarm(public_doubt.since, _TELLS_HIDDEN, public)


def _ended_on(named: NamedPerson, saved: Saved) -> date:
    """Give the day on which a consent ended, as far as the case says it."""
    consent = named.consent
    if consent is None:
        return timezone.localdate(saved.at)
    said = str(consent.withdrawn_at)[:_DAY] if consent.withdrawn_at else ""
    days = [date.fromisoformat(said)] if len(said) == _DAY else []
    days += [consent.statuses[-1].as_of] if consent.statuses else []
    return min([*days, timezone.localdate(saved.at)])


def _alarm(day: date, code: str, draft: OpenDraft) -> str:
    return f"{day} {code} {_named(draft)}"


def _named(draft: OpenDraft) -> str:
    return f"{draft.row.id.hex}.{draft.version}"


def _standing(about: Collection[str]) -> set[str]:
    """Give those versions, as alarms name them, that are public, approved, or sent back and not written anew since."""
    wanted = Q(id__in={each.partition(".")[0] for each in about})
    rows = Appeal.objects.filter(wanted, case__shredded_at=None)
    awaited = {APPROVED, CHANGES_REQUESTED}
    found = {f"{row.id.hex}.{row.published}" for row in rows if row.is_public}
    return found | {f"{row.id.hex}.{row.version}" for row in rows if row.state in awaited}


WATCH = Watch(_look, _standing, shredded.stop)
