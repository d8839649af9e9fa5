"""The pages of sealed cases: asking and agreeing that one is sealed or opened again, and taking back what is public.

They stand here and not with the cases because the one thing that is done to a sealed case is to take its appeals back.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.queries import list_names
from tocsin.appeals import actions, recalling, store
from tocsin.appeals.store import AppealKey
from tocsin.casework import barring
from tocsin.core.errors import BadPublication, BadRequest, ChangedMeanwhile, NotAllowed


@require_safe
def sealed_cases(request: DeskRequest) -> HttpResponse:
    """List the sealed cases that one could open, with the words by which they were sealed."""
    shown = {
        "rows": barring.list_sealed(request.actor, now=request.now),
        "to_look_at": barring.list_to_look_at(request.actor, now=request.now),
        "names": list_names(request.actor, now=request.now),
    }
    return render(request, "appeals/sealed_cases.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show whether a case is sealed, and do what takes two about it."""
    problem = ""
    if request.method == "POST":
        try:
            _act(request, case_id)
        except (BadRequest, BadPublication, ChangedMeanwhile) as error:
            problem = gettext(error.what)
        else:
            return HttpResponseRedirect(reverse("case-seal", args=[case_id]))
    sealing = barring.find(request.actor, case_id, now=request.now)
    asked = sealing.asked
    to_look_at = barring.list_to_look_at(request.actor, now=request.now)
    shown = {
        "case_id": case_id,
        "sealing": sealing,
        "is_own": asked is not None and asked.row.by == request.actor.id,
        "to_look_at": next((each for each in to_look_at if each.case == case_id), None),
        "published": _published(request, case_id),
        "retracts": may(request.actor, recalling.RETRACT, case_id, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "problem": problem,
    }
    return render(request, "appeals/seal.html", shown, status=409 if problem else 200)


def _published(request: DeskRequest, case_id: UUID) -> list[tuple[UUID, str, recalling.OpenRecall | None]]:
    """List what is public of the case, each with the wish to take it back, if somebody has it."""
    keys = store.keys_of(request.actor, case_id, request.now, even_sealed=True)
    rows = [each for each in actions.list_appeals(case_id) if each.is_public]
    return [(each.id, each.code, recalling.find(keys, each.id)) for each in rows]


def _act(request: DeskRequest, case_id: UUID) -> None:
    actor, now, posted = request.actor, request.now, request.POST
    if "appeal" in posted:
        key = AppealKey(case_id, _id(posted["appeal"]))
        retracting: dict[str, Callable[[], None]] = {
            "ask": lambda: recalling.ask(actor, key, posted.get("note", ""), now=now),
            "agree": lambda: recalling.agree(actor, key, now=now),
            "leave": lambda: recalling.leave(actor, key, now=now),
        }
        _chosen(retracting, posted.get("act", ""))()
        return
    acts: dict[str, Callable[[], None]] = {
        "ask": lambda: barring.ask(actor, case_id, posted.get("why", ""), now=now),
        "agree": lambda: barring.agree(actor, case_id, now=now),
        "leave": lambda: barring.leave(actor, case_id, now=now),
        "looked": lambda: barring.look_at_public(actor, case_id, now=now),
    }
    _chosen(acts, posted.get("act", ""))()


def _chosen(acts: dict[str, Callable[[], None]], name: str) -> Callable[[], None]:
    if name not in acts:
        raise BadRequest("nothing was chosen")
    return acts[name]


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise NotAllowed("there is no such appeal, or you may not open it") from error
