"""Whatever is done in the inbox, in any order: what was taken lies somewhere, and nowhere twice."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from post_office import came, mail

from people import NOW
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.adapters.documents.mails import MailReader
from tocsin.core.errors import BadRequest, DamagedFile
from tocsin.core.publication import PublicAppeal
from tocsin.replies import actions, outcomes, queries, sorting
from tocsin.replies.actions import Said
from tocsin.replies.models import ASIDE, FILED, QUARANTINED, WAITING, RawMessage

DECIDED = (WAITING, FILED, ASIDE)
KINDS = ("", "reader_report", "abuse", "leaving", "other")
FEW = st.integers(0, 5)


class Inbox(RuleBasedStateMachine):
    """The inbox of one worker; `taken` are the mails that came, each of which is written down once."""

    def __init__(self, actor: Actor, code: str) -> None:
        super().__init__()
        self.actor, self.code, self.now, self.taken = actor, code, NOW, set[int]()

    @rule(numbers=st.lists(FEW, min_size=1, max_size=4))
    def receive(self, numbers: list[int]) -> None:
        """Take some of a few mails, every second of which quotes the code: again, if it came before."""
        for number in numbers:
            subject = f"Re: {self.code}" if number % 2 else "Your letter"
            assert came(mail(subject, f"I wrote: {number}"), now=self.now) == (number not in self.taken)
            self.taken.add(number)

    @rule()
    def sort(self) -> None:
        sorting.sort(self.actor, now=self.now)

    @rule()
    def fall_over(self) -> None:
        """Sort until what is left was tried often enough to be put away."""
        with patch.object(MailReader, "read", side_effect=DamagedFile("it falls")):
            for _ in range(sorting.MOST_TRIES):
                sorting.sort(self.actor, now=self.now)

    @rule(which=FEW, kind=st.sampled_from(KINDS))
    def file(self, which: int, kind: str) -> None:
        for row in self.some(which, *DECIDED):
            with allowed():
                actions.file_reply(self.actor, row.id, self.code, Said(kind), seen=row.version, now=self.now)

    @rule(which=FEW, kind=st.sampled_from(KINDS))
    def set_aside(self, which: int, kind: str) -> None:
        """Set one aside: what was counted of it is undone."""
        for row in self.some(which, *DECIDED):
            with allowed():
                actions.set_aside(self.actor, row.id, Said(kind), seen=row.version, now=self.now)

    @rule(which=FEW)
    def try_again(self, which: int) -> None:
        for row in self.some(which, QUARANTINED):
            actions.try_again(self.actor, row.id, now=self.now)

    @rule()
    def drop(self) -> None:
        """Let the reports that were counted grow old."""
        self.now += outcomes.KEPT + timedelta(days=1)
        outcomes.drop_counted(self.now)

    @rule()
    def drop_what_nobody_counted(self) -> None:
        self.now += outcomes.UNCOUNTED + timedelta(days=1)
        outcomes.drop_uncounted(self.now)

    def some(self, which: int, *states: str) -> list[RawMessage]:
        """Give one of the mails in some states, if there is any."""
        rows = list(RawMessage.objects.filter(state__in=states).order_by("id"))
        return [rows[which % len(rows)]] if rows else []

    @invariant()
    def none_is_missing(self) -> None:
        stock = queries.take_stock()
        assert (stock.missing, stock.taken) == (0, len(self.taken))
        assert sum(stock.states.values()) == len(self.taken)


@contextmanager
def allowed() -> Iterator[None]:
    """Try what the desk may refuse, as a page does: nothing of it stays then."""
    with suppress(BadRequest), transaction.atomic():
        yield


@pytest.mark.database("sqlite")
def test_whatever_is_done_in_the_inbox_no_mail_is_missing(lead: NewAccount, published: PublicAppeal) -> None:
    class Fresh(Inbox):
        def __init__(self) -> None:
            super().__init__(lead.actor, published.code)
            self.before = transaction.atomic()
            self.before.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.before.__exit__(None, None, None)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=8, stateful_step_count=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
        ),
    )
