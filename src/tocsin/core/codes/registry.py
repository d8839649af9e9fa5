"""The list of codes that were given out: what is published, and which number comes next."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tocsin.core.codes.code import Code
from tocsin.core.codes.countries import is_country
from tocsin.core.codes.finding import parse
from tocsin.core.codes.scheme import OBSERVATORY, Scheme, format_code
from tocsin.core.errors import BadCode, BadRegistry

_VOID: Final = "void"
_MOST_FOLLOW_UPS: Final = 999
Chain = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code that was given out.

    Attributes:
        code: The code.
        on: The date of issue, where the list has it.
        void: The number was given out and then not used; it is never published and never given out again.
        where: Name and line of the list, for messages.
    """

    code: Code
    on: date | None = None
    void: bool = False
    where: str = ""


def claims_of(code: Code) -> Iterator[tuple[object, ...]]:
    """Name the numbers that belong to a code alone."""
    yield ("chain", code.chain, code.follow_up)
    if code.country_number is not None and code.follow_up is None:
        # The country number drifts within a chain, so that only first appeals own theirs.
        yield ("country", code.country, code.year, code.country_number)


class Registry:
    """Codes that were given out, in the order of the list.

    Args:
        entries: The codes, each complete.
        scheme: Whose codes.

    Raises:
        BadRegistry: Two entries claim one number; the message names both lines.
    """

    def __init__(self, entries: Iterable[Entry] = (), scheme: Scheme = OBSERVATORY) -> None:
        self.scheme = scheme
        self.entries = tuple(entries)
        self._chains: dict[Chain, list[Code]] = defaultdict(list)
        self._by_part: dict[tuple[object, ...], set[Chain]] = defaultdict(set)
        self._highest: dict[tuple[object, ...], int] = defaultdict(int)
        claims: dict[tuple[object, ...], Entry] = {}
        for entry in self.entries:
            self._claim(entry, claims)
            self._count(entry.code)
            if not entry.void:
                self._index(entry.code)

    def _claim(self, entry: Entry, claims: dict[tuple[object, ...], Entry]) -> None:
        code = entry.code
        for number in claims_of(code):
            earlier = claims.setdefault(number, entry)
            if earlier is not entry:
                raise BadRegistry(
                    f"{format_code(code, self.scheme)} claims a number that {format_code(earlier.code, self.scheme)}"
                    f" has ({earlier.where})",
                    where=entry.where,
                )

    def _count(self, code: Code) -> None:
        for name, key in self._counters(code):
            value = getattr(code, name)
            self._highest[key] = max(self._highest[key], value or 0)

    def _counters(self, code: Code) -> Iterator[tuple[str, tuple[object, ...]]]:
        for name, counter in self.scheme.words.counters.items():
            yield name, (name, *(getattr(code, part) for part in counter.reset))

    def _index(self, code: Code) -> None:
        chain = code.chain
        if chain is None:
            return
        self._chains[chain].append(code)
        for parts in _LOOKUPS:
            self._by_part[parts, *(getattr(code, part) for part in parts)].add(chain)

    def __len__(self) -> int:
        return len(self.entries)

    def members(self, chain: Chain) -> tuple[Code, ...]:
        """List the published codes of a chain, the first appeal first; empty where there is none."""
        return tuple(sorted(self._chains.get(chain, ()), key=lambda code: code.follow_up or 0))

    def find_chains(self, code: Code) -> set[Chain]:
        """Find the published chains that agree with every part of a code that is there, a follow-up number aside."""
        parts = [part for part in _PARTS if getattr(code, part) is not None]
        known = set(parts)
        lookup = next((one for one in _LOOKUPS if set(one) <= known), None)
        if lookup is None:
            return set()
        chains = self._by_part.get((lookup, *(getattr(code, part) for part in lookup)), set())
        return {chain for chain in chains if any(self._agrees(code, one, parts) for one in self._chains[chain])}

    @staticmethod
    def _agrees(code: Code, published: Code, parts: list[str]) -> bool:
        return all(getattr(code, part) == getattr(published, part) for part in parts)

    def find_near(self, code: Code) -> set[Chain]:
        """Find the published chains that share some pair of parts with a code, as a start for mending a slip."""
        found: set[Chain] = set()
        for lookup in _LOOKUPS:
            wanted = tuple(getattr(code, part) for part in lookup)
            if len(lookup) > 1 and None not in wanted:
                found |= self._by_part.get((lookup, *wanted), set())
        return found

    def next_code(self, country: str | None, on: date) -> Code:
        """Give the next code for a first appeal issued on a day; nothing is written.

        Args:
            country: ISO 3166-1 alpha-3; None for a scheme without countries.
            on: The date of issue in the publisher's zone.

        Raises:
            BadCode: No such country, or a day before the scheme began.
            BadRegistry: A counter has reached its end.
        """
        scheme = self.scheme
        if "country" in scheme.parts and (country is None or not is_country(country)):
            raise BadCode("not an ISO 3166-1 alpha-3 country code", hint="a country looks like KAZ")
        if on.year < scheme.first_year:
            raise BadCode(f"no code was given out before {scheme.first_year}")
        base = Code(
            country=country if "country" in scheme.parts else None,
            month=on.month if "month" in scheme.parts else None,
            year=on.year,
            series=next(iter(scheme.words.series.values())),
        )
        numbers = {name: self._highest.get(key, 0) + 1 for name, key in self._counters(base)}
        for name, number in numbers.items():
            if number >= 10 ** scheme.words.counters[name].widest:
                raise BadRegistry(f"the counter of the {name.replace('_', ' ')} has reached its end in {on.year}")
        return replace(base, country_number=numbers.get("country_number"), number=numbers["number"])

    def follow_up(self, code: Code) -> Code:
        """Give the code of the next follow-up to a published appeal; nothing is written.

        Raises:
            BadCode: The registry has no such appeal.
            BadRegistry: It has had more follow-ups than a code can number.
        """
        members = self.members(code.chain) if code.chain else ()
        if not members:
            raise BadCode("no appeal with this code was published", where=format_code(code, self.scheme))
        first = members[0]
        highest = max(entry.code.follow_up or 0 for entry in self.entries if entry.code.chain == code.chain)
        if highest >= _MOST_FOLLOW_UPS:
            raise BadRegistry("the follow-ups have reached their end", where=format_code(first, self.scheme))
        return replace(first, follow_up=highest + 1)


