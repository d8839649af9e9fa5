"""The pages of evidence: putting files in, one file with its chain of custody, looking at it, copies."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, demand_fields
from tocsin.accounts.queries import list_names
from tocsin.casework.actions import read_case
from tocsin.casework.evidence import actions, citing, pages, releasing
from tocsin.casework.evidence.forms import (
    Cite,
    Describe,
    DescribeOriginal,
    MakeCopy,
    Release,
    Say,
    Upload,
    ground_words,
)
from tocsin.casework.evidence.kinds import neutral_name
from tocsin.casework.evidence.standing import grounds, people_shown, standing
from tocsin.casework.evidence.uploading import Sealing
from tocsin.core.errors import BadCase, BadInput, BadRequest, ChangedMeanwhile, NotAllowed

_Answer = TypeVar("_Answer", HttpResponse, StreamingHttpResponse)

# Nothing in a file may run, load or be taken for something else, whatever a browser makes of it.
_CAGE = {
    "Content-Security-Policy": "; ".join(
        ["default-src 'none'", "sandbox", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"]
    ),
    "X-Content-Type-Options": "nosniff",
}


@csrf_exempt
def new(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Put files in. The check of the form's token reads what was sent, so the seal has to stand ready before it."""
    sealing = Sealing(request, case_id)
    request.upload_handlers = [sealing]
    try:
        return _new(request, case_id, sealing)
    finally:
        sealing.discard()


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _new(request: DeskRequest, case_id: UUID, sealing: Sealing) -> HttpResponse:
    opened = read_case(request.actor, case_id, now=request.now)
    if not actions.opens_originals(request.actor, case_id, now=request.now):
        raise NotAllowed("there is no such page, or it is not yours")
    demand_fields(request)
    posted = request.POST if request.method == "POST" else None
    form = Upload(posted, request.FILES if posted is not None else None, opened.case)
    if sealing.too_large:
        form.errors.pop("upload", None)
        form.add_error("upload", gettext("A file is larger than 200 MB. Nothing was saved."))
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive(request.actor, case_id, form.arrived(), form.told(), now=request.now)
        except (BadRequest, BadCase, ChangedMeanwhile) as error:
            form.add_error(None, gettext(error.what))
        else:
            arrived = form.arrived()
            return _to(case_id, arrived[0][1].id) if len(arrived) == 1 else _to_case(case_id)
    return render(
        request, "casework/evidence/new.html", {"case_id": case_id, "form": form}, status=400 if form.errors else 200
    )


def _to(case_id: UUID, file_id: UUID, mark: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("evidence", args=[case_id, file_id]) + mark)


def _to_case(case_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("case", args=[case_id]) + "#evidence")


