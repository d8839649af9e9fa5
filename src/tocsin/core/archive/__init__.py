"""Taking over what was published before there was this system: what each file holds, and what is doubtful about it.

`find_in` reads the documents of one file, `plan` puts them under their codes and into their chains, beside what is
published already, and says of each whether it is taken, is there already, or is left to a person and why. `corrected`
puts another text in the place of one that was taken over.
"""

from tocsin.core.archive.correcting import corrected
from tocsin.core.archive.doubts import DOUBTS, Doubt
from tocsin.core.archive.found import Found, find_in
from tocsin.core.archive.plan import OUTCOMES, Outcome, Plan, Row, Shelf, Unit, plan

__all__ = [
    "DOUBTS",
    "OUTCOMES",
    "Doubt",
    "Found",
    "Outcome",
    "Plan",
    "Row",
    "Shelf",
    "Unit",
    "corrected",
    "find_in",
    "plan",
]
