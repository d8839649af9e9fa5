"""Names: that each person and organisation is called what it is called, everywhere and in the right form."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from tocsin.core.appeal import Organisation, Person
from tocsin.core.preflight.findings import Place, Severity
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.spelling import name_words, near_misses, printed_names
from tocsin.core.preflight.subject import BODY, NARRATIVE, Found, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several, Value
from tocsin.core.reader import Tokens
from tocsin.core.records import Person as PersonRecord

_TEXTS = (*sorted(BODY), "title", "demand", "note")
_NOT_APPROVED = frozenset({"misspelling", "former"})
_MOST_ORGANISATIONS = 30
_NAME_BEHIND = re.compile(r"\.?\s+((?:[A-ZÀ-ÖØ-Þ][\w’'-]*\s+){0,3}[A-ZÀ-ÖØ-Þ][\w’'-]+)")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")
_MAILBOX = re.compile(r"[^\s@<>(),;:]+@(?P<domain>[\w.-]*\w)")
# Cyrillic, Greek and Armenian letters that nobody tells from Latin ones; digits and hyphens may stand between them.
_LIKE_LATIN = re.compile(r"[0-9-]*[асеорхуіјѕһӏԁԛԝѵοανρχυικօհսոց][асеорхуіјѕһӏԁԛԝѵοανρχυικօհսոց0-9-]*")
_LATIN = "Latn"
_ARTICLES = frozenset("the le la les l' el los las".split())
_DEFINING = re.compile(r"(?:[(\[“‘«\"']|\b(?:as|called|named|hereafter|hereinafter))\s*(?:the\s+)?[“‘«\"']?$")


def parts_of(name: str) -> tuple[str, ...]:
    """Give the words of a name, folded, without its marks."""
    return tuple(word for word in Tokens(name).folded if any(sign.isalnum() for sign in word))


@rule("NAM-01")
def names_unlike_the_record(subject: Subject) -> Iterator[Hit]:
    """Find printed names of people of the case in a form that its records do not approve of."""
    approved, refused = _names_on_record(subject)
    printed = printed_names(subject, *_TEXTS)
    for word in sorted((refused - approved) & printed.keys()):
        yield Hit.at(*_places(printed[word]), cause=word, right=_nearest(word, approved))
    for word, right in near_misses(printed.keys() - approved - refused - _other_names(subject), approved):
        yield Hit.at(*_places(printed[word]), cause=word, right=right.title())


def _names_on_record(subject: Subject) -> tuple[set[str], set[str]]:
    """Give the words of all names of people of the case: those that may be printed, and those that may not."""
    approved: set[str] = set()
    refused: set[str] = set()
    for person in subject.case.persons if subject.case else ():
        for name in person.names:
            words = refused if name.use in _NOT_APPROVED else approved
            words |= name_words(name.full)
    return approved, refused


def _other_names(subject: Subject) -> set[str]:
    """Give the words of names of the case that are no people's, in the language of the document: not misspellings."""
    names = [one.name or "" for one in subject.document.addressees]
    own = {None, subject.document.language}
    for each in subject.case.organisations if subject.case else ():
        names += [name.value for name in each.names if name.lang in own and name.use != "misspelling"]
        names += [words.text for words in (each.name.texts if each.name else ()) if words.language in own]
        names += [each.short or ""]
    for place in subject.case.places if subject.case else ():
        names += [words.text for words in place.name.texts if words.language in own]
    return name_words(*names)


def _nearest(word: str, approved: set[str]) -> Value:
    return next((right.title() for _, right in near_misses([word], approved)), Phrase("approved"))


def _places(found: list[Found]) -> Iterator[Place]:
    return (one.place for one in found)


