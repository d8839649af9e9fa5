"""The single inputs of a form: what each type of value is asked for by, shown as, and read back to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.editing.tables import Line, words_of_choices
from tocsin.casework.pages.naming import called
from tocsin.core import vocab
from tocsin.core.editing import read_local
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case, Organisation
from tocsin.core.records.shape import UNRECORDED, CodeOf, Form, RefersTo, Slot

LONGEST = 5_000
_COUNTRY, _LANGUAGE, _ZONE, _CLASS = "ISO 3166-1 alpha-3 code", "language tag", "name of a time zone", "class"


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is made in: the case whose records can be chosen, and the languages of the page and of the case.

    `closed` are the fields that one may not see; `apart` names the compartment of those that are sealed apart.
    """

    case: Case
    language: str
    today: dt.date
    closed: frozenset[str] = frozenset()
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_language(self) -> str:
        """Give the language in which the team writes the case."""
        return self.case.appeal.language


class TypedField(forms.CharField):
    """A date or time of a record."""

    def clean(self, value: Any) -> Any:
        """Read it, or say what is wrong."""
        written = super().clean(value)
        try:
            return read_local(written) or ""
        except BadRequest as error:
            raise forms.ValidationError(said(error)) from error


class ZoneField(forms.CharField):
    """The name of a time zone, as the IANA has it."""

    def clean(self, value: Any) -> Any:
        """Take it if there is such a zone."""
        written = super().clean(value)
        try:
            return str(ZoneInfo(written)) if written else ""
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise forms.ValidationError(_("There is no time zone of this name: write it as Asia/Almaty.")) from None


def said(error: BadRequest) -> str:
    """Say an error and its hint in the language of the page, as a sentence."""
    words = gettext(error.what)
    sentence = words[:1].upper() + words[1:]
    return f"{sentence}: {error.hint}" if error.hint else f"{sentence}."


def field_of(owner: str, slot: Slot, line: Line, around: Around) -> forms.Field:
    """Make the input for a field of a record.

    Args:
        owner: The name of the type of record.
        slot: The field.
        line: Its words.
        around: The case.
    """
    made = _made(owner, slot, line, around)
    made.label, made.help_text = gettext(line.label), gettext(line.help) if line.help else ""
    if _names_records(slot) and not options_of(owner, slot, around):
        made.help_text = gettext("There is none in the case yet: add it first.")
    made.required = False
    return made


def _made(owner: str, slot: Slot, line: Line, around: Around) -> forms.Field:
    options = options_of(owner, slot, around)
    if options or _names_records(slot):
        return _choice(slot, options)
    if slot.leaf is bool:
        return forms.ChoiceField(choices=[("", _("not known")), ("true", _("yes")), ("false", _("no"))])
    if slot.leaf is dt.date:
        return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    if slot.leaf in {int, float}:
        kind = forms.IntegerField if slot.leaf is int else forms.FloatField
        return kind(widget=forms.NumberInput({"dir": "ltr"}))
    if _form(slot).startswith("date"):
        return TypedField(max_length=40, widget=forms.TextInput({"dir": "ltr"}))
    if _form(slot) == _ZONE:
        return ZoneField(max_length=60, widget=forms.TextInput({"dir": "ltr"}))
    if slot.many or line.lines:
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea({"rows": line.lines or 3, "dir": "auto"}))
    return forms.CharField(max_length=LONGEST, widget=forms.TextInput({"dir": "auto"}))


def _names_records(slot: Slot) -> bool:
    """Tell whether a field names records of the case and nothing else: where there are none, nothing can be said."""
    return any(isinstance(mark, RefersTo) and not mark.loosely for mark in slot.marks)


def _choice(slot: Slot, options: Sequence[tuple[str, str]]) -> forms.Field:
    if slot.many:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple)
    return forms.ChoiceField(choices=[("", _("not known")), *options])


def options_of(owner: str, slot: Slot, around: Around) -> list[tuple[str, str]]:
    """Give what can be chosen in a field, each with its words; nothing where it is free."""
    refers = next((mark for mark in slot.marks if isinstance(mark, RefersTo)), None)
    lists = [name for mark in slot.marks if isinstance(mark, CodeOf) for name in mark.lists]
    if refers and _names_records(slot):
        return _records(refers, around)
    if lists:
        return _terms(lists, around)
    if get_origin(slot.leaf) is Literal:
        words = words_of_choices(f"{owner}.{slot.key}")
        return [(value, gettext(words.get(value, value))) for value in get_args(slot.leaf)]
    if _form(slot) == _COUNTRY:
        return countries(around.language)
    return _terms(["languages"], around) if _form(slot) == _LANGUAGE else []


