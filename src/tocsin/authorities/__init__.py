"""The directory of authorities: who holds which office, how it is reached, and when that was last checked."""
