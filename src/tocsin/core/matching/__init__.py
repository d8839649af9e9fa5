"""Which published appeal a mail is about, with the evidence; or that this cannot be known.

Only published codes are ever named: a guessed code finds nothing, and says nothing about what else there may be.
"""

from dataclasses import dataclass, replace
from typing import Final

from tocsin.core.codes import Chain, Code, Found, Registry, find_all, format_code
from tocsin.core.matching.mail import BODY, ORDER, QUOTED, SUBJECT, Mail, read_mail

__all__ = ["BODY", "QUOTED", "SUBJECT", "Candidate", "Evidence", "Mail", "Match", "match", "read_mail"]

EXACT, NORMALISED, COMPLETED, MENDED, UNCLEAR, UNPUBLISHED = (
    "exact",
    "normalised",
    "completed",
    "mended",
    "unclear",
    "unpublished",
)
_MOST_CANDIDATES: Final = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """One code in a mail and what it may mean.

    Attributes:
        found: The code as it stands in the mail.
        where: `recipient`, `subject`, `body`, `link` or `quoted`.
        how: `exact`; `normalised` where it was printed in another way; `completed` where the registry knew the missing
            parts; `mended` where one part had one slip and nothing else fits; `unclear` where several appeals fit;
            `unpublished` where none does.
        codes: The published codes that fit.
    """

    found: Found
    where: str
    how: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published code that a mail may mean; a higher score is better and compares only within one mail."""

    code: Code
    score: int


@dataclass(frozen=True, slots=True)
class Match:
    """What a mail is about.

    Attributes:
        code: The published code, or None where it cannot be known.
        reason: `matched`; `no_code`; `unpublished`; `unclear` where fragments fit several appeals; `contradiction`
            where the mail names several.
        evidence: Every code in the mail, in its order.
        candidates: What it may be about, the best first; the match itself where there is one.
    """

    code: Code | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def match(mail: str | Mail, registry: Registry) -> Match:
    """Say which published appeal a mail is about.

    A code in the subject counts for more than one in the body, and that for more than one in quoted text. Two different
    codes in the best place, or a code there that is not published, and it is not known.

    Args:
        mail: The mail, or its text: header lines, an empty line, the body.
        registry: The published codes.
    """
    if isinstance(mail, str):
        mail = read_mail(mail)
    # The date of the mail takes no part in reading: the clocks of some senders are years behind.
    evidence = tuple(
        _weigh(found, place, registry)
        for found in find_all(mail.text, scheme=registry.scheme)
        if (place := mail.place_of(found.span[0])) in ORDER
    )
    candidates = _rank(evidence, mail)
    code, reason = _decide(evidence)
    if code is None:
        return Match(None, reason, evidence, candidates)
    others = tuple(candidate for candidate in candidates if candidate.code != code)
    best = max((candidate.score for candidate in candidates), default=0)
    return Match(code, reason, evidence, (Candidate(code, best), *others))


def _weigh(found: Found, where: str, registry: Registry) -> Evidence:
    """Ask the registry what one code may mean."""
    readings = [found.code, *_in_other_order(found.code, registry)]
    for reading in readings:
        if chains := registry.find_chains(reading):
            if len(chains) > 1:
                how = UNCLEAR
            elif found.completeness != "complete":
                how = COMPLETED
            else:
                how = NORMALISED if found.oddities else EXACT
            return Evidence(found, where, how, _published(chains, reading, registry))
    mended = _mend(found.code, registry) if found.completeness == "complete" else set()
    if mended:
        return Evidence(found, where, MENDED if len(mended) == 1 else UNCLEAR, _published(mended, found.code, registry))
    return Evidence(found, where, UNPUBLISHED)


def _in_other_order(code: Code, registry: Registry) -> list[Code]:
    """Read month and year the other way round, where that was ever printed."""
    until = registry.scheme.year_first_until
    if code.month is None or code.year is None or until is None or not 1 <= code.year % 100 <= 12:
        return []
    year = registry.scheme.full_year(code.month)
    return [replace(code, year=year, month=code.year % 100)] if year <= until else []


def _published(chains: set[Chain], code: Code, registry: Registry) -> tuple[Code, ...]:
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


def _decide(evidence: tuple[Evidence, ...]) -> tuple[Code | None, str]:
    """Weigh the places from the strongest; all that stands as high as the first sure one has to agree with it."""
    if not evidence:
        return None, "no_code"
    heard: list[Evidence] = []
    for place in ORDER:
        here = [one for one in evidence if one.where == place]
        heard += here
        sure = [one for one in here if len(one.codes) == 1]
        if not sure:
            continue
        chain = sure[0].codes[0].chain
        if not all(_allows(one, chain) for one in heard):
            return None, "contradiction"
        if all(one.how == MENDED for one in sure) and not all(_allows(one, chain) for one in evidence if one.codes):
            return None, "contradiction"
        return max((one.codes[0] for one in sure), key=lambda code: code.follow_up or 0), "matched"
    return None, "unclear" if any(one.codes for one in evidence) else "unpublished"


def _allows(one: Evidence, chain: Chain | None) -> bool:
    return any(code.chain == chain for code in one.codes)


_HOW_SCORE: Final = {EXACT: 8, NORMALISED: 8, COMPLETED: 6, MENDED: 4, UNCLEAR: 2, UNPUBLISHED: 0}


def _rank(evidence: tuple[Evidence, ...], mail: Mail) -> tuple[Candidate, ...]:
    """Score each published code by all evidence for it; of equals, the one issued last before the mail comes first."""
    scores: dict[Code, int] = {}
    for one in evidence:
        weight = _HOW_SCORE[one.how] * (len(ORDER) - ORDER.index(one.where))
        for code in one.codes:
            scores[code] = scores.get(code, 0) + weight
    latest = (mail.on.year, mail.on.month) if mail.on else (9999, 12)

    def rank(pair: tuple[Code, int]) -> tuple[int, bool, tuple[int, int], str]:
        issued = (pair[0].year or 0, pair[0].month or 0)
        return -pair[1], issued > latest, (-issued[0], -issued[1]), format_code(pair[0])

    return tuple(Candidate(code, score) for code, score in sorted(scores.items(), key=rank)[:_MOST_CANDIDATES])
