"""How fast messages go to one domain: together, mailers keep to what is allowed, however many there are."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.utils import timezone
from faults_simulation import READERS, Story
from mailroom import Mailroom
from simulated import Odds

from tocsin.dispatch.models import Mailer
from tocsin.dispatch.pace import Pace
from tocsin.dispatch.survey import Equipment

A_SECOND = 0.5


@pytest.mark.parametrize("mailers", [1, 2, 7])
def test_shares_add_up_to_what_is_allowed(mailers: int) -> None:
    paces = [Pace(10) for _ in range(mailers)]
    for each in paces:
        each.share(mailers)
    moments = [step / 100 for step in range(6_000)]
    sent = sum(pace.wait("reader.example", at) == 0 for at in moments for pace in paces)
    assert 60 * 10 * 0.9 <= sent <= 61 * 10 + mailers, "what is due within a second goes out together"


def test_who_is_alone_again_sends_as_much_as_is_allowed() -> None:
    pace = Pace(0.5)
    pace.share(4)
    assert pace.wait("reader.example", 0.0) == 0
    assert pace.wait("reader.example", 6.0) == pytest.approx(10), "behind the one that is due"
    pace.share(1)
    assert pace.wait("reader.example", 8.0) == 0
    assert pace.wait("reader.example", 8.5) > 0
    assert pace.wait("other.example", 8.5) == 0


@pytest.mark.database("sqlite")
def test_each_that_waits_gets_a_turn_of_its_own() -> None:
    pace = Pace(1)
    waits = [pace.wait("reader.example", 0.0) for _ in range(7_300)]
    assert waits[:5] == [0, 0, 3, 4, 5]
    assert max(waits) <= 3600, "it hears within an hour if its share has become larger"
    assert max(Counter(int(wait) for wait in waits).values()) <= 4, "never so many together that others have no room"


def test_a_mailer_knows_how_many_are_at_work(mailroom: Mailroom) -> None:
    def load() -> Equipment:
        return replace(mailroom.equipment(25), a_second_a_domain=5)

    first, second = mailroom.survey(load), mailroom.survey(load)
    first.look(0)
    assert first.sharers == 1
    second.look(0)
    first.look(0)
    assert (first.sharers, second.sharers) == (2, 2)
    Mailer.objects.filter(id=second.mine.mailer).update(seen_at=timezone.now() - timedelta(minutes=1))
    first.look(0)
    assert first.sharers == 1, "one that died counts no more after a while"


@dataclass
class Paced(Story):
    """Some mailers in a world in which nothing goes wrong, and all readers at one domain, which takes little."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world.odds = Odds(0.0)

    def equipment(self) -> Equipment:
        return replace(super().equipment(), a_second_a_domain=A_SECOND)

    def _plan(self, loop: Any) -> None:
        return


@pytest.mark.database("sqlite")
def test_mailers_at_work_keep_the_pace_of_a_domain_together(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = mailroom.readers(READERS)
    several, shared = 0, list[int]()
    share = Pace.share

    def noted(pace: Pace, mailers: int) -> None:
        shared.append(mailers)
        share(pace, mailers)

    monkeypatch.setattr(Pace, "share", noted)
    for seed in range(4):
        story = Paced(mailroom, readers, seed, monkeypatch)
        shared.clear()
        story.tell()
        assert max(shared) == story.started, "each takes its share of what all of them may send"
        times = sorted(one.at for one in story.world.taken)
        assert len(times) == READERS
        # One for each at once; one more while the first to come thinks that it is alone; a second on the way.
        for (i, begins), (j, ends) in combinations(enumerate(times), 2):
            assert j - i + 1 <= A_SECOND * (ends - begins + 1) + story.started + 1
        several += story.started > 1
    assert several >= 2
