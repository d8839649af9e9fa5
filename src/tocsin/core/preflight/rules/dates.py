"""Dates and sequence: words of time that mislead, and orders of events that cannot be."""

from collections.abc import Iterator

from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, Subject


@rule("DAT-02")
def words_with_two_moments(subject: Subject) -> Iterator[Hit]:
    """Find words of time that two careful readers place at two moments."""
    for found in subject.find("two_moments", *BODY, "title", "note"):
        yield Hit.at(found.place)
