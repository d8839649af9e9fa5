"""Writing to the directory: each change is a new version, with who, when and why, and an entry of the journal."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from tocsin.accounts.actor import Actor, demand
from tocsin.authorities.models import INSTITUTION, POST, Authority, AuthorityVersion, Turnover
from tocsin.authorities.queries import get_directory, get_institution, get_post
from tocsin.authorities.tables import reasons
from tocsin.core.addressing import (
    OK,
    Check,
    ContactPoint,
    Directory,
    Institution,
    Occupancy,
    Post,
    Reading,
    Refusal,
    Row,
    build,
    from_csv,
    from_popolo,
    rows_of,
    unchecked,
)
from tocsin.core.errors import BadDirectory, BadRequest, ChangedMeanwhile
from tocsin.journal import actions as journal

_AT_ONCE = 500
_Content = Post | Institution
_MEANWHILE = {
    POST: "somebody else changed this post meanwhile; nothing was saved",
    INSTITUTION: "somebody else changed this institution meanwhile; nothing was saved",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file would do.

    Attributes:
        reading: What was read of it.
        added, changed: Kind and key of what is new, or becomes another.
        same: How many are as they were.
    """

    reading: Reading
    added: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    same: int

    @property
    def can_be_taken(self) -> bool:
        """Tell whether no row was refused."""
        return not self.reading.refusals

    @property
    def is_new(self) -> bool:
        """Tell whether there is something in it that is not in the directory."""
        return bool(self.added or self.changed)


def look_at_file(actor: Actor, written: str, *, now: datetime) -> Plan:
    """Tell what taking a file would do; nothing is changed.

    Raises:
        BadDirectory: if it is neither CSV nor Popolo of a directory.
    """
    demand(actor, "authority.import", now=now)
    return _plan(written, get_directory(), timezone.localdate(now))


def _plan(written: str, known: Directory, today: dt.date) -> Plan:
    text = written.removeprefix("\ufeff")
    read = from_popolo if text.lstrip().startswith(("{", "[")) else from_csv
    reading = read(text, known, today=today)
    return _compared(reading, known)


def _compared(reading: Reading, known: Directory) -> Plan:
    before, after = _contents(known), _contents(reading.directory)
    added = tuple(name for name in after if name not in before)
    changed = tuple(name for name in after if name in before and before[name] != after[name])
    return Plan(reading, added, changed, len(after) - len(added) - len(changed))


def _contents(directory: Directory) -> dict[tuple[str, str], _Content]:
    bodies: dict[tuple[str, str], _Content] = {(INSTITUTION, key): each for key, each in directory.institutions.items()}
    return {**bodies, **{(POST, key): each for key, each in directory.posts.items()}}


def take_file(actor: Actor, written: str, *, now: datetime) -> Plan:
    """Take a file into the directory, whole or not at all. Taking it again changes nothing.

    Raises:
        BadDirectory: if it cannot be read, or one of its rows cannot be taken; nothing was changed.
    """
    demand(actor, "authority.import", now=now)
    try:
        return _take(actor, written, now)
    except IntegrityError:
        # Somebody else has just put in the same: by now it is there, and there is less to do.
        return _take(actor, written, now)


def _take(actor: Actor, written: str, now: datetime) -> Plan:
    with transaction.atomic():
        # Those who take files and those who edit wait for one another at the rows of what is there.
        list(Authority.objects.select_for_update().order_by("id").values_list("id", flat=True))
        known = get_directory()
        plan = _plan(written, known, timezone.localdate(now))
        if plan.reading.refusals:
            first = plan.reading.refusals[0]
            raise BadDirectory(f"{first.why}; nothing of the file was taken", where=first.where)
        _write(actor, plan, _contents(plan.reading.directory), "imported", now)
        if plan.is_new:
            added, changed = len(plan.added), len(plan.changed)
            journal.record(actor.id, "authorities.directory.imported", now=now, added=added, changed=changed)
    return plan


def _write(
    actor: Actor, plan: Plan, contents: Mapping[tuple[str, str], _Content], why: str, now: datetime
) -> list[Authority]:
    """Add a version of what is new or changed, inside the transaction of the caller."""
    names = [*plan.added, *plan.changed]
    rows: dict[tuple[str, str], Authority] = {}
    for at in range(0, len(plan.changed), _AT_ONCE):
        keys = [key for _, key in plan.changed[at : at + _AT_ONCE]]
        rows |= {(row.kind, row.key): row for row in Authority.objects.filter(key__in=keys)}
    new = {name: Authority(kind=name[0], key=name[1]) for name in plan.added}
    rows = {name: row for name, row in rows.items() if name in set(plan.changed)} | new
    for name, row in rows.items():
        row.version += 1
        row.country = contents[name].country
    Authority.objects.bulk_create(new.values(), batch_size=_AT_ONCE)
    Authority.objects.bulk_update([rows[name] for name in plan.changed], ["version", "country"], batch_size=_AT_ONCE)
    versions = (
        AuthorityVersion(
            authority=rows[name],
            version=rows[name].version,
            content=msgspec.json.encode(contents[name]).decode(),
            saved_by=actor.id,
            saved_at=now,
            why=why,
        )
        for name in names
    )
    AuthorityVersion.objects.bulk_create(versions, batch_size=_AT_ONCE)
    return list(rows.values())