@require_safe
def evidence(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Show a file: what it is, what was done with it, its copies; nothing of what is in it."""
    return _page(request, case_id, file_id)


def _describe_form(opened: actions.Opened, posted: Mapping[str, str] | None = None) -> Describe:
    """Give the form of a file: where it is from is asked of an original, and of who may open it."""
    of_original = opened.sheet is not None and opened.sheet.copy_of is None
    record = opened.record if posted is None else None
    return DescribeOriginal(posted, record) if of_original else Describe(posted, record)


def _page(request: DeskRequest, case_id: UUID, file_id: UUID, **wrong: Any) -> HttpResponse:
    opened = actions.open_file(request.actor, case_id, file_id, now=request.now)
    case, lines = opened.case.case, opened.chain.lines if opened.chain else ()
    people = people_shown(case, file_id, opened.sheet.copy_of if opened.sheet else None)
    stands = standing(case, lines, request.now, people)
    edits = may(request.actor, "case.edit", case_id, now=request.now)
    facts = pages.offered(case, timezone.localdate(request.now))
    shown = {
        "case_id": case_id,
        "item": pages.item(file_id, opened.record),
        "opened": opened,
        "copies": [each for each in pages.items(case) if each.copy_of == file_id],
        "seen": pages.is_seen(opened.record.media_type or ""),
        "steps": pages.steps(opened),
        "names": list_names(request.actor, now=request.now),
        "cited": pages.cited(case, opened.record.id, dict(facts)),
        "cite": Cite(None, facts),
        "standing": stands,
        "ground": ground_words(case, stands.ground) if stands.ground else "",
        "asked_by_me": stands.asked is not None and stands.asked.by == request.actor.id,
        "edits": edits and opened.sheet is not None,
        "takes_out": may(request.actor, "case.take_out", case_id, now=request.now) and opened.sheet is not None,
        "describe": _describe_form(opened),
        "origin": pages.origin(opened.record),
        "make": MakeCopy(None),
        "take": Say(None, gettext("What it is for, and where it is kept"), "take"),
        "hand": Say(None, gettext("To whom, how and why"), "hand"),
        "withdraw": Say(None, gettext("Why"), "withdraw"),
        "release": Release(None, case, grounds(case, request.now, people)),
        "problem": "",
    }
    return render(request, "casework/evidence/item.html", shown | wrong, status=400 if wrong else 200)


@require_safe
def look(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Show a file drawn anew, page by page, with a grid by which areas are named."""
    opened = actions.open_file(request.actor, case_id, file_id, now=request.now)
    if opened.sheet is None:
        raise NotAllowed("there is no such file, or you may not open it")
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    shown: dict[str, Any] = {
        "case_id": case_id,
        "item": pages.item(file_id, opened.record),
        "opened": opened,
        "page": page,
        "grid": "grid" in request.GET,
        "edits": may(request.actor, "case.edit", case_id, now=request.now) and opened.sheet.copy_of is None,
        "make": MakeCopy(None),
        "problem": "",
    }
    try:
        copy = actions.look(request.actor, case_id, file_id, page=page, now=request.now)
    except BadInput as error:
        shown["problem"] = gettext(error.what)
    else:
        is_text = copy.media_type == "text/plain"
        shown |= {"pages": copy.pages, "notes": copy.notes, "text": copy.content.decode() if is_text else None}
    return render(request, "casework/evidence/look.html", shown)


@require_safe
def picture(request: DeskRequest, case_id: UUID, file_id: UUID, page: int) -> HttpResponse:
    """Give the picture of one page, drawn anew."""
    try:
        copy = actions.look(request.actor, case_id, file_id, page=page, grid="grid" in request.GET, now=request.now)
    except BadInput as error:
        raise NotAllowed(error.what) from error
    return _caged(HttpResponse(copy.content, content_type=copy.media_type), file_id, copy.media_type, "inline")


def _caged(response: _Answer, file_id: UUID, media_type: str, how: str) -> _Answer:
    for name, value in _CAGE.items():
        response.headers[name] = value
    response.headers["Content-Disposition"] = f'{how}; filename="{neutral_name(file_id.hex, media_type)}"'
    return response


@require_POST
def take_out(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """Hand a file to the browser as a download: the original as it came, or a copy that may leave."""
    form = Say(request.POST, gettext("What it is for, and where it is kept"), "take")
    if not form.is_valid():
        return _page(request, case_id, file_id, take=form, problem=gettext("Say what it is for."))
    try:
        sheet, content = actions.take_out(
            request.actor, case_id, file_id, why=form.cleaned_data["words"], now=request.now
        )
    except BadRequest as error:
        return _page(request, case_id, file_id, problem=gettext(error.what))
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Length"] = str(sheet.size)
    return _caged(response, file_id, sheet.media_type, "attachment")


@require_POST
def copy(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Make a copy without metadata."""
    form = MakeCopy(request.POST)
    if not form.is_valid():
        return _page(request, case_id, file_id, make=form, problem=gettext("The areas cannot be read."))
    try:
        made = actions.derive(request.actor, case_id, file_id, areas=form.cleaned_data["areas"], now=request.now)
    except (BadInput, BadRequest) as error:
        return _page(request, case_id, file_id, make=form, problem=gettext(error.what))
    return _to(case_id, made, "?made")


@require_POST
def cite(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Let a fact rest on a file."""
    case = read_case(request.actor, case_id, now=request.now).case
    form = Cite(request.POST, pages.offered(case, timezone.localdate(request.now)))
    if not form.is_valid():
        return _page(request, case_id, file_id, cite=form, problem=gettext("Choose what happened."))
    try:
        citing.cite(request.actor, case_id, file_id, form.cleaned_data["about"], form.passage(), now=request.now)
    except (BadRequest, BadCase, BadInput, ChangedMeanwhile) as error:
        return _page(request, case_id, file_id, cite=form, problem=gettext(error.what))
    return _to(case_id, file_id, "#facts")


@require_POST
def describe(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Change the words about a file, and of an original where it is from."""
    form = _describe_form(actions.open_file(request.actor, case_id, file_id, now=request.now), request.POST)
    if not form.is_valid():
        problem = gettext("Say what it is.") if "what" in form.errors else gettext("This is no date.")
        return _page(request, case_id, file_id, describe=form, problem=problem)
    origin = form.origin() if isinstance(form, DescribeOriginal) else None
    actions.describe(request.actor, case_id, file_id, form.told(), origin, now=request.now)
    return _to(case_id, file_id)


def _written(action: Callable[..., None], **fields: str) -> Callable[..., HttpResponse]:
    """Make a view of an action that takes a few words."""

    @require_POST
    def view(request: DeskRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
        said = {name: request.POST.get(key, "")[:500] for name, key in fields.items()}
        try:
            action(request.actor, case_id, file_id, now=request.now, **said)
        except (BadRequest, ChangedMeanwhile) as error:
            return _page(request, case_id, file_id, problem=gettext(error.what))
        return _to(case_id, file_id, "#custody")

    return view


check = _written(actions.check)
hand_over = _written(actions.hand_over, to="hand-words")
agree = _written(releasing.agree)
withdraw = _written(releasing.withdraw, why="withdraw-words")
ask = _written(releasing.ask, release_class="release-release_class", ground="release-ground", why="release-why")
