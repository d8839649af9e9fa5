"""What to do where a machine lacks what a test needs: said out loud, and not let through where CI is set."""

import os
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI, which has to have everything.

    Args:
        reason: What is missing, and what was not tried therefore.
    """
    (pytest.fail if os.environ.get("CI", "").lower() in {"1", "true"} else pytest.skip)(reason)
