"""What a header alone says of a mail, for whoever takes it in and reads nothing: one expression, made of the tables.

It asks for the same fields, subjects and senders as `reading` does behind it. Nothing is decided by it but the order in
which mail is opened.
"""

import functools
import re
from collections.abc import Iterable
from typing import Final

from tocsin.core.bounces.parts import readable
from tocsin.core.bounces.prose import machine_senders
from tocsin.core.bounces.reading import automatic_fields, automatic_subjects

_SUBJECT: Final = re.compile(rb"(?im)^subject[ \t]*:([^\r\n]{0,300}(?:\r?\n[ \t][^\r\n]{0,300})?)")
_BEGINS: Final = r"[ \t]*(?:\r?\n[ \t]+)?"
_ENDS: Final = r"[ \t]*(?:[;\r\n]|\Z)"
_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")


def looks_automatic(mail: bytes) -> bool:
    """Tell whether a mail looks like a machine's answer: by a field, by its sender, or by how its subject begins.

    Args:
        mail: Whatever the bytes are, the header or its beginning; what stands behind an empty line is not looked at.
    """
    head = _EMPTY_LINE.split(mail, 1)[0]
    if _announced().search(head):
        return True
    said = _SUBJECT.search(head)
    if said is None:
        return False
    subject = readable(" ".join(said[1].decode("utf-8", "replace").split())).casefold().strip()
    return subject.startswith(automatic_subjects())


@functools.cache
def _announced() -> re.Pattern[bytes]:
    lines = []
    for field in automatic_fields():
        value = f"{_BEGINS}(?:{_any_of(field.values)}){_ENDS}" if field.values else ""
        unless = f"(?!{_BEGINS}(?:{_any_of(field.unless)}){_ENDS})" if field.unless else ""
        lines.append(rf"{re.escape(field.name)}[ \t]*:{unless}{value}")
    locals_, names = machine_senders()
    lines += [
        rf"(?:from|sender|return-path)[ \t]*:(?:[^\r\n]{{0,200}}<|[ \t]*)(?:{_any_of(locals_)})@",
        rf"(?:from|sender)[ \t]*:[ \t]*\"?(?:{_any_of(names)})",
        r"return-path[ \t]*:[ \t]*<?[ \t]*>?[ \t]*(?:[\r\n]|\Z)",
        r"x-failed-recipients[ \t]*:",
    ]
    return re.compile(f"(?im)^(?:{'|'.join(lines)})".encode())


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))
