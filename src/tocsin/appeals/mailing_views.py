"""The pages on which what is published is sent to its readers."""

from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest
from tocsin.appeals import mailing as mailings
from tocsin.appeals.before_mailing import told_before
from tocsin.core.errors import BadRequest
from tocsin.dispatch.doubts import list_doubtful
from tocsin.dispatch.progress import Progress

_SECONDS = 10


@require_safe
def all_mailings(request: DeskRequest) -> HttpResponse:
    """List what is published, each with the state of its mailing."""
    rows = mailings.list_sendable(request.actor, get_language() or "en", now=request.now)
    gone = mailings.list_gone(request.actor, now=request.now)
    shown = {"rows": rows, "gone": gone, "words": mailings.words(), "mails": mailings.is_set_up()}
    return render(request, "appeals/mailings.html", shown)


@require_safe
def mailing(request: DeskRequest, publication_id: UUID) -> HttpResponse:
    """Show to whom a publication goes, or how far it has got; while it goes on the page is asked for anew."""
    return _page(request, publication_id)


@require_safe
def tombstone(request: DeskRequest, publication_id: UUID) -> HttpResponse:
    """Show who is told that an appeal does not stand any more, and by which words, or how far that has got."""
    return _page(request, publication_id, tombstone=True)


def _page(request: DeskRequest, publication_id: UUID, problem: str = "", *, tombstone: bool = False) -> HttpResponse:
    publication, progress = mailings.find(request.actor, publication_id, tombstone=tombstone, now=request.now)
    before = None if progress else mailings.audience_of(publication, tombstone=tombstone)
    audience = before.by_language if before else progress.audience if progress else {}
    sends = may(request.actor, mailings.SEND, now=request.now)
    told = mailings.words_of_tombstone(publication, audience) if tombstone else {}
    # Of what does not stand any more nothing is said but its code.
    title, language = ("", "") if tombstone else mailings.title_of(publication, get_language() or "en")
    shown = {
        **(_counts(progress) if progress else {}),
        **(told_before(publication, now=request.now) if not (progress or tombstone) and mailings.is_set_up() else {}),
        **_addresses(publication_id, tombstone=tombstone),
        "publication": publication,
        "tombstone": tombstone,
        "told": told,
        "gone": mailings.is_gone(publication),
        "title": title,
        "title_in": language,
        "progress": progress,
        "audience": audience,
        "read_none": before.read_none if before and mailings.is_set_up() else 0,
        "readers": sum(audience.values()),
        "words": mailings.words(),
        # Made here and sent back by the form: sent twice, it is one mailing.
        "mailing": uuid4(),
        "mails": mailings.is_set_up(),
        "sends": sends,
        "testers": mailings.list_testers(request.actor, now=request.now) if sends and not progress else {},
        "editions": tuple(told) if tombstone else mailings.languages_of(publication),
        "tested": "tested" in request.GET,
        "stops": may(request.actor, mailings.STOP, now=request.now),
        "refreshes": bool(progress and progress.goes_on and "still" not in request.GET and not problem),
        "problem": problem,
    }
    answer = render(request, "appeals/mailing.html", shown, status=400 if problem else 200)
    if shown["refreshes"]:
        answer["Refresh"] = str(_SECONDS)
    return answer


def _addresses(publication_id: UUID, *, tombstone: bool) -> dict[str, str]:
    name = "tombstone" if tombstone else "mailing"
    words = [publication_id]
    return {"this_page": reverse(name, args=words), "steps": reverse(f"{name}-step", args=words)}


def _counts(progress: Progress) -> dict[str, object]:
    """Give the counts of a mailing with their words."""
    words, holds = mailings.words(), _holds(progress)
    # As in the last minute it goes on only where nothing holds it.
    is_going = progress.mailing.state == "sending" and progress.mailers and not holds
    return {
        "holds": [words["holds"].get(why, why) for why in holds],
        "ends": [{"words": said, "count": progress.counts.get(state, 0)} for state, said in words["ends"].items()],
        "reasons": [
            {"words": words["reasons"].get(reason, reason), "count": count}
            for (_, reason), count in sorted(progress.reasons.items())
        ],
        "doubtful": list_doubtful(progress.mailing.id),
        "can_go_on": progress.mailing.state in {"sending", "paused"},
        "minutes": int(progress.left.total_seconds() // 60) if progress.left and is_going else 0,
    }


def _holds(progress: Progress) -> list[str]:
    """Give why nothing of a mailing goes out at present; of one that has ended nothing would."""
    reasons = () if progress.is_over else (progress.mailing.held_for, progress.holds_for)
    return [why for why in dict.fromkeys(reasons) if why]


@require_POST
def step(request: DeskRequest, publication_id: UUID) -> HttpResponse:
    """Send a test or all of it, give it another time, pause, resume or stop, and decide about what is uncertain."""
    return _step(request, publication_id, tombstone=False)


@require_POST
def tombstone_step(request: DeskRequest, publication_id: UUID) -> HttpResponse:
    """Tell those who were sent an appeal that it does not stand any more, or show colleagues; pause or stop that."""
    return _step(request, publication_id, tombstone=True)


def _step(request: DeskRequest, publication_id: UUID, *, tombstone: bool) -> HttpResponse:
    publication, progress = mailings.find(request.actor, publication_id, tombstone=tombstone, now=request.now)
    wanted = request.POST.get("step", "")
    try:
        if wanted == "send":
            mailing, policy = request.POST.get("mailing", ""), request.POST.get("policy", "")
            asked = mailings.asked_for(publication, mailing, policy, _time(request), tombstone=tombstone)
            mailings.send(request.actor, asked, now=request.now)
        elif wanted == "test":
            language, to = request.POST.get("language", ""), request.POST.getlist("to")
            mailings.test(request.actor, publication, to, language, tombstone=tombstone, now=request.now)
            return HttpResponseRedirect(f"{_addresses(publication_id, tombstone=tombstone)['this_page']}?tested")
        elif progress is not None and wanted in mailings.DECISIONS:
            chosen = request.POST.getlist("delivery")
            mailings.decide(request.actor, progress.mailing.id, wanted, chosen, now=request.now)
        elif progress is not None and wanted == "move":
            mailings.move_to(request.actor, progress.mailing.id, _time(request), now=request.now)
        elif progress is not None and wanted in {"pause", "resume", "stop"}:
            mailings.move(request.actor, progress.mailing.id, wanted, now=request.now)  # type: ignore[arg-type]
        else:
            raise BadRequest("open this page again")
    except BadRequest as error:
        return _page(request, publication_id, gettext(error.what), tombstone=tombstone)
    return HttpResponseRedirect(_addresses(publication_id, tombstone=tombstone)["this_page"])


def _time(request: DeskRequest) -> datetime | None:
    written = request.POST.get("not_before", "").strip()
    if not written:
        return None
    try:
        time = timezone.make_aware(datetime.fromisoformat(written))
    except ValueError as error:
        raise BadRequest("this is no time") from error
    if time <= request.now:
        raise BadRequest("this time is over")
    return time
