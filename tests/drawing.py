"""How much of the many a test tries: a part at a desk, all in CI and for saboteurs, more where time is given."""

import os

from hypothesis import settings

# By profile. A run at a desk draws others each time, so that a third of them loses little.
_OF_THOSE_NAMED = {"tocsin": 1.0 if os.environ.get("CI") else 1 / 3, "thorough": 4.0}


def examples(named: int) -> int:
    """Give how many of so many examples are drawn in this run, ten at least."""
    return max(10, round(named * _OF_THOSE_NAMED.get(settings.get_current_profile_name(), 1.0)))


def all_are_tried() -> bool:
    """Say whether this run tries each of the many, or is one at a desk, which takes some of them by turns."""
    return examples(300) >= 300
