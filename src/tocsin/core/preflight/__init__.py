"""Preflight: what must be mended, or decided, before an appeal may be approved.

```python
report = preflight.check(document, on=date(2026, 11, 25))
report.blocked  # an error stands
for finding in report.findings:
    finding.rule, finding.says, finding.fix, finding.places
```

A rule is a small function in `rules/<family>.py` and an entry in `rules/<family>.toml` that holds all its words: what
it catches, why, what to do, and lines that it must and must not find, which are its tests. Words that rules look up lie
in `words/<language>/`. What a finding says in another language than English lies in `sentences/<language>.toml`.
"""

from tocsin.core.preflight.catalogue import FAMILIES, load_rules
from tocsin.core.preflight.consents import NamedPerson, consent_of, has_ended, people_named
from tocsin.core.preflight.engine import check
from tocsin.core.preflight.findings import Finding, Place, Report, Severity, Unchecked, Waiver
from tocsin.core.preflight.posts import offices_of
from tocsin.core.preflight.rule import Rule
from tocsin.core.preflight.rules.traces import tells_a_secret
from tocsin.core.preflight.sentences import is_draft, languages

__all__ = [
    "FAMILIES",
    "Finding",
    "NamedPerson",
    "Place",
    "Report",
    "Rule",
    "Severity",
    "Unchecked",
    "Waiver",
    "check",
    "consent_of",
    "has_ended",
    "is_draft",
    "languages",
    "load_rules",
    "offices_of",
    "people_named",
    "tells_a_secret",
]
