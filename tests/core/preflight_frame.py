"""Appeals without faults but for the parts that an example of a rule puts into them."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.core import reader, treaties
from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import read_registry
from tocsin.core.preflight import Report, check

_FRAME = tomllib.loads(Path(__file__).with_name("preflight_frame.toml").read_text("utf-8"))
ON = dt.date(2021, 10, 15)
# What an example may say beside the parts of the text: what is known besides.
_INPUTS = {"registry", "on"}


def text(parts: Mapping[str, Any]) -> str:
    """Print the appeal with some of its parts replaced; an empty part is left out."""
    unknown = parts.keys() - _FRAME.keys() - _INPUTS
    assert not unknown, f"no part of the frame: {unknown}"
    chosen = _FRAME | {key: value for key, value in parts.items() if key not in _INPUTS}
    return "\n\n".join(part.strip() for part in chosen.values() if part) + "\n"


def document(parts: Mapping[str, Any]) -> AppealDocument:
    """Read the appeal."""
    readings = reader.read(text(parts))
    assert len(readings) == 1
    return readings[0].document


def checked(parts: Mapping[str, Any]) -> Report:
    """Check the appeal, with whatever else the example brings."""
    listed = parts.get("registry")
    return check(
        document(parts),
        on=parts.get("on", ON),
        registry=read_registry(listed) if listed is not None else None,
        treaties=treaties.bundled(),
    )
