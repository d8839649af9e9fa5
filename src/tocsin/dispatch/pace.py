"""How fast messages go to one domain: as many a second as are allowed, and none for a while after it asked for less.

What is allowed is for all mailers together: each takes an equal share of it, by how many are at work. Each message that
has to wait gets a turn of its own, so that those of one domain do not come back all at once and crowd out the others.
"""

from dataclasses import dataclass

_FIRST_REST, _LONGEST_REST = 60.0, 3600.0
_MOST_DOMAINS = 50_000
# A mailer looks once a second for what is due: what became due since then goes out together.
_BEFORE = 1.0


@dataclass(slots=True)
class _Domain:
    """Times at which the next message may go, at which one more that waits may, and up to which none may."""

    next_at: float = 0.0
    turn_at: float = 0.0
    rests_until: float = 0.0
    rest: float = 0.0


class Pace:
    """Of all domains; times are seconds of any steady clock."""

    def __init__(self, a_second: float = 0) -> None:
        """Begin.

        Args:
            a_second: How many messages a domain gets a second, of all mailers; 0 for as many as there are.
        """
        self._a_second = a_second
        self.share(1)
        self._domains: dict[str, _Domain] = {}

    def share(self, mailers: int) -> None:
        """Share what is allowed among so many mailers; what has been counted stays."""
        self._step = mailers / self._a_second if self._a_second else 0.0

    def wait(self, domain: str, now: float) -> float:
        """Give for how many seconds a message to a domain has to wait; at 0 it has been counted."""
        one = self._domains.get(domain)
        if one is None:
            if not self._step:
                return 0.0
            one = self._domain(domain, now)
        if one.rests_until > now or one.next_at > now + _BEFORE:
            one.turn_at = max(one.turn_at, one.next_at, one.rests_until) + self._step
            return _within_the_hour(one.turn_at - now)
        one.next_at = max(one.next_at, now) + self._step
        return 0.0

    def slow(self, domain: str, now: float) -> float:
        """Let a domain rest that asked for less, each time twice as long; gives the seconds."""
        one = self._domain(domain, now)
        if one.rests_until <= now:  # what was on its way already asks no second time
            one.rest = min(max(2 * one.rest, _FIRST_REST), _LONGEST_REST)
            one.rests_until = now + one.rest
        return one.rests_until - now

    def took(self, domain: str) -> None:
        """Note that a domain has taken a message: its next rest is a short one again."""
        if (one := self._domains.get(domain)) is not None:
            one.rest = 0.0

    def _domain(self, domain: str, now: float) -> _Domain:
        if domain not in self._domains and len(self._domains) >= _MOST_DOMAINS:
            self._domains = {name: one for name, one in self._domains.items() if _ends_at(one) > now}
        return self._domains.setdefault(domain, _Domain())


def _ends_at(one: _Domain) -> float:
    return max(one.next_at, one.rests_until)


def _within_the_hour(wait: float) -> float:
    """Let nothing wait so long that it would not hear that there are fewer mailers; some ask again at any time."""
    half = _LONGEST_REST / 2
    return wait if wait <= _LONGEST_REST else half + wait % half
