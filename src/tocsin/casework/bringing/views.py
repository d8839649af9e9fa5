"""A report beside a case: what each says, and bringing it in."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.door import DeskRequest, demand_listed, seen_version
from tocsin.casework.bringing import actions
from tocsin.casework.bringing.actions import OpenBeside
from tocsin.casework.bringing.pages import beside_page
from tocsin.casework.pages.naming import called
from tocsin.casework.pages.standing import title_of
from tocsin.core.errors import BadCase, BadRequest, ChangedMeanwhile
from tocsin.core.recording import Choices, beside, has_file, new_laws
from tocsin.intake.pages import facts_left_behind

# Whose report it is where the case does not have the source yet.
_ANOTHER = "another"


class Sender(forms.Form):
    """Who sent the report: a source of the case, or another one."""

    source = forms.ChoiceField(label=_("Who sent the report"), help_text=_("One source counts once, however often."))

    def __init__(self, posted: Mapping[str, str] | None, found: OpenBeside) -> None:
        begins = found.sender or _ANOTHER
        super().__init__(posted, initial={"source": begins})
        case, language = found.opened.case, get_language() or "en"
        own = [(each.id, called(case, each, language)) for each in case.sources]
        another = (_ANOTHER, gettext("a source that the case does not have"))
        self.fields["source"].choices = [another, *own]  # type: ignore[attr-defined]

    def chosen(self) -> str:
        """Give the id of the source of the case; empty for another one."""
        source = str(self.data.get("source", "") if self.is_bound else self.initial["source"])
        return "" if source == _ANOTHER else source


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: DeskRequest, report_id: UUID, case_id: UUID) -> HttpResponse:
    """Show a report beside a case, and bring it in as a person decided."""
    version = _number(request, "version") if request.method == "POST" else None
    found = actions.open_beside(request.actor, report_id, case_id, now=request.now, version=version)
    if request.method != "POST":
        return _page(request, found, {}, {})
    shown, said, fields = _chosen(request, found)
    form = Sender(request.POST, found)
    # Whoever says that a record is another one has not seen yet what that one says.
    if "bring" not in request.POST or _is_unseen(request, shown):
        return _page(request, found, said, fields)
    if not form.is_valid():
        return _page(request, found, said, fields, problem=gettext("Say who sent the report."))
    choices = Choices(shown, fields, form.chosen())
    try:
        actions.bring_in(
            request.actor, report_id, case_id, choices, seen=seen_version(request), version=version, now=request.now
        )
    except ChangedMeanwhile as error:
        newest = actions.open_beside(request.actor, report_id, case_id, now=request.now)
        return _page(request, newest, said, fields, problem=gettext(error.what))
    except BadRequest as error:
        return _page(request, found, said, fields, problem=gettext(error.what))
    except BadCase:
        excluded = gettext(
            "The times of the report and the case exclude one another. Leave a day open, then try again."
        )
        return _page(request, found, said, fields, problem=excluded)
    return HttpResponseRedirect(reverse("case", args=[case_id]))


@require_POST
def take_back(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Take a report out of the case that it was brought into."""
    try:
        actions.take_back(request.actor, report_id, now=request.now)
    except (ChangedMeanwhile, BadRequest) as error:
        what = gettext(error.what)
    except BadCase:
        what = gettext("something that was added since names a record that would go: change or withdraw it first")
    else:
        return HttpResponseRedirect(reverse("report", args=[report_id]))
    return render(request, "intake/not_taken_out.html", {"report_id": report_id, "what": what}, status=409)


def _number(request: DeskRequest, name: str) -> int | None:
    written = request.POST.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else None


def _chosen(
    request: DeskRequest, found: OpenBeside
) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str]]:
    """Read which record is which: as the page showed it, and as a person said; and which of two sides is in force.

    Whatever the page did not ask is refused.
    """
    keys = [each.pairing.theirs for each in beside(found.opened.case, found.theirs)]
    names = [f"{begins}-{key}" for key in keys for begins in ("as", "was", "said")]
    fields = [name for name in request.POST if any(name.startswith(f"field-{key}-") for key in keys)]
    demand_listed(request, ["seen", "version", "source", "bring", "again", *names, *fields])
    shown = {key: request.POST[f"as-{key}"] for key in keys if f"as-{key}" in request.POST}
    said = {
        key: ours
        for key, ours in shown.items()
        if f"said-{key}" in request.POST or ours != request.POST.get(f"was-{key}", "")
    }
    asked = (
        (each.pairing.theirs, side.predicate)
        for each in beside(found.opened.case, found.theirs, said)
        for side in each.asked
    )
    posted = {each: request.POST.get(f"field-{each[0]}-{each[1]}") for each in asked}
    return shown, said, {each: value for each, value in posted.items() if value is not None}


def _is_unseen(request: DeskRequest, shown: Mapping[str, str]) -> bool:
    return any(request.POST.get(f"was-{key}", "") != ours for key, ours in shown.items())


def _page(
    request: DeskRequest,
    found: OpenBeside,
    said: Mapping[str, str],
    fields: Mapping[tuple[str, str], str],
    *,
    problem: str = "",
) -> HttpResponse:
    case, theirs = found.opened.case, found.theirs
    sides = beside(case, theirs, said)
    sender = Sender(request.POST if request.method == "POST" else None, found)
    page = beside_page(
        case,
        sides,
        found.report.text,
        get_language() or "en",
        chosen=fields,
        adds_source=not sender.chosen(),
        laws=new_laws(case, theirs),
    )
    shown = {
        "opened": found.report,
        "report": found.report.report,
        "case_id": found.opened.id,
        "version": found.opened.version,
        "title": title_of(case),
        "page": page,
        "left": facts_left_behind(found.report),
        "sender": sender,
        "same_file": has_file(case, theirs),
        "compared": request.method == "POST" and not problem,
        "problem": problem,
    }
    return render(request, "casework/beside.html", shown, status=409 if problem else 200)
