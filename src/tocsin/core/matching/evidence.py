"""What a mail says of an appeal: one clue, the rule by which it counts, and how it was understood."""

from dataclasses import dataclass
from typing import Final

from tocsin.core.codes import Code, Found
from tocsin.core.matching.rules import Rule, rules

EXACT: Final = "exact"
NORMALISED: Final = "normalised"
COMPLETED: Final = "completed"
MENDED: Final = "mended"
UNCLEAR: Final = "unclear"
UNPUBLISHED: Final = "unpublished"
ALIKE: Final = "alike"
SEALED: Final = "sealed"
PICTURED: Final = "pictured"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing in a mail and which appeal it may mean.

    Attributes:
        where: The rule by which it counts, a code of `rules.toml`: for a code, the part of the mail in which it stands.
        how: `exact`; `normalised` where a code was printed in another way; `completed` where the registry knew the
            missing parts; `mended` where one part had one slip and nothing else fits; `unclear` where several appeals
            fit; `unpublished` where none does; `alike` of a name; `sealed` of what could not be read, and `pictured` of
            that where it is a picture or a scan.
        printed: As it stands there.
        codes: The published codes that fit.
        span: `(start, end)` in the text of the mail; none for what does not stand in it.
        found: Of a code, what was read in it.
    """

    where: str
    how: str
    printed: str
    codes: tuple[Code, ...] = ()
    span: tuple[int, int] | None = None
    found: Found | None = None

    @property
    def rule(self) -> Rule:
        """The rule by which it counts."""
        return rules()[self.where]
