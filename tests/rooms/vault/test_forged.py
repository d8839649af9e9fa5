"""What somebody makes who holds keys, or can write into the tables, and may not: it opens nothing, and says nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from holders import PLACE, give, person
from nacl import bindings as sodium
from pytest_django import Settings

from people import LATER, NOW, PASSPHRASE
from tocsin.core.errors import BadRequest, CannotOpen, ChangedMeanwhile, ClockDoubted, NoGrant, NotAllowed
from tocsin.vault import actions, believing, boxes, queries
from tocsin.vault.boxes import Terms
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder
from tocsin.vault.sealing import CHUNK_BYTES, DataKey, new_key, open_file
from tocsin.vault.secrets import Cost

FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
KEY = DataKey(UUID(int=1), "facts", 1, bytes(range(32)))


def stream(*chunks: tuple[bytes, int]) -> list[bytes]:
    """Seal a file as a colleague could who has the key: with any chunks, and any of them called the last."""
    file_key = new_key()
    wrapped, state = KEY.seal(file_key, PLACE), sodium.crypto_secretstream_xchacha20poly1305_state()
    head = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, file_key)
    sealed = [sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, None, tag) for chunk, tag in chunks]
    return [len(wrapped).to_bytes(2, "big") + wrapped, head, *sealed]


@pytest.mark.parametrize(
    ("chunks", "says"),
    [
        ([(bytes(CHUNK_BYTES), FINAL), (b"more", FINAL)], "added"),
        ([(bytes(CHUNK_BYTES), MESSAGE), (b"no end", MESSAGE)], "cut short"),
        ([], "cut short"),
    ],
)
def test_a_file_has_one_end_and_nothing_behind_it_even_where_its_key_sealed_it(
    chunks: list[tuple[bytes, int]], says: str
) -> None:
    assert b"".join(open_file(KEY, stream((b"whole", FINAL)), PLACE)) == b"whole"
    with pytest.raises(CannotOpen, match=says):
        list(open_file(KEY, stream(*chunks), PLACE))
    with pytest.raises(CannotOpen, match="cut short"):
        list(open_file(KEY, [stream((b"whole", FINAL))[0][:9]], PLACE))


def test_a_box_is_for_one_person_by_one_giver_on_the_terms_that_stand_inside(root: Keyring) -> None:
    ana, boris = person(root), person(root)
    key = DataKey(uuid4(), "facts", 1, new_key())
    terms = Terms(uuid4(), ana.holder, key.case, "facts", LATER)
    box = boxes.pack(key, terms, ana.public(), root)
    assert boxes.unpack(box, terms, ana, root.public()) == key
    with pytest.raises(ValueError, match="another person"):
        boxes.pack(key, terms, boris.public(), root)
    with pytest.raises(CannotOpen, match="somebody else"):
        boxes.unpack(box, terms, ana, boris.public())
    # A giver who signs terms and seals others: until when her colleague may open it is not for her to say twice.
    longer = replace(terms, ends_at=LATER + timedelta(days=900))
    sealed = ana.public().seal(key.version.to_bytes(4, "big") + key.secret + terms.digest())
    forged = box[:17] + root.signature(boxes._signed(longer, sealed)) + sealed
    with pytest.raises(CannotOpen, match="other terms"):
        boxes.unpack(forged, longer, ana, root.public())


def test_public_keys_that_somebody_put_in_a_persons_row_are_noticed_when_she_comes(root: Keyring) -> None:
    ana, other = person(root), person(root)
    seen = ana.public()
    Holder.objects.filter(id=ana.holder).update(box_public=other.public().box)
    with pytest.raises(CannotOpen, match="public keys of this person were changed"):
        queries.unlock(ana.holder, PASSPHRASE)
    with pytest.raises(ChangedMeanwhile):
        actions.vouch(root, seen)
    for missing in (queries.get_holder, queries.get_grant):
        with pytest.raises(NotAllowed):
            missing(uuid4())


def test_a_passphrase_is_stretched_as_the_site_says_now_and_opens_as_before(root: Keyring, settings: Settings) -> None:
    ana = person(root)
    settings.TOCSIN_COST = Cost(memory=128, rounds=2, lanes=1)
    assert queries.unlock(ana.holder, PASSPHRASE) == ana, "what was sealed by the cost of before"
    actions.change_passphrase(ana, "another long passphrase")
    row = Holder.objects.get(id=ana.holder)
    assert (row.memory, row.rounds, row.lanes) == (128, 2, 1)
    assert queries.unlock(ana.holder, "another long passphrase") == ana


def test_access_is_given_once_and_not_anew_while_nobody_can_tell_whether_it_is_over(
    root: Keyring, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = person(root)
    give(root, case, ana)
    with pytest.raises(BadRequest, match="access already"):
        give(root, case, ana)
    over = LATER + timedelta(days=1)
    actions.found(root, other := uuid4(), ["facts"], reason="opened it", ends_at=None, now=NOW)
    give(root, other, ana)
    monkeypatch.setattr(believing, "_doubters", [lambda _: True])
    again = {"reason": "needs it", "ends_at": over + timedelta(days=1), "now": over}
    with pytest.raises(ClockDoubted):
        actions.grant(root, other, "facts", ana.holder, **again)
    assert Grant.objects.filter(case=other, holder=ana.holder, ended_at=None).count() == 1, "its key was not destroyed"
    monkeypatch.setattr(believing, "_doubters", [lambda _: False])
    actions.grant(root, other, "facts", ana.holder, **again)
    assert Grant.objects.filter(case=other, holder=ana.holder, ended_at=None).count() == 1
    with pytest.raises(NoGrant):
        queries.open_case(ana, other, over)["sources"]
    with pytest.raises(NotAllowed):
        actions.revoke(root, uuid4(), now=over)
