"""The corpus of tests/corpus and the counting of what was found in it."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"

Expected = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fixture:
    """One folder of the corpus; `documents` are the expected documents, in the order of the page."""

    name: str
    source: str
    held_out: bool
    documents: tuple[Expected, ...]

    @property
    def language(self) -> str:
        """The language that the folder's name begins with."""
        return self.name.split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Item:
    """One expected fact: the folded forms that are right, and the words to show."""

    forms: frozenset[str]
    shown: str
    optional: bool = False


@dataclass(slots=True)
class Tally:
    """Counts for one kind of fact; `misses` and `inventions` name them."""

    true: int = 0
    found: int = 0
    expected: int = 0
    misses: list[str] = field(default_factory=list)
    inventions: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the found facts that are right; 1 where none was found."""
        return self.true / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected facts that were found; 1 where none was expected."""
        return self.true / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.true / (self.found + self.expected) if self.found + self.expected else 1.0

    def add(self, other: "Tally") -> None:
        """Add the counts of another tally."""
        self.true += other.true
        self.found += other.found
        self.expected += other.expected
        self.misses += other.misses
        self.inventions += other.inventions


Score = dict[str, Tally]
Facts = tuple[list[Item], list[str]]
"""The expected items and the folded found strings of one kind."""


def load(corpus: Path = CORPUS) -> list[Fixture]:
    """Read all fixtures, in the order of their names."""
    return [_fixture(path.parent) for path in sorted(corpus.glob("*/expected.toml"))]


def _fixture(folder: Path) -> Fixture:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    source = (folder / "source.txt").read_bytes().decode("utf-8")
    return Fixture(folder.name, source, expected["held_out"], tuple(expected["document"]))


def match(items: Iterable[Item], found: Iterable[str], same: Callable[[str, str], bool] | None = None) -> Tally:
    """Match found strings with expected items, each item once.

    Args:
        items: What is expected; required items are matched before optional ones.
        found: Folded strings.
        same: When a form equals a found string; plain equality by default. With a looser one, a second string that
            fits an item already matched is a repetition: neither right nor invented.
    """
    result = Tally()
    rest = sorted(items, key=lambda item: item.optional)
    matched: list[Item] = []
    for text in found:
        item = _first(rest, text, same)
        if item is not None:
            rest.remove(item)
            matched.append(item)
            result.true += not item.optional
        elif same is None or _first(matched, text, same) is None:
            result.inventions.append(text)
    result.misses = [item.shown for item in rest if not item.optional and "" not in item.forms]
    result.found = result.true + len(result.inventions)
    result.expected = result.true + len(result.misses)
    return result


def _first(items: Sequence[Item], text: str, same: Callable[[str, str], bool] | None) -> Item | None:
    exact = next((item for item in items if text in item.forms), None)
    if exact is not None or same is None:
        return exact
    return next((item for item in items if any(same(form, text) for form in item.forms)), None)


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})
_TITLE = re.compile(
    r"(?:(?:mr|ms|mrs|messrs|mses|msses|dr|prof|rev|h\.e|mm|mme|mmes|me|mlle|sr|sra|sres|sras|dra|m)\b\.?\s+|m\.\s*)+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the |an? |l[ae] |l'|les |el |los |las |une? )+")
_ACRONYM = re.compile(r"\s*\([^()]*\)")
_PLACE_OF_POST = re.compile(r",? (?:in|at|à|en|au|auprès de) [^,]{3,30}(?:, [^,]{3,30})?$")


def fold(text: str) -> str:
    """Fold what does not count: case, white space, the shape of quotes and dashes, outer punctuation."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(plain.split()).strip(" \"'.,;:!()[]")


def untitled(name: str) -> str:
    """Fold a name without its titles."""
    return fold(_TITLE.sub("", name.strip(), count=1) if _TITLE.match(name.strip()) else name)


def organisation_form(name: str) -> str:
    """Fold the name of an organisation or place without article and acronym."""
    return _ARTICLE.sub("", fold(_ACRONYM.sub("", name)), count=1)


def post_form(text: str) -> str:
    """Fold a post without the place at its end, which has a field of its own."""
    return _PLACE_OF_POST.sub("", fold(text))


def contains(label: str, other: str) -> bool:
    """Say whether one label contains the other word for word, articles aside."""
    short, long = sorted((_ARTICLE.sub("", fold(text), count=1) for text in (label, other)), key=len)
    return bool(short) and f" {short} " in f" {long} "
