"""How fast messages go to one domain: as many a second as are allowed, and none for a while after it asked for less.

What is allowed is for all mailers together: each takes an equal share of it, by how many are at work. Each message that
has to wait gets a turn of its own, so that those of one domain do not come back all at once and crowd out the others.

A domain for which the mail server takes long would hold one connection after the other until none is left for others.
It is told from a mail server that is late for everybody by what comes back meanwhile: nothing of its own, and enough of
others. Then it holds no more than a part of the connections.
"""

import math
from dataclasses import dataclass

_FIRST_REST, _LONGEST_REST = 60.0, 3600.0
_MOST_DOMAINS = 50_000
# A mailer looks once a second for what is due: what became due since then goes out together.
_BEFORE = 1.0
# A late domain holds a fourth of the connections. Where as much of it came back as of others, once in a hundred million
# times so many of others come between two of its own.
_PART = 4
_OF_OTHERS = 64


@dataclass(slots=True)
class _Domain:
    """What is known of one domain.

    Attributes:
        next_at: When the next message may go.
        turn_at: When one more that waits may.
        rests_until: Up to when none may.
        rest: Seconds of its last rest.
        under_way: Messages that hold a connection.
        seen: How many messages had come back of all domains when one last came back of this one.
        prompt: How many of its own came back since too many of others came between.
        late: Whether it is held to its part of the connections.
    """

    next_at: float = 0.0
    turn_at: float = 0.0
    rests_until: float = 0.0
    rest: float = 0.0
    under_way: int = 0
    seen: int = 0
    prompt: int = 0
    late: bool = False


class Pace:
    """Of all domains; times are seconds of any steady clock."""

    def __init__(self, a_second: float = 0, connections: int = 1) -> None:
        """Begin.

        Args:
            a_second: How many messages a domain gets a second, of all mailers; 0 for as many as there are.
            connections: How many this mailer holds.
        """
        self._a_second = a_second
        self._part, self._back = max(connections // _PART, 1), 0
        self.share(1)
        self._domains: dict[str, _Domain] = {}

    def share(self, mailers: int) -> None:
        """Share what is allowed among so many mailers; what has been counted stays."""
        self._step = mailers / self._a_second if self._a_second else 0.0

    def wait(self, domain: str, now: float) -> float:
        """Give for how many seconds a message to a domain has to wait; at 0 it holds a connection until `back`."""
        one = self._domains.get(domain) or self._domain(domain, now)
        if one.rests_until > now or one.next_at > now + _BEFORE:
            one.turn_at = max(one.turn_at, one.next_at, one.rests_until) + self._step
            return _within_the_hour(one.turn_at - now)
        if one.under_way >= self._part and self._is_late(one):
            one.turn_at = max(one.turn_at, now) + max(self._step, 1 / self._part)
            return _within_the_hour(one.turn_at - now)
        if self._step:
            one.next_at = max(one.next_at, now) + self._step
        if not one.under_way:
            one.seen = self._back
        one.under_way += 1
        return 0.0

    def back(self, domain: str, *, taken: bool = False) -> None:
        """Note that a message to a domain holds no connection any more; once one was taken, rests are short again."""
        one = self._domains.get(domain)
        if one is None or not one.under_way:  # it was begun in another time, with other keys
            return
        one.under_way -= 1
        if taken:
            one.rest = 0.0
        self._back += 1
        one.prompt = one.prompt + 1 if self._back - one.seen <= _OF_OTHERS else 0
        one.seen = self._back
        # More than it holds at once: what comes back together says nothing of how long it took.
        one.late = one.late and one.prompt <= self._part

    def _is_late(self, one: _Domain) -> bool:
        one.late = one.late or self._back - one.seen > _OF_OTHERS
        return one.late

    def slow(self, domain: str, now: float) -> float:
        """Let a domain rest that asked for less, each time twice as long; gives the seconds."""
        one = self._domain(domain, now)
        if one.rests_until <= now:  # what was on its way already asks no second time
            one.rest = min(max(2 * one.rest, _FIRST_REST), _LONGEST_REST)
            one.rests_until = now + one.rest
        return one.rests_until - now

    def _domain(self, domain: str, now: float) -> _Domain:
        if domain not in self._domains and len(self._domains) >= _MOST_DOMAINS:
            self._domains = {name: one for name, one in self._domains.items() if _ends_at(one) > now}
        return self._domains.setdefault(domain, _Domain())


def _ends_at(one: _Domain) -> float:
    return math.inf if one.under_way else max(one.next_at, one.rests_until)


def _within_the_hour(wait: float) -> float:
    """Let nothing wait so long that it would not hear that there are fewer mailers; some ask again at any time."""
    half = _LONGEST_REST / 2
    return wait if wait <= _LONGEST_REST else half + wait % half
