"""Writing to the journal: one entry an action, inside the action's transaction, chained to the entry before it."""

import json
import re
import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db import connection, transaction

from tocsin.journal import anchors, clocks, subscriptions
from tocsin.journal.chain import GENESIS, Link, digest
from tocsin.journal.models import Entry, Head
from tocsin.vault import emergency

Fact = UUID | int | str
# Long enough for a code of a list, too narrow for a sentence or a name.
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


@cache
def kinds() -> dict[str, str]:
    """Give every kind of entry with its sentence."""
    table: dict[str, str] = tomllib.loads(files("tocsin.journal").joinpath("kinds.toml").read_text("utf-8"))["kinds"]
    return table


def record(actor: UUID | None, kind: str, subject: UUID | None = None, *, now: datetime, **facts: Fact) -> Entry:
    """Append an entry; if it cannot be written, the action around it does not happen.

    Args:
        actor: Who acted; nobody, where nobody is known yet.
        kind: One of `kinds.toml`.
        subject: The id of what it was done to.
        now: When, aware.
        facts: Ids, numbers and codes that say more.
    """
    if kind not in kinds():
        raise ValueError(f"no such kind of journal entry: {kind}")
    # Every action comes by here. On a frozen site only those who run the machine still do something: backups, lifting.
    if not kind.startswith(("site.", "journal.")):
        emergency.demand_thawed()
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs into the transaction of its action")
    text = _canonical(facts)
    # Entries wait for one another at this row, so that numbers have no gaps and no two follow the same entry.
    head = Head.objects.select_for_update().get(id=1)
    step = anchors.step_of(head, now=now)
    link = Link(head.number + 1, now.astimezone(UTC), actor, kind, subject, text)
    chained = digest(bytes(head.digest) if head.number else GENESIS, link)
    entry = Entry.objects.create(
        number=link.number,
        at=link.at,
        actor=actor,
        kind=kind,
        subject=subject,
        facts=text,
        digest=chained,
        mark=step.mark(chained),
    )
    head.number, head.digest = link.number, chained
    head.mark = step.mark(anchors.head_words(head.number, chained))
    clocks.note(head, now=now)
    head.save(update_fields=["number", "digest", "mark", *clocks.FIELDS])
    # The action has happened by then: what goes wrong there is caught up with by the next one, or by the worker.
    transaction.on_commit(lambda: anchors.anchor_if_due(now=now), robust=True)
    for name in subscriptions.names(kind):
        transaction.on_commit(lambda name=name: subscriptions.deliver(name, now=now), robust=True)  # type: ignore[misc]
    return entry


def announce(actor: UUID | None, kind: str, subject: UUID | None = None, *, now: datetime) -> None:
    """Commit an entry of what is about to be done to keys that are in use, before it is.

    The key store commits by itself. If everything stops behind that, the deed's own entry goes with the transaction of
    the main database; what stays is this one, and no key is changed or destroyed that the journal says nothing of.
    """
    with transaction.atomic():
        record(actor, kind, subject, now=now)


def resume(*, now: datetime) -> None:
    """Begin the journal's key anew after a backup was restored, and write down that it was.

    Raises:
        BadRequest: if the journal still has its key.
    """
    with transaction.atomic():
        begun = anchors.resume(now=now)
        record(None, "journal.resumed", now=now, step=begun.step, after=begun.number)


def _canonical(facts: dict[str, Fact]) -> str:
    for name, fact in facts.items():
        if isinstance(fact, str) and not _CODE.fullmatch(fact):
            raise ValueError(f"the fact {name} is no code: texts do not belong into the journal")
    plain = {name: str(fact) if isinstance(fact, UUID) else fact for name, fact in facts.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))
