"""Changing a case record by record: changing one, adding one, taking one out."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.actor import demand, may
from tocsin.accounts.door import DeskRequest, demand_listed
from tocsin.accounts.queries import list_names
from tocsin.casework import actions as cases
from tocsin.casework import lowering, queries
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing import actions
from tocsin.casework.editing.actions import OpenRecord
from tocsin.casework.editing.earlier import Earlier, list_earlier
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.meeting import Difference, brought_together, stands_in
from tocsin.casework.editing.quoting import open_cited
from tocsin.casework.editing.record_forms import RecordForm
from tocsin.casework.editing.record_page import cited_evidence, record_page
from tocsin.casework.editing.sources import SourceForm
from tocsin.casework.editing.statuses import StatusForm
from tocsin.casework.editing.tables import Beginning, Table, beginnings, reasons_to_withdraw, table
from tocsin.casework.forms import LowerForm
from tocsin.casework.pages.naming import called
from tocsin.casework.parts import compartments
from tocsin.core.editing import lacking, lives, section_slot
from tocsin.core.errors import BadCase, BadRequest, CannotOpen, ChangedMeanwhile
from tocsin.core.recording.uniting import SECTIONS
from tocsin.core.records import Consent, Event, Record, RiskAssessment, Source, Status
from tocsin.core.records.folding import unfold
from tocsin.core.records.shape import Slot, slots_by_key

# Their class follows from their kind, whatever is chosen.
_NEVER_PUBLIC = (Consent, RiskAssessment, Source)


class Withdraw(forms.Form):
    """Take a record out of a case, for a reason."""

    reason = forms.ChoiceField(label=_("Why"))

    def __init__(self, posted: Mapping[str, str] | None = None) -> None:
        super().__init__(posted, auto_id="withdraw_%s")
        reasons = [(code, gettext(words)) for code, words in reasons_to_withdraw().items()]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Show one record of a case, to whoever may edit it as a form, and save it."""
    if request.method != "POST":
        opened = actions.open_record(request.actor, case_id, record_id, now=request.now)
        return page(request, opened)
    demand(request.actor, "case.edit", case_id, now=request.now)
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now, version=seen(request))
    form = record_form(request, opened, request.POST)
    demand_listed(request, (*form.fields, "seen", "back"))
    if not form.is_valid():
        return page(request, opened, form=form)
    save = actions.put_back if "back" in request.POST else actions.change_record
    try:
        save(request.actor, opened, form.record(), now=request.now)
    except ChangedMeanwhile:
        return _met(request, opened)
    except (BadCase, BadRequest) as error:
        form.refuse(error)
        return page(request, opened, form=form)
    return back_to(opened)


