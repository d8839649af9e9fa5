"""When access runs out, its key is destroyed and the compartment gets a new one; the last key is never lost so."""

from datetime import timedelta
from uuid import UUID

import pytest
from holders import PLACE, give, person

from people import LATER, NOW
from tocsin.core.errors import CannotOpen, NotAllowed
from tocsin.vault import actions, queries, renewal, slots
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, KeyState
from tocsin.vault.sealing import DataKey

SOON = NOW + timedelta(days=1)


def lend(root: Keyring, case: UUID, to: Keyring) -> Grant:
    return actions.grant(root, case, "facts", to.holder, reason="for a day", ends_at=SOON, now=NOW)


def test_what_is_saved_after_a_grant_ran_out_is_closed_to_who_kept_her_key(root: Keyring, case: UUID) -> None:
    colleague, stays = person(root), person(root)
    grant = lend(root, case, colleague)
    give(root, case, stays)
    kept = queries.open_case(colleague, case, NOW)["facts"]
    before = kept.seal(b"before", PLACE)
    assert renewal.renew(root, case, now=NOW) == ()
    assert renewal.renew(stays, case, now=SOON) == ("facts",)
    assert renewal.renew(stays, case, now=SOON) == ()
    for ring in (root, stays):
        keys = queries.open_case(ring, case, SOON)["facts"]
        assert (keys.newest.version, keys.open(before, PLACE)) == (2, b"before")
        after = keys.seal(b"after", PLACE)
        for version in (1, 2, 3):
            with pytest.raises(CannotOpen):
                DataKey(case, "facts", version, kept.newest.secret).open(after, PLACE)
    assert slots.read_one(grant.slot) == b""
    with pytest.raises(NotAllowed):
        queries.open_case(colleague, case, SOON)


def test_who_does_not_hold_the_compartment_leaves_the_renewal_to_who_does(root: Keyring, case: UUID) -> None:
    lend(root, case, person(root))
    other = person(root)
    give(root, case, other, "sources")
    assert renewal.renew(other, case, now=SOON) == ()
    assert KeyState.objects.get(case=case, compartment="facts").renewal_due
    assert renewal.renew(root, case, now=SOON) == ("facts",)


def test_the_last_key_of_a_compartment_is_not_destroyed_by_an_oversight(root: Keyring, case: UUID) -> None:
    mine = Grant.objects.get(case=case, compartment="facts")
    after = LATER + timedelta(days=1)
    with pytest.raises(NotAllowed):
        queries.open_case(root, case, after)
    assert renewal.renew(root, case, now=after) == ()
    assert slots.read_one(mine.slot) != b"", "closed, but not lost"
