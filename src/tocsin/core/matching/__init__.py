"""Which published appeal a mail is about, with the evidence; or that this cannot be known.

Only published codes are ever named: a guessed code finds nothing, and says nothing about what else there may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Final, Literal

from tocsin.core.codes import Chain, Code, Found, Registry, find_all, format_code
from tocsin.core.matching import known as knowing
from tocsin.core.matching.evidence import MENDED, PICTURED, SEALED, Evidence
from tocsin.core.matching.known import Known
from tocsin.core.matching.listing import read_known
from tocsin.core.matching.mail import (
    ATTACHMENT_NAME,
    BODY,
    LOOKED_AT,
    QUOTED,
    RECIPIENT,
    SUBJECT,
    Mail,
    proves,
    read_mail,
    recipient_lines,
)
from tocsin.core.matching.prefixes import bare_subject, prefixes
from tocsin.core.matching.rules import Rule, rules, weight_of, words_for
from tocsin.core.matching.weighing import published, weigh

__all__ = [
    "BODY",
    "LOOKED_AT",
    "PICTURED",
    "QUOTED",
    "SEALED",
    "SUBJECT",
    "Candidate",
    "Evidence",
    "Known",
    "Mail",
    "Match",
    "Rule",
    "bare_subject",
    "match",
    "prefixes",
    "read_known",
    "read_mail",
    "recipient_lines",
    "rules",
    "words_for",
]

_MOST_CANDIDATES: Final = 10
# Whatever comes after so many codes changes nothing that a person would choose by.
_MOST_CODES: Final = 1_000
_NOTHING: Final = Known()
_FOR_STROKES: Final = str.maketrans(dict.fromkeys("-_–—", "/"))


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
        evidence: Every clue in the mail: what proves, in the order of the mail, then what only makes likely.
        candidates: What it may be about, the best first; the match itself where there is one.
    """

    code: Code | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def result(self) -> Literal["sure", "unsure", "none"]:
        """Say whether one appeal is known, some are likely, or none is."""
        return "sure" if self.code else "unsure" if self.candidates else "none"


def match(mail: str | Mail, registry: Registry, known: Known = _NOTHING) -> Match:
    """Say which published appeal a mail is about, by the rules of `rules.toml`.

    A clue in the subject counts for more than one in the body, and that for more than one in quoted text. Two
    different codes at the best level, or a code there that is not published, and it is not known.

    Args:
        mail: The mail, or its text: header lines, an empty line, the body.
        registry: The published codes.
        known: What leads to them beside codes.
    """
    if isinstance(mail, str):
        mail = read_mail(mail)
    only_published = partial(published, registry=registry)
    evidence = (*knowing.proofs(mail, known, only_published), *_codes_in(mail, registry))
    code, reason = _decide(evidence)
    if code is None:
        # What can decide nothing is not worth the time where all is known.
        evidence = (*evidence, *knowing.guesses(mail, known, only_published))
    evidence = (*evidence, *knowing.unread(mail))
    candidates = _rank(evidence, mail)
    if code is None:
        return Match(None, reason, evidence, candidates)
    others = tuple(candidate for candidate in candidates if candidate.code != code)
    best = max((candidate.score for candidate in candidates), default=0)
    return Match(code, reason, evidence, (Candidate(code, best), *others))


def _codes_in(mail: Mail, registry: Registry) -> Iterator[Evidence]:
    """Give every code in a mail, in the addresses that its server was given, and in the names of what was not read."""
    # The date of the mail takes no part in reading: the clocks of some senders are years behind.
    for found in islice(find_all(mail.text, scheme=registry.scheme), _MOST_CODES):
        place = mail.place_of(found.span[0])
        if place != ATTACHMENT_NAME and proves(place):
            yield weigh(found, place, registry)
    for start, name in mail.parts(ATTACHMENT_NAME):
        for found in _found_in_name(name, registry):
            begin, end = found.span
            yield weigh(replace(found, span=(start + begin, start + end)), ATTACHMENT_NAME, registry)
    for name in mail.unread:
        for found in _found_in_name(name, registry):
            yield weigh(found, ATTACHMENT_NAME, registry, in_text=False)
    for address in mail.recipients:
        for found in find_all(address, scheme=registry.scheme):
            yield weigh(found, RECIPIENT, registry, in_text=False)


def _found_in_name(name: str, registry: Registry) -> list[Found]:
    """Find codes in the name of a file, which can hold no stroke: another sign stands for it."""
    found = find_all(name, scheme=registry.scheme)
    if found:
        return found
    found = find_all(name.translate(_FOR_STROKES), scheme=registry.scheme)
    return [replace(one, as_printed=name[slice(*one.span)]) for one in found]


def _decide(evidence: tuple[Evidence, ...]) -> tuple[Code | None, str]:
    """Weigh the levels from the strongest; all that stands as high as the first sure one has to agree with it."""
    proofs = [one for one in evidence if one.rule.sure]
    if not proofs:
        return None, "no_code"
    heard: list[Evidence] = []
    for level in sorted({one.rule.level for one in proofs}):
        here = [one for one in proofs if one.rule.level == level]
        heard += here
        sure = [one for one in here if len(one.codes) == 1]
        if not sure:
            continue
        chain = sure[0].codes[0].chain
        if not all(_allows(one, chain) for one in heard):
            return None, "contradiction"
        if all(one.how == MENDED for one in sure) and not all(_allows(one, chain) for one in proofs if one.codes):
            return None, "contradiction"
        return max((one.codes[0] for one in sure), key=lambda code: code.follow_up or 0), "matched"
    return None, "unclear" if any(one.codes for one in proofs) else "unpublished"


def _allows(one: Evidence, chain: Chain | None) -> bool:
    return any(code.chain == chain for code in one.codes)


def _rank(evidence: tuple[Evidence, ...], mail: Mail) -> tuple[Candidate, ...]:
    """Score each published code by all evidence for it.

    Of equals, the one that is named first comes first, since the newest mail of a chain stands on top; of codes that
    one clue fits, the one issued last before the mail.
    """
    scores: dict[Code, int] = {}
    firsts: dict[Code, int] = {}
    for order, one in enumerate(evidence):
        for code in one.codes:
            scores[code] = scores.get(code, 0) + weight_of(one.how) * one.rule.weight
            firsts.setdefault(code, order)
    latest = (mail.on.year, mail.on.month) if mail.on else (9999, 12)

    def rank(pair: tuple[Code, int]) -> tuple[int, int, bool, tuple[int, int], str]:
        issued = (pair[0].year or 0, pair[0].month or 0)
        return -pair[1], firsts[pair[0]], issued > latest, (-issued[0], -issued[1]), format_code(pair[0])

    return tuple(Candidate(code, score) for code, score in sorted(scores.items(), key=rank)[:_MOST_CANDIDATES])
