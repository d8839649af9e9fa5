"""The key store: what is overwritten is nowhere in its files any more."""

import os

import pytest
from django.db import connections, transaction

from key_files import files
from people import NOW
from tocsin.core.errors import CannotOpen
from tocsin.vault import slots
from tocsin.vault.models import Slot, Vacancy

pytestmark = pytest.mark.usefixtures("committed")
CANARY = b"zz-canary-of-a-wrapped-key-zz"


def test_a_slot_gives_back_what_was_put_in() -> None:
    numbers = [slots.take(bytes([n]) * n, NOW) for n in range(5)]
    assert [slots.read_one(number) for number in numbers] == [bytes([n]) * n for n in range(5)]
    assert slots.read(numbers).keys() == set(numbers)


def test_no_slot_is_lent_twice() -> None:
    numbers = [slots.take(CANARY, NOW) for _ in range(40)]
    slots.destroy(numbers[:20])
    numbers += [slots.take(CANARY, NOW) for _ in range(40)]
    assert len(set(numbers)) == len(numbers)
    assert not Vacancy.objects.filter(number__in=numbers).exists()


@pytest.mark.parametrize("how", ["destroy", "overwrite"])
def test_what_was_overwritten_is_in_no_file_of_the_key_store(how: str) -> None:
    number = slots.take(CANARY, NOW)
    if connections["keys"].vendor == "sqlite":
        assert any(CANARY in content for content in files().values()), "the control: it was there before"
    with transaction.atomic(using="keys"):
        slots.destroy([number]) if how == "destroy" else slots.overwrite(number, b"new")
    assert slots.read_one(number) == (b"" if how == "destroy" else b"new")
    assert [name for name, content in files().items() if CANARY in content] == []


def test_the_files_do_not_grow_when_a_slot_is_destroyed() -> None:
    numbers = [slots.take(CANARY, NOW) for _ in range(20)]
    sizes = {name: len(content) for name, content in files().items()}
    slots.destroy(numbers)
    assert {name: len(content) for name, content in files().items()} == sizes


def _overwrite_and_fail(number: int) -> None:
    slots.overwrite(number, b"new")
    _ = 1 / 0


def test_a_change_that_was_not_committed_leaves_the_slot_as_it_was() -> None:
    number = slots.take(CANARY, NOW)
    with pytest.raises(ZeroDivisionError), transaction.atomic(using="keys"):
        _overwrite_and_fail(number)
    assert slots.read_one(number) == CANARY


@pytest.mark.parametrize("sealed", [b"", bytes(255), os.urandom(300)])
def test_a_payload_longer_than_a_slot_is_a_mistake_of_ours(sealed: bytes) -> None:
    if len(sealed) > 254:
        with pytest.raises(ValueError, match="longer than a slot"):
            slots.take(sealed, NOW)
    else:
        assert len(bytes(Slot.objects.get(number=slots.take(sealed, NOW)).sealed)) == 256


def test_a_slot_that_the_key_store_does_not_know_is_said() -> None:
    with pytest.raises(CannotOpen, match="key store"):
        slots.read_one(10_000_000)
