"""From the printed parts of a code to what they mean and what is odd about them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tocsin.core.codes.code import Code
from tocsin.core.codes.countries import is_country
from tocsin.core.codes.scheme import Scheme
from tocsin.core.codes.template import Template

_LINE_END: Final = re.compile(" *\n *")
_TO_DIGITS: Final = str.maketrans("OoIl", "0011")
_TO_CAPITALS: Final = str.maketrans("01", "OI")


@dataclass(slots=True)
class Understood:
    """The parts of one printed code as they are understood, one after the other."""

    parts: dict[str, str | int | None] = field(default_factory=dict)
    oddities: set[str] = field(default_factory=set)

    @property
    def code(self) -> Code:
        """The code that the parts make."""
        return Code(**self.parts)  # type: ignore[arg-type]

    @property
    def counts_from_one(self) -> bool:
        """Whether no running number is 0: there is no appeal number 0."""
        return self.parts.get("number") != 0 and self.parts.get("country_number") != 0


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Says what printed parts mean, for one scheme and one document.

    Attributes:
        scheme: Whose codes.
        on: The date of the document, where known: a code is not younger than the document that carries it.
        country_aliases: Letters printed for a country, with its code.
    """

    scheme: Scheme
    on: date | None
    country_aliases: Mapping[str, str]

    def understand(self, template: Template, values: Mapping[str, str | None]) -> Understood:
        """Read the printed text of each field of the template, and of `follow_up` and `words` where there are any."""
        seen = Understood()
        for name in ("country", "series"):
            if letters := values.get(name):
                self._letters(name, letters, seen)
        for name in ("country_number", "number"):
            if digits := values.get(name):
                self._number(name, digits, seen)
        self._month_and_year(values, seen)
        self._follow_up(values, seen)
        self._absent(template, seen)
        return seen

    def _letters(self, name: str, printed: str, seen: Understood) -> None:
        letters = printed.translate(_TO_CAPITALS)
        if letters != printed:
            seen.oddities.add("letter_for_digit")
        if letters != letters.upper():
            seen.oddities.add("lower_case")
        letters = letters.upper()
        names, alias = (
            (self.country_aliases, "country_alias") if name == "country" else (self.scheme.words.series, "series_alias")
        )
        if name == "country" and not is_country(letters):
            seen.oddities.add("not_iso_country")
        seen.parts[name] = names.get(letters, letters)
        if seen.parts[name] != letters:
            seen.oddities.add(alias)

    def _number(self, name: str, printed: str, seen: Understood) -> None:
        value = seen.parts[name] = _to_number(printed, seen)
        width = self.scheme.words.counters[name].width
        if len(printed) < width:
            seen.oddities.add("unpadded_number")
        elif len(printed) > max(width, len(str(value))):
            seen.oddities.add("padded_number")

    def _month_and_year(self, values: Mapping[str, str | None], seen: Understood) -> None:
        canonical = "year4" if "year4" in self.scheme.template.fields else "year"
        if long := values.get("year4"):
            month_number = _to_number(values.get("month") or "0", seen)
            seen.parts |= {"year": int(long)} | ({"month": month_number} if 1 <= month_number <= 12 else {})
            seen.oddities.update({"long_year"} - {"long_year" if canonical == "year4" else ""})
        elif (month := values.get("month")) and (year := values.get("year")):
            self._in_order(_to_number(month, seen), _to_number(year, seen), seen)
        elif year := values.get("year"):
            seen.parts["year"] = self.scheme.full_year(_to_number(year, seen))
            seen.oddities.update({"short_year"} - {"short_year" if canonical == "year" else ""})

    def _in_order(self, first: int, second: int, seen: Understood) -> None:
        """Decide which of two printed pairs of digits is the month."""
        usual = (self.scheme.full_year(second), first) if 1 <= first <= 12 else None
        reversed_ = (self.scheme.full_year(first), second) if 1 <= second <= 12 else None
        if self.on is None:
            chosen, oddity = self._undated(usual, reversed_)
        else:
            chosen, oddity = self._dated(usual, reversed_, self.on, (first, second))
        seen.oddities.update({oddity} - {""})
        seen.parts["year"], seen.parts["month"] = chosen or (self.scheme.full_year(second), None)

    def _undated(self, usual: "_Month | None", reversed_: "_Month | None") -> "tuple[_Month | None, str]":
        until = self.scheme.year_first_until
        if usual is None:
            return reversed_, "year_month_order" if reversed_ else "impossible_month"
        either = until is not None and reversed_ is not None and usual != reversed_ and reversed_[0] <= until
        return usual, "ambiguous_order" if either else ""

    @staticmethod
    def _dated(
        usual: "_Month | None", reversed_: "_Month | None", on: date, printed: tuple[int, int]
    ) -> "tuple[_Month | None, str]":
        # The date on a page may be a day before that of the document.
        latest = (on.year, on.month + 1) if on.month < 12 else (on.year + 1, 1)
        if usual and usual <= latest:
            return usual, ""
        if reversed_ and reversed_ <= latest:
            return reversed_, "year_month_order"
        if printed == (on.day, on.month):
            return (on.year, on.month), "day_month_order"
        if usual or reversed_:
            return usual or reversed_, "after_document_date"
        return None, "impossible_month"

    def _follow_up(self, values: Mapping[str, str | None], seen: Understood) -> None:
        if printed := values.get("follow_up"):
            seen.parts["follow_up"] = _to_number(printed, seen)
            if printed[0] in "0Oo":
                seen.oddities.add("padded_follow_up")
        elif spoken := values.get("words"):
            words = " ".join(spoken.lower().replace("’", "'").split())
            seen.parts["follow_up"] = self.scheme.words.follow_up_words[words] or None
            if seen.parts["follow_up"] is None:
                seen.oddities.add("unnumbered_follow_up")

    def _absent(self, template: Template, seen: Understood) -> None:
        """Name what is not there; only a series that has no other to be mistaken for is filled in."""
        known = set(self.scheme.words.series.values())
        for part in self.scheme.parts:
            if part not in seen.parts:
                seen.oddities.add(f"missing_{part}")
        if "series" not in template.fields and "number" in seen.parts and len(known) == 1:
            seen.parts["series"] = next(iter(known))


_Month = tuple[int, int]


def _to_number(printed: str, seen: Understood) -> int:
    digits = printed.translate(_TO_DIGITS)
    if digits != printed:
        seen.oddities.add("letter_for_digit")
    return int(digits)


def oddities_between(literal: str, printed: str) -> set[str]:
    """Name what is odd about the signs between two fields, given what the template has there."""
    flat = _LINE_END.sub(" ", printed)
    if flat == literal:
        return set()
    sign, wanted = flat.strip(), literal.strip()
    names = set()
    if sign != wanted:
        names.add("missing_slash" if wanted == "/" and not sign else "other_separator")
    sides = [(flat, literal)]
    if sign and wanted:
        sides = list(zip(flat.split(sign, 1), literal.split(wanted, 1), strict=True))
    for there, expected in sides:
        spaces, usual = there.count(" "), min(expected.count(" "), 1)
        names |= {"missing_space"} if spaces < usual else {"extra_space"} if spaces > usual else set()
    return names
