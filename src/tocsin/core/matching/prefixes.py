"""What mail programs put before a subject when they answer or forward, in some thirty languages (`prefixes.toml`)."""

import pkgutil
import re
from functools import cache

import tomli


@cache
def prefixes() -> tuple[str, ...]:
    """Give what stands before the colon, each once, as it is written in small letters."""
    tables = tomli.loads((pkgutil.get_data(__package__, "prefixes.toml") or b"").decode()).values()
    return tuple(dict.fromkeys(each for table in tables for words in table.values() for each in words))


def bare_subject(subject: str) -> str:
    """Give a subject without what was put before it, however often."""
    found = _before().match(subject)
    return subject[found.end() if found else 0 :].strip()


@cache
def _before() -> re.Pattern[str]:
    words = "|".join(map(re.escape, prefixes()))
    return re.compile(rf"\s*(?:(?:{words})\s?(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}})?\s?[:：]\s*)+", re.IGNORECASE)
