"""Law: treaties that bind, articles that fit, charges that can be looked up."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tocsin.core import vocab
from tocsin.core.appeal import Law
from tocsin.core.preflight import tables
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import BODY, NARRATIVE, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several, Term, Value
from tocsin.core.reader import fold

_QUOTED = re.compile(r"\s{0,2}[“«\"„‘]\s?([^”»\"“’]{3,80}?)\s?[”»\"“’]")
_NUMBER = re.compile(r"\d+")
# The numbers behind "Articles", up to the law that they are of: "19, 21 (2) and 22 of the".
_LISTED = re.compile(r"\s*((?:\d[\w.-]*(?:\s?\(\w{1,3}\)){0,3}(?:,\s|,?\s[^\W\d]{1,3}\s|\s?(?=[\s(]))){1,8})")
_BEFORE_LAW = 20  # characters between the numbers and the law: "of the revised"
_ENOUGH = 3  # mentions that make a gathering the story, and not a scene of it
_LONGEST_OFFENCE = 8  # words


@rule("LAW-01")
def treaties_that_do_not_bind(subject: Subject) -> Iterator[Hit]:
    """Find treaties that did not bind the State on the day of issue, and those of which the table does not know it."""
    on = subject.document.issued_on or subject.on
    unknown: dict[tuple[str, str], tuple[Phrase, Place]] = {}
    for law, place in _treaties(subject):
        for country in subject.document.countries:
            answer = subject.treaties.party_on(country, law.instrument or "", on) if subject.treaties else "unknown"
            if answer == "no":
                what = Phrase.of("unbound", law=_named(law), country=country, day=f"{on}")
                yield Hit.at(place, cause=f"{law.instrument} {country}", what=what)
            elif answer == "unknown":
                there = Phrase.of("there", law=_named(law), country=country)
                unknown.setdefault((law.instrument or "", country), (there, place))
    if unknown:
        laws = Several(tuple(there for there, _ in unknown.values()))
        places = (place for _, place in unknown.values())
        yield Hit.at(*places, cause="unknown", severity="warning", what=Phrase.of("unknown", laws=laws))


@rule("LAW-02")
def treaties_without_article(subject: Subject) -> Iterator[Hit]:
    """Find treaties that are nowhere cited with an article."""
    yield from _without_article([(law, place) for law, place in _treaties(subject)])


@rule("LAW-07")
def constitutions_without_article(subject: Subject) -> Iterator[Hit]:
    """Find constitutions that are nowhere cited with an article."""
    yield from _without_article([one for one in _laws(subject) if one[0].instrument == "constitution"])


def _without_article(cited: list[tuple[Law, Place]]) -> Iterator[Hit]:
    by_instrument: dict[str, list[tuple[Law, Place]]] = defaultdict(list)
    for law, place in cited:
        by_instrument[law.instrument or ""].append((law, place))
    for instrument, laws in by_instrument.items():
        if not any(law.article for law, _ in laws):
            yield Hit.at(*(place for _, place in laws), cause=instrument, law=_named(laws[0][0]))


def _laws(subject: Subject) -> Iterator[tuple[Law, Place]]:
    for k, law in enumerate(subject.document.facts.laws):
        yield law, subject.place_of(law.span, law.as_printed, f"facts.laws[{k}]")


def _treaties(subject: Subject) -> Iterator[tuple[Law, Place]]:
    """Give the treaties that the text cites as binding; one that it asks the State to join is none of them."""
    known = vocab.load("instruments")
    for law, place in _laws(subject):
        term = known.get(law.instrument or "")
        is_treaty = term is not None and term.properties.get("force") == "treaty"
        if is_treaty and not subject.has(subject.sentence_of(place), "asks_to_join"):
            yield law, place


def _named(law: Law) -> Value:
    if law.instrument and law.instrument in vocab.load("instruments"):
        return Phrase.of("treaty", treaty=Term("instruments", law.instrument, is_name=True))
    return law.as_printed


@rule("LAW-03")
def articles_of_another_right(subject: Subject) -> Iterator[Hit]:
    """Find articles that protect none of the rights which the text names with them."""
    protected: dict[tuple[str, str], set[str]] = defaultdict(set)
    cited: dict[tuple[str, str], tuple[Law, Place]] = {}
    for law, place in _laws(subject):
        if not law.right or not law.article or (number := _NUMBER.search(law.article)) is None:
            continue
        rights = tables.load("articles").get(law.instrument or "", {}).get(number[0])
        key = (law.instrument or "", f"{place.span}")
        protected[key] |= set(rights) if rights else _named_rights(subject, law.right)
        cited.setdefault(key, (law, place))
    for key, (law, place) in cited.items():
        named = _named_rights(subject, law.right or "")
        if named and not named & protected[key]:
            yield Hit.at(place, article=law.article or "", law=_named(law), right=law.right or "")


def _named_rights(subject: Subject, text: str) -> set[str]:
    return subject.values_in(text, "rights")


@rule("LAW-04")
def rights_beside_the_facts(subject: Subject) -> Iterator[Hit]:
    """Find texts that tell of assembly and name only association, or the reverse."""
    invoked = {found.value: found for found in subject.find("rights", "position", "demand")}
    shown: dict[str, int] = defaultdict(int)
    for found in subject.find("shows", *NARRATIVE):
        shown[found.value] += 1
    for named, other in (("association", "assembly"), ("assembly", "association")):
        clear = shown[other] >= _ENOUGH and (other == "assembly" or not shown[named])
        if named in invoked and other not in invoked and clear:
            yield Hit.at(invoked[named].place, shown=Phrase(other), named=Phrase(named))


@rule("LAW-05")
def charges_without_provision(subject: Subject) -> Iterator[Hit]:
    """Find offences that are named without an article or a law beside them."""
    charges = subject.document.facts.charges
    settled = {fold(one.offence) for one in charges if one.offence and (one.provision or one.law)}
    for k, charge in enumerate(charges):
        if charge.offence and not charge.provision and not charge.law and _is_offence(subject, charge.offence):
            place = subject.place_of(charge.span, charge.offence, f"facts.charges[{k}]")
            if fold(charge.offence) not in settled and not subject.has(subject.sentence_of(place), "provision"):
                yield Hit.at(place, cause=fold(charge.offence), offence=charge.offence)
    for passage, start, end in _quoted_offences(subject):
        offence = passage.text[start:end]
        first, last = passage.sentence_at(start)
        if fold(offence) not in settled and not subject.has_within(passage, first, last, "provision"):
            yield Hit.at(passage.place(start, end), cause=fold(offence), offence=offence)


def _quoted_offences(subject: Subject) -> Iterator[tuple[Passage, int, int]]:
    """Give what stands in quotation marks behind the words of an accusation."""
    for found in subject.find("accusing", *BODY):
        if (match := _QUOTED.match(found.passage.text, found.end)) is not None:
            yield found.passage, *match.span(1)


def _is_offence(subject: Subject, words: str) -> bool:
    """Tell an offence from a reference ("any of these crimes") and from half a sentence."""
    return len(words.split()) <= _LONGEST_OFFENCE and not subject.has(words, "not_an_offence")


@rule("LAW-08")
def procedures_not_accepted(subject: Subject) -> Iterator[Hit]:
    """Find procedures of the Convention against Torture for which the State made no declaration."""
    on = subject.document.issued_on or subject.on
    for law, place in _laws(subject):
        number = _NUMBER.search(law.article or "")
        if law.instrument != "cat" or number is None or number[0] not in {"21", "22"} or subject.treaties is None:
            continue
        for country in subject.document.countries:
            answer = subject.treaties.declared_on(country, "cat", number[0], on)
            if answer == "no":
                what = Phrase.of("none", country=country, article=number[0], day=f"{on}")
                yield Hit.at(place, cause=f"{number[0]} {country}", what=what)
            elif answer == "unknown":
                what = Phrase.of("unknown", country=country, article=number[0])
                yield Hit.at(place, cause=f"{number[0]} {country}", severity="warning", what=what)


@rule("LAW-09")
def declaration_not_cited(subject: Subject) -> Iterator[Hit]:
    """Find appeals without the Declaration on Human Rights Defenders."""
    cited = any(law.instrument == "un_declaration_hrd" for law in subject.document.facts.laws)
    if not cited and not any(subject.find("declaration_on_defenders")):
        yield Hit.at(Place("sections"), cause="declaration")


@rule("LAW-11")
def articles_that_the_case_does_not_have(subject: Subject) -> Iterator[Hit]:
    """Find articles of a law under which the case has a charge, where the case knows them neither of it nor at all."""
    case = subject.case
    if case is None:
        return
    known = {_number_of(each.article) for each in case.law_cited}
    by_law: dict[str, set[str]] = defaultdict(set)
    for provision in (charge.provision for each in case.proceedings for charge in each.charges):
        if provision and provision.code and _number_of(provision.article):
            by_law[provision.code.casefold()].add(_number_of(provision.article))
    for found in subject.find("provision", *BODY, "demand", "note") if by_law else ():
        text = found.passage.text
        if (match := _LISTED.match(text, found.end)) is None:
            continue
        for law, articles in by_law.items():
            if law in text[match.end() : match.end() + _BEFORE_LAW + len(law)].casefold():
                printed = {_number_of(word) for word in match[1].split() if word[0].isdigit()}
                place = found.passage.place(found.start, match.end(1))
                for number in sorted(printed - articles - known):
                    yield Hit.at(place, cause=f"{law} {number}", article=number, there=Several(tuple(sorted(articles))))


def _number_of(article: str | None) -> str:
    """Give the number of an article without its paragraphs; nothing where it has none."""
    found = _NUMBER.search(article or "")
    return found[0] if found else ""
