"""What rules look up that is the same in every language, one TOML file a table."""

from functools import cache
from importlib import resources
from typing import Any

import tomli


@cache
def load(name: str) -> dict[str, Any]:
    """Load a table, for example `load("competences")`."""
    return tomli.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
