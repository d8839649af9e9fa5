"""Read one code that was typed, or find every code in dirty text.

`find_all` works in two steps, so that long text without codes costs little: a quick search of the raw text for places
where a code may be (the letters of the series, or a slash between digits), then a fold of a small stretch around each
and one pattern over it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from tocsin.core.codes.code import Code
from tocsin.core.codes.countries import COUNTRY_ALIASES
from tocsin.core.codes.folding import SLASHES, Folded, fold
from tocsin.core.codes.oddities import in_table_order
from tocsin.core.codes.reading import Interpreter, Understood, oddities_between
from tocsin.core.codes.scheme import OBSERVATORY, Form, Scheme
from tocsin.core.errors import BadCode

# The form that lacks a year although the scheme has one.
_BARE: Final = ("series", "number")
_LONGEST_TYPED: Final = 300
_BEFORE_ANCHOR, _AFTER_ANCHOR = 120, 90
# A stretch is cut before its fold takes much memory, with enough overlap for the longest code.
_LONGEST_STRETCH, _OVERLAP = 32_768, 400
_AROUND_TYPED: Final = " \t\r\n.,;:()[]<>\"'«»“”‘’"

_BETWEEN: Final = r"(?:[\W_]|&\#?\w{1,8};|%[0-9A-F]{2}){0,12}"
_SLASH: Final = re.compile(f"[{re.escape(SLASHES)}&%]")
_SLASH_THEN_FOUR: Final = re.compile(
    rf"(?:[{re.escape(SLASHES)}]|&(?:amp;)?(?:\#0*47|\#[xX]0*2[fF]|sol|frasl|bsol);|%2[fF]){_BETWEEN}(?:[\dOoIl]\W?){{4}}"
)
_COUNTRY_BEFORE: Final = re.compile(rf"(?:[^\W_a-z]\W?){{2}}[^\W_a-z]{_BETWEEN}(?:[\dOoIl]\W?){{3}}{_BETWEEN}\Z")

# Years beside a number, in the words of the five languages: `OBS 065 of June 8, 2021`, `OBS 065 (2021)`.
_MONTH: Final = (
    "(?:jan|feb|fév|fev|mar|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|aoû|ago|sep|oct|okt|nov|dec|déc|dez|dic|ene"
    "|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек"
    "|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر)[^\\W\\d_]{0,8}\\.?"
)
_SMALL_WORD: Final = "(?:of|from|dated|in|for|de|del|du|en|d[’']|от|за|год|vom|von|لعام|عام|سنة|بتاريخ|في|the|le|el)"
_DATE_WORD: Final = rf"(?:{_SMALL_WORD}|{_MONTH}|[0-3]?\d(?:st|nd|rd|th|er|º|°)?|[0-3]?\d[./-][0-3]?\d)"
_YEAR: Final = r"((?:[1١]\d|[2٢][0٠])\d\d)(?!\d)"
_YEAR_AFTER: Final = re.compile(rf"[\s,;(\[/–—-]{{1,3}}(?:{_DATE_WORD}[\s,./-]{{1,2}}){{0,5}}{_YEAR}", re.IGNORECASE)
_YEAR_BEFORE: Final = re.compile(rf"(?<!\d){_YEAR}[\s:/–—-]{{1,3}}\Z")


@dataclass(frozen=True, slots=True)
class Printed:
    """A code as it was typed or printed; `oddities` are names of the table `ODDITIES`, in its order."""

    code: Code
    as_printed: str
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found(Printed):
    """A code in a text; `span` is `(start, end)` in code points of the text as given."""

    span: tuple[int, int] = (0, 0)
    scheme: Scheme = field(default=OBSERVATORY, repr=False, compare=False)

    @property
    def completeness(self) -> str:
        """Say how much is there: `complete`, `chain` where it identifies the chain, or `part`."""
        if all(getattr(self.code, part) is not None for part in self.scheme.parts if part != "month"):
            return "complete"
        return "chain" if self.code.chain else "part"


def parse(
    text: str,
    *,
    scheme: Scheme = OBSERVATORY,
    on: date | None = None,
    country_aliases: Mapping[str, str] = COUNTRY_ALIASES,
) -> Printed:
    """Read one code and nothing but a code.

    Args:
        text: The code, in any form that is known.
        scheme: Whose codes to read.
        on: The date of the document that carries the code: decides whether `0106` is January 2006 or June 2001.
        country_aliases: Letters printed for a country, with its code.

    Raises:
        BadCode: The text is no code, only part of one, or more than one.
    """
    if (canonical := _parse_canonical(text, scheme, on)) is not None:
        return canonical
    example = f"a code looks like {scheme.example}"
    if len(text) > _LONGEST_TYPED:
        raise BadCode("too long for a reference code", hint=example)
    folded = fold(text.strip(_AROUND_TYPED))
    match = scheme.pattern.fullmatch(folded.text)
    if match is None:
        raise BadCode("not a reference code", hint=example)
    seen, oddities = _understand(match, folded, Interpreter(scheme, on, country_aliases))
    absent = [part for part in scheme.parts if part not in seen.parts]
    if absent:
        missing = " and ".join(part.replace("_", " ") for part in absent)
        raise BadCode(f"only part of a reference code: no {missing}", hint=example)
    if not seen.counts_from_one:
        raise BadCode("not a reference code: running numbers begin at 1", hint=example)
    return Printed(seen.code, text.strip(), in_table_order(oddities))


def _parse_canonical(text: str, scheme: Scheme, on: date | None) -> Printed | None:
    """Read the canonical form without any folding; None where anything about it could be odd."""
    match = scheme.strict.fullmatch(text)
    if match is None:
        return None
    seen = Interpreter(scheme, on, {}).understand(scheme.template, match.groupdict())
    plain = not seen.oddities and seen.counts_from_one and scheme.template.format(seen.code) == text
    return Printed(seen.code, text) if plain else None


def find_all(
    text: str,
    *,
    scheme: Scheme = OBSERVATORY,
    on: date | None = None,
    country_aliases: Mapping[str, str] = COUNTRY_ALIASES,
) -> list[Found]:
    """Find every code, whole or in part, in text as people and programs leave it.

    Args:
        text: Any text; it is data and never raises. The time is linear in its length.
        scheme: Whose codes to find.
        on: The date of the document, where known.
        country_aliases: Letters printed for a country, with its code.

    Returns:
        The codes in the order of the text, without overlap. A part that was not printed stays None: only a list of
        published codes can complete it.
    """
    interpreter = Interpreter(scheme, on, country_aliases)
    found: list[Found] = []
    for stretch in _stretches(text, scheme):
        folded = fold(text, stretch.start, stretch.end)
        found.extend(
            one for one in _find_in(folded, text, interpreter) if stretch.take_from <= one.span[0] < stretch.take_to
        )
    return found


@dataclass(slots=True)
class _Stretch:
    """A part of the text to fold; codes that begin in `[take_from, take_to)` are taken from it."""

    start: int
    end: int
    take_from: int
    take_to: int


def _stretches(text: str, scheme: Scheme) -> Iterator[_Stretch]:
    """Join the surroundings of all anchors, in pieces short enough to bound the memory."""
    start = end = -1
    for anchor in _anchors(text, scheme):
        if anchor - _BEFORE_ANCHOR <= end:
            end = anchor + _AFTER_ANCHOR
        else:
            yield from _cut(start, end, len(text))
            start, end = anchor - _BEFORE_ANCHOR, anchor + _AFTER_ANCHOR
    yield from _cut(start, end, len(text))


def _cut(start: int, end: int, length: int) -> Iterator[_Stretch]:
    start, end = max(start, 0), min(end, length)
    take_from = start
    while end - start > _LONGEST_STRETCH:
        cut = start + _LONGEST_STRETCH
        yield _Stretch(start, cut, take_from, cut - _OVERLAP)
        take_from, start = cut - _OVERLAP, cut - 2 * _OVERLAP
    if end > start:
        yield _Stretch(start, end, take_from, end)


def _anchors(text: str, scheme: Scheme) -> list[int]:
    series = chain.from_iterable(anchor.positions(text) for anchor in scheme.anchors)
    return sorted(chain(series, _slashes_between_numbers(text) if scheme.has_forms_without_series else ()))


def _slashes_between_numbers(text: str) -> Iterator[int]:
    for slash in _SLASH.finditer(text):
        here = slash.start()
        if _SLASH_THEN_FOUR.match(text, here) and _COUNTRY_BEFORE.search(text, max(0, here - 60), here):
            yield here


def _find_in(folded: Folded, text: str, interpreter: Interpreter) -> Iterator[Found]:
    scheme, position = interpreter.scheme, 0
    while match := scheme.pattern.search(folded.text, position):
        position = match.start() + 1
        span = folded.source_span(*match.span())
        seen, oddities = _understand(match, folded, interpreter)
        form, values = _printed_parts(match, scheme)
        if form.template.fields == _BARE and (year := _year_nearby(text, span, interpreter)):
            seen.parts["year"] = year
            oddities = oddities - {"missing_year"} | {"year_nearby"}
        if _is_clear(form, values, seen, interpreter):
            position = match.end()
            yield Found(seen.code, text[span[0] : span[1]], in_table_order(oddities), span, scheme)


def _printed_parts(match: re.Match[str], scheme: Scheme) -> tuple[Form, dict[str, str | None]]:
    """Say which form matched, and give the printed text of each of its groups."""
    number = int((match.lastgroup or "form0").removeprefix("form"))
    form = scheme.forms[number]
    return form, {name: match[f"{name}_{number}"] for name in form.template.groups}


def _understand(match: re.Match[str], folded: Folded, interpreter: Interpreter) -> tuple[Understood, set[str]]:
    """Read the parts of a match; the second value names everything odd, in meaning, in signs and in characters."""
    form, values = _printed_parts(match, interpreter.scheme)
    seen = interpreter.understand(form.template, values)
    oddities = seen.oddities | folded.oddities_between(*folded.source_span(*match.span()))
    if form.slug:
        return seen, oddities - {"lower_case"} | {"slug_form"}
    if "{month}/" in form.template.source:
        oddities.add("split_month")
    for position, piece in enumerate(form.template.pieces):
        printed = values.get(f"gap{position}")
        if printed is not None and printed != piece.literal:
            oddities |= oddities_between(piece.literal, printed)
    return seen, oddities


def _is_clear(form: Form, values: Mapping[str, str | None], seen: Understood, interpreter: Interpreter) -> bool:
    """Say whether so much of a code is there that it can hardly be anything else."""
    scheme, code = interpreter.scheme, seen.code
    if not seen.counts_from_one or (code.year or scheme.first_year) < scheme.first_year:
        return False
    if set(scheme.parts) <= seen.parts.keys() and code.country:
        return "not_iso_country" not in seen.oddities or code.month is not None
    if not _is_plausible(form, seen, interpreter, spoken=bool(values.get("words"))):
        return False
    if form.template.fields != _BARE or code.year is not None or code.follow_up is not None:
        return True
    # `OBS 065` is a code; `OBS 100 personer` is Swedish for `NB 100 people`.
    return (values["number"] or "")[:1] in {"0", "O", "o"}


def _is_plausible(form: Form, seen: Understood, interpreter: Interpreter, *, spoken: bool) -> bool:
    """Ask more of a fragment: nothing of it may be odd in a way that ordinary words and numbers are."""
    on, year = interpreter.on, seen.code.year
    doubts = {"not_iso_country", "country_alias", "impossible_month"}
    if "series" not in form.template.fields:
        doubts |= {"year_month_order", "day_month_order", "after_document_date"}
    if not form.slug and not spoken:
        doubts |= {"lower_case"}
    too_late = on is not None and year is not None and year > on.year
    return not too_late and not seen.oddities & doubts


def _year_nearby(text: str, span: tuple[int, int], interpreter: Interpreter) -> int | None:
    """Give the year in the words beside a number; None where there is none, or one on each side and they differ."""
    after = _YEAR_AFTER.match(text, span[1])
    before = _YEAR_BEFORE.search(text, max(0, span[0] - 12), span[0])
    years = {int(side[1]) for side in (after, before) if side}
    latest = interpreter.on.year if interpreter.on else interpreter.scheme.first_year + 99
    plausible = {year for year in years if interpreter.scheme.first_year <= year <= latest}
    return plausible.pop() if len(plausible) == 1 else None
