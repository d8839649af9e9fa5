"""Who may open what: grants, revocation, shredding, and what a dump of everything does not open."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from holders import PLACE, give, person

from people import LATER, NOW, PASSPHRASE
from tocsin.core.errors import BadRequest, CannotOpen, Locked, NotAllowed, NotVouched, WrongSecret
from tocsin.vault import actions, queries, slots
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder, Slot
from tocsin.vault.sealing import DataKey


def test_a_passphrase_opens_the_keys_of_its_person_and_no_other_one_does() -> None:
    ring = person()
    assert queries.unlock(ring.holder, PASSPHRASE) == ring
    with pytest.raises(WrongSecret):
        queries.unlock(ring.holder, PASSPHRASE + "!")


def test_a_recovery_code_opens_the_keys_and_a_new_passphrase_takes_the_place_of_the_old_one() -> None:
    fresh = actions.enrol(uuid4(), PASSPHRASE, now=NOW)
    ring = queries.unlock_by_recovery(fresh.ring.holder, fresh.recovery_code.lower().replace("-", " "))
    assert ring == fresh.ring
    actions.change_passphrase(ring, "another long passphrase")
    assert queries.unlock(ring.holder, "another long passphrase") == ring
    with pytest.raises(WrongSecret):
        queries.unlock(ring.holder, PASSPHRASE)


def test_who_opened_a_case_and_who_was_granted_it_open_the_same_values(root: Keyring, case: UUID) -> None:
    sealed = queries.open_case(root, case, NOW)["facts"].seal(b"what happened", PLACE)
    colleague = person(root)
    give(root, case, colleague)
    keys = queries.open_case(colleague, case, NOW)
    assert keys["facts"].open(sealed, PLACE) == b"what happened"
    assert set(keys.compartments) == {"facts"}
    assert list(queries.reasons(keys, Grant.objects.filter(case=case, holder=colleague.holder)).values()) == [
        "needs it"
    ]


def test_a_case_of_others_and_a_case_that_is_not_there_are_refused_with_the_same_words(
    root: Keyring, case: UUID
) -> None:
    stranger = person(root)
    with pytest.raises(NotAllowed) as others:
        queries.open_case(stranger, case, NOW)
    with pytest.raises(NotAllowed) as missing:
        queries.open_case(stranger, uuid4(), NOW)
    assert str(others.value) == str(missing.value)


def test_a_grant_ends_on_its_day(root: Keyring, case: UUID) -> None:
    colleague = person(root)
    give(root, case, colleague)
    with pytest.raises(NotAllowed):
        queries.open_case(colleague, case, LATER)


def test_an_end_that_was_put_off_in_the_database_opens_nothing(root: Keyring, case: UUID) -> None:
    colleague = person(root)
    grant = give(root, case, colleague)
    Grant.objects.filter(id=grant.id).update(ends_at=LATER + timedelta(days=300))
    with pytest.raises(CannotOpen):
        queries.open_case(colleague, case, NOW)


@pytest.mark.parametrize(
    ("reason", "ends_at"),
    [("", LATER), ("needs it", NOW), ("needs it", NOW + timedelta(days=91))],
    ids=["no reason", "past", "too far"],
)
def test_access_needs_a_reason_and_an_end_within_90_days(
    root: Keyring, case: UUID, reason: str, ends_at: datetime
) -> None:
    colleague = person(root)
    with pytest.raises(BadRequest):
        actions.grant(root, case, "facts", colleague.holder, reason=reason, ends_at=ends_at, now=NOW)


def test_nobody_grants_what_they_do_not_hold(root: Keyring, case: UUID) -> None:
    colleague, other = person(root), person(root)
    give(root, case, colleague)
    with pytest.raises(NotAllowed):
        actions.grant(other, case, "facts", other.holder, reason="wants it", ends_at=LATER, now=NOW)


def test_keys_that_somebody_put_in_the_database_get_no_grant(root: Keyring, case: UUID) -> None:
    colleague, intruder = person(root), Keyring.new(uuid4()).public()
    Holder.objects.filter(id=colleague.holder).update(box_public=intruder.box, sign_public=intruder.sign)
    with pytest.raises(NotVouched):
        give(root, case, colleague)


def test_a_ring_of_people_who_vouch_for_one_another_leads_nowhere(root: Keyring, case: UUID) -> None:
    one, other = person(), person()
    actions.vouch(one, other.public())
    actions.vouch(other, one.public())
    with pytest.raises(NotVouched):
        give(root, case, one)


def test_a_data_key_that_somebody_else_made_is_not_taken(root: Keyring, case: UUID) -> None:
    """Whoever writes into the key store could hand out a key of their own, and read what is sealed with it later."""
    colleague, intruder = person(root), person()
    mine, theirs = give(root, case, colleague), uuid4()
    actions.found(intruder, theirs, ["facts"], reason="mine", ends_at=LATER, now=NOW)
    forged = Grant.objects.get(case=theirs)
    slots.overwrite(mine.slot, slots.read_one(forged.slot))
    with pytest.raises(NotVouched):
        queries.open_case(colleague, case, NOW)


def test_after_a_revocation_new_values_are_closed_to_who_kept_her_key(root: Keyring, case: UUID) -> None:
    colleague, remaining = person(root), person(root)
    grant = give(root, case, colleague)
    give(root, case, remaining)
    old = queries.open_case(colleague, case, NOW)["facts"]
    before = old.seal(b"before", PLACE)
    actions.revoke(root, grant.id, now=NOW)
    for ring in (root, remaining):
        keys = queries.open_case(ring, case, NOW)["facts"]
        assert keys.open(before, PLACE) == b"before"
        after = keys.seal(b"after", PLACE)
        assert queries.open_case(root, case, NOW)["facts"].open(after, PLACE) == b"after"
        # She kept the secret, and tries it as every version there is.
        for version in (1, 2, 3):
            with pytest.raises(CannotOpen):
                DataKey(case, "facts", version, old.newest.secret).open(after, PLACE)
    with pytest.raises(NotAllowed):
        queries.open_case(colleague, case, NOW)
    assert slots.read_one(grant.slot) == b""


def test_a_revocation_leaves_the_other_compartments_alone(root: Keyring, case: UUID) -> None:
    colleague = person(root)
    facts, sources = give(root, case, colleague), give(root, case, colleague, "sources")
    actions.revoke(root, facts.id, now=NOW)
    assert set(queries.open_case(colleague, case, NOW).compartments) == {sources.compartment}


def test_three_revocations_keep_the_oldest_values_readable(root: Keyring, case: UUID) -> None:
    first = queries.open_case(root, case, NOW)["facts"].seal(b"first", PLACE)
    for _ in range(3):
        actions.revoke(root, give(root, case, person(root)).id, now=NOW)
    newcomer = person(root)
    give(root, case, newcomer)
    assert queries.open_case(newcomer, case, NOW)["facts"].open(first, PLACE) == b"first"
    assert queries.open_case(newcomer, case, NOW)["facts"].newest.version == 4


def test_the_last_who_holds_a_compartment_cannot_lose_it(root: Keyring, case: UUID) -> None:
    mine = Grant.objects.get(case=case, compartment="facts")
    with pytest.raises(BadRequest):
        actions.revoke(root, mine.id, now=NOW)
    assert queries.open_case(root, case, NOW)["facts"]


def test_a_shredded_case_is_closed_to_everybody_and_shredding_can_be_repeated(root: Keyring, case: UUID) -> None:
    colleague = person(root)
    give(root, case, colleague)
    actions.revoke(root, give(root, case, person(root)).id, now=NOW)
    for _ in range(2):
        actions.shred(case)
        for ring in (root, colleague):
            with pytest.raises(CannotOpen):
                queries.open_case(ring, case, NOW)


def test_a_dump_with_everybody_elses_keys_opens_no_case(root: Keyring, case: UUID) -> None:
    """The attacker has every row, the keys of the site, and the passphrases of all who hold no grant."""
    others = [person(root) for _ in range(3)]
    payloads = slots.read(Slot.objects.values_list("number", flat=True)).values()
    for ring in others:
        for grant in Grant.objects.filter(case=case):
            for payload in payloads:
                with pytest.raises(Locked):
                    queries.Opener(ring).open(payload, queries.terms_of(grant))
