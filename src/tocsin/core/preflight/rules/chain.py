"""What was left from another text: another edition, the appeal before, somebody else, another country."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from tocsin.core import vocab
from tocsin.core.appeal import AppealDocument
from tocsin.core.phrasebook import languages, open_phrasebook
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.rules.names import parts_of
from tocsin.core.preflight.subject import BODY, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several

# A time of the day is written differently in each language: 18:30, 18h30, 6.30 pm.
_TIME = re.compile(r"\b\d{1,2}\s?(?:[:h]\s?\d{2}\b|h\b|[.]\d{2}\s?[ap]\.?m)|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}’']\d{3})*")
_SEPARATORS = re.compile(r"\D")
_WORD = re.compile(r"[^\W\d_]+")
# An article in many languages, and no number there.
_COUNTED = range(2, 11)
_NAME = re.compile(r"\s*((?:[^\W\d_][\w’'-]+[ \N{NO-BREAK SPACE}]){0,3}[^\W\d_][\w’'-]+)")
_SHORTEST_NAME = 3
_ASKING = ("opening", "actions", "request")
_TOLD = ("situation", "new_information", "background", "demand")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ɏ]")


@rule("LNG-02")
def editions_that_differ(subject: Subject) -> Iterator[Hit]:
    """Find what an edition says otherwise than the edition that stands first: code, day, addresses, names, numbers."""
    for first in subject.beside or ():
        document, tag = subject.document, first.language or "?"
        if document.reference and first.reference and document.reference.canonical != first.reference.canonical:
            what = Phrase.of("code", language=tag, there=first.reference.as_printed)
            yield Hit.at(Place("reference", document.reference.as_printed), cause="code", what=what)
        if document.issued_on != first.issued_on:
            there = first.issued_on.isoformat() if first.issued_on else "–"
            yield Hit.at(Place("issued_on"), cause="day", what=Phrase.of("day", language=tag, there=there))
        if len(document.demands) != len(first.demands):
            what = Phrase.of("demands", language=tag, here=str(len(document.demands)), there=str(len(first.demands)))
            yield Hit.at(Place("demands"), cause="demands", what=what)
        yield from _addresses(document, first, tag)
        yield from _names(subject, first, tag)
        yield from _numbers(subject, first, tag)


def _addresses(document: AppealDocument, first: AppealDocument, tag: str) -> Iterator[Hit]:
    """Find addresses that only one of two editions gives."""
    here, there = _channels(document), _channels(first)
    for value in sorted(here.symmetric_difference(there)):
        key = "address" if value in there else "address_here"
        place = Place("addressees", value if value in here else "")
        yield Hit.at(place, cause=f"address {value}", what=Phrase.of(key, language=tag, address=value))


def _channels(document: AppealDocument) -> set[str]:
    return {(channel.value or channel.display).casefold() for each in document.addressees for channel in each.channels}


def _names(subject: Subject, first: AppealDocument, tag: str) -> Iterator[Hit]:
    """Find people whom the first edition names in Latin letters and this one, in such letters too, never does."""
    told = [passage for passage in subject.passages if passage.role in _TOLD]
    here = " ".join(passage.text for passage in subject.passages)
    if not _is_latin(here):
        return
    for name in sorted({each.name for each in first.facts.people if each.name and _is_latin(each.name)}):
        if name not in here and any(name in each.text for section in first.sections for each in section.paragraphs):
            yield Hit.at(told[0].place() if told else Place("sections"), cause=f"name {name}",
                         what=Phrase.of("name", language=tag, name=name))  # fmt: skip


def _is_latin(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    return bool(letters) and 2 * sum(bool(_LATIN.match(each)) for each in letters) > len(letters)


def _numbers(subject: Subject, first: AppealDocument, tag: str) -> Iterator[Hit]:
    """Find numbers that one text has and the text in its place in the first edition has not.

    Texts stand in each other's place where both editions have as many of a section; else all are compared at once.
    """
    before = Subject(first, subject.on)
    for mine, theirs in _pairs(subject, before):
        words = {subject.language, before.language} <= set(languages())
        here, there = (
            _counted(each, one.language if words else None) for each, one in ((mine, subject), (theirs, before))
        )
        lacking, added = there - here - _paired(mine, subject), here - there - _paired(theirs, before)
        missing, more = (Several(tuple(map(str, sorted(each)))) for each in (lacking, added))
        if missing.values or more.values:
            key = "instead" if missing.values and more.values else "number" if missing.values else "more"
            what = Phrase.of(key, numbers=more, there=missing, language=tag)
            place = mine[0].place() if len(mine) == 1 else Place(mine[0].path)
            yield Hit.at(place, cause=f"number {mine[0].path}", severity="warning", what=what)


def _pairs(subject: Subject, before: Subject) -> Iterator[tuple[list[Passage], list[Passage]]]:
    for role in _TOLD:
        mine, theirs = list(subject.passages_of(role)), list(before.passages_of(role))
        if len(mine) == len(theirs):
            yield from (([a], [b]) for a, b in zip(mine, theirs, strict=True))
        elif mine and theirs:
            yield mine, theirs


def _paired(passages: list[Passage], subject: Subject) -> set[int]:
    """Give the number that texts tell without naming it: where one edition says "two", another says "both"."""
    return {2} if any(any(subject.find_in(each, "pairs")) for each in passages) else set()


def _counted(passages: list[Passage], language: str | None) -> set[int]:
    """Give the numbers in texts; small ones in words where the words of the language are known."""
    found: set[int] = set()
    for passage in passages:
        text = _TIME.sub(" ", passage.text)
        found |= {int(_SEPARATORS.sub("", match[0])) for match in _NUMBER.finditer(text)}
        if language:
            named = {open_phrasebook(language).number(number): number for number in _COUNTED}
            found |= {named[word] for word in map(str.casefold, _WORD.findall(text)) if word in named}
    # The first of a month is written as a word in some languages, as "1er" in others.
    return found - {0, 1}


@rule("COD-12")
def titles_of_yesterday(subject: Subject) -> Iterator[Hit]:
    """Find a follow-up that tells something new under the title of the appeal before it."""
    before, document = subject.before, subject.document
    if before is None or document.title is None or before.title is None:
        return
    tells_news = any(section.role == "new_information" for section in document.sections)
    if tells_news and _bare(document.title.text) == _bare(before.title.text):
        yield Hit.at(subject.whole("title"), cause="title")


def _bare(title: str) -> str:
    return " ".join(_WORD.findall(title)).casefold()


@rule("NAM-09")
def nobody_of_the_case(subject: Subject) -> Iterator[Hit]:
    """Find names behind a title, or behind a given name of the case, that nobody of the case and no addressee has."""
    known = _known_names(subject)
    roles = (*sorted(BODY), "title", "demand", "note")
    for passage in subject.passages_of(*roles):
        begins = [found.end for found in subject.find_in(passage, "person_titles")]
        begins += [match.start() for match in _given_names(subject).finditer(passage.text)]
        for at in dict.fromkeys(begins):
            match = _NAME.match(passage.text, at)
            name = " ".join(takewhile(lambda word: not word[0].islower(), match[1].split())) if match else ""
            words = [each for each in parts_of(name) if len(each) >= _SHORTEST_NAME]
            if match and not known.issuperset(words):
                start = match.start(1)
                yield Hit.at(passage.place(start, start + len(name)), cause=name.casefold(), name=name)


def _known_names(subject: Subject) -> set[str]:
    """Give the words of all names that stand in the case, and of the addressees."""
    case = subject.case
    names = [each.as_printed for each in subject.document.addressees]
    if case is not None:
        names += [form.full for person in case.persons for form in person.names]
        names += [form.value for each in case.organisations for form in each.names]
        names += [text.text for each in case.organisations if each.name for text in each.name.texts]
        names += [text.text for each in case.places for text in each.name.texts]
        names += [text.text for each in case.groups if each.label for text in each.label.texts]
        names += [each.person for each in case.addressees if each.person]
        names += [each.short for each in case.organisations if each.short]
    return {word for name in names for word in parts_of(name)}


def _given_names(subject: Subject) -> re.Pattern[str]:
    """Give the given names of people of the case before another capitalised word."""
    people = subject.case.persons if subject.case else ()
    given = sorted({form.given for person in people for form in person.names if form.given}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, given)) or '(?!)'})(?= [^\W\d_a-z])")


@rule("COD-13")
def other_countries(subject: Subject) -> Iterator[Hit]:
    """Find countries, where the authorities are addressed, that are none of the document."""
    own = {country.alpha3 for code in subject.document.countries if (country := vocab.country(code))}
    names = _countries(subject.language)
    for passage in subject.passages_of(*_ASKING):
        for match in names.finditer(passage.text):
            code = vocab.countries_by_name(subject.language).get(match[0])
            if code and code not in own:
                yield Hit.at(passage.place(*match.span()), cause=code)


@cache
def _countries(language: str) -> re.Pattern[str]:
    listed = sorted(vocab.countries_by_name(language), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed)) or '(?!)'})(?!\w)")
