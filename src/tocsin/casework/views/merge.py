"""Merging two files of one case, and undoing it."""

from collections import Counter
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.casework import actions, duplicates, merges
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import Merge
from tocsin.casework.pages.standing import title_of
from tocsin.casework.search import opening
from tocsin.casework.search.alike import Alike, list_alike
from tocsin.core.errors import BadCase, BadRequest
from tocsin.vault import queries as vault


class MergeForm(forms.Form):
    """Which case to take in, and why."""

    other = forms.ChoiceField(label=_("The other file of the same case"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=duplicates.LONGEST,
        help_text=_("Who may open this case can read it."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, posted: object, *, alike: tuple[Alike, ...]) -> None:
        super().__init__(posted)  # type: ignore[arg-type]
        titles = Counter(each.title for each in alike)
        # Only of two that are called the same somebody has to know which is which.
        named = {each.id: f"{each.title} ({str(each.id)[:8]})" for each in alike if titles[each.title] > 1}
        like = [(str(each.id), named.get(each.id, each.title)) for each in alike if each.name]
        others = [(str(each.id), named.get(each.id, each.title)) for each in alike if not each.name]
        groups = [(gettext("names somebody alike"), like), (gettext("saved last"), others)]
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose a case")),
            *((name, rows) for name, rows in groups if rows),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show which cases may be the same, what was merged before, and take one in."""
    opening.open_all(request.actor, now=request.now, names=True)
    opened = actions.read_case(request.actor, case_id, now=request.now)
    names = [name.full for person in opened.case.persons for name in person.names]
    alike = list_alike(request.actor, names, but=case_id, now=request.now)
    form = MergeForm(request.POST if request.method == "POST" else None, alike=alike)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            duplicates.merge(request.actor, case_id, UUID(asked["other"]), reason=asked["reason"], now=request.now)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        except BadCase:
            form.add_error(None, gettext("The times of the two cases exclude one another, or are of different zones."))
        else:
            return HttpResponseRedirect(reverse("merge", args=[case_id]) + "?merged")
    return _page(request, opened, form)


@require_POST
def undo_merge(request: DeskRequest, case_id: UUID, merge_id: UUID) -> HttpResponse:
    """Take out what was taken in, and say what was changed in it since."""
    try:
        told = duplicates.undo(request.actor, case_id, merge_id, now=request.now)
    except BadRequest as error:
        opened = actions.read_case(request.actor, case_id, now=request.now)
        form = MergeForm(None, alike=())
        return _page(request, opened, form, wrong=gettext(error.what))
    return HttpResponseRedirect(reverse("merge", args=[case_id]) + ("?parted=changed" if told else "?parted"))


def _page(request: DeskRequest, opened: OpenCase, form: MergeForm, *, wrong: str = "") -> HttpResponse:
    keys = vault.open_case(request.actor.ring, opened.id, request.now)
    rows = [duplicates.open_merge(keys, row) for row in merges.list_merges(opened.id)]
    pointer = merges.find_pointer(opened.id)
    shown = {
        "case_id": opened.id,
        "title": title_of(opened.case),
        "form": form,
        "wrong": wrong,
        "rows": [(each, _mine(request, each.row)) for each in rows],
        "pointer": pointer,
        "opens_kept": pointer is not None and may(request.actor, "case.read", pointer.kept_id, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "done": next((each for each in ("merged", "parted") if each in request.GET), ""),
        "was_changed": request.GET.get("parted") == "changed",
    }
    return render(request, "casework/merge.html", shown, status=400 if wrong or form.errors else 200)


def _mine(request: DeskRequest, row: Merge) -> bool:
    return may(request.actor, "case.edit", row.gone_id, now=request.now)
