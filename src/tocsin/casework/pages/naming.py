"""What a record of a case is called apart from its page: in a list, where one is chosen, beside a comment."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from unicodedata import bidirectional

from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.pages.standing import kind_of_proceeding
from tocsin.casework.pages.story import what_words, when_words
from tocsin.casework.pages.wording import Words, label, law_words, name, names, words_of
from tocsin.core.records import (
    Addressee,
    AppealPlan,
    BodyCall,
    Case,
    Claim,
    Consent,
    Cover,
    Demand,
    Detention,
    Event,
    Evidence,
    Group,
    Involvement,
    LawCited,
    Organisation,
    Person,
    Place,
    Proceeding,
    RiskAssessment,
    Source,
    Statement,
)
from tocsin.core.records.shape import slots

_FIRST_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# What the sections of a case are called on pages; those that are not named here hold no records of their own.
_SECTIONS = {
    "cover": _("the cover of the case"),
    "appeal": _("the appeal"),
    "organisations": _("organisations"),
    "persons": _("people"),
    "consents": _("consents"),
    "risks": _("risks"),
    "groups": _("groups"),
    "places": _("places"),
    "events": _("what happened"),
    "involvements": _("who is said to have done it"),
    "statements": _("statements"),
    "detentions": _("detentions"),
    "proceedings": _("proceedings"),
    "law_cited": _("laws"),
    "demands": _("demands"),
    "body_calls": _("calls in the text"),
    "positions": _("positions"),
    "addressees": _("addressees"),
    "occupancies": _("posts"),
    "sources": _("sources"),
    "claims": _("claims"),
    "evidence": _("evidence"),
}
_LONGEST = 90


def section_name(section: str) -> str:
    """Give the name of a section of a case."""
    return str(_SECTIONS.get(section, gettext("the case")))


def record_name(case: Case, record_id: str, language: str) -> Words | None:
    """Name a record by its first words; nothing where it is not there, or says nothing by which it is known."""
    record = case.by_id.get(record_id)
    words = _named(case, record, language)
    return Words(_shortened(words.text), words.language) if words else None


def called(case: Case, record: Any, language: str) -> str:
    """Name a record in any case: one that says nothing by which it is known is called by its section and place."""
    words = _named(case, record, language)
    return _shortened(words.text if words else _which(case, record))


def _shortened(text: str) -> str:
    """Cut a text that is too long, and end what was isolated in it."""
    cut = Truncator(text).chars(_LONGEST)
    return cut + _END_ISOLATE * (cut.count(_FIRST_ISOLATE) - cut.count(_END_ISOLATE))


def _which(case: Case, record: Any) -> str:
    """Say where a record stands: "detentions · 2"."""
    for slot in slots(Case):
        held = slot.items(getattr(case, slot.name))
        if record in held:
            return f"{section_name(slot.key)} · {held.index(record) + 1}"
    return gettext("this record")


def _named(case: Case, record: Any, language: str) -> Words | None:
    name_it = _NAMES.get(type(record))
    words = name_it(case, record, language) if name_it else None
    return words if words and words.text else None


def _line(parts: Iterable[Words | str | None], between: str = ", ") -> Words:
    """Put parts side by side, in the language that they are in if it is one.

    Where one is written from the right and another is not, each is isolated (UAX 9): the point of an English sentence
    behind an Arabic date stood before its first word.
    """
    known = [each for each in parts if each and str(each)]
    languages = {each.language for each in known if isinstance(each, Words) and each.language}
    texts = [str(each) for each in known]
    if len({_is_from_the_right(each) for each in texts}) > 1:
        texts = [f"{_FIRST_ISOLATE}{each}{_END_ISOLATE}" for each in texts]
    return Words(between.join(texts), languages.pop() if len(languages) == 1 else "")


def _is_from_the_right(text: str) -> bool:
    """Tell how a text is written, by its first letter."""
    return next((kind != "L" for each in text if (kind := bidirectional(each)) in ("L", "R", "AL")), False)


def _event(case: Case, event: Event, language: str) -> Words:
    said = next(what_words(case, event, language), None)
    kind = label("violation_types", event.act_type, language) or label("procedure_types", event.procedure, language)
    return _line((when_words(event, language), said or kind), " · ")


def _statement(case: Case, statement: Statement, language: str) -> Words:
    said = words_of(statement.quote, language) or words_of(statement.reported_speech, language)
    return _line((str(_people(case, statement.speaker, language)), said), ": ")


def _detention(case: Case, detention: Detention, language: str) -> Words:
    status = label("detention_status", detention.status.value, language) if detention.status else None
    return _line((_people(case, detention.persons, language), status), " · ")


def _proceeding(_case: Case, proceeding: Proceeding, language: str) -> Words | None:
    charges = _line(words_of(each.label, language) for each in proceeding.charges)
    # One of which nothing else is known is called as its heading on the page of the case.
    return charges if charges.text else Words(proceeding.case_number or kind_of_proceeding(proceeding))


def _demand(_case: Case, demand: Demand | BodyCall, language: str) -> Words:
    kinds = (label("demand_types", each, language) for each in demand.types)
    return words_of(demand.text, language) or _line(kinds)


def _source(_case: Case, source: Source, language: str) -> Words:
    return _line((label("source_types", source.type, language), source.identity), ": ")


def _claim(case: Case, claim: Claim, language: str) -> Words:
    return _line(called(case, case.by_id[ref], language) for ref in claim.about if ref in case.by_id)


def _involvement(case: Case, involvement: Involvement, language: str) -> Words:
    act = case.by_id.get(involvement.event)
    return _line((name(case, involvement.actor, language), called(case, act, language) if act else None), " · ")


def _people(case: Case, refs: tuple[str, ...], language: str) -> Words:
    return _line(names(case, refs, language))


def _actor(case: Case, record: Any, language: str) -> Words:
    return name(case, record.id, language)


_NAMES: Mapping[type, Callable[[Case, Any, str], Words | None]] = {
    Person: _actor,
    Organisation: _actor,
    Group: _actor,
    Place: lambda _case, record, language: words_of(record.name, language),
    Event: _event,
    Statement: _statement,
    Detention: _detention,
    Proceeding: _proceeding,
    Demand: _demand,
    BodyCall: _demand,
    Source: _source,
    Claim: _claim,
    Involvement: _involvement,
    LawCited: lambda _case, record, language: law_words(record, language),
    Cover: lambda _case, record, _language: Words(record.codename) if record.codename else None,
    Consent: lambda case, record, language: _people(case, (record.person,), language),
    RiskAssessment: lambda case, record, language: _people(case, record.exposed, language),
    Evidence: lambda _case, record, language: words_of(record.what, language) or Words(record.media_type or ""),
    AppealPlan: lambda _case, record, language: (
        Words(record.code.display) if record.code else label("document_types", record.type, language)
    ),
    Addressee: lambda _case, record, language: (
        Words(record.person) if record.person else label("posts", record.post, language)
    ),
}


def list_records(
    case: Case, language: str, only: frozenset[str] = frozenset(_SECTIONS)
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the records of some sections that have an id, with their names, under the names of their sections."""
    found = [
        (section, [(record, said) for _, record, said in rows])
        for section, rows in groupby(_records(case, language), key=lambda row: row[0])
        if section in only
    ]
    return [(section_name(section), rows) for section, rows in found]


def _records(case: Case, language: str) -> Iterator[tuple[str, str, str]]:
    for slot in slots(Case):
        for record in slot.items(getattr(case, slot.name)):
            if (record_id := getattr(record, "id", None)) is not None:
                yield slot.key, record_id, called(case, record, language)
