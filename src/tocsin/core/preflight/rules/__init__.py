"""The rules, one module and one TOML file of words a family. Importing this registers every function."""

from tocsin.core.preflight.rules import addressees, codes, dates, facts, law

__all__ = ["addressees", "codes", "dates", "facts", "law"]
