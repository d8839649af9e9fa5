"""Records out of plain values (dicts, lists, texts) and back: each key in a field, each field in its key.

What changes on the way, and nothing else: a key that is null or an empty list is the same as no key; one value stands
for a list of one, or for a part of one key, where a field allows it; lines are joined by commas.
"""

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from tocsin.core.errors import BadCase
from tocsin.core.records.shape import ID_FORMS, Joined, OneOrMany, Slot, Suffixed, slots, slots_by_key
from tocsin.core.records.values import LANGUAGE_PATTERN, Translation, Wording

_ID = re.compile("|".join(ID_FORMS.values()))
_SPEAKABLE = re.compile(r"[\w.-]{1,40}")
_LANGUAGE_SUFFIX = re.compile(rf"(?P<name>[a-z_]+?)_(?P<language>{LANGUAGE_PATTERN})")


def fold(plain: object, kind: Any, where: str = "") -> Any:
    """Make a record of a plain value.

    Args:
        plain: A dict of the keys of the record.
        kind: The dataclass.
        where: The record that it is a part of, and the key; for messages.

    Raises:
        BadCase: A key is unknown or missing, or a value is not of its type; the message names record and key.
    """
    if not isinstance(plain, dict):
        raise BadCase("not a record with keys and values", where=where or None)
    own = plain.get("id")
    here = own if isinstance(own, str) and _ID.fullmatch(own) else where
    if kind is Wording:
        return _wording(plain, here)
    values: dict[str, Any] = {}
    words: dict[str, list[Translation]] = {}
    known = slots_by_key(kind)
    for key, value in plain.items():
        # Most of a case is texts, which are taken as they stand.
        if isinstance(value, str) and value.isascii() and (slot := known.get(key)) is not None and slot.is_text:
            values[slot.name] = value
            continue
        slot, language = _slot_of(key, kind, here)
        if value is None or value == []:
            continue
        place = _place(here, key)
        if language is None:
            values[slot.name] = _value(value, slot, place)
        else:
            words.setdefault(slot.name, []).append(Translation(language, _text(value, place)))
    values |= {name: Wording(tuple(texts)) for name, texts in words.items()}
    for slot in _required(kind):
        if slot.name not in values:
            raise BadCase(f"`{slot.key}` is missing", where=here or None)
    return kind(**values)


@cache
def _required(kind: Any) -> tuple[Slot, ...]:
    return tuple(slot for slot in slots(kind) if slot.required)


def unfold(record: Any) -> dict[str, Any]:
    """Write a record as a dict of plain values, without what is absent."""
    if isinstance(record, Wording):
        return _unfolded_wording(record)
    kind: Any = type(record)
    plain: dict[str, Any] = {}
    for slot in slots(kind):
        value = getattr(record, slot.name)
        if value is None or value == ():
            continue
        if slot.marked(Suffixed):
            plain |= {f"{slot.key}_{each.language}": each.text for each in value.texts}
        else:
            plain[slot.key] = _unfolded(value, slot)
    return plain


def _unfolded(value: Any, slot: Slot) -> Any:
    if slot.marked(Joined):
        return ", ".join(value)
    items = [_plain(item, slot) for item in slot.items(value)]
    single = not slot.many or (slot.marked(OneOrMany) and len(items) == 1)
    return items[0] if single else items


def _plain(item: Any, slot: Slot) -> Any:
    if slot.nests:
        plain = unfold(item)
        return plain[slot.bare] if slot.bare and plain.keys() == {slot.bare} else plain
    return item.isoformat() if isinstance(item, dt.date) else item


def _unfolded_wording(words: Wording) -> dict[str, Any]:
    plain: dict[str, Any] = {each.language: each.text for each in words.texts}
    return {**plain, "src": ", ".join(words.src)} if words.src else plain


def _slot_of(key: object, kind: Any, where: str) -> tuple[Slot, str | None]:
    """Find the field of a key, and the language where the key ends in one."""
    known = slots_by_key(kind)
    if isinstance(key, str):
        if (slot := known.get(key)) is not None and not slot.marked(Suffixed):
            return slot, None
        match = _LANGUAGE_SUFFIX.fullmatch(key)
        if match and (slot := known.get(match["name"])) is not None and slot.marked(Suffixed):
            return slot, match["language"]
    raise _unknown(key, known, where)


def _unknown(key: object, known: Mapping[str, Slot], where: str) -> BadCase:
    if not isinstance(key, str) or not _SPEAKABLE.fullmatch(key):
        hint = "a text with a comma or a colon needs quotation marks"
        return BadCase("a key that is no plain word", where=where or None, hint=hint)
    names = [f"{slot.key}_en" if slot.marked(Suffixed) else slot.key for slot in known.values()]
    near = difflib.get_close_matches(key, names, n=1)
    return BadCase(f"unknown key `{key}`", where=where or None, hint=f"did you mean `{near[0]}`?" if near else None)


def _value(value: object, slot: Slot, where: str) -> Any:
    if slot.marked(Joined) and isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    if not slot.many:
        return _item(value, slot, where)
    if not isinstance(value, list):
        if not slot.marked(OneOrMany):
            raise BadCase("one value where a list is expected", where=where)
        value = [value]
    return tuple(_item(item, slot, f"{where}[{number}]") for number, item in enumerate(value))


def _item(value: object, slot: Slot, where: str) -> Any:
    if slot.nests:
        return fold(slot.dressed(value), slot.leaf, where)
    if slot.leaf is str:
        return _text(value, where)
    if get_origin(slot.leaf) is Literal:
        return _choice(value, slot, where)
    try:
        return msgspec.convert(value, slot.leaf, strict=False)
    except msgspec.ValidationError as error:
        raise BadCase(f"the value is not a {_TYPES[slot.leaf]}", where=where) from error


_TYPES = {int: "whole number", float: "number", bool: "true or false", dt.date: "date (2021-05-29)"}


def _choice(value: object, slot: Slot, where: str) -> str:
    choices = get_args(slot.leaf)
    if value not in choices:
        raise BadCase(f"the value is none of {', '.join(choices)}", where=where)
    return str(value)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise BadCase("the value is not a text", where=where, hint="put it in quotation marks")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadCase("half a character (a lone surrogate)", where=where, hint="type it anew instead of as an escape")
    return value


def _wording(plain: dict[object, object], where: str) -> Wording:
    texts = []
    src: tuple[str, ...] = ()
    (src_slot,) = (slot for slot in slots(Wording) if slot.key == "src")
    for key, value in plain.items():
        if key == "src":
            src = _value(value, src_slot, _place(where, "src")) if value is not None else ()
        elif isinstance(key, str) and _LANGUAGE_SUFFIX.fullmatch(f"words_{key}"):
            texts += [Translation(key, _text(value, _place(where, key)))] if value is not None else []
        else:
            raise _unknown(key, {"src": src_slot}, where)
    return Wording(tuple(texts), src)


def _place(where: str, key: object) -> str:
    return f"{where}.{key}" if where else str(key)
