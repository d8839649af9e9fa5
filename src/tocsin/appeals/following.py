"""What a follow-up goes on from: the chain of its case, and what is new in the case since the last appeal of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.appeals import store
from tocsin.appeals.before import list_before
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import OpenDraft
from tocsin.appeals.tables import PUBLISHED
from tocsin.casework.actions import OpenCase, read_case
from tocsin.casework.pages.standing import status_of_case
from tocsin.core.appeal import tells_nothing_new
from tocsin.core.compose import Composition, LastTold, News, compose, news_since
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case, EarlierAppeal


def compose_for(
    actor: Actor,
    opened: OpenCase,
    follows: Appeal | None,
    language: str,
    *,
    before: str = "",
    closes: bool = False,
    now: datetime,
) -> Composition:
    """Compose the case as an appeal of today, or as what is new since the one that it follows.

    Its code is given out later; what was published before is its chain, with what the archive holds of it. `before` is
    the code of an archived appeal where none was published here yet. One that `closes` the case asks for nothing more.
    """
    plan = replace(opened.case.appeal, issued_on=timezone.localdate(now), code=None)
    if follows is None and not before:
        return compose(opened.case.with_plan(plan), kind="urgent_appeal", language=language)
    chain = list(_chain(follows))
    standing = (each for each in chain if each.is_public and each.released_at)
    here = (EarlierAppeal(display=each.code, issued_on=timezone.localdate(each.released_at)) for each in standing)
    earlier = (*list_before(before or chain[0].code, now=now), *here)
    case = opened.case.with_plan(replace(plan, follows=earlier))
    last = _last_told(actor, opened, follows, now) if follows else None
    return compose(case, kind="closure" if closes else "new_information", language=language, last=last)


def may_close(case: Case) -> bool:
    """Tell whether a follow-up may say that the case is closed: it is, and its standing says how it ended."""
    standing = status_of_case(case)
    return standing is not None and standing.value == "closed" and standing.outcome is not None


def _chain(row: Appeal | None) -> Iterator[Appeal]:
    """Give the chain that ends with an appeal, the oldest first, what was taken back too."""
    if row is not None:
        yield from _chain(row.follows)
        yield row


def follow_ups(row: Appeal) -> Iterator[Appeal]:
    """Give the follow-ups of an appeal that are public, the oldest first: they recall what it told."""
    for each in Appeal.objects.filter(follows=row).order_by("opened_at"):
        if each.is_public:
            yield each
        yield from follow_ups(each)


def _last_told(actor: Actor, opened: OpenCase, last: Appeal, now: datetime) -> LastTold:
    """Give what the last appeal was made of: the case as it stood when its text was composed, not on its day."""
    return _told_in(actor, store.open_draft(store.keys_of(actor, opened.id, now), last, last.published), opened, now)


def _told_in(actor: Actor, draft: OpenDraft, opened: OpenCase, now: datetime) -> LastTold:
    content = draft.content
    is_same = content.case_version == opened.version
    before = opened if is_same else read_case(actor, opened.id, version=content.case_version, now=now)
    told = frozenset(record for each in content.source.composition.grounds for record in each.records)
    return LastTold(before.case, told, is_whole=set(before.state.closed) == set(opened.state.closed))


def last_published(opened: OpenCase) -> Appeal | None:
    """Give the appeal that the next one of a case follows; nothing if none was published here, or stands."""
    return Appeal.objects.filter(case=opened.id, state=PUBLISHED).order_by("-released_at").first()


def find_news(actor: Actor, opened: OpenCase, *, now: datetime) -> tuple[Appeal, News] | None:
    """Tell what is new in a case since the last appeal that was published of it; nothing if there is none."""
    last = last_published(opened)
    if last is None or last.released_at is None:
        return None
    told = _last_told(actor, opened, last, now)
    return last, news_since(opened.case, timezone.localdate(last.released_at), told, on=timezone.localdate(now))


def demand_still_true(actor: Actor, draft: OpenDraft, *, now: datetime) -> None:
    """Refuse a reminder once the case holds something new: it says that no change is known, or tells of none.

    Raises:
        BadRequest: if something new was written down since it was composed.
    """
    if draft.row.times or not tells_nothing_new(draft.content.source.composition.document):
        return
    opened = read_case(actor, draft.row.case_id, now=now)
    news = news_since(opened.case, timezone.localdate(draft.row.opened_at), _told_in(actor, draft, opened, now))
    if news.fresh:
        raise BadRequest("something new is in the case since this reminder was composed: give it up, and draft it anew")
