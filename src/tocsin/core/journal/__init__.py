"""What the journal can tell of a clock: whether the time that a machine shows now agrees with what was seen before."""

from tocsin.core.journal.clocks import APART, LONGEST_OFF, Doubt, Reading, Seen, doubts, next_seen

__all__ = ["APART", "LONGEST_OFF", "Doubt", "Reading", "Seen", "doubts", "next_seen"]
