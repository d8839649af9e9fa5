"""The pages of accounts on which one comes in: signing in, joining, coming back, confirming, and out again."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.accounts import actions, demonstration, passkeys, queries, staff
from tocsin.accounts.actor import TOTP, proofs_for
from tocsin.accounts.asking import carried, factor, origin, refusals, remember, sent, status_of, visitor, with_passkeys
from tocsin.accounts.door import DeskRequest, give_cookie
from tocsin.accounts.forms import ComeBackForm, ConfirmForm, JoinForm, LostFactorForm, SignInForm
from tocsin.core.errors import BadRequest
from tocsin.vault.secrets import is_recovery_code

WRONG = _("Name, passphrase or code is wrong. A code works once: wait for the next one.")
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@_READ_OR_SEND
@with_passkeys
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session."""
    form, now = SignInForm(sent(request)), cast("DeskRequest", request).now
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals(form, WRONG):
            cookie = actions.sign_in(
                said["login"], said["passphrase"], factor(request, said), visitor=visitor(request), now=now
            )
            forgotten = is_recovery_code(said["passphrase"])
            response = _welcome(cookie, "passphrase", "?forgotten") if forgotten else _welcome(cookie)
            remember(response, said["login"])
            return response
    shown = {
        "form": form,
        "people": demonstration.people(),
        "locked": "locked" in request.GET,
        "question": passkeys.ask_to_show(origin(request), now=now),
    }
    return render(request, "accounts/sign_in.html", shown, status=status_of(form))


@_READ_OR_SEND
def lost_factor(request: HttpRequest) -> HttpResponse:
    """Let somebody in who lost her second factor, to set up another one."""
    form, now = LostFactorForm(sent(request)), cast("DeskRequest", request).now
    if request.method == "POST" and form.is_valid():
        with refusals(form, _("Name, passphrase or recovery code is wrong.")):
            cookie = actions.sign_in_without_factor(**form.cleaned_data, visitor=visitor(request), now=now)
            return _welcome(cookie, "second-factor")
    return render(request, "accounts/lost_factor.html", {"form": form}, status=status_of(form))


@_READ_OR_SEND
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Let a newcomer join, or somebody whose second factor was reset come back. Looking at the page uses nothing up."""
    now = cast("DeskRequest", request).now
    return _join(request, secret) if staff.is_joining(secret, now=now) else _come_back(request, secret)


def _join(request: HttpRequest, secret: str) -> HttpResponse:
    form = JoinForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            joined = staff.join(secret, form.cleaned_data["passphrase"], now=cast("DeskRequest", request).now)
        except BadRequest as error:
            form.add_error("passphrase", error.what)
        else:
            response = render(request, "accounts/recovery_code.html", {"code": joined.recovery_code, "joined": True})
            give_cookie(response, joined.cookie)
            return response
    return render(request, "accounts/join.html", {"form": form}, status=400 if form.errors else 200)


def _come_back(request: HttpRequest, secret: str) -> HttpResponse:
    form, now = ComeBackForm(sent(request)), cast("DeskRequest", request).now
    if request.method == "POST" and form.is_valid():
        with refusals(form, _("This opens nothing."), "secret"):
            cookie = staff.come_back(secret, form.cleaned_data["secret"], visitor=visitor(request), now=now)
            return _welcome(cookie, "second-factor")
    return render(request, "accounts/come_back.html", {"form": form}, status=status_of(form))


@require_POST
def demonstration_sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session for an invented person of a demonstration."""
    now = cast("DeskRequest", request).now
    return _welcome(demonstration.sign_in(request.POST.get("person", ""), request.META["REMOTE_ADDR"], now=now))


@_READ_OR_SEND
@with_passkeys
def confirm(request: DeskRequest) -> HttpResponse:
    """Ask for the second factor again, then go on where one was asked for it."""
    if request.method == "POST":
        return _confirmed(request)
    return ask_to_confirm(request, request.GET.get("next", ""))


def ask_to_confirm(request: DeskRequest, back: str, form: ConfirmForm | None = None, status: int = 200) -> HttpResponse:
    """Show the page that asks for the second factor; what was being sent is carried along and sent on afterwards."""
    form = form or ConfirmForm(prefix="confirm")
    is_sending = request.method == "POST" and request.POST.get("confirm-goes-on", "yes") == "yes"
    shown = {
        "form": form,
        "back": back,
        "carried": carried(request),
        "is_sending": is_sending,
        "takes_codes": TOTP in proofs_for(request.actor.roles) or not queries.own_account(request.actor).passkeys,
        "needs_passkey": TOTP not in proofs_for(request.actor.roles),
        "question": passkeys.ask_to_show(origin(request), now=request.now),
        "by_click": settings.TOCSIN_DEMONSTRATION is not None,
    }
    return render(request, "accounts/confirm.html", shown, status=status)


def _confirmed(request: DeskRequest) -> HttpResponse:
    back, form = _own_address(request.POST.get("confirm-next", "")), ConfirmForm(request.POST, prefix="confirm")
    with refusals(form, _("This code or passkey is wrong. A code works once: wait for the next one.")):
        if "confirm-click" in request.POST:
            cookie = demonstration.step_up(request.actor, request.META["REMOTE_ADDR"], now=request.now)
        elif form.is_valid():
            given = factor(request, form.cleaned_data)
            cookie = actions.step_up(request.actor, given, visitor=visitor(request), now=request.now)
        else:
            return ask_to_confirm(request, back, form, 400)
        response = HttpResponseRedirect(back)
        # 307 lets the browser send the same form on to where it was meant for.
        response.status_code = 307 if request.POST.get("confirm-goes-on") == "yes" else 303
        give_cookie(response, cookie)
        return response
    return ask_to_confirm(request, back, form, status_of(form))


def _own_address(path: str) -> str:
    """Give an address of this desk, or its first page for anything else."""
    if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        return reverse("home")
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return reverse("home")
    return path


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


def _welcome(cookie: bytes, to: str = "home", query: str = "") -> HttpResponse:
    response = HttpResponseRedirect(reverse(to) + query)
    give_cookie(response, cookie)
    return response
