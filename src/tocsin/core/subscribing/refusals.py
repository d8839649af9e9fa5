"""Why a row of a list is not taken: `refusals.toml`, read. A code is never renamed."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final


def _reasons() -> Mapping[str, str]:
    text = files("tocsin.core.subscribing").joinpath("refusals.toml").read_text("utf-8")
    reasons: dict[str, str] = tomllib.loads(text)
    return reasons


REASONS: Final = _reasons()
