"""Which record of a case describes which file: the id of the one is in the id of the other."""

from uuid import UUID

_PREFIX = "ev:"
_DIGITS = 32


def record_id(file: UUID) -> str:
    """Give the id of the record that describes a file."""
    return _PREFIX + file.hex


def file_of(record: str) -> UUID | None:
    """Give the file that a record of evidence describes, or nothing if it describes none of ours."""
    digits = record.removeprefix(_PREFIX)
    is_ours = record.startswith(_PREFIX) and len(digits) == _DIGITS and set(digits) <= set("0123456789abcdef")
    return UUID(digits) if is_ours else None
