"""Names of countries as printed in headers."""

import re

from tocsin.core.vocab.countries import country, find_country

_JOINT = re.compile(r" ?[/–—&] ?| - | and | et | y ")


def find_countries(printed: str, language: str | None) -> list[str]:
    """Give the alpha-3 codes where the words are nothing but names of countries (`Chad / Sudan`), else none."""
    if len(printed) > 120:
        return []
    whole = find_country(printed, language or "en")
    if whole:
        return [whole]
    parts = _JOINT.split(printed)
    if len(parts) == 1:
        return []
    codes = [find_country(part.strip(), language or "en") for part in parts]
    known = [code for code in codes if code]
    return known if len(known) == len(codes) else []


def alpha_2(code: str | None) -> str | None:
    """Give the alpha-2 code of a country, the region of its telephone numbers."""
    found = country(code) if code else None
    return found.alpha2 if found else None
