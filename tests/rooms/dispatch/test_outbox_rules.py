"""What the database itself refuses, whoever asks: the end of a delivery or mailing is not taken back."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import Error, migrations, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from people import NOW
from tocsin.core.errors import CannotOpen
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint, open_address, seal_address
from tocsin.dispatch.models import Delivery, Fixing, Mailing
from tocsin.vault.mailer_keys import Opener, Sealer, draw_mailer_key, public_half


def mailing(**fields: object) -> Mailing:
    usual: dict[str, object] = {
        "id": uuid4(),
        "slug": "xzv-003-1021-obs-091",
        "version": 1,
        "kind": "appeal",
        "state": "sending",
        "policy": "resend",
        "opened_by": uuid4(),
        "opened_at": NOW,
        "order": b"signed",
        "epoch": 4,
        "turn": 7,
    }
    return Mailing.objects.create(**{**usual, **fields})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("stopped", {"state": "sending"}),
        ("finished", {"state": "open"}),
        ("sending", {"epoch": 3}),
        ("paused", {"turn": 6}),
        ("sending", {"state": "gone"}),
        ("sending", {"policy": "guess"}),
    ],
)
def test_a_mailing_does_not_come_back(before: str, after: dict[str, object]) -> None:
    row = mailing(state=before)
    with pytest.raises(Error), transaction.atomic():
        Mailing.objects.filter(id=row.id).update(**after)


def test_a_mailing_does_not_end_before_all_its_readers_are_fixed() -> None:
    row = mailing()
    fixing = Fixing.objects.create(mailing=row, wanted="", as_of=NOW)
    with pytest.raises(Error), transaction.atomic():
        Mailing.objects.filter(id=row.id).update(state="finished")
    assert Mailing.objects.filter(id=row.id).update(state="paused") == 1
    fixing.delete()
    assert Mailing.objects.filter(id=row.id).update(state="finished") == 1


@pytest.mark.parametrize("after", ["waiting", "failed", "uncertain"])
def test_what_was_handed_over_stays_so(after: str) -> None:
    row = Delivery.objects.create(mailing=mailing(), subscriber=uuid4(), language="en", state="handed_over")
    with pytest.raises(Error), transaction.atomic():
        Delivery.objects.filter(id=row.id).update(state=after)
    # What a reader got may be forgotten, and that it went out still counts.
    assert Delivery.objects.filter(id=row.id).update(subscriber=None, leaving=None, bounce=None) == 1


@pytest.mark.parametrize(
    "twice",
    [
        lambda row: mailing(),
        lambda row: Delivery.objects.create(mailing=row, subscriber=uuid4(), language="en", state="sent"),
        lambda row: [Delivery.objects.create(mailing=row, subscriber=row.id, language=each) for each in ("en", "es")],
    ],
    ids=["a second mailing of a version", "an unknown state", "a second delivery to a reader"],
)
def test_there_is_no(twice: Callable[[Mailing], object]) -> None:
    row = mailing()
    with pytest.raises(Error), transaction.atomic():
        twice(row)


def test_an_address_opens_in_its_own_row_and_to_the_mailer_alone() -> None:
    (key, other), reader = (draw_mailer_key(), draw_mailer_key()), uuid4()
    sealed = seal_address(Address("Mira.Tosk", "reader.example"), reader, Sealer(public_half(key)))
    assert open_address(sealed, reader, Opener(key)) == Address("Mira.Tosk", "reader.example")
    assert b"Mira" not in sealed
    for row, opener in ((uuid4(), Opener(key)), (reader, Opener(other))):
        with pytest.raises(CannotOpen):
            open_address(sealed, row, opener)


def test_what_is_sealed_does_not_show_how_long_an_address_is() -> None:
    sealer = Sealer(public_half(draw_mailer_key()))
    sealed = [seal_address(Address(local, "reader.example"), uuid4(), sealer) for local in ("m", "mira.of.the.tosks")]
    assert len(sealed[0]) == len(sealed[1])


def test_a_fingerprint_is_of_the_mailbox_and_needs_the_key() -> None:
    one = fingerprint(Address("Mira", "reader.example"), bytes(32))
    assert fingerprint(Address("mira", "reader.example"), bytes(32)) == one
    assert fingerprint(Address("mira2", "reader.example"), bytes(32)) != one
    assert fingerprint(Address("Mira", "reader.example"), b"\1" * 32) != one


# A mailer of the version before is at work while the tables change. It lives with what is new and may be empty; why it
# lives with anything else stands here.
LIVES_WITH = {
    ("0002_kept", "RunPython"): "what the triggers refuse no mailer ever did",
    ("0005_mailers", "AlterField"): "it wrote a time into each row, and read none",
    ("0010_tombstones", "RemoveConstraint"): "no mailer opens mailings",
    ("0010_tombstones", "AddConstraint"): "the same",
    ("0010_tombstones", "RunPython"): "a trigger that was there before",
    ("0011_fixing", "RunPython"): "what it would end too soon it tries again, until a new one has fixed all readers",
    ("0012_quicker_claims", "SeparateDatabaseAndState"): "an index less; it finds what it claims by the state, slower",
}


def only_adds(change: object) -> bool:
    if isinstance(change, migrations.AddField):
        return change.field.null or change.field.db_default is not NOT_PROVIDED
    return isinstance(change, migrations.CreateModel | migrations.AddIndex | migrations.RemoveIndex)


def test_a_mailer_of_the_version_before_lives_with_each_change_of_the_tables() -> None:
    ours = {key: each for key, each in MigrationLoader(None).disk_migrations.items() if key[0] == "dispatch"}
    changes = {
        (name, type(one).__name__) for (_, name), each in ours.items() for one in each.operations if not only_adds(one)
    }
    assert changes == set(LIVES_WITH)
