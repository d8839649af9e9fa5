"""The pages of accounts: signing in and out."""

from typing import cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts import actions, demonstration
from tocsin.accounts.door import DeskRequest, give_cookie
from tocsin.core.errors import WrongSecret


class SignInForm(forms.Form):
    """Name, passphrase and the code of the second factor, at once: nobody learns which of them was wrong."""

    login = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput({"autocomplete": "username"}))
    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code from your authenticator"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = cast("DeskRequest", request).now
        try:
            cookie = actions.sign_in(**form.cleaned_data, now=now)
        except WrongSecret:
            form.add_error(None, _("Name, passphrase or code is wrong. A code works once: wait for the next one."))
        else:
            return _welcome(cookie)
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "people": demonstration.people(), "locked": "locked" in request.GET},
        status=400 if form.errors else 200,
    )


@require_POST
def demonstration_sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session for an invented person of a demonstration."""
    now = cast("DeskRequest", request).now
    return _welcome(demonstration.sign_in(request.POST.get("person", ""), request.META["REMOTE_ADDR"], now=now))


@require_POST
def sign_out(request: DeskRequest) -> HttpResponse:
    """End all sessions of this person, and let the browser forget the site."""
    actions.sign_out(request.actor, now=request.now)
    return _forget(reverse("sign-in"))


@require_POST
def lock(request: DeskRequest) -> HttpResponse:
    """End all sessions of this person at once, and say on the sign-in page that it is done."""
    actions.lock(request.actor, now=request.now)
    return _forget(reverse("sign-in") + "?locked")


def _forget(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(settings.TOCSIN_COOKIE, samesite="Strict")
    return response


def _welcome(cookie: bytes) -> HttpResponse:
    response = HttpResponseRedirect(reverse("home"))
    give_cookie(response, cookie)
    return response
