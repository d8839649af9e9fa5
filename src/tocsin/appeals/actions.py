"""Writing an appeal: drafted from the case, changed text by text, submitted, given up. A save voids signatures."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals import doubting, recalling, store
from tocsin.appeals.before import find_before
from tocsin.appeals.checking import Checked, check_draft, demand_hides
from tocsin.appeals.following import compose_for, demand_still_true, last_published, may_close
from tocsin.appeals.hatch import code_that_stays, day_shown
from tocsin.appeals.letter_languages import letter_languages_for
from tocsin.appeals.missions import missions_for
from tocsin.appeals.models import Appeal, Draft
from tocsin.appeals.salutations import salutations_for
from tocsin.appeals.store import AppealKey, Content, Edition, OpenDraft
from tocsin.appeals.tables import DRAFT, moved, reasons_to_abandon, verbs
from tocsin.casework.actions import OpenCase, read_case
from tocsin.core.compose import Composition
from tocsin.core.drafting import same_texts, with_new_paragraph, with_text
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case
from tocsin.journal import actions as journal
from tocsin.publishing import codes

# How far ahead a day of issue may lie: until then it is under embargo.
_FARTHEST = dt.timedelta(days=60)


def open_draft(
    actor: Actor, case_id: UUID, *, language: str = "", before: str = "", closes: bool = False, now: datetime
) -> UUID:
    """Draft an appeal from a case: the first one, or a follow-up of the last one that was published.

    Args:
        actor: Who drafts it.
        case_id: The case.
        language: Its first language; that of the plan of the case if none is named.
        before: The code of an appeal on this case that was published before there was this site, if there was one.
        closes: Whether it tells that the case is closed, and asks for nothing more.
        now: When.

    Raises:
        BadRequest: if another one is being written already, it would close what is not closed, or `before` is no code
            of an archived appeal to follow.
        BadCase: if the case cannot be composed.
        BadPhrasebook: if there are no formulae in the language.
    """
    demand(actor, "appeal.draft", case_id, now=now)
    with transaction.atomic():
        opened = read_case(actor, case_id, now=now)
        if Appeal.objects.filter(case=case_id, state__in=verbs()["write"].states).exists():
            raise BadRequest("another appeal of this case is being written")
        last = last_published(opened)
        if last is not None and before:
            raise BadRequest("an appeal of this case was published here: the next one follows that")
        follows = find_before(before, case_id, now=now) if before else ""
        if closes and not (may_close(opened.case) and (last or follows)):
            raise BadRequest("an appeal closes a case that is closed, and follows another one")
        language = language or opened.case.appeal.language
        composition = compose_for(actor, opened, last, language, before=follows, closes=closes, now=now)
        row = Appeal(id=uuid4(), case_id=case_id, follows=last, state=DRAFT, opened_at=now)
        row.save(force_insert=True)
        keys = store.keys_of(actor, case_id, now)
        store.begin(keys, row, Content((Edition(composition),), opened.version, follows=follows), by=actor.id, now=now)
        row.save(update_fields=["version"])
        journal.record(actor.id, "appeals.appeal.drafted", row.id, now=now, case=case_id)
    return row.id


def read_appeal(
    actor: Actor, key: AppealKey, *, version: int | None = None, now: datetime
) -> tuple[OpenDraft, OpenCase]:
    """Open an appeal and the case that it is made of; that the case was read is written down.

    Raises:
        NotAllowed: if there is no such appeal, or it is not hers.
        CannotOpen: if somebody changed the database.
    """
    opened = read_case(actor, key.case, now=now)
    return store.open_draft(store.keys_of(actor, key.case, now), store.get_row(key), version), opened


def list_appeals(case_id: UUID) -> list[Appeal]:
    """List the appeals of a case, the newest first."""
    return list(Appeal.objects.filter(case=case_id).select_related("follows").order_by("-opened_at"))


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes: in which edition, at which text, its words, and the records that new sentences rest on."""

    language: str
    path: str
    words: str = field(repr=False)
    records: tuple[str, ...] = ()


