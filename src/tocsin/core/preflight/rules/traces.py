"""Safety: traces by which a stranger finds somebody: numbers, addresses, coordinates, links, secrets of the case."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from tocsin.core import vocab
from tocsin.core.preflight import tables
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import Passage, Subject
from tocsin.core.preflight.wording import Phrase
from tocsin.core.reader import fold
from tocsin.core.records import Case, Organisation, Person
from tocsin.core.records import Place as PlaceRecord

_PUBLIC = frozenset({"addressee", "contact", "request", "about", "opening"})
_E_MAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_DIGITS = re.compile(r"(?<![\w.,/-])\+?\s?\(?\d[\d ()./–-]{5,24}\d(?![\w/-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_COORDINATES = re.compile(
    r"[+-]?\d{1,2}[.,]\d{4,12}\s?°?\s?[NS]?\s?[,;/ ]\s?[+-]?\d{1,3}[.,]\d{4,12}"
    r"|\d{1,3}\s?°\s?\d{1,2}\s?['’′](?:\s?\d{1,2}(?:[.,]\d{1,6})?\s?(?:[\"”″]|'')?)?\s?[NSEWO]\b"
    # An Open Location Code, whole or shortened, of the twenty signs that it is written in.
    r"|\b(?:[23456789CFGHJMPQRVWX]{4}){1,2}\+[23456789CFGHJMPQRVWX]{2,3}\b"
)
# Addresses that show a place on a map, of the services that people in the field paste, and the scheme `geo` (RFC 5870).
_MAP = re.compile(
    r"(?:https?://)?(?:www\.)?(?:maps\.google\.|goo\.gl/maps|maps\.app\.goo\.gl|google\.[a-z.]{2,6}/maps|maps\.apple\.com"
    r"|openstreetmap\.org|osm\.org|w3w\.co|what3words\.com|bing\.com/maps|waze\.com|2gis\.[a-z]{2,3}"
    r"|yandex\.[a-z.]{2,6}/maps)\S*|\bgeo:[+-]?\d\S*",
    re.IGNORECASE,
)
_MAPPED = ("map", "goo.gl", "osm.org", "w3w", "what3words", "waze", "2gis", "geo:")
_DOCUMENT_NUMBER = re.compile(r"\W{0,4}(?:n[°o]\.?\W{0,2})?(?=[A-Z0-9./-]*\d{4})([A-Z0-9][A-Z0-9./-]{4,24})")
_PLATE = re.compile(
    r"\W{0,4}(?:number|no\.?|n°|was|reading)?\W{0,3}(?=[A-Z0-9 -]*\d)([A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){1,3})\b"
)
# The number of a house: no year, and no number of something that is told in small letters ("40 families").
_STREET = r"rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|quai|route|street|road|lane|bis|ter"
_HOUSE = re.compile(
    rf"(?<![\d.,:])(?!(?:19|20)\d\d(?!\d))\d{{1,4}}(?![\d:])(?!\s+(?!(?:{_STREET})\b)[a-zß-öø-ÿа-яё])(?:\s?[A-Za-z]\b)?"
)
_ABBREVIATED = re.compile(r"(?<!\w)(?:ул|пр|пер|пл|д|кв|г|пос|av|bd|st)\.\s*$", re.IGNORECASE)
_REACH = 60
_URL = re.compile(r"https?://[^\s<>\"”»)\]]{3,500}|\b[a-z0-9-]{1,30}\.[a-z]{2,5}/[A-Za-z0-9_-]{3,40}")
_SECRET = frozenset({"C", "N"})
_SHORTEST_SECRET = 4


@rule("SEC-02")
def numbers_and_addresses(subject: Subject) -> Iterator[Hit]:
    """Find what leads to a private person; the channels of addressees and of the publisher are public."""
    official = _official_channels(subject)
    for passage in subject.passages:
        if passage.role not in _PUBLIC:
            for start, end, what in _private(subject, passage):
                if _compact(passage.text[start:end]) not in official:
                    yield Hit.at(passage.place(start, end), what=Phrase(what))


def _official_channels(subject: Subject) -> set[str]:
    document = subject.document
    channels = [(one.value, one.display) for addressee in document.addressees for one in addressee.channels]
    channels += [(one.value, one.display) for one in document.contacts]
    return {_compact(text) for printed in channels for text in printed if text}


def _compact(text: str) -> str:
    return re.sub(r"[\s().-]", "", text).casefold()


def _private(subject: Subject, passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Give the stretches of a text that have the form of something private, with what it is."""
    text = passage.text
    for pattern, what in _patterns_for(text):
        yield from ((*match.span(), what) for match in pattern.finditer(text))
    for match in _IBAN.finditer(text):
        if _is_iban(match[0]):
            yield *match.span(), "account"
    if _DIGITS.search(text):
        yield from ((start, end, "telephone") for start, end in _phones(text, _region(subject)))
    for found in subject.find_in(passage, "home_labels"):
        if (number := _HOUSE.search(text, found.end, _end_of_address(passage, found.end))) is not None:
            yield found.start, number.end(), "home"
    for table, pattern, what in (
        ("id_labels", _DOCUMENT_NUMBER, "document"),
        ("plate_labels", _PLATE, "plate"),
    ):
        for found in subject.find_in(passage, table):
            if (number := pattern.match(text, found.end)) is not None:
                yield *number.span(1), what


def _end_of_address(passage: Passage, start: int) -> int:
    """Give where an address ends at the latest; the point of a street that is abbreviated ends no sentence."""
    end = passage.sentence_at(start)[1]
    while end < len(passage.text) and _ABBREVIATED.search(passage.text, start, end):
        end = passage.sentence_at(end + 1)[1]
    return min(end, start + _REACH)


