"""What is uncertain is shown with what may be known of it, and decided by a person: again, or counted as failed."""

import re
from collections import Counter
from collections.abc import Callable
from threading import Thread
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from mailroom import OPENER, SENDING, Mailroom

from desk import client_of
from people import NOW, Hire
from tocsin.core.messages import Address, tokens_for
from tocsin.dispatch import doubts, forgetting, outbox
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.models import Audience, Delivery, Doubt, Mailing, Subscriber
from tocsin.dispatch.outbox import Mine
from tocsin.journal.models import Entry
from tocsin.vault.mailer_keys import Opener

TOKEN_KEY = bytes(range(32))
MINE = Mine(UUID(int=7))
Decide = Callable[..., int]


@pytest.fixture
def uncertain(officer: Client, address: str) -> list[int]:
    """Let two of five messages be uncertain, and a mailer have noted what people may know of them."""
    officer.post(f"{address}/step", SENDING)
    chosen = list(Delivery.objects.order_by("id").values_list("id", flat=True)[:2])
    Delivery.objects.filter(id__in=chosen).update(state="uncertain", reason="uncertain", doubts=3, settled_at=NOW)
    Delivery.objects.exclude(id__in=chosen).update(state="handed_over", settled_at=NOW)
    doubts.note(OPENER, TOKEN_KEY)
    return chosen


@pytest.fixture
def decide(officer: Client, address: str) -> Decide:
    def decide(step: str, *deliveries: object) -> int:
        return officer.post(f"{address}/step", {"step": step, "delivery": [*deliveries]}).status_code

    return decide


def states() -> Counter[str]:
    found = Counter(Delivery.objects.values_list("state", flat=True))
    assert found.total() == sum(Audience.objects.values_list("readers", flat=True)), "every reader is in one state"
    return found


def test_domain_time_and_message_id_are_shown_and_no_address(
    officer: Client, address: str, uncertain: list[int]
) -> None:
    text = officer.get(address).content.decode()
    assert text.count("@reader.example") == 2
    assert "uncertain 3 times" in text
    assert "the Message-ID alone says that it had begun to" in text
    assert not re.search(r"reader\d", text)
    for row in Delivery.objects.filter(id__in=uncertain):
        assert row.subscriber is not None
        assert tokens_for(row.mailing_id.bytes + row.subscriber.bytes, TOKEN_KEY).message in text


def test_the_page_stands_still_while_something_is_to_be_decided(
    decide: Decide, officer: Client, address: str, uncertain: list[int]
) -> None:
    """It would lose the ticks; while something goes out, it is loaded anew all the same."""
    assert "Refresh" not in officer.get(address)
    decide("again", uncertain[0])
    assert officer.get(address)["Refresh"] == "10"


def test_all_that_are_uncertain_are_counted_and_not_only_those_that_are_listed(
    officer: Client, address: str, uncertain: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "AT_ONCE", 1)
    text = officer.get(address).content.decode()
    assert text.count('name="delivery"') == 1
    assert "There are more: they come when these are decided." in text
    assert '<span class="count">2</span>' in text


def test_of_a_reader_who_was_erased_nothing_is_known_any_more(
    officer: Client, address: str, uncertain: list[int]
) -> None:
    """Not even the Message-ID: by it, the log of a mail server names her."""
    row = Subscriber.objects.get(id=Delivery.objects.get(id=uncertain[0]).subscriber)
    forgetting.erase(open_address(bytes(row.address), row.id, OPENER), now=NOW)
    assert [each.delivery_id for each in Doubt.objects.all()] == uncertain[1:]
    doubts.note(OPENER, TOKEN_KEY)
    assert officer.get(address).content.decode().count("@reader.example") == 1


