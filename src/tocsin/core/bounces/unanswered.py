"""Whether a program may answer a mail, by its head alone: rather not (RFC 3834, section 2)."""

import functools
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from tocsin.core.bounces.parts import Fields, read_fields, readable
from tocsin.core.bounces.prose import machine_senders, names_machine
from tocsin.core.bounces.reading import MOST_HOPS, automatic_fields, automatic_subjects
from tocsin.core.bounces.statuses import load_table

_LONGEST_HEAD: Final = 65_536
# Behind so many fields more might stand that nobody looks at.
_MOST_FIELDS: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"'@]{1,253}")
_OF_WHOM: Final = ("from", "sender", "reply-to", "return-path")


class _Locals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    whole: list[str]
    begins: list[str]
    ends: list[str]
    holds: list[str]


class _Unanswered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: list[str]
    begins: list[str]
    kinds: list[str]
    locals: _Locals


def read_head(mail: bytes) -> Fields:
    """Give all fields of a mail, names in small letters; none where its head has no end, or too much stands in it.

    Args:
        mail: Whatever the bytes are; what stands behind the first empty line is not looked at.
    """
    head, empty_line, _ = mail[:_LONGEST_HEAD].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")
    fields = read_fields(head)
    return fields if empty_line and len(fields) <= _MOST_FIELDS else ()


def may_be_answered(fields: Fields, sender: str) -> bool:
    """Tell whether a program may answer a mail: one in whose head nothing speaks of a machine or of many.

    Args:
        fields: All of its head, as `read_head` gives it.
        sender: Its return path, to which the answer would go.
    """
    return bool(fields) and not (_is_a_machines(fields) or any(map(_is_for_machines, (sender, *_addresses(fields)))))


def _is_a_machines(fields: Fields) -> bool:
    """Tell whether any field says that a machine wrote this, or that it went to many; of doubled ones each counts."""
    table = _table()
    return (
        any(name in table.fields or name.startswith(tuple(table.begins)) for name, _ in fields)
        or any(each.tells(fields) for each in automatic_fields())
        or any(value.casefold().startswith(tuple(table.kinds)) for value in _all(fields, "content-type"))
        or any(readable(value).casefold().startswith(automatic_subjects()) for value in _all(fields, "subject"))
        or len(list(_all(fields, "received"))) > MOST_HOPS
    )


def _is_for_machines(address: str) -> bool:
    """Tell whether behind an address sits a program; of none nothing is known, and it is one."""
    local, table = address.rpartition("@")[0].partition("+")[0].casefold(), _table().locals
    return (
        local in {"", *table.whole, *machine_senders()[0]}
        or local.startswith(tuple(table.begins))
        or local.endswith(tuple(table.ends))
        or any(each in local for each in table.holds)
    )


def _addresses(fields: Fields) -> Iterator[str]:
    """Give all addresses of who may have sent it; an empty one for a field that names none, or names a machine."""
    for value in (readable(value) for name in _OF_WHOM for value in _all(fields, name)):
        yield from _ADDRESS.findall(value) or [""]
        if names_machine(value.casefold().strip()):
            yield ""


def _all(fields: Fields, wanted: str) -> Iterator[str]:
    return (value for name, value in fields if name == wanted)


@functools.cache
def _table() -> _Unanswered:
    return load_table("unanswered.toml", _Unanswered)
