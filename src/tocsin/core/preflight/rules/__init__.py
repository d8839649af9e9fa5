"""The rules, a module and a TOML file of words a family. Importing this registers every function."""

from tocsin.core.preflight.rules import (
    addressees,
    chain,
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
    "chain",
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
