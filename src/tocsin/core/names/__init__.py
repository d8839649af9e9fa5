"""Names of people across scripts: whether two ways to write one may mean the same person, with the evidence.

```python
compare("Мирела Тоск", "Tosk, Mirella").score   # 0.96
```

A likeness is a reason to look, never a decision: who is who is decided by a person.
"""

from tocsin.core.names.declined import undeclined
from tocsin.core.names.folding import Word, fold_name
from tocsin.core.names.index import LEAST_SCORE, Found, NameIndex
from tocsin.core.names.likeness import INITIAL, NEAR, SAME, SOUNDS_ALIKE, Likeness, Pair, compare
from tocsin.core.names.marks import without_marks
from tocsin.core.names.words import fold, words_of

__all__ = [
    "INITIAL",
    "LEAST_SCORE",
    "NEAR",
    "SAME",
    "SOUNDS_ALIKE",
    "Found",
    "Likeness",
    "NameIndex",
    "Pair",
    "Word",
    "compare",
    "fold",
    "fold_name",
    "undeclined",
    "without_marks",
    "words_of",
]
