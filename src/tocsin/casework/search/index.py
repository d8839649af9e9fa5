"""The index: in which summaries all words of a question begin a word. It knows no database and no key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tocsin.casework.search.summary import Summary
from tocsin.casework.search.words import BUCKETS, bucket_of

Place = tuple[UUID, str]
"""A case and a compartment of it."""

# Changed summaries stand apart until there are so many that searching them twice costs more than sorting them in.
_MOST_APART = 500
_SAMPLE = 1 << 16


class _Segment:
    """Summaries side by side: one long line for each bucket, so that a search reads one thirty-second of all."""

    def __init__(self, summaries: Mapping[Place, Summary]) -> None:
        self.places = list(summaries)
        rows = [summary.words.split(b"\n") for summary in summaries.values()]
        self._columns = list(zip(*rows, strict=True)) if rows else [()] * BUCKETS
        self._lines = [b"\n".join(column) for column in self._columns]

    def find(self, words: Iterable[str]) -> Iterator[Place]:
        """Give the places in which every word begins a word, in their order."""
        needles = [(bucket_of(word), f" {word}".encode()) for word in words]
        # The rarest first, judged by a sample, and the others only where it was found.
        (bucket, rarest), *others = sorted(needles, key=lambda each: self._lines[each[0]].count(each[1], 0, _SAMPLE))
        for row in _rows_with(self._lines[bucket], rarest):
            if all(needle in self._columns[at][row] for at, needle in others):
                yield self.places[row]


def _rows_with(line: bytes, needle: bytes) -> Iterator[int]:
    row, start, at = 0, 0, line.find(needle)
    while at >= 0:
        row += line.count(b"\n", start, at)
        yield row
        start = line.find(b"\n", at)
        if start < 0:
            return
        at = line.find(needle, start)


@dataclass(slots=True)
class Index:
    """All summaries that a person could open, and those that have come or changed since they were sorted in.

    `changes` grows whenever something was taken in. Words are sorted in when somebody asks for one: lists do not.
    """

    summaries: dict[Place, Summary] = field(default_factory=dict, repr=False)
    versions: dict[Place, int] = field(default_factory=dict, repr=False)
    changes: int = 0
    _sorted: _Segment = field(default_factory=lambda: _Segment({}), repr=False)
    _apart: _Segment = field(default_factory=lambda: _Segment({}), repr=False)
    _changed: set[Place] = field(default_factory=set, repr=False)
    _sorted_at: int = 0

    def put(self, changed: Mapping[Place, tuple[int, Summary]]) -> None:
        """Take in summaries that are new or have changed."""
        if not changed:
            return
        self.changes += 1
        self.versions |= {place: version for place, (version, _) in changed.items()}
        self.summaries |= {place: summary for place, (_, summary) in changed.items()}
        self._changed |= changed.keys()

    def find(self, words: list[str]) -> Iterator[Place]:
        """Give the places in which all words are found, those that changed last first."""
        if not words:
            return
        self._sort_in()
        yield from self._apart.find(words)
        yield from (place for place in self._sorted.find(words) if place not in self._changed)

    def _sort_in(self) -> None:
        if self._sorted_at == self.changes:
            return
        self._sorted_at = self.changes
        if len(self._changed) > _MOST_APART:
            self._sorted, self._changed = _Segment(self.summaries), set()
        self._apart = _Segment({place: self.summaries[place] for place in self._changed})