@require_POST
def put_in_force(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Let a record say what another of its claims says."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now, version=seen(request))
    try:
        actions.put_in_force(request.actor, opened, request.POST.get("claim", ""), now=request.now)
    except ChangedMeanwhile:
        return _met(request, opened)
    except (BadCase, BadRequest) as error:
        form = record_form(request, opened, QueryDict())
        form.errors.clear()
        form.refuse(error)
        return page(request, opened, form=form)
    return HttpResponseRedirect(reverse("record", args=[case_id, record_id]) + "#claims")


def back_to(opened: OpenRecord) -> HttpResponse:
    """Go back to the line of a record on the page of the case."""
    return HttpResponseRedirect(reverse("case", args=[opened.opened.id]) + f"#{opened.place.at}")


def seen(request: DeskRequest) -> int | None:
    """Give the number of the state that a person had before her."""
    written = request.POST.get("seen", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else None


def around(request: DeskRequest, opened: OpenCase, section: str) -> Around:
    """Say in what a form is made."""
    closed = queries.closed_fields(request.actor, opened.id, section, now=request.now)
    apart = compartments().fields.get(section, {})
    return Around(opened.case, get_language() or "en", timezone.localdate(request.now), closed, apart)


def record_form(request: DeskRequest, opened: OpenRecord, posted: QueryDict | None) -> RecordForm:
    """Make the form of a record."""
    _table(type(opened.record))
    made = around(request, opened.opened, opened.place.section)
    return RecordForm(posted, type(opened.record), unfold(opened.record), made)


def _table(kind: type) -> Table:
    found = table(kind.__name__)
    if found is None or not found.title:
        raise Http404
    return found


def _met(request: DeskRequest, mine: OpenRecord) -> HttpResponse:
    """Show what somebody else changed in the record meanwhile, and keep what was typed."""
    theirs = newest_of(request, mine)
    if theirs is None:
        return page(request, mine, form=record_form(request, mine, request.POST), is_gone=True)
    before, now = record_form(request, mine, None), record_form(request, theirs, None)
    together, differences = brought_together(before, now, {name: _typed(request.POST, name) for name in request.POST})
    posted = QueryDict(mutable=True)
    for name, value in together.items():
        posted.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
    return page(request, theirs, form=record_form(request, theirs, posted), differences=differences)


def newest_of(request: DeskRequest, mine: OpenRecord) -> OpenRecord | None:
    """Give a record as it stands now; nothing where somebody took it out of the case meanwhile."""
    newest = cases.read_case(request.actor, mine.opened.id, now=request.now)
    rows = actions.places(newest).values()
    return actions.find(newest, mine.place.row) if mine.place.row in rows else None


def _typed(posted: QueryDict, name: str) -> Any:
    values = posted.getlist(name)
    return values if len(values) > 1 else values[0] if values else ""


def page(
    request: DeskRequest,
    opened: OpenRecord,
    *,
    form: RecordForm | None = None,
    status: StatusForm | None = None,
    beside: Withdraw | LowerForm | None = None,
    differences: tuple[Difference, ...] = (),
    is_gone: bool = False,
) -> HttpResponse:
    """Show a record: its form, where it stands, what it rests on; or that it is gone, with what was typed for it."""
    made = around(request, opened.opened, opened.place.section)
    life = lives().get(type(opened.record).__name__)
    if status is None and life is not None:
        status = StatusForm(None, life, opened.record, made)
    names = list_names(request.actor, now=request.now)
    withdraw = beside if isinstance(beside, Withdraw) else Withdraw()
    wider = LowerForm(None, opened.record) if lowering.wider_than(opened.record) else None
    reports = open_cited(request.actor, cited_evidence(opened), now=request.now)
    edits = may(request.actor, "case.edit", opened.opened.id, now=request.now)
    form = form or record_form(request, opened, None)
    wrong = any(each.errors for each in (form, status, beside) if each is not None)
    shown = {
        "wrong": wrong or is_gone or bool(differences),
        "opened": opened,
        "case_id": opened.opened.id,
        "edits": edits,
        "can_be_twice": opened.place.section in SECTIONS,
        "stands": () if edits else stands_in(form),
        "kind": _table(type(opened.record)).title,
        "name": called(opened.case, opened.record, made.language),
        "form": form,
        "status": status,
        "withdraw": withdraw,
        "lacks": _lacks(opened, made),
        "rest": record_page(opened, made, names, reports),
        "earlier": _earlier(request, opened, made),
        "names": names,
        "differences": differences,
        "is_gone": is_gone,
        "asked": lowering.find_asked(request.actor, opened, now=request.now) if edits else None,
        "reader": request.actor.id,
        "lower": beside if isinstance(beside, LowerForm) else wider,
    }
    code = 409 if differences or is_gone else 400 if wrong else 200
    return render(request, "casework/editing/record.html", shown, status=code)


def _lacks(opened: OpenRecord, made: Around) -> str:
    """Say what the status of a record lacks that came from a report, until somebody has said it."""
    status = getattr(opened.record, "status", None)
    lacks = lacking(opened.record, status, made.today) if isinstance(status, Status) else None
    return gettext(lacks.what) if lacks else ""


def _earlier(request: DeskRequest, opened: OpenRecord, made: Around) -> tuple[Earlier, ...] | None:
    """Give what a record said before; nothing, not even an empty list, where that does not open any more."""
    try:
        return list_earlier(request.actor, opened, made, now=request.now)
    except CannotOpen:
        return None


@require_POST
def withdraw_record(request: DeskRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """Take a record out of a case."""
    opened = actions.open_record(request.actor, case_id, record_id, now=request.now, version=seen(request))
    form = Withdraw(request.POST)
    if form.is_valid():
        try:
            actions.withdraw_record(request.actor, opened, form.cleaned_data["reason"], now=request.now)
        except (ChangedMeanwhile, BadRequest) as error:
            form.add_error(None, gettext(error.what))
        else:
            return HttpResponseRedirect(reverse("case", args=[case_id]))
    newest = newest_of(request, opened)
    # What both wanted to take out is out.
    return page(request, newest, beside=form) if newest else HttpResponseRedirect(reverse("case", args=[case_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def add_record(request: DeskRequest, case_id: UUID, section: str) -> HttpResponse:
    """Add a record to a case at its place in the story, with who says so."""
    slot = section_slot(section)
    found = _table(slot.leaf)
    opened = cases.read_case(request.actor, case_id, now=request.now)
    if not slot.many and slot.items(getattr(opened.case, slot.name)):
        raise Http404
    made = around(request, opened, section)
    posted = request.POST if request.method == "POST" else None
    beginning = _beginning(request, slot)
    plain = _begun(request, opened, slot, found, beginning)
    form = RecordForm(posted, slot.leaf, plain, made, asks=beginning.asks if beginning else ())
    source = SourceForm(posted, slot.leaf, made) if SourceForm.fits(slot.leaf) else None
    if request.method == "POST":
        demand_listed(request, (*form.fields, *(source.fields if source else ())))
    if request.method == "POST" and form.is_valid() and (source is None or source.is_valid()):
        try:
            rests = source.rests() if source else None
            saved, at = actions.add_record(
                request.actor,
                opened,
                section,
                form.plain(),
                now=request.now,
                rests=rests,
                after=_beside(request, opened),
            )
        except (BadCase, BadRequest) as error:
            form.refuse(error)
        else:
            return _added(saved, section, at, slot)
    shown = {
        "case_id": case_id,
        "title": found.add,
        "form": form,
        "source": source,
        "query": request.GET.urlencode(),
        "section": section,
    }
    wrong = form.errors or (source and source.errors)
    return render(request, "casework/editing/add.html", shown, status=400 if wrong else 200)


def _beginning(request: DeskRequest, slot: Slot) -> Beginning | None:
    """Give the way to add to the story that somebody chose, if it adds such a record."""
    chosen = beginnings().get(request.GET.get("as", ""))
    return chosen if chosen and chosen.section == slot.key else None


def _begun(
    request: DeskRequest, opened: OpenCase, slot: Slot, found: Table, beginning: Beginning | None
) -> dict[str, Any]:
    """Give what a new record begins with: what its kind says, what was chosen, and the day that it was put beside."""
    plain = dict(found.begins)
    if issubclass(slot.leaf, Record) and slot.leaf not in _NEVER_PUBLIC:
        # Nobody who is named was asked yet: what is new is confidential until somebody decides otherwise.
        plain["rc"] = "C"
    if beginning:
        plain |= beginning.plain
    beside = opened.case.find_record(_beside(request, opened) or "", Event)
    if beside is not None and beside.t is not None and "t" in slots_by_key(slot.leaf):
        moment = beside.t.start or beside.t.date
        plain |= {"t": {"date": moment[:10], "precision": "day"}} if moment and len(moment) >= 10 else {}
    return plain


def _beside(request: DeskRequest, opened: OpenCase) -> str | None:
    """Give the id of the record that a new one is to stand behind."""
    try:
        row = UUID(request.GET.get("beside", ""))
    except ValueError:
        return None
    return next((at for (_section, at), each in actions.places(opened).items() if each == row), None)


def _added(saved: OpenCase, section: str, at: str, slot: Slot) -> HttpResponse:
    """Go where the new record stands; one that has a status goes on to say it."""
    row = actions.places(saved)[section, at]
    if cast("type", slot.leaf).__name__ in lives() and not lives()[slot.leaf.__name__].code:
        return HttpResponseRedirect(reverse("record", args=[saved.id, row]) + "#status")
    return HttpResponseRedirect(reverse("case", args=[saved.id]) + f"#{at}")