def put(
    actor: Actor,
    rows: Sequence[Row],
    *,
    why: str,
    now: datetime,
    of: str = "",
    kind: str = POST,
    seen: int | None = None,
) -> list[Authority]:
    """Put rows into the directory: an institution, a post, who holds it, how it is reached, that it was checked.

    Args:
        actor: Who does.
        rows: As a file of the directory has them.
        why: A code of `reasons.toml`.
        now: When.
        of: The key of what the person looked at.
        kind: Whether that is a post or an institution.
        seen: The version of it that she had before her.

    Raises:
        BadRequest: if one of them cannot be taken; nothing was changed.
        ChangedMeanwhile: if somebody else changed it since she looked.
    """
    demand(actor, "authority.edit", now=now)
    if why not in reasons():
        raise BadRequest("a line of the directory is changed for a reason of the list")
    return _put(actor, rows, why, now, of, kind, seen)


def note_answer(actor: Actor, key: str, address: str, on: dt.date, source: str, *, now: datetime) -> None:
    """Write down that an address of a post works, since an answer came from it that our mail server proved.

    Who enters the answer into its case edits nothing of the directory by it, and needs no verb of it: nothing here is
    hers to word. The version and the journal say that it was an answer, not that somebody checked.

    Raises:
        BadRequest: if the post has no such address; nothing was changed.
    """
    demand(actor, "reply.file", now=now)
    check = {"what": "check", "of": key, "code": "email", "address": address, "result": OK}
    _put(actor, [check | {"on": on.isoformat(), "source": source}], "answered", now, key, POST, None)


def _put(
    actor: Actor, rows: Sequence[Row], why: str, now: datetime, of: str, kind: str, seen: int | None
) -> list[Authority]:
    with transaction.atomic():
        row = Authority.objects.select_for_update().filter(kind=kind, key=of).first() if of else None
        if row is not None and seen is not None and row.version != seen:
            raise ChangedMeanwhile(_MEANWHILE[kind])
        known = get_directory()
        numbered = ((str(number), each) for number, each in enumerate(rows))
        reading = build(numbered, known, timezone.localdate(now), reopens=True)
        if reading.refusals:
            raise refused(reading.refusals[0])
        plan = _compared(reading, known)
        try:
            return _saved(actor, plan, reading.directory, why, now)
        except IntegrityError as error:
            raise ChangedMeanwhile("somebody else put the same in meanwhile; nothing was saved") from error


def _saved(actor: Actor, plan: Plan, directory: Directory, why: str, now: datetime) -> list[Authority]:
    """Write what is new or changed, and the entries of the journal, inside the transaction of the caller."""
    saved = _write(actor, plan, _contents(directory), why, now)
    for each in saved:
        journal.record(actor.id, f"authorities.{each.kind}.saved", each.id, now=now, version=each.version, why=why)
    return saved


def take_check_back(actor: Actor, key: str, part: str, *, now: datetime) -> None:
    """Take back what was said of a line today: it counts no more, and stays in the version that held it.

    Raises:
        BadRequest: if the line was not checked today. A check of an earlier day is followed by another one, not undone.
    """
    demand(actor, "authority.edit", now=now)
    with transaction.atomic():
        Authority.objects.select_for_update().filter(kind=POST, key=key).first()
        known, post = get_directory(), get_post(key)[0]
        without = unchecked(post, part, timezone.localdate(now))
        if without == post:
            raise BadRequest("this line was not checked today")
        directory = replace(known, posts={**known.posts, key: without})
        _saved(actor, _compared(Reading(directory, 1, ()), known), directory, "correction", now)


def refused(refusal: Refusal) -> BadRequest:
    """Say why a row was not taken, in the language of who reads it."""
    return BadRequest(gettext(refusal.words) % refusal.values)


