"""Names of people across scripts: whether two ways to write one may mean the same person, with the evidence.

```python
compare("Мирела Тоск", "Tosk, Mirella").score   # 0.96
```

A likeness is a reason to look, never a decision: who is who is decided by a person.
"""

from tocsin.core.names.folding import Word, fold_name
from tocsin.core.names.index import LEAST_SCORE, Found, NameIndex
from tocsin.core.names.likeness import Likeness, Pair, compare

__all__ = ["LEAST_SCORE", "Found", "Likeness", "NameIndex", "Pair", "Word", "compare", "fold_name"]
