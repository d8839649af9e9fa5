"""The public pages. They set no cookie, keep no address, and need no script."""

import random
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tocsin.adapters.rate import Rate
from tocsin.core.errors import EmptyInput, LetterboxClosed, TooLarge
from tocsin.core.guarding import questions
from tocsin.letterbox import actions, queries
from tocsin.letterbox.forms import ComeBack, WriteToUs
from tocsin.letterbox.keys import key_in_use
from tocsin.letterbox.models import LetterKey

# Of one process: forty at once, then one in three seconds, whoever sends them.
RATE = Rate(burst=40, seconds=3)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Show the form, take a letter, and show the receipt code."""
    if request.method != "POST":
        try:
            key_in_use(LetterKey)
        except LetterboxClosed:
            return render(request, "letterbox/closed.html", status=503)
        return render(request, "letterbox/write.html", {"form": WriteToUs(asked=_any_question())})
    form = WriteToUs(request.POST, request.FILES)
    refused = _posted(form)
    if refused is None:
        return render(request, "letterbox/receipt.html", {"code": form.cleaned_data["code"]})
    return render(request, "letterbox/write.html", {"form": form}, status=refused)


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Show what a receipt code opens, and take more."""
    form = ComeBack(request.POST) if request.method == "POST" else ComeBack()
    if not form.is_bound or not form.is_valid():
        return render(request, "letterbox/come_back.html", {"form": form}, status=400 if form.is_bound else 200)
    if queries.find(form.receipt) is None:
        form.add_error("code", gettext("Nothing came with this code, or it was long ago."))
        return render(request, "letterbox/come_back.html", {"form": form}, status=404)
    code, sent = form.cleaned_data["code"], False
    more = WriteToUs(code=code, asked=_any_question())
    status = 200
    if "asked" in request.POST:
        posted = WriteToUs(request.POST, request.FILES)
        refused = _posted(posted)
        sent = refused is None
        more, status = (more, 200) if refused is None else (posted, refused)
    seen = queries.find(form.receipt)
    return render(request, "letterbox/conversation.html", {"seen": seen, "form": more, "sent": sent}, status=status)


def _posted(form: WriteToUs) -> int | None:
    """Post the letter of a form; give the status of the page that says why not."""
    if not form.is_valid():
        return 400
    if not RATE.takes(time.monotonic()):
        form.add_error(None, gettext("Too much is coming in at once. Wait a minute, then send it again."))
        return 429
    try:
        actions.post(form.receipt, form.written(), now=timezone.now())
    except (EmptyInput, TooLarge) as error:
        form.add_error(None, gettext(error.what))
        return 400
    except LetterboxClosed:
        form.add_error(None, gettext("Nothing can be taken in just now. Keep what you wrote, and try again later."))
        return 503
    return None


def _any_question() -> int:
    # Which question is asked is no secret.
    return random.randrange(len(questions()))  # noqa: S311


@require_safe
def leave(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """Go to a harmless page at once, and let the browser forget what it kept of ours."""
    return HttpResponse(
        status=302, headers={"Location": settings.SITE.leave_for, "Clear-Site-Data": '"cache", "storage"'}
    )
