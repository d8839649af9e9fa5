"""The page on which several people work on a case, and what is done there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.casework import actions, charge
from tocsin.casework.actions import OpenCase
from tocsin.casework.pages.naming import list_records
from tocsin.casework.pages.standing import title_of
from tocsin.casework.together import remarks
from tocsin.casework.together.desk import Together, look
from tocsin.casework.together.forms import NewComment, NewHandOver, NewTask
from tocsin.core.errors import BadRequest

# What was done, as the page says it once.
_DONE = ("task", "comment", "settled", "reopened", "offered", "accepted", "declined", "watched", "unwatched")


@dataclass(slots=True)
class Desk:
    """A case as the page shows it, with its three forms."""

    opened: OpenCase
    together: Together
    task: NewTask
    comment: NewComment
    hand_over: NewHandOver


@require_safe
def together(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show who is in charge of a case, what changed, the tasks and the comments."""
    return _page(request, _desk(request, case_id))


@require_POST
def new_task(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask somebody to do something."""

    def act(asked: dict[str, Any]) -> None:
        actor, now = request.actor, request.now
        remarks.set_task(actor, case_id, asked["text"], to=asked["to"], until=asked["until"], now=now)

    return _posted(request, case_id, "task", act)


@require_POST
def new_comment(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Say something beside a record."""

    def act(asked: dict[str, Any]) -> None:
        where = {name: asked[name] for name in ("about", "to", "compartment")}
        remarks.comment(request.actor, case_id, asked["text"], **where, now=request.now)

    return _posted(request, case_id, "comment", act)


@require_POST
def new_hand_over(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Offer a colleague to be in charge."""

    def act(asked: dict[str, Any]) -> None:
        charge.offer(request.actor, case_id, asked["to"], reason=asked["reason"], now=request.now)

    return _posted(request, case_id, "hand_over", act, done="offered")


@require_POST
def answer_hand_over(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Accept an offer, decline it, or take it back."""
    accept = request.POST.get("answer") == "accept"
    charge.answer(request.actor, case_id, accept=accept, now=request.now)
    return _back(case_id, "accepted" if accept else "declined")


@require_POST
def watch(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Put a case on the own watch list, or take it off."""
    wanted = request.POST.get("watch") == "yes"
    charge.watch(request.actor, case_id, wanted=wanted, now=request.now)
    return _back(case_id, "watched" if wanted else "unwatched")


@require_POST
def settle(request: DeskRequest, case_id: UUID, remark_id: UUID) -> HttpResponse:
    """Say that a task is done or a comment resolved."""
    remarks.settle(request.actor, case_id, remark_id, now=request.now)
    return _back(case_id, "settled")


@require_POST
def reopen(request: DeskRequest, case_id: UUID, remark_id: UUID) -> HttpResponse:
    """Take that back."""
    remarks.reopen(request.actor, case_id, remark_id, now=request.now)
    return _back(case_id, "reopened")


def _back(case_id: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("together", args=[case_id]) + f"?{done}")


def _posted(
    request: DeskRequest, case_id: UUID, name: str, act: Callable[[dict[str, Any]], None], *, done: str = ""
) -> HttpResponse:
    """Do what one of the forms asks for, or show the page with what is wrong in it."""
    desk = _desk(request, case_id, posted=name)
    form: forms.Form = getattr(desk, name)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except BadRequest as error:
            form.add_error(None, gettext(error.what))
        else:
            return _back(case_id, done or name)
    return _page(request, desk, wrong=form)


def _desk(request: DeskRequest, case_id: UUID, *, posted: str = "") -> Desk:
    language = get_language() or "en"
    opened = actions.read_case(request.actor, case_id, now=request.now)
    seen = look(request.actor, opened, language, now=request.now)
    fields = {name: request.POST if name == posted else None for name in ("task", "comment", "hand_over")}
    return Desk(
        opened,
        seen,
        NewTask(fields["task"], people=seen.people, me=request.actor.id, now=request.now),
        NewComment(
            fields["comment"],
            people=seen.people,
            records=list_records(opened.case, language),
            held=seen.held,
            about=request.GET.get("about", ""),
        ),
        NewHandOver(fields["hand_over"], people=seen.people),
    )


def _page(request: DeskRequest, desk: Desk, *, wrong: forms.Form | None = None) -> HttpResponse:
    case_id = desk.opened.id
    is_mine = desk.together.lead == request.actor.id
    shown = {
        "case_id": case_id,
        "title": title_of(desk.opened.case),
        "desk": desk.together,
        "names": desk.together.names,
        "task_form": desk.task,
        "comment_form": desk.comment,
        "hand_over_form": desk.hand_over,
        "hands_over": is_mine or may(request.actor, "case.grant", case_id, now=request.now),
        "merges": may(request.actor, "case.edit", case_id, now=request.now),
        "form": wrong,
        "is_about": "about" in request.GET,
        "done": next((each for each in _DONE if each in request.GET), ""),
    }
    return render(request, "casework/together/page.html", shown, status=400 if wrong else 200)