_PARTS: Final = ("country", "country_number", "month", "year", "series", "number")
# What a code can be looked up by, the narrowest first.
_LOOKUPS: Final = (
    ("year", "number"),
    ("country", "year", "country_number"),
    ("country", "country_number", "number"),
    ("country", "number"),
    ("number",),
)


def read_registry(text: str, *, scheme: Scheme = OBSERVATORY, name: str = "registry") -> Registry:
    """Read a list of codes: one a line, then, after a tab, the date of issue or `void`; `#` begins a comment.

    Args:
        text: The list.
        scheme: Whose codes.
        name: The name of the list, for messages.

    Raises:
        BadRegistry: A line is no code, or two lines claim one number; the message names the line.
    """
    entries = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        printed = line.split("#", 1)[0].strip()
        if printed:
            entries.append(_read_line(printed, scheme, f"{name}, line {number}"))
    return Registry(entries, scheme)


def _read_line(printed: str, scheme: Scheme, where: str) -> Entry:
    words, _, rest = printed.partition("\t")
    rest = rest.strip()
    try:
        on = date.fromisoformat(rest) if rest and rest != _VOID else None
    except ValueError as error:
        raise BadRegistry("neither a date nor `void` after the code", where=where, hint="2021-06-08") from error
    try:
        code = parse(words, scheme=scheme, on=on).code
    except BadCode as error:
        raise BadRegistry(error.what, where=where, hint=error.hint) from error
    if code.chain is None:
        raise BadRegistry("a code without year or number", where=where)
    return Entry(code, on, rest == _VOID, where)
