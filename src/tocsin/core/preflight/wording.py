"""What a rule says inside its sentence: nothing is in words before a language is chosen.

A value of a sentence is a text of the document, as it is printed there, or one of these three.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Joined = Literal["comma", "and", "semicolon", "slash"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a rule, or of several (`sentences/<language>.toml`, `shared`), by their key there.

    Attributes:
        key: Names the phrase in `phrases` of the rule.
        values: What the phrase names in braces.
    """

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, **values: "Value") -> "Phrase":
        """Make a phrase with what it names in braces."""
        return cls(key, values)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a vocabulary, by its label.

    Attributes:
        vocabulary: Name of the list.
        code: The term; a code that is not in the list is said as it is.
        is_name: Whether its capitals stay.
    """

    vocabulary: str
    code: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Values one after the other, with what stands between them."""

    values: tuple["Value", ...]
    joined: Joined = "comma"


Value = str | Phrase | Term | Several
