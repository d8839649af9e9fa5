"""Appeals without faults but for the parts that an example of a rule puts into them."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.core import reader, treaties
from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import read_registry
from tocsin.core.preflight import Report, Rule, check
from tocsin.core.records import Case, from_plain, from_yaml, to_plain

FRAME = tomllib.loads(Path(__file__).with_name("preflight_frame.toml").read_text("utf-8"))
_CASE = to_plain(from_yaml(Path(__file__).with_name("preflight_case.yaml").read_text("utf-8")))
ON = dt.date(2021, 10, 15)
# What an example may say beside the parts of the text: what is known besides.
_INPUTS = {"case", "grounds", "registry", "on", "beside", "before"}


def text(parts: Mapping[str, Any]) -> str:
    """Print the appeal with some of its parts replaced; an empty part is left out."""
    unknown = parts.keys() - FRAME.keys() - _INPUTS
    assert not unknown, f"no part of the frame: {unknown}"
    chosen = FRAME | {key: value for key, value in parts.items() if key not in _INPUTS}
    return "\n\n".join(part.strip() for part in chosen.values() if part) + "\n"


def document(parts: Mapping[str, Any]) -> AppealDocument:
    """Read the appeal."""
    return _read(text(parts))


@cache
def _read(printed: str) -> AppealDocument:
    readings = reader.read(printed)
    assert len(readings) == 1
    return readings[0].document


@dataclass(frozen=True)
class Ground:
    path: str
    start: int
    end: int
    records: tuple[str, ...]


def whole_paragraphs(read: AppealDocument) -> list[Ground]:
    """Say that every paragraph rests on a record."""
    return [
        Ground(f"sections[{i}].paragraphs[{j}]", 0, len(paragraph.text), ("e1",))
        for i, section in enumerate(read.sections)
        for j, paragraph in enumerate(section.paragraphs)
    ]


def case(sections: Mapping[str, Any]) -> Case:
    """Give the case of the frame with some of its sections replaced; of `appeal` only the keys that are given."""
    appeal = {**_CASE["appeal"], **sections.get("appeal", {})}
    return from_plain({**_CASE, **sections, "appeal": appeal})


def checked(parts: Mapping[str, Any], rule: Rule | None = None, language: str = "en") -> Report:
    """Check the appeal, with whatever else the example brings; a rule that needs the case has that of the frame."""
    if rule is not None and "case" in rule.needs:
        parts = {"case": {}, **parts}
    if rule is not None and "editions" in rule.needs:
        parts = {"beside": {}, **parts}
    listed, read = parts.get("registry"), document(parts)
    grounds = whole_paragraphs(read) if parts.get("grounds") == "all" else parts.get("grounds")
    return check(
        read,
        grounds=grounds,
        on=parts.get("on", ON),
        case=case(parts["case"]) if "case" in parts else None,
        registry=read_registry(listed) if listed is not None else None,
        treaties=treaties.bundled(),
        beside=[document(parts["beside"])] if "beside" in parts else None,
        before=document(parts["before"]) if "before" in parts else None,
        language=language,
    )