@rule("NAM-02")
def near_misses_of_names(subject: Subject) -> Iterator[Hit]:
    """Find words that are a slip or two away from a name of the same document or its case."""
    printed = printed_names(subject, *_TEXTS)
    groups = [name_words(*forms) & printed.keys() for forms in _named(subject)]
    # Of two spellings of one name, the rarer is the slip.
    right = {
        word: other
        for words in groups
        for word, other in near_misses(words, words)
        if (len(printed[word]), word) < (len(printed[other]), other)
    }
    # Two places may be called nearly alike; one that is printed once beside another that is printed often is a slip.
    places = name_words(*(place.name for place in subject.document.facts.places)) & printed.keys()
    twins = {
        word: other for word, other in near_misses(places, places) if len(printed[word]) == 1 < len(printed[other])
    }
    known = set().union(*groups) | _other_names(subject)
    strange = printed.keys() - known - _begins_sentences(printed)
    right |= dict(near_misses(strange, known - right.keys()))
    on_record = set().union(*_names_on_record(subject))
    for word, other in sorted((right | twins).items()):
        if other not in on_record:
            severity: Severity | None = "warning" if word in twins else None
            yield Hit.at(*_places(printed[word]), cause=word, severity=severity, right=other.title())


def _named(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Give the printed forms of each name that the reader found."""
    facts = subject.document.facts
    yield from ((one.name, *one.other_forms) for one in facts.people)
    yield from ((one.name, *one.other_forms) for one in facts.organisations)
    for place in facts.places:
        yield (place.name,)


def _begins_sentences(printed: Mapping[str, list[Found]]) -> set[str]:
    """Give the words that only ever begin a sentence: their capital may say nothing."""
    return {
        word
        for word, found in printed.items()
        if all(one.start == one.passage.sentence_at(one.start)[0] for one in found)
    }


@rule("NAM-03")
def undefined_forms(subject: Subject) -> Iterator[Hit]:
    """Find organisations that are called by several names, of which the first does not introduce the others."""
    for organisation in subject.document.facts.organisations[:_MOST_ORGANISATIONS]:
        forms = _forms_in_order(subject, organisation)
        undefined = [found for found in forms[1:] if not _is_defined(found, forms)]
        if undefined:
            listed = tuple(Phrase.of("quoted", term=found.value) for found in (forms[0], *undefined))
            yield Hit.at(*_places([forms[0], *undefined]), cause=organisation.name, forms=Several(listed))


def _forms_in_order(subject: Subject, organisation: Organisation) -> list[Found]:
    """Give the first place of each form of a name, in the order of the document; slips of the pen are no forms."""
    firsts: list[Found] = []
    known: set[str] = set()
    for form in (organisation.name, *organisation.other_forms):
        words = name_words(form)
        if known and any(near_misses(words - known, known)):
            continue
        known |= words
        if (found := _first(subject, form)) is not None:
            firsts.append(found)
    order = {passage.path: number for number, passage in enumerate(subject.passages)}
    return sorted(firsts, key=lambda found: (order[found.passage.path], found.start, -found.end))


def _first(subject: Subject, form: str) -> Found | None:
    for passage in subject.passages_of(*_TEXTS):
        if (at := passage.text.find(form)) >= 0:
            return Found(passage, at, at + len(form), form)
    return None


def _is_defined(found: Found, forms: list[Found]) -> bool:
    """Tell whether a form is a part of one before it, or stands in brackets or marks behind one."""
    before = forms[: forms.index(found)]
    parts = set(parts_of(found.value)) - _ARTICLES
    inside = any(one.passage is found.passage and one.start <= found.start < one.end for one in before)
    shortened = any(parts <= set(parts_of(one.value)) for one in before)
    return inside or shortened or _DEFINING.search(found.passage.text, 0, found.start) is not None


@rule("NAM-04")
def forms_against_custom(subject: Subject) -> Iterator[Hit]:
    """Find titles before a given name or patronymic alone, and names in the reverse of their order."""
    for person in subject.document.facts.people:
        for form in (person.name, *person.other_forms):
            if (what := _against_custom(subject, parts_of(form), titled=_is_titled(form))) is not None:
                found = _first(subject, form)
                place = found.place if found else subject.place_of(person.span, person.name, "facts.people")
                yield Hit.at(place, cause=form, what=what)


def _is_titled(form: str) -> bool:
    return re.match(r"[^\W\d_]{1,6}\. ", form) is not None


def _against_custom(subject: Subject, parts: tuple[str, ...], *, titled: bool) -> Phrase | None:
    for record in subject.case.persons if subject.case else ():
        name = record.preferred
        given, family = parts_of(name.given or ""), parts_of(name.family or "")
        patronymic = parts_of(name.patronymic or "")
        if not given or not family or name.order == "single":
            continue
        bare = parts[1:] if titled else parts
        if titled and bare == given:
            return Phrase("given")
        if titled and patronymic and bare == patronymic:
            return Phrase("patronymic")
        reverse = (*family, *given) if name.order == "given_family" else (*given, *family)
        if name.order and bare == reverse and reverse != parts_of(name.full):
            return Phrase("reversed")
    return None


@rule("NAM-05")
def disagreeing_genders(subject: Subject) -> Iterator[Hit]:
    """Find a name with titles of both genders, and pronouns that do not agree with the only person of a paragraph."""
    yield from _two_titles(subject)
    genders = {person.name: gender for person in subject.document.facts.people if (gender := _gender(subject, person))}
    words = {name: set(parts_of(name)) for name in genders}
    others = {found.passage.path for table in ("actors", "other_people") for found in subject.find(table, *NARRATIVE)}
    pronouns: dict[str, list[Found]] = {}
    for found in subject.find("pronouns", *NARRATIVE):
        pronouns.setdefault(found.passage.path, []).append(found)
    for passage in subject.passages_of(*NARRATIVE):
        if passage.path in others or passage.path not in pronouns:
            continue
        here = set(passage.tokens.folded)
        named = [name for name, parts in words.items() if parts & here]
        wrong = [one for one in pronouns[passage.path] if len(named) == 1 and one.value != genders[named[0]]]
        if wrong:
            yield Hit.at(*_places(wrong), cause=f"{named[0]} {passage.path}", name=named[0])


def _two_titles(subject: Subject) -> Iterator[Hit]:
    """Find a name that is printed behind titles of both genders, and belongs to one person alone."""
    if any(subject.find("relatives", *_TEXTS)):
        return
    surnames = [parts_of(person.name)[-1:] for person in subject.document.facts.people]
    seen: dict[str, dict[str, Found]] = {}
    for found in subject.find("titles", *_TEXTS):
        name = _NAME_BEHIND.match(found.passage.text, found.end)
        if name is not None and (parts := parts_of(name[1])):
            seen.setdefault(parts[-1], {}).setdefault(found.value, found)
    for surname, by_gender in seen.items():
        if len(by_gender) > 1 and surnames.count((surname,)) == 1:
            yield Hit.at(*_places(list(by_gender.values())), cause=f"titles {surname}", name=surname.title())


def _gender(subject: Subject, person: Person) -> str | None:
    """Give the grammatical gender of a person, `f` or `m`, by the case or by the title."""
    record = record_of(subject, person.name)
    if record is not None and record.grammatical_gender in {"f", "m"}:
        return record.grammatical_gender
    titles = subject.phrases("titles").find(Tokens(person.title or ""))
    return titles[0].value if titles else None


def record_of(subject: Subject, name: str) -> PersonRecord | None:
    """Give the person of the case that has a name."""
    parts = parts_of(name)
    people = subject.case.persons if subject.case else ()
    return next((one for one in people if any(parts_of(form.full) == parts for form in one.names)), None)


@rule("NAM-06")
def people_in_title_or_demands_alone(subject: Subject) -> Iterator[Hit]:
    """Find defenders whom the title names and no demand does, or the reverse."""
    document = subject.document
    if document.title is None or not document.demands or any(subject.find("all_of_them", "title", "demand")):
        return
    if document.title.text.isupper():
        return
    in_title = set(Tokens(document.title.text).folded)
    in_demands = {word for passage in subject.passages_of("demand") for word in passage.tokens.folded}
    defenders = [person for person in document.facts.people if person.role == "defender" and not person.name.isupper()]
    named = {person.name: _is_named(person, in_title, in_demands) for person in defenders}
    for name, (title, demands) in named.items():
        if title and not demands:
            yield Hit.at(subject.whole("title"), cause=name, what=Phrase.of("title", name=name))
        if demands and not title and any(others for others, _ in named.values()):
            place = next((one for one in subject.passages_of("demand") if _names(one, name)), None)
            there = place.place() if place else Place("demands")
            yield Hit.at(there, cause=name, what=Phrase.of("demand", name=name))


def _is_named(person: Person, *texts: set[str]) -> list[bool]:
    surname = set(parts_of(person.name)[-1:])
    return [bool(surname & text) for text in texts]


def _names(passage: Passage, name: str) -> bool:
    return parts_of(name)[-1] in passage.tokens.folded


@rule("NAM-07")
def mixed_scripts(subject: Subject) -> Iterator[Hit]:
    """Find words with letters of two alphabets that look alike, and mail addresses with a part that looks Latin."""
    for passage in subject.passages:
        if passage.text.isascii():
            continue
        tokens = passage.tokens
        for at, word in enumerate(tokens.words):
            if not word.isascii() and len(scripts := _scripts(word)) > 1:
                place = passage.place(*tokens.span(at, at + 1))
                yield Hit.at(place, scripts=_mixed(scripts))
        for found in _MAILBOX.finditer(passage.text):
            if scripts := _disguised(found["domain"]):
                yield Hit.at(passage.place(*found.span()), scripts=_mixed(scripts))


def _mixed(scripts: Iterable[str]) -> Several:
    return Several(tuple(Phrase(each.lower()) for each in sorted(scripts)), "and")


def _disguised(domain: str) -> set[str]:
    """Give the alphabets of a domain of which one part, in letters that are not Latin, reads as if they were."""
    parts = domain.casefold().split(".")
    if not any(part.isascii() for part in parts):
        return set()
    scripts = {script for part in parts if _LIKE_LATIN.fullmatch(part) for script in _scripts(part)}
    return {"LATIN", *scripts} if scripts else set()


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(sign, "") for sign in word if sign.isalpha())
    return {script for name in names for script in _SCRIPTS if name.startswith(script)}


@rule("NAM-08")
def missing_original_scripts(subject: Subject) -> Iterator[Hit]:
    """Find protagonists of whom the case does not hold the name in the script of their country."""
    case = subject.case
    scripts = {script for code in (case.appeal.countries if case else ()) for script in _scripts_of(code)} - {_LATIN}
    protagonists = [one for one in case.persons if one.id in case.appeal.protagonists] if case and scripts else []
    lacking = [one for one in protagonists if not any(_script(name.full, name.script) in scripts for name in one.names)]
    places = [found.place for one in lacking if (found := _first(subject, one.preferred.full)) is not None]
    if lacking:
        listed = Several(tuple(sorted(scripts)))
        yield Hit.at(*(places or [Place("facts.people")]), cause="script", scripts=listed)


def _scripts_of(country: str) -> set[str]:
    """Give the scripts in which the official languages of a country are written."""
    from babel.core import get_global  # noqa: PLC0415 - only with a case
    from babel.languages import get_official_languages  # noqa: PLC0415

    from tocsin.core import vocab  # noqa: PLC0415

    known = vocab.country(country)
    subtags = get_global("likely_subtags")
    languages = get_official_languages(known.alpha2) if known else ()
    return {part for tag in languages for part in subtags.get(tag, "").split("_") if len(part) == len(_LATIN)}


def _script(name: str, stated: str | None) -> str | None:
    """Give the script of a name: the one that the record states, or whether its letters are Latin."""
    if stated is not None:
        return stated
    return _LATIN if name.isascii() or "LATIN" in unicodedata.name(name[:1], "") else None
