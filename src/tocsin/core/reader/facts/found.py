"""Acts as they were found in a sentence, and which of them say nothing new."""

from collections.abc import Sequence

from msgspec import Struct

from tocsin.core.appeal import Act
from tocsin.core.appeal.document import Mode

# A sentence that tells the second tells nothing new with the noun of the first: "ordered the release of X".
_IMPLIED = {"release": "release_ordered"}
# … and who breaks in to steal does not search, whatever the verb.
_MEANT = {"search_seizure": "burglary"}
# What is over once it is told, whatever still goes on in its sentence: "they killed him, and are free to this day".
_OVER = frozenset(
    {
        "killing", "death_in_custody", "release", "conditional_release", "acquittal", "sentencing", "physical_attack",
        "search_seizure", "burglary", "property_damage", "arbitrary_arrest", "transfer", "dismissal", "fine",
    }
)  # fmt: skip


class FoundAct(Struct, frozen=True, gc=False):
    """An act, with the words it was found by and whether a group that counts only when acting acted.

    `unsaid` says that it was done to a person of whom nothing is said.
    """

    act: Act
    at: int
    acting: tuple[str, ...] = ()
    relative: bool = False
    also: str | None = None
    by_means: bool = False
    unsaid: bool = False


def going_on(mode: Mode, kind: str) -> Mode:
    """Give the mode that the words of a sentence make an act of a kind."""
    return "occurred" if mode == "ongoing" and kind in _OVER else mode


def without_repeats(found: Sequence[FoundAct]) -> list[FoundAct]:
    """Drop an act that the same sentence tells twice for the same people ("arrested … following their arrest")."""
    if len(found) < 2:
        return list(found)
    kept: list[FoundAct] = []
    types = {each.act.type for each in found}
    for each in found:
        twin = any(
            other.act.type == each.act.type
            and (other.act.method == each.act.method or each.by_means)
            and other.act.victims == each.act.victims
            for other in kept
        )
        implied = each.act.voice == "nominal" and _IMPLIED.get(each.act.type) in types
        implied = implied or _MEANT.get(each.act.type) in types
        if not twin and not implied:
            kept.append(each)
    return kept