@pytest.mark.parametrize("act", ["decide", "erase"])
def test_what_is_decided_or_erased_while_a_mailer_notes_it_is_noted_nowhere(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Somebody acts in the middle of it; where nothing keeps her waiting she is done before it is written down."""
    mailroom.readers(1)
    mailroom.send()
    Delivery.objects.update(state="uncertain", reason="uncertain", settled_at=NOW)

    def meanwhile(address: Address) -> None:
        try:
            if act == "decide":
                doubts.count_as_failed(mailroom.id, [Delivery.objects.get().id])
            else:
                forgetting.erase(address, now=NOW)
        finally:
            connections.close_all()

    def opened(sealed: bytes, reader: UUID, opener: Opener) -> Address:
        address = open_address(sealed, reader, opener)
        others.append(Thread(target=meanwhile, args=[address]))
        others[0].start()
        others[0].join(0.3)
        return address

    others: list[Thread] = []
    monkeypatch.setattr(doubts, "open_address", opened)
    doubts.note(OPENER, TOKEN_KEY)
    others[0].join()
    assert Delivery.objects.filter(subscriber=None).exists() is (act == "erase")
    assert Delivery.objects.filter(state="failed").exists() is (act == "decide")
    assert not Doubt.objects.exists()


def test_sent_again_it_is_the_same_message_and_the_mailing_goes_on(
    decide: Decide, officer: Client, address: str, uncertain: list[int]
) -> None:
    outbox.close(Mailing.objects.get())
    known_as = Doubt.objects.get(delivery=uncertain[0]).message_id
    assert decide("again", uncertain[0]) == 302
    assert states() == {"handed_over": 3, "uncertain": 1, "waiting": 1}
    assert not Doubt.objects.filter(delivery=uncertain[0]).exists()
    mailing = Mailing.objects.get()
    assert mailing.state == "sending", "it has not ended before somebody has decided"
    (claim,) = outbox.claim(mailing, MINE, 10, TOKEN_KEY)
    assert known_as.startswith(f"{claim.tokens.message}@")
    assert decide("again", uncertain[0]) == 400, "it is not uncertain any more, and not sent a third time"


def test_what_the_server_took_counts_as_handed_over_by_the_word_of_an_officer(
    decide: Decide, officer: Client, address: str, uncertain: list[int]
) -> None:
    assert "you have decided about the uncertain messages" in officer.get(address).content.decode()
    assert decide("arrived", *uncertain) == 302
    assert states() == {"handed_over": 5}
    assert outbox.claim(Mailing.objects.get(), MINE, 10, TOKEN_KEY) == []
    assert set(Delivery.objects.filter(id__in=uncertain).values_list("reason", "queue_id")) == {("uncertain", "")}
    outbox.close(Mailing.objects.get())
    assert Mailing.objects.get().state == "finished"
    kinds = Entry.objects.filter(kind__startswith="appeals.doubts").values_list("kind", flat=True)
    assert list(kinds) == ["appeals.doubts.handed_over"]


def test_counted_as_failed_it_is_never_sent(decide: Decide, uncertain: list[int]) -> None:
    assert decide("failed", *uncertain) == 302
    assert states() == {"handed_over": 3, "failed": 2}
    assert outbox.claim(Mailing.objects.get(), MINE, 10, TOKEN_KEY) == []
    outbox.close(Mailing.objects.get())
    assert Mailing.objects.get().state == "finished"
    kinds = Entry.objects.filter(kind__startswith="appeals.doubts").values_list("kind", flat=True)
    assert list(kinds) == ["appeals.doubts.failed"]


@pytest.mark.parametrize("chosen", [(), ("x",), (10**18,), ("9" * 40,)], ids=str)
def test_what_is_not_uncertain_stays_as_it_is(decide: Decide, uncertain: list[int], chosen: tuple[object, ...]) -> None:
    sent = Delivery.objects.filter(state="handed_over").values_list("id", flat=True)[0]
    for step in ("again", "arrived", "failed"):
        assert decide(step, *chosen, sent) == 400
    assert states() == {"handed_over": 3, "uncertain": 2}


def test_of_a_mailing_that_was_stopped_nothing_is_sent_again(decide: Decide, uncertain: list[int]) -> None:
    Mailing.objects.update(state="stopped")
    assert decide("again", *uncertain) == 400
    assert decide("failed", *uncertain) == 302
    assert states() == {"handed_over": 3, "failed": 2}


def test_who_may_not_send_decides_nothing(address: str, uncertain: list[int], hire: Hire) -> None:
    lead = client_of(hire("tomas", "case_lead").actor)
    assert "@reader.example" in lead.get(address).content.decode()
    assert lead.post(f"{address}/step", {"step": "again", "delivery": uncertain}).status_code == 404
    assert states() == {"handed_over": 3, "uncertain": 2}
