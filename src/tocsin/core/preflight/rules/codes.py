"""Code and document: the code itself, the sections an appeal needs, notes and their marks, hidden text."""

import re
import unicodedata
from collections.abc import Iterator

from tocsin.core.appeal import AppealDocument, Reference
from tocsin.core.codes import ODDITIES, Code, Registry, is_country, parse
from tocsin.core.errors import BadCode
from tocsin.core.preflight.findings import Place, Severity
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import NARRATIVE, Passage, Subject
from tocsin.core.preflight.wording import Phrase, Several

_CODED = frozenset({"urgent_appeal", "new_information", "closure"})
# Oddities that say where a code was found or how old it is, not that it was printed wrongly.
_HARMLESS = frozenset({"year_nearby", "not_iso_country", "country_alias", "after_document_date"})
# The first years printed the year before the month.
_OLD_CUSTOM = frozenset({"year_month_order"})
_OLD_CUSTOM_ENDED = 2003
_HEADED = ("situation", "actions", "addressees")
_HIDDEN = re.compile(r"[\u200b\u2060\u2062-\u2064\ufeff\u202d\u202e\U000e0001\U000e0020-\U000e007f]+")


def _place(subject: Subject) -> Place:
    """Give the place of the code."""
    code = subject.document.reference
    return subject.place_of(code.span, code.as_printed, "reference") if code else Place("reference")


def _code(reference: Reference) -> Code | None:
    """Read the code as it is understood."""
    try:
        return parse(reference.canonical).code
    except BadCode:
        return None


@rule("COD-01")
def bad_codes(subject: Subject) -> Iterator[Hit]:
    """Find a code that is missing or printed against its form and, with the list of codes, one not given out."""
    document, code = subject.document, subject.document.reference
    if code is None:
        if document.kind in _CODED:
            yield Hit.at(Place("reference"), cause="none", what=Phrase("none"))
        return
    harmless = _HARMLESS | (_OLD_CUSTOM if (document.issued_on or subject.on).year < _OLD_CUSTOM_ENDED else frozenset())
    if odd := tuple(Phrase(name) for name in code.oddities if name in ODDITIES and name not in harmless):
        yield Hit.at(_place(subject), cause="form", what=Phrase.of("form", odd=Several(odd, "semicolon")))
    understood = _code(code)
    if understood is not None and subject.registry is not None and not _given_out(understood, subject.registry):
        yield Hit.at(_place(subject), cause="list", what=Phrase("list"))


def _given_out(code: Code, registry: Registry) -> bool:
    return any(entry.code == code and not entry.void for entry in registry.entries)


@rule("COD-02")
def foreign_codes(subject: Subject) -> Iterator[Hit]:
    """Find a code whose country is none, or not that of the document."""
    code = subject.document.reference
    if code is None or code.country is None:
        return
    countries = subject.case.appeal.countries if subject.case else subject.document.countries
    if not is_country(code.country):
        yield Hit.at(_place(subject), cause="iso", what=Phrase.of("iso", country=code.country))
    elif countries and code.country not in countries:
        what = Phrase.of("other", country=code.country, countries=Several(tuple(countries)))
        yield Hit.at(_place(subject), cause="other", what=what)


@rule("COD-03")
def misplaced_follow_ups(subject: Subject) -> Iterator[Hit]:
    """Find a follow-up whose code lacks its number, and a number where nothing is followed up."""
    document, code = subject.document, subject.document.reference
    if code is None:
        return
    if document.kind == "new_information" and code.follow_up is None:
        yield Hit.at(_place(subject), cause="none", what=Phrase("none"))
    if document.kind == "urgent_appeal" and code.follow_up is not None:
        yield Hit.at(_place(subject), cause="first", what=Phrase("first"))
    understood = _code(code) if subject.registry is not None else None
    if understood is not None and understood.follow_up and not _first_of_chain(understood, subject.registry):
        yield Hit.at(_place(subject), cause="parent", what=Phrase("parent"))


