"""Which three letters are a country: ISO 3166-1 alpha-3, and what was printed in its place."""

import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import tomli


def _read() -> tuple[frozenset[str], Mapping[str, str]]:
    table = tomli.loads((pkgutil.get_data(__package__, "countries.toml") or b"").decode())
    return frozenset(f"{table['alpha_3']} {table['withdrawn']}".split()), MappingProxyType(table["aliases"])


_ALPHA_3, COUNTRY_ALIASES = _read()
"""`COUNTRY_ALIASES` maps letters that were printed for a country to its code: `ALG` to `DZA`."""

_USER_ASSIGNED: Final = ("XAA", "XZZ")


def is_country(letters: str) -> bool:
    """Say whether three capitals are an ISO 3166-1 alpha-3 code, the user-assigned range XAA to XZZ included."""
    return letters in _ALPHA_3 or (len(letters) == 3 and _USER_ASSIGNED[0] <= letters <= _USER_ASSIGNED[1])
