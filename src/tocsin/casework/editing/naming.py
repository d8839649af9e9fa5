"""What a record is called where one is chosen: a name, a day and what happened, a kind."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext

from tocsin.casework.pages.wording import label, name, names, words_of
from tocsin.core.editing import write_time
from tocsin.core.records import (
    Addressee,
    Case,
    Claim,
    Consent,
    Demand,
    Detention,
    Event,
    Evidence,
    Group,
    Organisation,
    Person,
    Place,
    Proceeding,
    RiskAssessment,
    Source,
    Statement,
)

_LONGEST = 90


def called(case: Case, record: Any, language: str) -> str:
    """Name a record, in a language or in English where the words are not there."""
    return Truncator(_called(case, record, language)).chars(_LONGEST)


def _called(case: Case, record: Any, language: str) -> str:
    name_it = _NAMES.get(type(record))
    return (name_it(case, record, language) if name_it else "") or getattr(record, "id", "") or gettext("this record")


def _event(case: Case, event: Event, language: str) -> str:  # noqa: ARG001 - all are asked alike
    said = words_of(event.what, language) or words_of(event.text, language)
    kind = label("violation_types", event.act_type, language) or label("procedure_types", event.procedure, language)
    return " · ".join(each for each in (write_time(event.t), str(said or kind or event.words or event.id)) if each)


def _statement(case: Case, statement: Statement, language: str) -> str:
    said = words_of(statement.quote, language) or words_of(statement.reported_speech, language)
    return f"{_people(case, statement.speaker, language)}: {said or ''}"


def _detention(case: Case, detention: Detention, language: str) -> str:
    status = label("detention_status", detention.status.value, language) if detention.status else None
    return " · ".join(each for each in (_people(case, detention.persons, language), str(status or "")) if each)


def _proceeding(case: Case, proceeding: Proceeding, language: str) -> str:  # noqa: ARG001 - all are asked alike
    charges = [str(said) for each in proceeding.charges if (said := words_of(each.label, language))]
    status = label("proceeding_status", proceeding.status.value, language) if proceeding.status else None
    return ", ".join(charges) or proceeding.case_number or str(status or "")


def _demand(case: Case, demand: Demand, language: str) -> str:  # noqa: ARG001 - all are asked alike
    text = words_of(demand.text, language)
    return str(text) if text else ", ".join(str(label("demand_types", each, language)) for each in demand.types)


def _source(case: Case, source: Source, language: str) -> str:  # noqa: ARG001 - all are asked alike
    return ": ".join(each for each in (str(label("source_types", source.type, language)), source.identity) if each)


def _claim(case: Case, claim: Claim, language: str) -> str:
    return ", ".join(_called(case, case.by_id[ref], language) for ref in claim.about if ref in case.by_id)


def _people(case: Case, refs: tuple[str, ...], language: str) -> str:
    return ", ".join(str(each) for each in names(case, refs, language))


def _actor(case: Case, record: Any, language: str) -> str:
    return str(name(case, record.id, language))


_NAMES: Mapping[type, Callable[[Case, Any, str], str]] = {
    Person: _actor,
    Organisation: _actor,
    Group: _actor,
    Place: lambda _case, record, language: str(words_of(record.name, language) or ""),
    Event: _event,
    Statement: _statement,
    Detention: _detention,
    Proceeding: _proceeding,
    Demand: _demand,
    Source: _source,
    Claim: _claim,
    Consent: lambda case, record, language: _people(case, (record.person,), language),
    RiskAssessment: lambda case, record, language: _people(case, record.exposed, language),
    Evidence: lambda _case, record, language: str(words_of(record.what, language) or record.media_type or ""),
    Addressee: lambda _case, record, language: record.person or str(label("posts", record.post, language)),
}
