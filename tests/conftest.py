"""What all tests share: golden files and the profiles of the property tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

GOLDEN = Path(__file__).parent / "golden"
# Files whose tests take longest, beside those that are marked as long.
LONG = {"test_authorisation.py", "test_stories.py", "test_pages_of_appeals.py", "test_copy_of_the_site.py"}

# Deadlines measure the machine, not the code. Every run draws new examples, in CI too, where the library would repeat
# the same ones; a failure prints the blob that repeats it. CI draws more, and what lets a saboteur loose, or looks for
# long (`drawing.py`).
for name, examples in {"tocsin": 40 if os.environ.get("CI") else 15, "sabotage": 100, "thorough": 300}.items():
    settings.register_profile(name, max_examples=examples, deadline=None, print_blob=True, derandomize=False)
settings.load_profile("tocsin")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; read the diff")
    parser.addoption("--database", choices=("sqlite", "postgresql"), help="run the tests of the rooms on one kind only")
    parser.addoption("--part", help="run a part: 1/2 every second test, beginning with the first")


def pytest_xdist_auto_num_workers() -> int:
    """Let `-n auto` begin one worker more than there are cores: to begin and end a sandbox, or a server, is waiting."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, in whatever order it comes: begun last it keeps one worker waiting for the other."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None and LONG.isdisjoint(item.path.parts))
    if part := config.getoption("--part"):
        number, of = map(int, part.split("/"))
        config.hook.pytest_deselected(items=[item for at, item in enumerate(items) if at % of != number - 1])
        items[:] = items[number - 1 :: of]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str | Path, str], None]:
    """Compare a text with a golden file, named from `tests/golden/` or by a whole path; or write the file."""
    update: bool = request.config.getoption("--update-golden")

    def compare(name: str | Path, text: str) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert path.is_file(), f"{path.name} is missing: run `make golden` and read the diff"
        assert text == path.read_bytes().decode("utf-8"), f"{path.name} differs: run `make golden` and read the diff"

    return compare
