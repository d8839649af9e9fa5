"""What an outcome of a message means for its delivery."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from tocsin.adapters.smtp import Failed, HandedOver, NotBegun, Outcome, Reply, Uncertain
from tocsin.dispatch.outbox import MOST_DOUBTS, Claim, End

MOST_TRIES: Final = 12
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=8)
Then = Literal["", "slow", "wait", "hold"]


class Ending(msgspec.Struct, frozen=True):
    """What is written down of a delivery, and what it means for others: one domain, the server, or the mailing."""

    end: End
    then: Then = ""


def ending_of(claim: Claim, outcome: Outcome, policy: str, clock: Callable[[], datetime]) -> Ending:
    """Say what becomes of a delivery.

    Args:
        claim: Which.
        outcome: What the client says.
        policy: What is done about what is uncertain: `resend` or `hold`.
        clock: Tells the time.
    """
    if isinstance(outcome, HandedOver):
        words = End(claim.id, "handed_over", reply=_said(outcome.reply), queue_id=outcome.queue_id or "")
        return Ending(words)
    if isinstance(outcome, NotBegun):
        return Ending(End(claim.id, "waiting"))
    if isinstance(outcome, Uncertain):
        if policy == "resend" and claim.doubts + 1 < MOST_DOUBTS:
            return Ending(End(claim.id, "waiting", "uncertain", not_before=clock() + _FIRST * claim.doubts))
        return Ending(End(claim.id, "uncertain", "uncertain"))
    return _failed(claim, outcome, clock())


def _failed(claim: Claim, outcome: Failed, now: datetime) -> Ending:
    said = _said(outcome.reply)
    if outcome.course in {"gone", "fail"}:
        return Ending(End(claim.id, "failed", "gone" if outcome.course == "gone" else "refused", said))
    if outcome.course in {"wait", "hold"}:  # of the server and not of this message: it counts for no try
        return Ending(End(claim.id, "waiting", "server", said), "wait" if outcome.course == "wait" else "hold")
    if claim.tries + 1 >= MOST_TRIES:
        return Ending(End(claim.id, "failed", "gave_up", said, tried=True))
    later = now + min(_FIRST * 2**claim.tries, _LONGEST)
    end = End(claim.id, "waiting", "again", said, not_before=later, tried=True)
    return Ending(end, "slow" if outcome.course == "slow" else "")


def _said(reply: Reply) -> str:
    enhanced = reply.enhanced
    return f"{reply.code} {reply.code // 100}.{enhanced}" if enhanced else str(reply.code)
