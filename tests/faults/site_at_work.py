"""A site with people and a case, for faults: what is done in it, and what must hold after any fault."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from people import LATER, NOW, PASSPHRASE
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration
from tocsin.accounts.actor import PASSKEY, Actor
from tocsin.adapters.lmtp import Conversation, Delivered
from tocsin.casework import actions
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import CaseFile
from tocsin.core.errors import Locked, NotAllowed
from tocsin.core.records import Case, from_yaml
from tocsin.journal import queries as journal
from tocsin.replies import actions as replies
from tocsin.replies import queries as inbox
from tocsin.replies import receiving, store
from tocsin.replies.models import RawMessage
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant
from two_databases import ALIASES, make_tables, point_at

CASE = from_yaml((Path(__file__).parent.parent / "rooms/casework/case.yaml").read_text("utf-8"))
NIL = UUID(int=0)
CHANGED = dataclasses.replace(CASE, events=(dataclasses.replace(CASE.events[0], manner="quickly"), *CASE.events[1:]))


@dataclass(frozen=True)
class World:
    """The people and the cases of the site; `mails` are those that came before, by id."""

    lead: Actor
    colleague: Actor
    leaver: Actor
    case: UUID
    doomed: UUID
    grant: UUID
    mails: frozenset[UUID] = frozenset()


def found(databases: dict[str, Any]) -> World:
    """Make the site."""
    point_at(databases)
    make_tables()
    first = accounts.create_first_account("vera", "Vera Lindqvist", PASSPHRASE, ["administrator"], now=NOW)
    settings.TOCSIN_ROOTS = (first.actor.ring.public().sign.hex(),)
    root = dataclasses.replace(first.actor, proof=PASSKEY)
    lead, colleague, leaver = (
        demonstration.settle(root, login, login.title(), PASSPHRASE, ["case_lead"], now=NOW).actor
        for login in ("tomas", "amina", "sami")
    )
    replies.open_inbox(lead, now=NOW)
    world = with_new_cases(World(lead, colleague, leaver, NIL, NIL, NIL))
    close()
    return world


def with_new_cases(world: World) -> World:
    """Give the same people other cases, one of which somebody has access to who will lose it."""
    case, doomed = (actions.open_new_case(world.lead, CASE, reason="a report", now=NOW).id for _ in range(2))
    grant = actions.give_access(world.lead, case, "facts", world.leaver.id, reason="helps", ends_at=LATER, now=NOW)
    mails = frozenset(RawMessage.objects.values_list("id", flat=True))
    return dataclasses.replace(world, case=case, doomed=doomed, grant=grant.id, mails=mails)


def close() -> None:
    """Close the databases of this process."""
    for alias in ALIASES:
        connections[alias].close()


# --- what is done ---


def save(world: World) -> None:
    """Save a change of a record."""
    opened = actions.read_case(world.lead, world.case, now=NOW)
    actions.save_case(world.lead, opened, CHANGED, now=NOW)


def give(world: World) -> None:
    """Give a colleague access."""
    actions.give_access(world.lead, world.case, "facts", world.colleague.id, reason="helps", ends_at=LATER, now=NOW)


def end(world: World) -> None:
    """End somebody's access: everybody else gets another key."""
    actions.end_access(world.lead, world.grant, reason=next(iter(reasons_to_end())), now=NOW)


def shred(world: World) -> None:
    """Destroy the keys of the other case."""
    actions.shred_case(world.lead, world.doomed, now=NOW)


def receive(world: World) -> None:
    """Take a mail in as the mail server hands it over.

    Raises:
        DatabaseError: if it hears anything but 250, and tries again.
    """
    said = b"LHLO mx.example\r\nMAIL FROM:<vesna@letters.example>\r\nRCPT TO:<appeals@observers.example>\r\nDATA\r\n"
    heard = Conversation("desk").hear(said + _mail(world) + b".\r\n")
    (mail,) = (each for each in heard if isinstance(each, Delivered))
    if receiving.take(mail, now=NOW) != "kept":
        raise DatabaseError("it was not kept")


