"""Pages that belong to no room: the language switch, and where to report a weakness."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

# Whoever keeps a copy asks again; the day alone is told.
_GOOD_FOR = timedelta(days=90)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that somebody reads, and go back to where she was, on this site only."""
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = HttpResponseRedirect(back if here else reverse("home"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


@require_safe
def security_contact(_request: HttpRequest) -> HttpResponse:
    """Say where a weakness of this site is reported, in the form of RFC 9116."""
    contact = settings.SITE.security_contact
    if not contact:
        raise Http404
    until = timezone.now().date() + _GOOD_FOR
    return HttpResponse(f"Contact: {contact}\nExpires: {until}T00:00:00Z\n", content_type="text/plain; charset=utf-8")
