"""Files of evidence: sealed as they come, with a chain of custody, and copies that hold only what can be seen."""
