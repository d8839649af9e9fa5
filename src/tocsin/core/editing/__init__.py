"""Changing a case record by record: edits, times as people type them, and which status may follow which."""

from tocsin.core.editing.edits import (
    Added,
    Changed,
    Edit,
    Entered,
    Withdrawn,
    edited,
    key_of,
    named_by,
    new_id,
    record_at,
    section_slot,
)
from tocsin.core.editing.guards import lacking
from tocsin.core.editing.lifecycles import Life, entered, lives, status_type
from tocsin.core.editing.times import read_local, read_time, retimed, write_time

__all__ = [
    "Added",
    "Changed",
    "Edit",
    "Entered",
    "Life",
    "Withdrawn",
    "edited",
    "entered",
    "key_of",
    "lacking",
    "lives",
    "named_by",
    "new_id",
    "read_local",
    "read_time",
    "record_at",
    "retimed",
    "section_slot",
    "status_type",
    "write_time",
]
