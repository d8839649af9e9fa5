"""The rules, a module and a TOML file of words a family. Importing this registers every function."""

from tocsin.core.preflight.rules import (
    addressees,
    claims,
    codes,
    consent,
    dates,
    demands,
    facts,
    languages,
    law,
    names,
    safety,
    traces,
)

__all__ = [
    "addressees",
    "claims",
    "codes",
    "consent",
    "dates",
    "demands",
    "facts",
    "languages",
    "law",
    "names",
    "safety",
    "traces",
]
