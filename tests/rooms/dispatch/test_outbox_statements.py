"""What the statements of the outbox do with many rows at once, and by which indexes they find them."""

from uuid import uuid4

import pytest
from mailroom import Mailroom

from tocsin.dispatch import outbox
from tocsin.dispatch.models import Delivery
from tocsin.dispatch.outbox import End, Mine

KEY = bytes(range(32))


@pytest.mark.parametrize("count", [1, 3, 16, 17, 31, 40])
def test_whatever_the_number_of_rows_each_is_changed_once_and_no_other(mailroom: Mailroom, count: int) -> None:
    mailroom.readers(count + 1)
    mine, row = Mine(uuid4()), mailroom.send()
    claims = outbox.claim(row, mine, count, KEY)
    assert outbox.write(mine, [], claims) == {each.id for each in claims}
    ends = [End(each.id, "waiting", "again", queue_id=f"Q{each.id}", tried=True) for each in claims]
    outbox.write(mine, ends, [])
    rows = Delivery.objects.order_by("id").values_list("id", "tries", "queue_id")
    assert list(rows) == [*((each.id, 1, f"Q{each.id}") for each in claims), (max(e.id for e in claims) + 1, 0, "")]
