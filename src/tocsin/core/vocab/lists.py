"""Where the lists lie, and the one way to open one."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from tocsin.core.errors import BadVocabulary
from tocsin.core.vocab.parse import parse
from tocsin.core.vocab.terms import Vocabulary

_FROZEN = "frozen_codes.txt"


def names() -> tuple[str, ...]:
    """Give the names of all lists."""
    return tuple(frozen_codes())


@cache
def load(name: str) -> Vocabulary:
    """Open a list, for example `load("violation_types")`; only that list is read, and only once.

    Raises:
        BadVocabulary: There is no such list, or it breaks a rule for lists.
    """
    frozen = frozen_codes().get(name)
    if frozen is None:
        raise BadVocabulary(f"there is no list '{name}'", hint=f"the lists are {', '.join(names())}")
    return parse(read_packaged(f"{name}.toml"), name=name, frozen=frozen)


@cache
def frozen_codes() -> Mapping[str, frozenset[str]]:
    """Give every code ever published, by list."""
    return parse_frozen(read_packaged(_FROZEN))


def parse_frozen(text: str) -> Mapping[str, frozenset[str]]:
    """Read the file of frozen codes.

    Raises:
        BadVocabulary: A line is not `list code`, or stands twice.
    """
    codes: dict[str, set[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        name, _, code = line.partition(" ")
        if not code or code in codes.setdefault(name, set()):
            raise BadVocabulary("the line is not 'list code', or stands twice", where=f"{_FROZEN}, line {number}")
        codes[name].add(code)
    return MappingProxyType({name: frozenset(members) for name, members in codes.items()})


def read_packaged(file: str) -> str:
    """Read a text file that lies beside this module.

    Raises:
        BadVocabulary: The file is not there, or is not UTF-8.
    """
    try:
        return (pkgutil.get_data(__package__, file) or b"").decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadVocabulary("the file of the list cannot be read", where=file) from error