def write_text(actor: Actor, key: AppealKey, writing: Writing, *, seen: int, now: datetime) -> None:
    """Write one text of an edition anew; sentences that stood in it keep what they rest on.

    Raises:
        BadRequest: if there is no such text, or the appeal is published.
        ChangedMeanwhile: if somebody else saved meanwhile; nothing was saved.
    """
    _rewrite(actor, key, writing, with_text, seen, now)


def add_paragraph(actor: Actor, key: AppealKey, writing: Writing, *, seen: int, now: datetime) -> None:
    """Put a paragraph behind the text that is named."""
    _rewrite(actor, key, writing, with_new_paragraph, seen, now)


def set_day(
    actor: Actor, key: AppealKey, on: dt.date, hour: dt.time | None = None, *, seen: int, now: datetime
) -> None:
    """Set the day of issue of all editions: today, or a day until which the appeal is under embargo.

    Args:
        actor: Who sets it.
        key: The appeal.
        on: The day.
        hour: From when on that day it shows, in the time of the site: then it may be published before, and the public
            site keeps it until then. A correction has the hour of what it corrects, whatever is said here.
        seen: The version that she had before her.
        now: When.

    Raises:
        BadRequest: if the day is past or far ahead, or the hour is over.
    """
    today = timezone.localdate(now)
    if not today <= on <= today + _FARTHEST:
        raise BadRequest("the day of issue is today, or within 60 days")
    until = timezone.make_aware(dt.datetime.combine(on, hour)).astimezone(dt.UTC) if hour else None
    if until and until <= now:
        raise BadRequest("this hour is over: name a later one, or none")
    with store.hold(actor, "appeal.draft", key, seen=seen, now=now) as draft:
        content = draft.content
        until = content.not_before if draft.row.times else until
        editions = tuple(_issued(each, on) for each in content.editions)
        save(actor, draft, msgspec.structs.replace(content, editions=editions, not_before=until), now)


def _issued(edition: Edition, on: dt.date) -> Edition:
    document = replace(edition.composition.document, issued_on=on)
    return msgspec.structs.replace(edition, composition=replace(edition.composition, document=document))


def _rewrite(
    actor: Actor, key: AppealKey, writing: Writing, change: Callable[..., Composition], seen: int, now: datetime
) -> None:
    with store.hold(actor, "case.read", key, seen=seen, now=now) as draft:
        content = draft.content
        edition = content.edition(writing.language)
        demand(actor, "appeal.draft" if edition.is_source else "appeal.translate", key.case, now=now)
        changed = change(edition.composition, writing.path, writing.words, writing.records)
        if changed == edition.composition:
            return
        content = content.with_edition(msgspec.structs.replace(edition, composition=changed))
        if edition.is_source:
            content = msgspec.structs.replace(content, source_since=draft.version + 1)
        save(actor, draft, content, now)


def save(actor: Actor, draft: OpenDraft, content: Content, now: datetime) -> None:
    """Save a version, inside the transaction of who holds the appeal."""
    row = draft.row
    row.state = moved(row.state, "write")
    store.append(draft, content, by=actor.id, now=now)
    row.save(update_fields=["state", "version"])
    journal.record(actor.id, "appeals.text.saved", row.id, now=now, case=row.case_id, version=row.version)


def correct(actor: Actor, key: AppealKey, note: str, *, seen: int, now: datetime) -> None:
    """Begin a correction of a published appeal: it stays public as it is until the correction is released.

    Args:
        actor: Who begins it.
        key: The appeal.
        note: What readers are told that it changes.
        seen: The version that she had before her.
        now: When.

    Raises:
        BadRequest: if no note is given or it names who is hidden, it is not published, or somebody asks to take it
            back.
    """
    if not note.strip():
        raise BadRequest("a correction tells its readers what it changes")
    with store.hold(actor, "appeal.draft", key, seen=seen, now=now) as draft:
        row = draft.row
        row.state = moved(row.state, "correct")
        if recalling.is_asked(row):
            raise BadRequest("somebody asks to take it back: decide that first")
        demand_hides(read_case(actor, key.case, now=now).case, note)
        store.append(draft, msgspec.structs.replace(draft.content, note=note.strip()), by=actor.id, now=now)
        row.save(update_fields=["state", "version"])
        journal.record(actor.id, "appeals.correction.begun", row.id, now=now, case=key.case, version=row.version)


