"""The form of a case before version 1 (`urgent-appeal/0.1`): our keys, and a few codes that no list of ours has."""

from collections.abc import Mapping
from typing import Any

# For each path of keys, the code of ours for a code of the earlier form. Nothing else changes between the two.
_CODES: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("places", "type"): {"indoor_meeting_place": "meeting_place", "restaurant_cafe": "cafe"},
    ("groups", "identity_in_public"): {"never_named": "unnamed"},
    ("proceedings", "history", "step"): {"initiation_announced": "announced"},
    ("appeal", "extra_actions", "type"): {
        "write_to_mission_in_reader_country": "write_to_mission",
        "report_action_quoting_code": "report_action",
    },
}


# What became of an actor was one word before post and court had a field each.
_COURT = frozenset({"charged", "convicted"})


def in_two(plain: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Give a case whose involvements say what became of an actor in office, and what in court; the argument stays."""
    rows = plain.get("involvements")
    if not isinstance(rows, list) or not any(isinstance(each, dict) and "accountability" in each for each in rows):
        return plain
    return {**plain, "involvements": [_in_two(each) if isinstance(each, dict) else each for each in rows]}


def _in_two(row: dict[Any, Any]) -> dict[Any, Any]:
    said = row.get("accountability")
    known = {} if said is None else {"prosecution" if said in _COURT else "office": said}
    return {key: value for key, value in row.items() if key != "accountability"} | known


def modernised(plain: dict[Any, Any]) -> dict[Any, Any]:
    """Give a case of the earlier form with the codes of this version; the argument stays as it is."""
    return {key: _modernised(value, (key,)) for key, value in plain.items()}


def _modernised(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _modernised(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_modernised(inner, path) for inner in value]
    codes = _CODES.get(path, {})
    return codes.get(value, value) if isinstance(value, str) else value
