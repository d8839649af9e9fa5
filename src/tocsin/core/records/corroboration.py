"""How many sources of a fact are independent: who heard it from another one adds nothing to what that one says."""

from collections.abc import Iterable

from tocsin.core.records.case import Case
from tocsin.core.records.safety import Source


def independent(case: Case, sources: Iterable[str]) -> int:
    """Count those who know by themselves, or from somebody who is behind none of the others.

    Args:
        case: The case; who heard from whom leads to an end in it, for no source hears from itself.
        sources: The ids of the sources of a claim, or of several.
    """
    return len({_first(case, each) for each in sources})


def _first(case: Case, source: str) -> str:
    """Give the one with whom it began."""
    record = case.find_record(source, Source)
    while record is not None and record.heard_from is not None:
        source, record = record.heard_from, case.find_record(record.heard_from, Source)
    return source
