"""The invented cases of the project, and a way to change one before it is loaded."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from tocsin.core import records
from tocsin.core.records import Case

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "case.yaml"
FILES = (EXAMPLE, *sorted((ROOT / "tests" / "cases").glob("*.yaml")))

Plain = dict[str, Any]


def load(path: Path) -> Case:
    return records.from_yaml(path.read_text("utf-8"), where=path.name)


CASES = {path.stem: load(path) for path in FILES}
PLAIN: Plain = records.to_plain(CASES["case"])


def changed(change: Callable[[Plain], object]) -> Plain:
    """Give the example as plain values, changed."""
    plain = deepcopy(PLAIN)
    change(plain)
    return plain


def one(plain: Plain, record_id: str) -> Plain:
    """Find a record of plain values by its id."""
    found = [item for section in plain.values() if isinstance(section, list) for item in section]
    return next(item for item in [plain["appeal"], *found] if isinstance(item, dict) and item.get("id") == record_id)
