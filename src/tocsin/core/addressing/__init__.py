"""Whom to write to: the directory of authorities as values, how sure each line is, and who fits a case.

```python
reading = from_csv(text, Directory(), today=today)           # or `from_popolo`; refusals name each row that is none
propose(need_of(case), reading.directory, today=today, turnovers={}).proposals[0].post.key
```
"""

from tocsin.core.addressing.addresses import normal_address, offered_channels
from tocsin.core.addressing.letters import LetterForm, form_of_rank, letter_forms
from tocsin.core.addressing.popolo import from_popolo, to_popolo
from tocsin.core.addressing.proposing import (
    Asked,
    Need,
    Proposal,
    Proposed,
    competences,
    need_of,
    powers_of,
    proposal_of,
    propose,
)
from tocsin.core.addressing.rows import BadRow, KeptEnd, Reading, Refusal, Row, build, checked, unchecked
from tocsin.core.addressing.snapshot import (
    addressee_id,
    key_of,
    names_post,
    outdated,
    reason_of,
    search_word,
    with_addressee,
    without_addressee,
)
from tocsin.core.addressing.standing import (
    STATES,
    Standing,
    State,
    Turnovers,
    good_for,
    holding,
    overall,
    reaching,
    standing_of,
)
from tocsin.core.addressing.table import from_csv, refused_csv, table_line, to_csv
from tocsin.core.addressing.values import (
    ABROAD,
    FAILURES,
    OK,
    RESULTS,
    Check,
    ContactPoint,
    Directory,
    Institution,
    Occupancy,
    Post,
    Style,
    named,
)
from tocsin.core.addressing.vcards import to_vcards
from tocsin.core.addressing.writing import rows_of

__all__ = [
    "ABROAD",
    "FAILURES",
    "OK",
    "RESULTS",
    "STATES",
    "Asked",
    "BadRow",
    "Check",
    "ContactPoint",
    "Directory",
    "Institution",
    "KeptEnd",
    "LetterForm",
    "Need",
    "Occupancy",
    "Post",
    "Proposal",
    "Proposed",
    "Reading",
    "Refusal",
    "Row",
    "Standing",
    "State",
    "Style",
    "Turnovers",
    "addressee_id",
    "build",
    "checked",
    "competences",
    "form_of_rank",
    "from_csv",
    "from_popolo",
    "good_for",
    "holding",
    "key_of",
    "letter_forms",
    "named",
    "names_post",
    "need_of",
    "normal_address",
    "offered_channels",
    "outdated",
    "overall",
    "powers_of",
    "proposal_of",
    "propose",
    "reaching",
    "reason_of",
    "refused_csv",
    "rows_of",
    "search_word",
    "standing_of",
    "table_line",
    "to_csv",
    "to_popolo",
    "to_vcards",
    "unchecked",
    "with_addressee",
    "without_addressee",
]
