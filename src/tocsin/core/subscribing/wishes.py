"""What a reader asks for: where to, in which languages, about which countries and violations, in which form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from tocsin.core import vocab
from tocsin.core.errors import BadWish
from tocsin.core.messages import Address

LANGUAGES: Final = tuple(vocab.load("languages"))
GROUPS: Final = tuple(vocab.load("violation_groups"))
MOST_LANGUAGES: Final = 5
MOST_COUNTRIES: Final = 260


@dataclass(frozen=True, slots=True)
class Wish:
    """What one reader asks for; making one with codes that are on no list raises `BadWish`.

    Attributes:
        address: Where to.
        languages: Tags in the order in which she wants them; the first that there is an edition in is sent.
        countries: Alpha-3 codes; empty for all.
        topics: Codes of violation groups; empty for all.
        html: HTML beside the plain text.
        neutral: Sender, subject and first lines that say nothing.
        openpgp: Her public key in armour; empty for none.
    """

    address: Address
    languages: tuple[str, ...]
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    html: bool = True
    neutral: bool = False
    openpgp: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.languages) <= MOST_LANGUAGES or not set(self.languages) <= set(LANGUAGES):
            raise BadWish(f"one to {MOST_LANGUAGES} languages of the list are chosen", where="languages")
        if len(self.countries) > MOST_COUNTRIES or not all(map(_is_country, self.countries)):
            raise BadWish("a country is named by its three letters", where="countries")
        if not set(self.topics) <= set(GROUPS):
            raise BadWish("there is no such group of violations", where="topics")
        for chosen in (self.languages, self.countries, self.topics):
            if len(set(chosen)) < len(chosen):
                raise BadWish("nothing is chosen twice")


def _is_country(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()


def groups_of(types: Iterable[str]) -> frozenset[str]:
    """Give the groups to which types of violation belong: a reader who chose one of them is told."""
    groups = _group_by_type()
    return frozenset(groups[each] for each in types if each in groups)


@cache
def _group_by_type() -> Mapping[str, str]:
    terms = vocab.load("violation_groups")
    return {each: code for code, term in terms.items() for each in str(term.properties["types"]).split()}
