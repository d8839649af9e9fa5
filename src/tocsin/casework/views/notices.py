"""Whether one is told by mail that something waits, and where."""

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tocsin.accounts.door import DeskRequest
from tocsin.casework import notices as wishes

_PLAIN = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"


class MailboxForm(forms.Form):
    """Where notices go."""

    mailbox = forms.RegexField(
        f"^{_PLAIN}$",
        label=_("Mailbox"),
        max_length=200,
        error_messages={"invalid": _("Write one plain address, such as name@office.example.")},
        widget=forms.TextInput({"autocomplete": "email", "dir": "ltr", "inputmode": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: DeskRequest) -> HttpResponse:
    """Show it, and let a person change it."""
    if request.method == "POST" and "off" in request.POST:
        wishes.want_none(request.actor)
        return HttpResponseRedirect(reverse("notices") + "?off")
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wishes.want(request.actor, form.cleaned_data["mailbox"], get_language() or "en")
        return HttpResponseRedirect(reverse("notices") + "?on")
    shown = {
        "form": form,
        "wish": wishes.wish_of(request.actor),
        "sends": settings.TOCSIN_SENDS_NOTICES,
        "done": next((each for each in ("on", "off") if each in request.GET), ""),
    }
    return render(request, "casework/notices.html", shown, status=400 if form.errors else 200)
