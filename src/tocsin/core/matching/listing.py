"""A file of what leads to appeals beside their codes, for whoever matches mail without a site."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import tomli

from tocsin.core.codes import Code, Scheme, parse
from tocsin.core.errors import BadCode, BadRegistry
from tocsin.core.matching.known import Known
from tocsin.core.names import NameIndex

_TABLES: Final = ("tokens", "threads", "senders", "names")


def read_known(text: str, *, scheme: Scheme, name: str = "known") -> Known:
    """Read what is known, in TOML: the tables `tokens`, `threads`, `senders` and `names`, each with codes of appeals.

    ```toml
    [threads]
    "42.1@office.example" = "KAZ 002 / 0621 / OBS 065"

    [senders]
    "office@ministry.example" = ["KAZ 002 / 0621 / OBS 065", "XZV 001 / 0621 / OBS 064"]
    ```

    Args:
        text: The file. `tokens` stand behind the `+` of an address that was written to, `threads` are Message-IDs,
            `senders` addresses to which an appeal asks its readers to write, `names` those of defenders.
        scheme: Whose codes.
        name: The name of the file, for messages.

    Raises:
        BadRegistry: It is no TOML, has another table, or something in it is no code.
    """
    try:
        said: dict[str, Any] = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise BadRegistry("not TOML", where=name, hint=str(error)) from error
    for table, rows in said.items():
        if table not in _TABLES or not isinstance(rows, dict):
            raise BadRegistry(f"no such table: {table}", where=name, hint=", ".join(_TABLES))
    tokens, threads, senders, names = (_codes(said.get(table, {}), scheme, name) for table in _TABLES)
    index = NameIndex((code, each) for each, codes in names.items() for code in codes)
    return Known(
        token=_of(tokens),
        threads=lambda ids: {each: threads[each][0] for each in ids if each in threads},
        sender=_of({address.lower(): codes for address, codes in senders.items()}),
        names=lambda: index if len(index) else None,
    )


def _of(table: Mapping[str, tuple[Code, ...]]) -> Callable[[str], tuple[Code, ...]]:
    return lambda word: table.get(word, ())


def _codes(rows: Mapping[str, Any], scheme: Scheme, name: str) -> dict[str, tuple[Code, ...]]:
    found = {}
    for word, printed in rows.items():
        codes = printed if isinstance(printed, list) else [printed]
        try:
            found[word] = tuple(parse(str(each), scheme=scheme).code for each in codes)
        except BadCode as error:
            raise BadRegistry(error.what, where=f"{name}, {word}", hint=error.hint) from error
        if not codes:
            raise BadRegistry("no code", where=f"{name}, {word}")
    return found