def _mail(world: World) -> bytes:
    """Give a mail that is written in no other world."""
    return (
        f"From: Vesna Ilmar <vesna@letters.example>\r\nSubject: A letter\r\n\r\nI write of {world.case}.\r\n".encode()
    )


DEEDS: dict[str, Callable[[World], None]] = {
    "save": save,
    "give": give,
    "end": end,
    "shred": shred,
    "receive": receive,
}


# --- what must hold ---


def must_hold(world: World, acknowledged: set[str]) -> None:
    """Look at the site after a fault: whole, nothing half done, and nothing lost of what was said to be done.

    Raises:
        AssertionError: if not.
        django.db.DatabaseError, Locked: if it is worse.
    """
    for alias in ALIASES:
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                assert cursor.fetchall() == [("ok",)]
    assert journal.verify() > 0
    done = {kind for case in (world.case, world.doomed) for kind in kinds_of(case)}
    saved = _state(world)
    assert saved == CHANGED or "save" not in acknowledged
    assert saved in {CASE, CHANGED}
    assert (saved == CHANGED) == (CaseFile.objects.get(id=world.case).version == 2)
    _grants_hold(world, acknowledged)
    _ending_holds(world, acknowledged, done)
    _shredding_holds(world, acknowledged, done)
    _mail_holds(world, acknowledged)
    # Whoever goes on working finds nothing in the way.
    opened = actions.read_case(world.lead, world.case, now=NOW)
    more = dataclasses.replace(CASE, events=(dataclasses.replace(CASE.events[0], manner="again"), *CASE.events[1:]))
    actions.save_case(world.lead, opened, more, now=NOW)
    assert _state(world) == more
    assert journal.verify() > 0


def _state(world: World) -> Case:
    keys = vault.open_case(world.lead.ring, world.case, NOW)
    assert len(keys.compartments) == 3
    return actions.read_case(world.lead, world.case, now=NOW).case


def kinds_of(case: UUID) -> list[str]:
    """Give the kinds of what the journal says of a case."""
    return list(journal.list_entries(subject=case).values_list("kind", flat=True))


def _grants_hold(world: World, acknowledged: set[str]) -> None:
    given = Grant.objects.filter(case=world.case, holder=world.colleague.id).exists()
    assert given or "give" not in acknowledged
    # The one before was the leaver's.
    assert kinds_of(world.case).count("casework.grant.given") == 1 + given
    if given:
        assert set(vault.open_case(world.colleague.ring, world.case, NOW).compartments) == {"facts"}


def _ending_holds(world: World, acknowledged: set[str], done: set[str]) -> None:
    ended = Grant.objects.get(id=world.grant).ended_at is not None
    assert ended == ("casework.grant.ended" in done)
    assert ended or "end" not in acknowledged
    try:
        vault.open_case(world.leaver.ring, world.case, NOW)
    except (Locked, NotAllowed):
        # Keys go first: without hers the row opens nothing, and whoever repeats it completes it.
        assert "casework.ending.begun" in done
        if not ended:
            end(world)
    else:
        assert not ended


def _shredding_holds(world: World, acknowledged: set[str], done: set[str]) -> None:
    file = CaseFile.objects.get(id=world.doomed)
    assert (file.shredded_at is not None) == ("casework.case.shredded" in done)
    assert file.shredded_at is not None or "shred" not in acknowledged
    try:
        vault.open_case(world.lead.ring, world.doomed, NOW)
    except Locked:
        # Half of the keys is as good as none, and whoever repeats it completes it.
        assert "casework.shredding.begun" in done
        if file.shredded_at is None:
            shred(world)
    else:
        assert file.shredded_at is None
        shred(world)
    with pytest.raises((Locked, NotAllowed)):
        vault.open_case(world.lead.ring, world.doomed, NOW)


def _mail_holds(world: World, acknowledged: set[str]) -> None:
    kept = RawMessage.objects.exclude(id__in=world.mails)
    assert kept.exists() or "receive" not in acknowledged
    assert inbox.take_stock().missing == 0
    # A mail server that heard no 250 hands it over again.
    receive(world)
    (mail,) = kept
    assert inbox.take_stock().missing == 0
    assert b"Vesna" not in bytes(mail.sealed)
    assert store.content_of(world.lead, mail, NOW) == _mail(world)
