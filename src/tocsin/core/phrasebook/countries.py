"""How the name of a country stands in a sentence: `of the Philippines`, `au Kazakhstan`, `d’Iran`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Case = Literal["of", "within"]


@dataclass(frozen=True, slots=True)
class CountryRule:
    """What stands before the names of some countries: those listed, or those that begin or end so; all without any.

    `of` and `within` stand before the name. Where the name itself changes, `of_ending` and `within_ending` take the
    place of the ending by which it was found.
    """

    of: str
    within: str
    names: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    of_ending: str | None = None
    within_ending: str | None = None

    def fits(self, name: str) -> bool:
        """Whether the rule is one for this name."""
        listed = name in self.names or name.startswith(self.starts or "\0") or name.endswith(self.endings or "\0")
        return listed or not (self.names or self.starts or self.endings)

    def say(self, name: str, case: Case) -> str:
        """Give the name with what stands before it."""
        before, ending = (self.of, self.of_ending) if case == "of" else (self.within, self.within_ending)
        found = next((each for each in self.endings if name.endswith(each)), None)
        return before + (name.removesuffix(found) + ending if found and ending is not None else name)


def say_country(rules: Iterable[CountryRule], name: str, case: Case, *, otherwise: str) -> str:
    """Give a name by the first rule that fits it, or behind `otherwise`."""
    rule = next((each for each in rules if each.fits(name)), None)
    return rule.say(name, case) if rule else otherwise + name
