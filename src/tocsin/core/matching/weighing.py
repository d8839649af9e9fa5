"""What a code in a mail may mean: the published codes that fit, and how it had to be understood for that."""

from collections.abc import Iterable
from dataclasses import replace

from tocsin.core.codes import Chain, Code, Found, Registry
from tocsin.core.matching.evidence import COMPLETED, EXACT, MENDED, NORMALISED, UNCLEAR, UNPUBLISHED, Evidence


def weigh(found: Found, where: str, registry: Registry, *, in_text: bool = True) -> Evidence:
    """Ask the registry what one code may mean."""

    def evidence(how: str, codes: tuple[Code, ...] = ()) -> Evidence:
        return Evidence(where, how, found.as_printed, codes, found.span if in_text else None, found)

    readings = [found.code, *_in_other_order(found.code, registry)]
    for reading in readings:
        if chains := registry.find_chains(reading):
            if len(chains) > 1:
                how = UNCLEAR
            elif found.completeness != "complete":
                how = COMPLETED
            else:
                how = NORMALISED if found.oddities else EXACT
            return evidence(how, _of_chains(chains, reading, registry))
    mended = _mend(found.code, registry) if found.completeness == "complete" else set()
    if mended:
        return evidence(MENDED if len(mended) == 1 else UNCLEAR, _of_chains(mended, found.code, registry))
    return evidence(UNPUBLISHED)


def published(codes: Iterable[Code], registry: Registry) -> tuple[Code, ...]:
    """Give those of some codes that are published, each once, in their order."""
    known = dict.fromkeys(codes)
    return tuple(code for code in known if code.chain is not None and code in registry.members(code.chain))


def _in_other_order(code: Code, registry: Registry) -> list[Code]:
    """Read month and year the other way round, where that was ever printed."""
    until = registry.scheme.year_first_until
    if code.month is None or code.year is None or until is None or not 1 <= code.year % 100 <= 12:
        return []
    year = registry.scheme.full_year(code.month)
    return [replace(code, year=year, month=code.year % 100)] if year <= until else []


def _of_chains(chains: set[Chain], code: Code, registry: Registry) -> tuple[Code, ...]:
    """Take of each chain the follow-up that the code names, or else its first appeal."""
    taken = []
    for chain in sorted(chains):
        members = registry.members(chain)
        taken.append(next((one for one in members if one.follow_up == code.follow_up), members[0]))
    return tuple(taken)


def _mend(code: Code, registry: Registry) -> set[Chain]:
    """Find the chains from which the code differs by one slip in one part; all other parts must agree."""
    printed = _printed_parts(code)
    return {
        chain
        for chain in registry.find_near(code)
        if any(_one_slip(printed, _printed_parts(member)) for member in registry.members(chain))
    }


def _printed_parts(code: Code) -> tuple[str, ...]:
    return (
        code.country or "",
        f"{code.country_number or 0:03d}",
        f"{code.month or 0:02d}{(code.year or 0) % 100:02d}",
        code.series or "",
        f"{code.number or 0:03d}",
    )


def _one_slip(printed: tuple[str, ...], published: tuple[str, ...]) -> bool:
    different = [pair for pair in zip(printed, published, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and _one_edit(*different[0])


def _one_edit(one: str, other: str) -> bool:
    """Say whether one character changed, missing, added or swapped with its neighbour makes one word of the other."""
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
        return one[start + 1 :] == other[start + 1 :] or swapped
    return len(other) - len(one) == 1 and one[start:] == other[start + 1 :]
