"""Controlled lists: one TOML file a list, read when it is asked for.

```python
types = vocab.load("violation_types")
types["killing"].label("fr").text     # "Assassinat"
types["killing"].is_draft("fr")       # True until a native reviewer has signed the label off
vocab.find_country("Royaume du Maroc", "fr")  # "MAR"
```
"""

from tocsin.core.vocab.countries import (
    Country,
    countries_by_name,
    countries_by_nationality,
    country,
    country_name,
    find_country,
    find_nationality,
)
from tocsin.core.vocab.lists import load, names
from tocsin.core.vocab.parse import parse
from tocsin.core.vocab.tags import Direction, direction_of, primary
from tocsin.core.vocab.terms import SOURCE_LANGUAGE, Label, Term, Vocabulary
from tocsin.core.vocab.titles import gender_of_title

__all__ = [
    "SOURCE_LANGUAGE",
    "Country",
    "Direction",
    "Label",
    "Term",
    "Vocabulary",
    "countries_by_name",
    "countries_by_nationality",
    "country",
    "country_name",
    "direction_of",
    "find_country",
    "find_nationality",
    "gender_of_title",
    "load",
    "names",
    "parse",
    "primary",
]
