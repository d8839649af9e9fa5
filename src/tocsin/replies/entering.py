"""Entering a reply of an authority into its case: the mail as evidence, what it says as a claim, statuses of demands.

Whoever enters it, the directory learns that the address works and after how many days it answered, if our mail server
proved the sender.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from tocsin.accounts.actor import Actor, may
from tocsin.appeals.models import Appeal
from tocsin.authorities import actions as directory
from tocsin.authorities import queries as authorities
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import save
from tocsin.casework.evidence import actions as evidence
from tocsin.casework.evidence.actions import AboutFiles
from tocsin.casework.evidence.naming import record_id
from tocsin.core.editing import Added, Edit, Entered, new_id
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.records import Citation, Claim, DemandStatus, Source
from tocsin.journal import actions as journal
from tocsin.replies import store
from tocsin.replies.actions import hold
from tocsin.replies.models import ENTERED, FILED, RawMessage
from tocsin.replies.reading import Reading, sender_of

_NAME, _ISSUED = "mail.eml", "issued"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person enters of a reply.

    Attributes:
        addressee: The id of who replied, an addressee of the case.
        words: What they say.
        language: The language in which the person writes.
        status: What becomes of demands, a code of the list `demand_status`; empty for nothing.
        demands: The ids of those demands.
    """

    addressee: str
    words: str = field(repr=False)
    language: str
    status: str = ""
    demands: tuple[str, ...] = ()


def appeal_of(actor: Actor, row: RawMessage, *, now: datetime) -> Appeal | None:
    """Give the appeal into whose case a reply can be entered by this person; nothing where it cannot."""
    if not (row.filed_by and row.kind == "authority_reply" and row.state == FILED) or row.became:
        return None
    appeal = Appeal.objects.filter(code=row.code).first() if row.code else None
    return appeal if appeal and may(actor, "case.edit", appeal.case_id, now=now) else None


def enter(actor: Actor, mail_id: UUID, entry: Entry, *, seen: int, now: datetime) -> UUID:
    """Enter a reply into the case of its appeal; give the case.

    Raises:
        NotAllowed: if this person may not change the case, or not open the mail.
        BadRequest: if no words or nobody who said them is given, or a status may not follow.
        ChangedMeanwhile: if somebody else decided about the mail or changed the case meanwhile.
    """
    with hold(actor, mail_id, seen, now) as row:
        appeal = appeal_of(actor, row, now=now)
        if appeal is None:
            raise NotAllowed("there is no such reply, or you may not change its case")
        opened = casework.read_case(actor, appeal.case_id, now=now)
        _must_be_whole(opened, entry)
        keys = store.keys(actor, row.key_id, now)
        reading = store.reading_of(keys, row)
        sender = sender_of(reading) if reading else ""
        taking = evidence.begin(actor, appeal.case_id, now=now)
        taking.take(store.content_of(actor, row, now))
        arrived = taking.end()
        told = AboutFiles(entry.words, entry.language, came=sender)
        opened = evidence.receive(actor, appeal.case_id, [(_NAME, arrived)], told, now=now)
        rests = list(_rests(actor, entry, sender, record_id(arrived.id), row))
        statuses = list(_statuses(actor, opened, entry, row, _published_on(appeal, row)))
        save(actor, opened, [*rests, *statuses], now=now)
        row.became = ENTERED
        days = (_came_on(row) - _published_on(appeal, row)).days
        if reading and (post := proven_post(reading, row)):
            directory.note_answer(actor, post, sender.lower(), _came_on(row), f"{row.code} +{days} d", now=now)
        journal.record(actor.id, "replies.mail.entered", mail_id, now=now, case=appeal.case_id, days=days)
    return appeal.case_id


def _must_be_whole(opened: OpenCase, entry: Entry) -> None:
    if entry.addressee not in {each.id for each in opened.case.addressees}:
        raise BadRequest("say which addressee of the case replied")
    if not entry.words.strip():
        raise BadRequest("say what the reply says")
    if bool(entry.status) is not bool(entry.demands):
        raise BadRequest("a status is of demands: choose both, or neither")
    if set(entry.demands) - {each.id for each in opened.case.demands}:
        raise BadRequest("the case has no such demand")


def _word(row: RawMessage) -> str:
    return f"reply-{row.id.hex[:10]}"


def _rests(actor: Actor, entry: Entry, sender: str, file: str, row: RawMessage) -> Iterator[Edit]:
    """Give the source, and the claim that rests on it and on the mail."""
    word, came = _word(row), _came_on(row)
    source = Source(id=new_id("sources", word), rc="N", recorded_on=came, type="official_document", identity=sender)
    yield Added("sources", source)
    claim = Claim(
        id=new_id("claims", word),
        rc="R",
        recorded_on=came,
        about=(entry.addressee,),
        predicate=row.response or None,
        value=entry.words.strip(),
        sources=(source.id,),
        citations=(Citation(evidence=file),),
        status="recorded",
        analyst=str(actor.id),
    )
    yield Added("claims", claim)


def _statuses(actor: Actor, opened: OpenCase, entry: Entry, row: RawMessage, published: date) -> Iterator[Edit]:
    """Give the statuses of demands that rest on the claim; one that has none yet was issued with the appeal."""
    came, claim = _came_on(row), new_id("claims", _word(row))
    for demand in opened.case.demands:
        if demand.id in entry.demands:
            if all(each.beneficiary for each in demand.statuses):
                issued = DemandStatus(value=_ISSUED, as_of=published, by=str(actor.id))
                yield Entered("demands", demand.id, issued, came)
            status = DemandStatus(value=entry.status, as_of=came, by=str(actor.id), claim=claim)
            yield Entered("demands", demand.id, status, came)


def _came_on(row: RawMessage) -> date:
    return timezone.localdate(row.came_at)


def _published_on(appeal: Appeal, row: RawMessage) -> date:
    return timezone.localdate(appeal.released_at or row.came_at)


def proven_post(reading: Reading, row: RawMessage) -> str:
    """Give the key of the post from whose address our mail server proved a reply to come; empty if it proved none."""
    if reading.kind is None or reading.kind.proof != "proven":
        return ""
    return authorities.posts_by_address(_came_on(row)).get(sender_of(reading).lower(), "")