def _patterns_for(text: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Give the forms that a text may have: most need one of some signs, which are found far sooner than themselves."""
    if "@" in text:
        yield _E_MAIL, "mailbox"
    yield _COORDINATES, "coordinates"
    if any(map(text.casefold().__contains__, _MAPPED)):
        yield _MAP, "map"


def _region(subject: Subject) -> str | None:
    """Give the alpha-2 code of the country, for numbers without a country code."""
    codes = [vocab.country(code) for code in subject.document.countries]
    return codes[0].alpha2 if len(codes) == 1 and codes[0] else None


def _phones(text: str, region: str | None) -> list[tuple[int, int]]:
    import phonenumbers  # noqa: PLC0415 - its tables cost a tenth of a second, and most texts hold no number

    # A national number is believed only where it is grouped as one; "2021-05-29 16:00" is none. One with a plus is
    # believed also with a slip in it: whoever knows the country dials it right.
    international, national = phonenumbers.Leniency.POSSIBLE, phonenumbers.Leniency.STRICT_GROUPING
    found = []
    for like in _DIGITS.finditer(text):
        if like[0].startswith("+"):
            matcher = phonenumbers.PhoneNumberMatcher(like[0], None, leniency=international)
        elif region:
            matcher = phonenumbers.PhoneNumberMatcher(like[0], region, leniency=national)
        else:
            continue
        found += [(like.start() + match.start, like.start() + match.end) for match in matcher]
    return found


def _is_iban(text: str) -> bool:
    """Check the two check digits of an IBAN (ISO 13616)."""
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


@rule("SEC-15")
def links_that_tell(subject: Subject) -> Iterator[Hit]:
    """Find shortened links and links with parameters that report who followed them."""
    for passage in subject.passages:
        for match in _URL.finditer(passage.text):
            if what := _telling(match[0]):
                yield Hit.at(passage.place(*match.span()), what=Phrase(what))


def _telling(link: str) -> str | None:
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if host in _listed("shorteners"):
        return "hides"
    if any(name.lower() in _listed("trackers") for name, _ in parse_qsl(parts.query, max_num_fields=None)):
        return "tells"
    return None


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(tables.load("links")[name].split())


@rule("SEC-10")
def partners_as_publishers(subject: Subject) -> Iterator[Hit]:
    """Find organisations of the country that stand in the text as those who publish it."""
    case = subject.case
    if case is None:
        return
    for reference in dict.fromkeys((*case.appeal.partners, *case.appeal.publisher_parents)):
        partner = case.find_record(reference, Organisation)
        if partner is None or partner.country not in case.appeal.countries:
            continue
        name = partner.preferred_name(subject.document.language or "en")
        for passage in subject.passages_of("opening", "about"):
            at = _foldable(passage.text).find(_foldable(name)) if name else -1
            if at >= 0:
                yield Hit.at(passage.place(at, at + len(name)), cause=reference, organisation=name)


@rule("SEC-01")
def secrets_in_the_text(subject: Subject) -> Iterator[Hit]:
    """Find in the text what the case holds as confidential or never to be published."""
    if subject.case is None:
        return
    for secret, what in _secrets(subject.case).items():
        pattern = _as_printed(secret)
        for passage in subject.passages:
            for match in pattern.finditer(_foldable(passage.text)):
                yield Hit.at(passage.place(*match.span()), cause=secret, what=Phrase(what))


def tells_a_secret(case: Case, text: str) -> bool:
    """Tell whether words beside a document hold what `secrets_in_the_text` finds in one."""
    folded = _foldable(text)
    return any(_as_printed(secret).search(folded) for secret in _secrets(case))


def _as_printed(secret: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)")


def _foldable(text: str) -> str:
    """Lower a text letter by letter, so that places in it stay places in the text."""
    return "".join(low if len(low := fold(sign)) == 1 else sign for sign in text)


def _secrets(case: Case) -> Mapping[str, str]:
    """Give what must not be printed, lowered, and what it is; what is published elsewhere in the case is no secret."""
    found: dict[str, str] = {}
    for source in case.sources:
        found |= {source.identity: "source"} if source.identity else {}
    for person in case.persons:
        found |= _of_person(person)
    for place in case.places:
        if place.rc in _SECRET:
            found |= {one.text: "place" for one in place.name.texts}
        found |= _coordinates(place)
    for group in case.groups:
        if group.rc in _SECRET and group.label:
            found |= {one.text: "group" for one in group.label.texts}
    for proceeding in case.proceedings:
        if proceeding.case_number and proceeding.case_number_rc in _SECRET:
            found[proceeding.case_number] = "case_number"
    return {_foldable(text): what for text, what in found.items() if len(text) >= _SHORTEST_SECRET}


def _of_person(person: Person) -> dict[str, str]:
    secret = {channel.value: "channel" for channel in person.contact_points if channel.rc != "P"}
    secret |= {channel.display: "channel" for channel in person.contact_points if channel.display and channel.rc != "P"}
    if person.rc in _SECRET:
        secret |= {name.full: "person" for name in person.names}
    return secret | {name.full: "name" for name in person.names if name.rc in _SECRET}


def _coordinates(place: PlaceRecord) -> dict[str, str]:
    if place.coordinates is None or place.coordinates.rc == "P":
        return {}
    return {f"{place.coordinates.latitude}, {place.coordinates.longitude}": "coordinates"}
