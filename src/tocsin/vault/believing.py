"""Whether the clock may be believed, before a key is destroyed because its day has come.

The room above this one that remembers the time says so here: this room knows nothing of it. Where nobody has said
anything, the clock is not believed.
"""

from collections.abc import Callable
from datetime import datetime

_doubters: list[Callable[[datetime], bool]] = []


def doubt_by(is_doubted: Callable[[datetime], bool]) -> None:
    """Let a room say whether a time is in doubt; called once, when the rooms are made ready."""
    _doubters[:] = [is_doubted]


def is_believed(now: datetime) -> bool:
    """Tell whether what has its day may be destroyed by this time."""
    return bool(_doubters) and not any(is_doubted(now) for is_doubted in _doubters)
