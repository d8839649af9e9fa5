"""A short name for every record of a case, where it stands apart from its page: in a list, beside a comment."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.pages.wording import Words, label, name, names, words_of
from tocsin.core.records import Case, Claim, Demand, Event, Group, Organisation, Person, Place
from tocsin.core.records.shape import slots

# What the sections of a case are called on pages; those that are not named here hold no records of their own.
_SECTIONS = {
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
    "body_calls": _("calls of international bodies"),
    "positions": _("positions"),
    "addressees": _("addressees"),
    "occupancies": _("posts"),
    "sources": _("sources"),
    "claims": _("claims"),
    "evidence": _("evidence"),
}
_LONGEST = 80


def section_name(section: str) -> str:
    """Give the name of a section of a case."""
    return str(_SECTIONS.get(section, gettext("the case")))


def record_name(case: Case, record_id: str, language: str) -> Words | None:
    """Name a record by its first words; nothing where it is not there, or says nothing by which it is known."""
    record = case.by_id.get(record_id)
    if record is None:
        return None
    words = _words(case, record, language)
    if words is None or not words.text:
        return None
    short = words.text if len(words.text) <= _LONGEST else words.text[: _LONGEST - 1].rstrip() + "…"
    return Words(short, words.language)


def _words(case: Case, record: object, language: str) -> Words | None:
    if isinstance(record, Event):
        told = words_of(record.what, language) or words_of(record.text, language)
        return told or label("violation_types", record.act_type, language)
    if isinstance(record, Person | Organisation | Group):
        return name(case, record.id, language)
    if isinstance(record, Demand):
        return words_of(record.text, language)
    if isinstance(record, Claim):
        about = [each for ref in record.about if (each := record_name(case, ref, language))]
        return about[0] if about else None
    if isinstance(record, Place):
        return words_of(record.name, language)
    held = getattr(record, "persons", ()) or getattr(record, "speaker", ())
    return Words(", ".join(map(str, names(case, tuple(held), language)))) if held else None


def list_records(case: Case, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give all records that have an id, with their names, under the names of their sections."""
    found = [
        (section, [(record, said) for _, record, said in rows])
        for section, rows in groupby(_records(case, language), key=lambda row: row[0])
    ]
    return [(section_name(section), rows) for section, rows in found]


def _records(case: Case, language: str) -> Iterator[tuple[str, str, str]]:
    for slot in slots(Case):
        for record in slot.items(getattr(case, slot.name)):
            if (record_id := getattr(record, "id", None)) is not None:
                yield slot.key, record_id, str(record_name(case, record_id, language) or record_id)