def appoint(actor: Actor, key: str, new: Occupancy, *, seen: int, now: datetime) -> None:
    """Write down who holds a post from a day on, as checked today; who held it until then is kept, as former.

    Raises:
        BadRequest: if it cannot be so.
        ChangedMeanwhile: if somebody else changed the post since she looked.
    """
    today = timezone.localdate(now)
    post, _ = get_post(key)
    new = replace(new, checks=(Check(on=today, result=OK, source=new.source),))
    before = post.occupancy(new.begins or today)
    ended = (replace(before, ends=new.begins or today),) if before is not None and before.part != new.part else ()
    rows = rows_of(Directory({}, {key: replace(post, occupancies=(*ended, new))}))
    mine = [row for row in rows if row["what"] == "occupancy" or "person" in row]
    put(actor, mine, why="appointment", now=now, of=key, seen=seen)


def end_post(actor: Actor, key: str, ends: dt.date | None, *, seen: int, now: datetime) -> None:
    """Write down from which day on a post is no more; without a day, that it is there again.

    Who held it, its addresses and its history stay as they were; nobody is proposed to write to it from that day on.

    Raises:
        ChangedMeanwhile: if somebody else changed the post since she looked.
    """
    post, _ = get_post(key)
    rows = rows_of(Directory({}, {key: replace(post, until=ends)}))
    put(actor, [row for row in rows if row["what"] == "post"], why="closed", now=now, of=key, seen=seen)


def end_occupancy(actor: Actor, key: str, part: str, ends: dt.date | None, *, seen: int, now: datetime) -> None:
    """Write down on which day somebody ceased to hold a post, followed or not; without a day, that nobody ceased.

    Raises:
        BadRequest: if nobody of the post is meant, or the day is before the beginning.
        ChangedMeanwhile: if somebody else changed the post since she looked.
    """
    post, _ = get_post(key)
    ended = [replace(each, ends=ends) for each in post.occupancies if each.part == part]
    if not ended:
        raise BadRequest("this post has no such holder")
    rows = rows_of(Directory({}, {key: replace(post, occupancies=tuple(ended))}))
    mine = [row for row in rows if row["what"] == "occupancy"]
    put(actor, mine, why="appointment", now=now, of=key, seen=seen)


def end_institution(actor: Actor, key: str, ends: dt.date | None, *, seen: int, now: datetime) -> None:
    """Write down from which day on an institution is no more; without a day, that it is there again.

    Raises:
        BadRequest: if a post or a body of it would be left that is still there.
        ChangedMeanwhile: if somebody else changed it since she looked.
    """
    with transaction.atomic():
        # Those who hang something on it meanwhile wait here.
        list(Authority.objects.select_for_update().order_by("id").values_list("id", flat=True))
        institution, directory = get_institution(key)[0], get_directory()
        if ends is not None and any(not each.is_closed(ends) for each in directory.hanging_on(key)):
            raise BadRequest("posts or bodies of this institution are still there: close them first, or move them")
        rows = list(rows_of(Directory({key: replace(institution, until=ends)})))
        put(actor, rows, why="closed", now=now, of=key, kind=INSTITUTION, seen=seen)


def end_contact_point(actor: Actor, post: Post, point: ContactPoint, *, again: bool, now: datetime) -> None:
    """Write down that a way to reach a post is used no longer from today on, or is used again."""
    ended = replace(point, until=None if again else timezone.localdate(now))
    rows = rows_of(Directory({}, {post.key: replace(post, occupancies=(), contact_points=(ended,))}))
    mine = [row for row in rows if row["what"] == "contact_point"]
    put(actor, mine, why="address", now=now, of=post.key)


def change_government(actor: Actor, country: str, on: dt.date, *, now: datetime) -> Turnover:
    """Mark all of a country stale: what was checked before a day counts no more.

    Raises:
        BadRequest: if the day has not come, or the directory has nothing of the country.
    """
    demand(actor, "authority.import", now=now)
    if on > timezone.localdate(now):
        raise BadRequest("choose a day that has come")
    if not Authority.objects.filter(country=country, kind=POST).exists():
        raise BadRequest("the directory has no post of this country")
    with transaction.atomic():
        made = Turnover.objects.create(country=country, on=on, marked_by=actor.id, marked_at=now)
        journal.record(actor.id, "authorities.country.stale", made.id, now=now, country=country.lower())
    return made


def take_back(actor: Actor, turnover: UUID, *, now: datetime) -> None:
    """Take back that the government of a country changed: every check counts again as it did."""
    demand(actor, "authority.import", now=now)
    with transaction.atomic():
        found = Turnover.objects.select_for_update().filter(id=turnover, taken_back_at=None).first()
        if found is None:
            raise ChangedMeanwhile("somebody else took this back meanwhile")
        found.taken_back_by, found.taken_back_at = actor.id, now
        found.save(update_fields=["taken_back_by", "taken_back_at"])
        journal.record(actor.id, "authorities.country.restored", found.id, now=now, country=found.country.lower())