def submit(actor: Actor, key: AppealKey, *, seen: int, now: datetime) -> None:
    """Give a draft to those who review it, as a version of its own, so that every gate is asked anew.

    Raises:
        BadRequest: if an error stands that nobody waived.
    """
    with store.hold(actor, "appeal.draft", key, seen=seen, now=now) as draft:
        row, state = draft.row, moved(draft.row.state, "submit")
        _demand_translated(draft.content)
        demand_still_true(actor, draft, now=now)
        if any(each.report.blocked or each.names_hidden for each in checked_now(actor, draft, now=now)):
            raise BadRequest("errors stand in the text: mend them, or let somebody waive them")
        doubting.demand_seen_whole(actor, draft, now=now)
        content = _with_directory(draft.content, on=timezone.localdate(now))
        content = msgspec.structs.replace(content, doubt=None)
        store.append(draft, content, by=actor.id, now=now)
        row.state = state
        row.save(update_fields=["state", "version"])
        journal.record(actor.id, "appeals.appeal.submitted", row.id, now=now, case=key.case, version=row.version)


def _with_directory(content: Content, *, on: dt.date) -> Content:
    """Give what goes to review with what the directory knows on that day of those who are written to."""
    documents = [each.composition.document for each in content.editions]
    missions = missions_for(documents[0], on=on)
    languages = letter_languages_for(documents, missions, on=on)
    salutations = salutations_for(documents, missions, on=on)
    return msgspec.structs.replace(content, missions=missions, letter_languages=languages, salutations=salutations)


def _demand_translated(content: Content) -> None:
    """Refuse editions that nobody has finished, or that say an older source."""
    for edition in content.editions[1:]:
        if content.is_stale(edition):
            raise BadRequest("the source was changed since an edition was translated: look through it")
        if untranslated(content, edition):
            raise BadRequest("texts of an edition are not translated yet")


def untranslated(content: Content, edition: Edition) -> frozenset[str]:
    """Give the texts of an edition that still stand in the words of the source, by their paths."""
    same = same_texts(edition.composition.document, content.source.composition.document)
    return frozenset() if edition.is_source else frozenset(same)


def abandon(actor: Actor, key: AppealKey, *, reason: str, seen: int, now: datetime) -> None:
    """Give an appeal up before it is published, or a correction of it; a code that is not used is void from then on.

    Raises:
        BadRequest: without a reason of `states.toml`, which is journalled, or if the appeal is published.
    """
    if reason not in reasons_to_abandon():
        raise BadRequest("say why it is given up")
    with store.hold(actor, "appeal.draft", key, seen=seen, now=now) as draft:
        row = draft.row
        if row.times:
            row.state = moved(row.state, "leave_as_published")
            public = store.open_draft(draft.keys, row, row.published)
            store.append(draft, doubting.as_public(draft, public), by=actor.id, now=now)
        else:
            row.state = moved(row.state, "abandon")
            if row.code:
                codes.void_code(row.code)
        row.save(update_fields=["state", "version"])
        journal.record(actor.id, "appeals.appeal.abandoned", row.id, now=now, case=key.case, reason=reason)


def checked_now(actor: Actor, draft: OpenDraft, *, now: datetime) -> tuple[Checked, ...]:
    """Check a draft with the case as it is now, for the day on which it shows."""
    case: Case = read_case(actor, draft.row.case_id, now=now).case
    return check_draft(draft, case, code_that_stays(draft), on=day_shown(draft, now=now))


def list_versions(row: Appeal) -> list[Draft]:
    """List the versions of an appeal, the newest first: when each was saved, and by whom."""
    return list(Draft.objects.filter(appeal=row.id).defer("sealed").order_by("-version"))
