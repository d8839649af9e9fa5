"""How fast messages go to one domain: together, mailers keep to what is allowed, however many there are."""

import heapq
from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from faults_simulation import READERS, Story
from mailroom import Mailroom, reader
from simulated import Odds

from tocsin.dispatch.models import Delivery, Mailer, Subscriber
from tocsin.dispatch.outbox import LEASE
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


LINES, QUICK, LATE = 128, 0.05, 60.0
EVERY_TENTH = ["other.example"] * 9 + ["late.example"]


def sent_by(pace: Pace, domains: list[str], seconds: dict[str, float]) -> list[tuple[float, str]]:
    """Give when each message came back, of a queue sent over some connections, which a domain holds so long."""
    queue, now, back = deque(domains), 0.0, list[tuple[float, str]]()
    lines, later = list[tuple[float, str]](), list[tuple[float, str]]()
    while queue or lines or later:
        while later and later[0][0] <= now:
            queue.append(heapq.heappop(later)[1])
        while queue and len(lines) < LINES:
            domain = queue.popleft()
            if wait := pace.wait(domain, now):
                heapq.heappush(later, (now + wait, domain))
            else:
                heapq.heappush(lines, (now + seconds[domain], domain))
        now = min(each[0][0] for each in (lines, later) if each)
        while lines and lines[0][0] <= now:
            back.append(heapq.heappop(lines))
            pace.back(back[-1][1], taken=True)
    return back


@pytest.mark.database("sqlite")
def test_a_late_domain_holds_up_no_other() -> None:
    seconds = {"other.example": QUICK, "late.example": LATE}
    back = sent_by(Pace(connections=LINES), EVERY_TENTH * 300, seconds)
    assert Counter(domain for _, domain in back) == {"other.example": 2_700, "late.example": 300}, "nobody is left out"
    ends = {domain: at for at, domain in back}
    assert ends["other.example"] < 2 * 2_700 * QUICK / (LINES * 3 / 4)
    assert ends["late.example"] < 2 * 300 * LATE / (LINES / 4)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("seconds", [QUICK, LATE])
def test_a_server_that_is_as_late_for_everybody_uses_all_its_connections(seconds: float) -> None:
    pace = Pace(connections=LINES)
    back = sent_by(pace, EVERY_TENTH * 300, dict.fromkeys(EVERY_TENTH, seconds))
    assert back[-1][0] == pytest.approx(-(-3_000 // LINES) * seconds), "as soon as it can be"


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


@pytest.mark.long
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


LATE_DOMAIN, HELD_FOR = "late.example", 10.0


class Late(Story):
    """A mailer in a world in which nothing goes wrong, but that the server keeps what is for one domain for long."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world.odds, self.lines = Odds(0.0), 8
        self.world.late = {LATE_DOMAIN: HELD_FOR}

    def equipment(self) -> Equipment:
        whole = super().equipment()
        return replace(whole, server=replace(whole.server, patience=3 * HELD_FOR))

    def _mailers(self) -> int:
        return 1

    def _plan(self, loop: Any) -> None:
        return

    def check(self) -> None:
        super().check()
        assert len({one.message_id for one in self.world.taken}) == len(self.world.taken) == len(self.readers)
        late = [one.at for one in self.world.taken if one.to.endswith(LATE_DOMAIN)]
        others = [one.at for one in self.world.taken if not one.to.endswith(LATE_DOMAIN)]
        comes_back = late[0] + HELD_FOR
        assert sum(at < comes_back for at in late) <= self.lines // 4, "a late domain holds a fourth of the connections"
        assert sum(at > comes_back for at in others) <= self.lines, "it holds up no other but who stands behind it"


@pytest.mark.long
@pytest.mark.database("sqlite")
def test_in_a_simulated_world_a_late_domain_holds_a_fourth_of_the_connections(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few at first, until it is known how late it is; by their ids, since in that order they are sent to.
    late = [number % (40 if number < 100 else 4) == 3 for number in range(160)]
    readers = Subscriber.objects.bulk_create(
        reader(number, id=UUID(int=number + 1), domain=LATE_DOMAIN if is_late else "reader.example")
        for number, is_late in enumerate(late)
    )
    story = Late(mailroom, readers, 1, monkeypatch)
    story.tell()
    story.check()


class Slow(Late):
    """The same, but that the server takes longer over its answer than a lease lasts."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world.late = {LATE_DOMAIN: 2.5 * LEASE.total_seconds()}

    def equipment(self) -> Equipment:
        whole = super().equipment()
        return replace(whole, server=replace(whole.server, patience=5 * LEASE.total_seconds()))

    def check(self) -> None:
        Story.check(self)
        rows = Delivery.objects.filter(mailing=self.room.id)
        assert set(rows.values_list("state", "doubts")) == {("handed_over", 0)}, "nothing was ever in doubt"


@pytest.mark.long
@pytest.mark.database("sqlite")
def test_in_a_simulated_world_nobody_gets_twice_what_a_server_takes_long_over(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = Subscriber.objects.bulk_create(
        reader(number, id=UUID(int=number + 1), domain=LATE_DOMAIN if number < 3 else "reader.example")
        for number in range(12)
    )
    story = Slow(mailroom, readers, 1, monkeypatch)
    story.tell()
    story.check()
