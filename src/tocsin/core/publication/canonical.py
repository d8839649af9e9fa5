"""One value, one row of bytes: JSON in the canonical form of RFC 8785, for the values that a document can hold.

Signatures are over bytes. Two programs, or two versions of this one, may write the same document with other spaces,
another order of keys or other escapes; what is signed may not depend on that. RFC 8785 is used rather than a form of
our own, so that an appeal can be verified with the tools of others. Of its rules those for fractions are left out: no
document holds one, and a fraction is refused.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from tocsin.core.appeal import AppealDocument, to_plain
from tocsin.core.errors import BadPublication

# Whole numbers beyond are not the same in all readers of JSON.
_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """Write a value of dicts, lists, strings, whole numbers, booleans and `None` in its one form, as UTF-8.

    Raises:
        BadPublication: It holds a fraction, a number beyond 2^53, half a character, or something that JSON has not.
    """
    try:
        # Of a string it escapes exactly what RFC 8785 says, and as it says.
        return msgspec.json.encode(_ordered(value))
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadPublication("this cannot be written in one way only, and so it cannot be signed") from error


def canonical_bytes(document: AppealDocument) -> bytes:
    """Give the bytes of an edition: all of a document in canonical form."""
    return canonical(to_plain(document))


def _ordered(value: Any) -> Any:
    # Strings are most of a document: they are passed on where they stand, without a call each.
    if isinstance(value, dict):
        return {
            key: each if isinstance(each := value[key], str) else _ordered(each)
            for key in sorted(value, key=None if _is_ascii(value) else _by_code_units)
        }
    if isinstance(value, list | tuple):
        return [each if isinstance(each, str) else _ordered(each) for each in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return value
    raise BadPublication("this cannot be written in one way only, and so it cannot be signed")


def _is_ascii(keys: Iterable[Any]) -> bool:
    try:
        return "".join(keys).isascii()
    except TypeError as error:
        raise BadPublication("this has a key that is no text, and so it cannot be signed") from error


@lru_cache(1_000)
def _by_code_units(key: str) -> bytes:
    """Give by what keys are ordered, as RFC 8785 asks: code points beyond 2^16 would fall elsewhere."""
    return key.encode("utf-16-be", "surrogatepass")
