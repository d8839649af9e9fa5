"""From what was read in a report to the records of a case: facts, what a person decided of each, and the case of these.

The reader says what a text says. Nothing of it is a record before a person has confirmed it:

```python
facts = facts_of(documents)                       # each with the words that it stands in, and what is doubtful about it
settled = settle(facts, decisions)                # the last decision of each
case_of(settled, told)                            # only what was confirmed, each record with its claim and citation
```
"""

from tocsin.core.recording.casting import Told, case_of
from tocsin.core.recording.decisions import Decision, Settled, Verdict, check_values, settle
from tocsin.core.recording.facts import Fact, added_fact, facts_of
from tocsin.core.recording.fields import FIELDS, Field, Kind

__all__ = [
    "FIELDS",
    "Decision",
    "Fact",
    "Field",
    "Kind",
    "Settled",
    "Told",
    "Verdict",
    "added_fact",
    "case_of",
    "check_values",
    "facts_of",
    "settle",
]