def names_an_event(slot: Slot) -> bool:
    """Tell whether a field holds a time, or an event that says it."""
    return any(isinstance(mark, RefersTo) and mark.loosely and "event" in mark.kinds for mark in slot.marks)


def events(around: Around) -> list[tuple[str, str]]:
    """List the events of the case by their words."""
    return _records(RefersTo(("event",)), around)


def countries(language: str) -> list[tuple[str, str]]:
    """List all countries by their names in a language."""
    codes = sorted(set(vocab.countries_by_name(language).values()))
    found = [(code, country.name(language)) for code in codes if (country := vocab.country(code))]
    return sorted(found, key=lambda row: row[1].casefold())


def _terms(lists: Sequence[str], around: Around) -> list[tuple[str, str]]:
    offered = [
        (term.code, term.label(around.language).text)
        for name in lists
        for term in vocab.load(name).offered(around.today)
    ]
    return sorted(offered, key=lambda row: row[1].casefold()) if len(offered) > 12 else offered


def _records(mark: RefersTo, around: Around) -> list[tuple[str, str]]:
    kinds = sorted((kind for kind in mark.kinds if kind not in UNRECORDED), key=list(_TYPES).index)
    found = [
        (record.id, called(around.case, record, around.language))
        for kind in kinds
        for record in around.case.records()
        if type(record).__name__ == _TYPES[kind] and not _is_publisher_unsaid(around.case, record)
    ]
    if _CLASS in mark.kinds:
        found += [(code, gettext(words)) for code, words in words_of_choices("class").items()]
    return found


def _is_publisher_unsaid(case: Case, record: Any) -> bool:
    """Tell of the place that waits for the publisher of the appeal: it did nothing, and nothing was done to it."""
    return isinstance(record, Organisation) and record.id == case.appeal.publisher and not record.preferred_name("")


_TYPES: Mapping[str, str] = {
    "person": "Person",
    "grp": "Group",
    "org": "Organisation",
    "place": "Place",
    "event": "Event",
    "statement": "Statement",
    "detention": "Detention",
    "proceeding": "Proceeding",
    "demand": "Demand",
    "consent": "Consent",
    "risk": "RiskAssessment",
    "source": "Source",
    "claim": "Claim",
    "evidence": "Evidence",
    "addressee": "Addressee",
    "occupancy": "Occupancy",
}


def _form(slot: Slot) -> str:
    return next((mark.name for mark in slot.marks if isinstance(mark, Form)), "")


def shown(slot: Slot, field: forms.Field, value: Any) -> Any:
    """Give a plain value of a file as the input shows it; what can no longer be chosen stays chosen."""
    refers = any(isinstance(mark, RefersTo) for mark in slot.marks)
    # What a record said before may name one that was taken out since.
    gone = gettext("a record that is not in the case any more") if refers else ""
    if slot.many:
        values = value if isinstance(value, list) else [value] if value else []
        if isinstance(field, forms.MultipleChoiceField):
            _keep(field, values, gone)
            # What is chosen stands first: in a long list it would not be seen.
            field.choices = sorted(field.choices, key=lambda row: row[0] not in values)  # type: ignore[arg-type]
            return values
        return "\n".join(values)
    if slot.leaf is bool:
        return {True: "true", False: "false"}.get(value, "")
    if isinstance(field, forms.ChoiceField):
        _keep(field, [value] if value else [], gone)
    if isinstance(field, TypedField) and value:
        return str(value).replace("T", " ")
    return value


def _keep(field: forms.ChoiceField, values: Sequence[str], words: str) -> None:
    choices: list[tuple[str, str]] = list(field.choices)  # type: ignore[arg-type]
    known = {code for code, _words in choices}
    field.choices = [*choices, *((each, words or each) for each in values if each not in known)]


def read(slot: Slot, value: Any) -> Any:
    """Give what an input holds as a plain value of a file, `None` where it is empty."""
    if slot.many:
        values = value.splitlines() if isinstance(value, str) else value or []
        return [each.strip() for each in values if each.strip()] or None
    if slot.leaf is bool:
        return {"true": True, "false": False}.get(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip() or None
    return value
