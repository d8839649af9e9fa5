"""After shredding and revoking, the bytes of the wrapped keys are nowhere: database, free pages, journals."""

import pytest
from django.db import connections
from keys_by_hand import Shared, left_of

from people import NOW
from tocsin.core.errors import CannotOpen
from tocsin.vault import actions, queries, slots
from tocsin.vault.models import Slot

pytestmark = pytest.mark.usefixtures("committed")


def test_a_shredded_case_leaves_no_byte_of_its_wrapped_keys_and_no_key_opens_it() -> None:
    shared = Shared.make()
    gone = shared.colleague()
    wrapped = shared.wrapped()
    actions.revoke(shared.root, shared.lend(gone).id, now=NOW)
    wrapped += shared.wrapped()
    sealed = shared.seal(shared.root, b"what happened")
    if connections["keys"].vendor == "sqlite":
        assert left_of(wrapped), "the control: they were there"
    actions.shred(shared.case)
    assert left_of(wrapped) == []
    everything = slots.read(Slot.objects.values_list("number", flat=True)).values()
    for ring in (shared.root, shared.stays, gone):
        for payload in filter(None, everything):
            assert payload not in wrapped
        with pytest.raises((CannotOpen, queries.NotAllowed)):
            shared.opens(ring, sealed)


def test_a_revocation_leaves_no_byte_of_the_boxes_that_it_replaced() -> None:
    shared = Shared.make()
    grant = shared.lend(shared.colleague())
    wrapped = shared.wrapped()
    actions.revoke(shared.root, grant.id, now=NOW)
    assert left_of(wrapped) == []
    assert shared.opens(shared.stays, shared.seal(shared.root, b"after")) == b"after"
