"""The journal, as far as one may read it."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import queries
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.parts import compartments
from tocsin.journal.actions import kinds
from tocsin.journal.models import Entry

_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in words.

    Attributes:
        entry: The entry.
        who: Who acted; empty where nobody was known yet.
        did: What was done.
        facts: Colleagues, compartments and versions that it was about.
        case: The id of the case, where it is one that the reader may open.
        subject: The first letters of another subject's id.
    """

    entry: Entry
    who: str
    did: str
    facts: tuple[str, ...]
    case: UUID | None
    subject: str


class Filter(forms.Form):
    """Which entries to show."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    case = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, request: DeskRequest, names: dict[UUID, str]) -> None:
        super().__init__(request.GET)
        people = sorted(((str(each), name) for each, name in names.items()), key=lambda row: row[1].casefold())
        self.fields["who"].choices = [("", gettext("everybody")), *people]  # type: ignore[attr-defined]
        sentences = [(kind, gettext(words)) for kind, words in kinds().items()]
        self.fields["kind"].choices = [("", gettext("everything")), *sentences]  # type: ignore[attr-defined]


@require_safe
def journal(request: DeskRequest) -> HttpResponse:
    """Show the entries that one may read, the newest first."""
    names = list_names(request.actor, now=request.now)
    chosen = Filter(request, names)
    entries = queries.list_readable_entries(request.actor, now=request.now)
    if chosen.is_valid():
        wanted = {"actor": "who", "kind": "kind", "subject": "case", "number__lt": "before"}
        filled = {field: chosen.cleaned_data[name] for field, name in wanted.items() if chosen.cleaned_data[name]}
        entries = entries.filter(**filled)
    found = list(entries[: _ON_A_PAGE + 1])
    mine = queries.held_of(request.actor, {entry.subject for entry in found if entry.subject}, now=request.now)
    shown = {
        "entries": [_shown(entry, names, mine) for entry in found[:_ON_A_PAGE]],
        "filter": chosen,
        "names": names,
        "query": _query(request),
        "older": found[_ON_A_PAGE - 1].number if len(found) > _ON_A_PAGE else None,
    }
    return render(request, "casework/journal.html", shown)


def _query(request: DeskRequest) -> str:
    """Repeat what was chosen, for the link to older entries."""
    kept = {name: value for name, value in request.GET.items() if name in ("who", "kind", "case") and value}
    return urlencode(kept) + "&" if kept else ""


def _shown(entry: Entry, names: dict[UUID, str], mine: set[UUID]) -> Shown:
    case = entry.subject if entry.subject in mine else None
    subject = names.get(entry.subject) or str(entry.subject)[:8] if entry.subject and not case else ""
    return Shown(
        entry=entry,
        who=names.get(entry.actor, "") if entry.actor else "",
        did=gettext(kinds()[entry.kind]),
        facts=tuple(_facts(json.loads(entry.facts), names)),
        case=case,
        subject=subject or "",
    )


def _facts(facts: dict[str, str | int], names: dict[UUID, str]) -> list[str]:
    said = []
    if "to" in facts:
        said.append(names.get(UUID(str(facts["to"])), ""))
    if "compartment" in facts:
        said.append(gettext(compartments().words.get(str(facts["compartment"]), str(facts["compartment"]))))
    if "reason" in facts:
        said.append(gettext(reasons_to_end().get(str(facts["reason"]), "")))
    if "version" in facts:
        said.append(gettext("version %(number)s") % {"number": facts["version"]})
    return [each for each in said if each]
