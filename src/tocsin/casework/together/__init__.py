"""Several people at one case: who is in charge, tasks, comments beside records, what changed since one looked."""