def _first_of_chain(code: Code, registry: Registry | None) -> bool:
    """Tell whether the first appeal of a code's chain is in the list."""
    members = registry.members(code.chain) if registry is not None and code.chain is not None else ()
    return any(not member.follow_up for member in members)


@rule("COD-04")
def missing_sections(subject: Subject) -> Iterator[Hit]:
    """Find an appeal without one of its parts."""
    for name, there in _required(subject.document).items():
        if not there:
            # The oldest appeals had a banner for a title.
            severity: Severity | None = "warning" if name == "title" else None
            yield Hit.at(Place(name), cause=name, severity=severity, part=Phrase(name))


def _required(document: AppealDocument) -> dict[str, bool]:
    parts = {
        "title": document.title is not None,
        "sections": any(section.role in NARRATIVE and section.paragraphs for section in document.sections),
        "issued_on": document.issued_on is not None,
    }
    if document.kind in {"urgent_appeal", "new_information"}:
        parts |= {"demands": bool(document.demands), "addressees": bool(document.addressees)}
    return parts


@rule("COD-05")
def notes_without_marks(subject: Subject) -> Iterator[Hit]:
    """Find marks in a text without a note, and notes that no text points to."""
    marked = {
        marker: f"sections[{i}].paragraphs[{j}]"
        for i, section in enumerate(subject.document.sections)
        for j, paragraph in enumerate(section.paragraphs)
        for marker in paragraph.notes
    }
    written = {note.marker: f"notes[{k}]" for k, note in enumerate(subject.document.notes)}
    for marker in sorted(marked.keys() - written.keys()):
        yield Hit.at(subject.whole(marked[marker]), cause=marker, what=Phrase.of("note", marker=marker))
    for marker in sorted(written.keys() - marked.keys()):
        yield Hit.at(subject.whole(written[marker]), cause=marker, what=Phrase.of("mark", marker=marker))


@rule("COD-09")
def inconsistent_urgency(subject: Subject) -> Iterator[Hit]:
    """Find an opening without urgency although somebody is held, and one with urgency in a closure."""
    document = subject.document
    if document.opening is None:
        return
    held = next((one for one in subject.find("continuing", *NARRATIVE) if not subject.quoted(one)), None)
    if not document.opening.urgent and held is not None:
        what = Phrase.of("mild", held=_of(held.passage, held.start, held.end))
        yield Hit.at(subject.whole("opening"), held.place, cause="opening", what=what)
    if document.opening.urgent and document.kind == "closure":
        yield Hit.at(subject.whole("opening"), cause="opening", what=Phrase("closed"))


@rule("COD-10")
def instructions_and_hidden_text(subject: Subject) -> Iterator[Hit]:
    """Find text that speaks to software, and characters that hide text from a reader."""
    for passage in subject.passages:
        for match in _HIDDEN.finditer(passage.text):
            names = sorted({unicodedata.name(sign, "a control character").lower() for sign in match[0]})
            what = Phrase.of("hidden", names=Several(tuple(names)))
            yield Hit.at(passage.place(*match.span()), cause="hidden", what=what)
    for found in subject.find("to_software"):
        yield Hit.at(found.place, what=Phrase.of("software", order=_of(found.passage, found.start, found.end)))


def _of(passage: Passage, start: int, end: int) -> str:
    return passage.text[start:end]


@rule("COD-11")
def missing_headings(subject: Subject) -> Iterator[Hit]:
    """Find parts of an appeal that stand there without their heading."""
    document = subject.document
    there = {
        "situation": any(section.role == "situation" and section.paragraphs for section in document.sections),
        "actions": bool(document.demands),
        "addressees": bool(document.addressees),
    }
    headed = {section.role for section in document.sections if section.heading}
    first = {"situation": _first_of(document), "actions": "demands[0]", "addressees": "addressees[0]"}
    for role in _HEADED:
        if there[role] and role not in headed:
            yield Hit.at(subject.whole(first[role]), cause=role, part=Phrase(role))


def _first_of(document: AppealDocument) -> str:
    number = next((i for i, section in enumerate(document.sections) if section.role == "situation"), 0)
    return f"sections[{number}].paragraphs[0]"
