"""Whom readers write to: the addressees of an appeal as all its editions print them, and the embassy near them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from babel.languages import get_official_languages

from tocsin.core import vocab
from tocsin.core.addressing import ABROAD
from tocsin.core.appeal import Addressee, AppealDocument, Channel
from tocsin.core.letters.words import languages
from tocsin.core.preflight import offices_of
from tocsin.core.publication import OFFICES, Mission, PublicAppeal, Salutation
from tocsin.core.render import is_mail_address

EMBASSY: Final = 0
"""The number of the embassy of the country concerned in the country of the reader: no appeal can print that one."""

FIRST_MISSION: Final = 1001
"""The number of the first embassy that was published beside the text: behind all that an appeal can print."""

_RANK_OF_EMBASSY, _RANK_OF_OTHERS = "ambassador", "institution"
_WRITE_TO_MISSION = "write_to_mission"
_AT_ORGANISATIONS: Final = ABROAD.difference(OFFICES)


@dataclass(frozen=True, slots=True)
class Whom:
    """One whom readers may write to.

    Attributes:
        number: 1 for the first addressee, `FIRST_MISSION` for the first embassy of the directory, and `EMBASSY`.
        rank: The code of the list `letter_forms` by which a letter addresses it.
        printed: The addressee as each edition prints it, by the language of the edition; none for the embassy.
        at_embassy: It is an embassy that the appeal names, or heads one.
        residence: Of an embassy that was published beside the text, the country in which it sits (alpha-3).
        languages: In which it reads letters best, as the directory has it; none where that is not known.
        salutations: How letters to it begin, by language, where the directory has that and it is not as usual.
    """

    number: int
    rank: str
    printed: Mapping[str, Addressee]
    at_embassy: bool = False
    residence: str = ""
    languages: tuple[str, ...] = ()
    salutations: Mapping[str, Salutation] = field(default_factory=dict)

    def shown_in(self, language: str) -> Addressee | None:
        """Give the addressee as the edition nearest to a language prints it."""
        return self.printed.get(language) or next(iter(self.printed.values()), None)

    def office_in(self, language: str) -> str:
        """Give the post as the edition nearest to a language prints it, and never who holds it; empty without one."""
        shown = self.shown_in(language)
        return (shown.post if shown else None) or ""

    @property
    def is_copy(self) -> bool:
        """Tell whether it only gets a copy."""
        return any(each.copy for each in self.printed.values())

    @property
    def mail(self) -> tuple[str, ...]:
        """The addresses that mail can be sent to, each once."""
        channels = (each for one in self.printed.values() for each in one.channels)
        values = (each.value for each in channels if each.kind == "email" and each.value)
        return tuple(dict.fromkeys(each for each in values if is_mail_address(each)))

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """All ways that lead to it, kind and value, in the order in which they are printed."""
        printed = (way for each in self.printed.values() for way in each.channels)
        return tuple((way.kind, way.value) for way in printed if way.value)

    @property
    def known_by(self) -> tuple[str, ...]:
        """What is kept of it where readers learn that it answered: its mail addresses, or else its other ways."""
        return tuple(each.lower() for each in self.mail or dict.fromkeys(value for _, value in self.ways))


def whom(appeal: PublicAppeal) -> tuple[Whom, ...]:
    """Give all whom readers of an appeal may write to, in the order of its English edition, or of the first.

    Another edition names the same one where both share a way to be reached, or where both lists are equally long.
    """
    first = (appeal.edition("en") or appeal.editions[0]).document
    documents = [first, *(each.document for each in appeal.editions if each.document is not first)]
    offices = [offices_of(each) for each in documents]
    found = []
    for place in range(len(first.addressees)):
        places = [_place_in(each, first, place) for each in documents]
        known = [row[at] for row, at in zip(offices, places, strict=True) if at is not None and row[at]]
        printed = {
            str(document.language): document.addressees[at]
            for document, at in zip(documents, places, strict=True)
            if at is not None
        }
        found.append(Whom(place + 1, _rank(known), MappingProxyType(printed), _at_embassy(known)))
    if asks_for_missions(first):
        found.extend(_missions(appeal.missions, tuple(found)))
        found.append(Whom(EMBASSY, _RANK_OF_EMBASSY, MappingProxyType({})))
    said = {(each.kind, each.value): each.languages for each in appeal.letter_languages}
    own = {(each.kind, each.value, each.language): each for each in appeal.salutations}
    return tuple(replace(each, languages=_read_by(each, said), salutations=_own(each, own)) for each in found)


def asks_for_missions(document: AppealDocument) -> bool:
    """Tell whether an appeal asks its readers to write to the embassy in their country."""
    return any(each.kind == _WRITE_TO_MISSION for each in document.requests)


def _missions(missions: Iterable[Mission], named: Iterable[Whom]) -> Iterator[Whom]:
    """Give the embassies that were published beside the text, but for those that the text names."""
    ways = {way for whom in named for way in whom.ways}
    for number, each in enumerate(missions, FIRST_MISSION):
        if ways.isdisjoint((way.kind, way.value) for way in each.ways):
            channels = tuple(Channel(way.kind, way.value, way.shown) for way in each.ways)
            printed = {
                language: Addressee(name, post=name, channels=channels, location=each.place or None)
                # English first: it is shown where there is no name in the language of the page.
                for language, name in sorted(each.names, key=lambda row: row[0] != "en")
            }
            rank = str(vocab.load("posts")[each.office].properties["letter_form"])
            yield Whom(number, rank, MappingProxyType(printed), at_embassy=True, residence=each.residence)


def letter_languages(appeal: PublicAppeal, whom: Whom, own: str) -> tuple[str, ...]:
    """Name the languages of letters that make sense for a reader of some language, the best one first.

    First those in which the addressee is known to read letters best. Then the official ones of the country (CLDR),
    since its authorities read them; those in which there is an edition, and the reader's own.
    """
    codes = dict.fromkeys(code for each in appeal.editions for code in each.document.countries)
    known = [each.alpha2 for code in codes if (each := vocab.country(code))]
    official = [tag for territory in known for tag in get_official_languages(territory, regional=True, de_facto=True)]
    wanted = (*whom.languages, *official, *(each.language for each in appeal.editions), own)
    return tuple(dict.fromkeys(tag for tag in wanted if tag in languages()))


def _rank(offices: list[tuple[str, ...]]) -> str:
    """Give the rank of the first office that an edition prints and that is known."""
    return str(vocab.load("posts")[offices[0][0]].properties["letter_form"]) if offices else _RANK_OF_OTHERS


def _at_embassy(offices: list[tuple[str, ...]]) -> bool:
    """Tell whether an edition prints an embassy; who also stands for the State at the United Nations is at none."""
    return bool(offices) and offices[0][0] in OFFICES and not _AT_ORGANISATIONS & set(offices[0])


def _place_in(document: AppealDocument, first: AppealDocument, place: int) -> int | None:
    """Tell where the addressee at a place of the first edition stands in one; `None` where it cannot be told."""
    ways = _ways(first.addressees[place])
    shared = (at for at, each in enumerate(document.addressees) if ways & _ways(each))
    alike = len(first.addressees) == len(document.addressees)
    return place if document is first else next(shared, place if alike else None)


def _read_by(whom: Whom, said: Mapping[tuple[str, str], tuple[str, ...]]) -> tuple[str, ...]:
    return next((said[way] for way in whom.ways if way in said), ())


def _own(whom: Whom, said: Mapping[tuple[str, str, str], Salutation]) -> dict[str, Salutation]:
    """Give the salutations for somebody by language: those of the first way to reach her that has one."""
    ways = set(whom.ways)
    found: dict[str, Salutation] = {}
    for (kind, value, language), each in said.items():
        if (kind, value) in ways:
            found.setdefault(language, each)
    return found


def _ways(addressee: Addressee) -> set[tuple[str, str]]:
    return {(each.kind, each.value) for each in addressee.channels if each.value}
