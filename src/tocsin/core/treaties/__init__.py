"""Which State is bound by which treaty on which day: `yes`, `no` or `unknown`, never a guess.

```python
table = treaties.bundled()
table.party_on("KAZ", "iccpr", date(2021, 6, 8))       # "yes": in force for it since 24 April 2006
table.party_on("KAZ", "iccpr_op2", date(2021, 6, 8))   # "no": signed, the deposit came in 2022
table.party_on("FRA", "iccpr", date(2021, 6, 8))       # "unknown": nobody has put it into the table yet
```

The table is a CSV file with a source and a day of check in each row. `read_statuses` reads such a file,
`read_published` turns a list that a depositary published for one treaty into its rows.
"""

from tocsin.core.treaties.published import read_published
from tocsin.core.treaties.rows import COLUMNS, Reading, Refusal, bundled, load_statuses, read_statuses, write_statuses
from tocsin.core.treaties.statuses import Answer, Declaration, Known, TreatyStatus, TreatyTable

__all__ = [
    "COLUMNS",
    "Answer",
    "Declaration",
    "Known",
    "Reading",
    "Refusal",
    "TreatyStatus",
    "TreatyTable",
    "bundled",
    "load_statuses",
    "read_published",
    "read_statuses",
    "write_statuses",
]
