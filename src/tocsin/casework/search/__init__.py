"""Search over all cases that a person may open: in memory, for her session, never stored."""
