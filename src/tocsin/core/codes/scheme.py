"""Schemes of codes: each is one TOML file in `schemes/`, and nothing here knows any of them by name.

To add an organisation's scheme, add a file; `observatory.toml` explains every key.
"""

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

import tomli

from tocsin.core.codes.code import Code
from tocsin.core.codes.template import Counter, Template, Words, shape_class, slug_of
from tocsin.core.errors import BadCode

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
# The parts that a template prints as one: two names for the same attribute of a code.
_ATTRIBUTES: Final = {"year4": "year"}
_LONGEST_START: Final = 80
_BY_RARITY: Final = "ZQXJKVBPYGFWMUCLDRHSNIOATE"
# Every form begins where a word does, or at a capital inside words that run together: a quick refusal for all others.
_NOT_IN_A_WORD: Final = "(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))"
_INVISIBLE: Final = (
    "(?:[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff*]|&(?:shy|zwj|zwnj|lrm|rlm|#\\w{1,6});){0,6}"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to print a code: its template, and whether it is the form of a web address."""

    template: Template
    slug: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quick search for the name of a series: `rest` finds its rarest letter and all after it, `start` what is before.

    Most text is passed over at the rarest letter, which is why the search begins there.
    """

    rest: re.Pattern[str]
    start: re.Pattern[str]

    def positions(self, text: str) -> Iterator[int]:
        """Give where the name may stand."""
        for found in self.rest.finditer(text):
            here = found.start()
            if self.start.search(text, max(0, here - _LONGEST_START), here):
                yield here


@dataclass(frozen=True, eq=False)
class Scheme:
    """How one organisation numbers its appeals.

    Attributes:
        name: The name of the file, `observatory`.
        title: Whose codes these are.
        first_year: The first year with a code; decides the century of two digits.
        year_first_until: The last year in which the year was sometimes printed before the month.
        template: The canonical form.
        fragments: What people quote of it, longest first.
        words: Counters, series and the like.
    """

    name: str
    title: str
    first_year: int
    year_first_until: int | None
    template: Template
    fragments: tuple[Template, ...]
    words: Words

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the attributes of `Code` that a complete code of this scheme has, a follow-up number aside."""
        return tuple(_ATTRIBUTES.get(name, name) for name in self.template.fields)

    @property
    def example(self) -> str:
        """Print an invented code, for messages."""
        series = next(iter(self.words.series.values()))
        return self.template.format(
            Code(country="XZV", country_number=2, month=6, year=2021, series=series, number=65, follow_up=None)
        )

    @cached_property
    def strict(self) -> re.Pattern[str]:
        """The pattern of the canonical form."""
        return self.template.strict()

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Every form that is read, the most specific first."""
        return (Form(self.template, slug=True), *(Form(t, slug=False) for t in (self.template, *self.fragments)))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All forms as one pattern over folded text; the group `form<n>` tells which one matched."""
        forms = [f"(?P<form{n}>{form.template.tolerant(f'_{n}', slug=form.slug)})" for n, form in enumerate(self.forms)]
        return re.compile(f"{_NOT_IN_A_WORD}(?:{'|'.join(forms)})")

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        """The names of the series as they may lie in raw text; all but the forms without a series hold one."""
        return tuple(_anchor(word) for word in self.words.series)

    @cached_property
    def _flat_series(self) -> tuple[str, ...]:
        return tuple(word.lower() for word in self.words.series)

    def is_named_in(self, flat: str) -> bool:
        """Say whether a text in small letters holds the name of a series, be it inside of a word."""
        return any(word in flat for word in self._flat_series)

    @cached_property
    def has_forms_without_series(self) -> bool:
        """Whether a form must be found by its slash, for want of a series."""
        return any("series" not in form.template.fields for form in self.forms)

    def full_year(self, two_digits: int) -> int:
        """Give the first year from `first_year` on that ends in these digits."""
        return self.first_year + (two_digits - self.first_year) % 100


def _anchor(word: str) -> Anchor:
    pivot = min(range(len(word)), key=lambda place: _BY_RARITY.index(word[place]))
    classes = [shape_class(letter) for letter in word]
    # What follows the last letter is no letter, but for the first of `no. 65`, and O, I, l in the place of digits.
    after = _INVISIBLE.join(classes[pivot:]) + "(?![a-km-zA-HJ-MP-Z])"
    before = "".join(letter + _INVISIBLE for letter in classes[:pivot])
    return Anchor(re.compile(after), re.compile(f"(?<![A-Za-z]){before}\\Z"))


def read_scheme(name: str, source: str) -> Scheme:
    """Build a scheme from the text of its TOML file.

    Raises:
        BadCode: The text is no scheme.
    """
    try:
        table = tomli.loads(source)
        series = {alias: canonical for canonical, others in table["series"].items() for alias in (canonical, *others)}
        words = Words(
            counters={
                part: Counter(c["width"], c["widest"], tuple(c["reset"])) for part, c in table["counters"].items()
            },
            series=series,
            follow_up_words=table.get("follow_up_words", {}),
            loose=table["slashes_may_be_missing"],
        )
        return Scheme(
            name=name,
            title=table["title"],
            first_year=table["first_year"],
            year_first_until=table.get("year_first_until"),
            template=Template(table["template"], words),
            fragments=tuple(Template(fragment, words) for fragment in table["fragments"]),
            words=words,
        )
    except (tomli.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadCode(f"not a scheme of codes: {error}", where=name) from error


@cache
def load_scheme(name: str) -> Scheme:
    """Give a scheme that comes with Tocsin, by name.

    Raises:
        BadCode: There is none of that name.
    """
    try:
        source = pkgutil.get_data(__package__, f"schemes/{name}.toml") if _NAME.fullmatch(name) else None
    except FileNotFoundError:
        source = None
    if source is None:
        raise BadCode("no such scheme of codes", hint=f"there are: {', '.join(list_schemes())}")
    return read_scheme(name, source.decode())


@cache
def list_schemes() -> tuple[str, ...]:
    """Name the schemes that come with Tocsin."""
    from importlib import resources  # noqa: PLC0415 - it opens archives, for which a start has no use

    files = resources.files(__package__).joinpath("schemes").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


OBSERVATORY: Final = load_scheme("observatory")


def format_code(code: Code, scheme: Scheme = OBSERVATORY) -> str:
    """Print a code in canonical form: `KAZ 002 / 0621 / OBS 065.1`; part of one in the first form that holds it all.

    Raises:
        BadCode: So little of it is there that no form of the scheme can print it.
    """
    for template in (scheme.template, *scheme.fragments):
        # All four digits of an impossible month are known to be wrong, but the rest of the code still is one.
        if template.fits(code) or (template is scheme.template and template.fits(replace(code, month=code.month or 1))):
            return template.format(code)
    raise BadCode("too little of a code to print")


def slug(code: Code, scheme: Scheme = OBSERVATORY) -> str:
    """Print a code for a web address or file name: `kaz-002-0621-obs-065-1`.

    Raises:
        BadCode: So little of it is there that no form of the scheme can print it.
    """
    return slug_of(format_code(code, scheme))
