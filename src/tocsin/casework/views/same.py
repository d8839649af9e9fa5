"""Saying that two records of a case are one person, organisation, group or place, and taking them apart again."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import actions as cases
from tocsin.casework import uniting
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import OpenRecord, find, places, rows_by_id
from tocsin.casework.editing.meeting import Difference, differences
from tocsin.casework.pages.naming import called, list_records
from tocsin.casework.pages.standing import title_of
from tocsin.casework.pages.wording import Words, label
from tocsin.casework.views.editing import record_form, seen
from tocsin.casework.views.from_report import HOWS
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile
from tocsin.core.preflight.consents import consent_of
from tocsin.core.recording.uniting import SECTIONS, Likely, likely_same
from tocsin.core.records import Case, Person
from tocsin.vault import queries as vault

_MOST = 30
ONE, OTHER = "one", "other"


class SameForm(forms.Form):
    """Which of two records stays, and by what one knows that they are the same."""

    stays = forms.ChoiceField(
        label=_("Which record stays"),
        help_text=_(
            "What this one leaves open is filled from the other. Where they differ, what this one says is in force."
        ),
        widget=forms.RadioSelect,
        initial=ONE,
    )
    reason = forms.CharField(
        label=_("By what do you know it?"),
        max_length=uniting.LONGEST,
        help_text=_("Who may open this case can read it."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, posted: object, pair: "_Pair") -> None:
        super().__init__(posted)  # type: ignore[arg-type]
        choices = [(ONE, pair.names[0]), (OTHER, pair.names[1])]
        self.fields["stays"].choices = choices  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two records that somebody looks at, side by side: what they are called, and the fields in which they differ."""

    one: OpenRecord
    other: OpenRecord
    names: tuple[str, str]
    fields: tuple[Difference, ...]
    consents: "tuple[Words | None, Words | None] | None"


@require_http_methods(["GET", "HEAD", "POST"])
def same(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show which records of a case may be one, and put two of them into one."""
    opened = cases.read_case(request.actor, case_id, now=request.now, version=seen(request))
    pair = _pair(request, opened)
    if request.method != "POST" or pair is None:
        return _page(request, opened, pair, SameForm(None, pair) if pair else None)
    form = SameForm(request.POST, pair)
    if form.is_valid():
        stays, goes = (pair.one, pair.other) if form.cleaned_data["stays"] == ONE else (pair.other, pair.one)
        name = pair.names[1 if stays is pair.one else 0]
        said = uniting.Same(stays.place.at, goes.place.at, name, form.cleaned_data["reason"])
        try:
            uniting.unite(request.actor, opened, said, now=request.now)
        except ChangedMeanwhile:
            return HttpResponseRedirect(f"{reverse('same', args=[case_id])}?{_asked(pair)}&changed")
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        except BadCase:
            form.add_error(None, _impossible())
        else:
            return HttpResponseRedirect(reverse("same", args=[case_id]) + "?united")
    return _page(request, opened, pair, form)


def _impossible() -> str:
    return gettext("As one they could not be: held in two places at once, or one a part of the other. Mend that first.")


def _asked(pair: _Pair) -> str:
    return f"{ONE}={pair.one.place.row}&{OTHER}={pair.other.place.row}"


@require_POST
def undo_same(request: DeskRequest, case_id: UUID, union_id: UUID) -> HttpResponse:
    """Take two records apart that were put into one, and say whether something of them was changed since."""
    try:
        told = uniting.undo(request.actor, case_id, union_id, now=request.now)
    except (BadRequest, BadCase, ChangedMeanwhile) as error:
        opened = cases.read_case(request.actor, case_id, now=request.now)
        wrong = gettext(error.what) if isinstance(error, BadRequest) else _impossible()
        return _page(request, opened, None, None, wrong=wrong)
    return HttpResponseRedirect(reverse("same", args=[case_id]) + ("?divided=changed" if told else "?divided"))


def _pair(request: DeskRequest, opened: OpenCase) -> _Pair | None:
    """Give the two records that are asked for; nothing where fewer are, or one of them is gone."""
    asked = request.POST if request.method == "POST" else request.GET
    known = {str(row): row for (section, _at), row in places(opened).items() if section in SECTIONS}
    rows = [known[asked[name]] for name in (ONE, OTHER) if asked.get(name) in known]
    if len(rows) < 2:
        return None
    one, other = (find(opened, row) for row in rows)
    if type(one.record) is not type(other.record) or one.place.row == other.place.row:
        return None
    fields = differences(record_form(request, one, None), record_form(request, other, None))
    language = get_language() or "en"
    names = (called(opened.case, one.record, language), called(opened.case, other.record, language))
    if names[0] == names[1]:
        names = (f"{names[0]} (1)", f"{names[1]} (2)")
    return _Pair(one, other, names, fields, _consents(opened.case, one.record, other.record, language))


def _consents(case: Case, one: object, other: object, language: str) -> "tuple[Words | None, Words | None] | None":
    """Say where the consents of two people stand; nothing where nobody asked either."""
    if not isinstance(one, Person) or not isinstance(other, Person):
        return None
    found = [consent_of(case, each) for each in (one, other)]
    first, second = (label("consent_states", each.state, language) if each else None for each in found)
    return (first, second) if first or second else None


def _page(
    request: DeskRequest, opened: OpenCase, pair: _Pair | None, form: SameForm | None, *, wrong: str = ""
) -> HttpResponse:
    keys = vault.open_case(request.actor.ring, opened.id, request.now)
    language = get_language() or "en"
    rows = rows_by_id(opened)
    likely = likely_same(opened.case)[:_MOST] if pair is None else ()
    every = list_records(opened.case, language, frozenset(SECTIONS)) if pair is None else []
    shown = {
        "case_id": opened.id,
        "opened": opened,
        "title": title_of(opened.case),
        "pair": pair,
        "form": form,
        "wrong": wrong,
        "holds_whole": uniting.holds_whole(opened),
        "likely": [(each, rows[each.one], rows[each.other], _together(opened, each, language)) for each in likely],
        "every": [(section, [(rows[ref], name) for ref, name in found]) for section, found in every if found[1:]],
        "chosen": request.GET.get(ONE, ""),
        "unions": [(each, _name(opened, each.kept, language)) for each in uniting.list_unions(keys)],
        "names": list_names(request.actor, now=request.now),
        "hows": HOWS,
        "done": next((each for each in ("united", "divided", "changed") if each in request.GET), ""),
        "was_changed": request.GET.get("divided") == "changed",
    }
    is_wrong = wrong or (form is not None and form.errors)
    return render(request, "casework/same.html", shown, status=400 if is_wrong else 200)


def _together(opened: OpenCase, each: Likely, language: str) -> tuple[str, ...]:
    return tuple(called(opened.case, opened.case.by_id[ref], language) for ref in each.together)


def _name(opened: OpenCase, ref: str, language: str) -> str:
    record = opened.case.by_id.get(ref)
    return called(opened.case, record, language) if record is not None else ""
