"""From what was read in a report to the records of a case: facts, what a person decided of each, and the case of these.

The reader says what a text says. Nothing of it is a record before a person has confirmed it:

```python
facts = facts_of(documents)                       # each with the words that it stands in, and what is doubtful about it
settled = settle(facts, decisions)                # the last decision of each
case_of(settled, told)                            # only what was confirmed, each record with its claim and citation
```

Where the case is there already, what was confirmed is put beside what it says, and brought in as a person decided:

```python
theirs = told_case(settled, told)
beside(case, theirs)                              # record by record, field by field: agrees, differs, new
brought_in(case, theirs, choices, signed)         # both claims kept, nothing overwritten
```
"""

from tocsin.core.recording.bringing import Beside, Choices, Signed, beside, brought_in, has_file, new_laws
from tocsin.core.recording.casting import AboutReport, case_of, status_told, told_case
from tocsin.core.recording.comparing import FieldSide, said
from tocsin.core.recording.decisions import Decision, Settled, Verdict, check_values, left_behind, settle
from tocsin.core.recording.facts import Fact, added_fact, facts_of
from tocsin.core.recording.fields import FIELDS, Field, Kind
from tocsin.core.recording.pairing import Pairing
from tocsin.core.recording.switching import switched, with_claim

__all__ = [
    "FIELDS",
    "AboutReport",
    "Beside",
    "Choices",
    "Decision",
    "Fact",
    "Field",
    "FieldSide",
    "Kind",
    "Pairing",
    "Settled",
    "Signed",
    "Verdict",
    "added_fact",
    "beside",
    "brought_in",
    "case_of",
    "check_values",
    "facts_of",
    "has_file",
    "left_behind",
    "new_laws",
    "said",
    "settle",
    "status_told",
    "switched",
    "told_case",
    "with_claim",
]
