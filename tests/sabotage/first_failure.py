"""A pytest plugin for sabotaged trees: a property test stops at its first counter-example.

To shrink it to the smallest one takes minutes, and nobody reads it: that the test goes red is all that is asked.
"""

import pytest
from hypothesis import Phase, settings


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Take over after the profile of sabotage was loaded, and before any test is imported."""
    settings.register_profile(
        "first failure", settings.get_profile("sabotage"), phases=(Phase.explicit, Phase.generate), database=None
    )
    settings.load_profile("first failure")
