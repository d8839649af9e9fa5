"""The pages of one's own account: second factors, passphrase, recovery code, fingerprint."""

import base64
import io
from uuid import UUID

import segno
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts import actions, factors, passkeys, queries, second_factor
from tocsin.accounts.actions import Shown
from tocsin.accounts.actor import NO_PROOF
from tocsin.accounts.asking import origin, refusals, sent, status_of, visitor, with_passkeys
from tocsin.accounts.door import DeskRequest, give_cookie
from tocsin.accounts.forms import CodeForm, PasskeyForm, PassphraseForm
from tocsin.core.errors import BadRequest, WrongSecret


@require_safe
def account(request: DeskRequest) -> HttpResponse:
    """Show what is one's own: keys, second factors, secrets to change."""
    shown = {
        "fingerprint": request.actor.ring.public().fingerprint(),
        "own": queries.own_account(request.actor),
        "name": queries.list_names(request.actor, now=request.now).get(request.actor.id, ""),
    }
    return render(request, "accounts/account.html", shown)


@require_safe
@with_passkeys
def second_factors(request: DeskRequest) -> HttpResponse:
    """Show how to set up a second factor."""
    return _second_factors(request, CodeForm(), PasskeyForm())


def _second_factors(request: DeskRequest, code: CodeForm, made: PasskeyForm, status: int = 200) -> HttpResponse:
    own = queries.own_account(request.actor)
    secret = factors.offered_totp(request.actor, now=request.now)
    known = [bytes(each.credential) for each in own.passkeys]
    shown = {
        "own": own,
        "must": request.actor.proof == NO_PROOF,
        "secret": _grouped(secret) if secret else "",
        "form": code if code.errors else made,
        "code_form": code,
        "passkey_form": made,
        "question": passkeys.ask_to_make(request.actor.id, known, origin(request), now=request.now),
    }
    return render(request, "accounts/second_factors.html", shown, status=status)


def _grouped(secret: bytes) -> str:
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@require_POST
def offer_totp(request: DeskRequest) -> HttpResponse:
    """Draw the secret of an authenticator; the page shows it next."""
    factors.offer_totp(request.actor, now=request.now)
    return HttpResponseRedirect(reverse("second-factor"))


@require_safe
def picture(request: DeskRequest) -> HttpResponse:
    """Give the secret that waits for its first code, as a picture for the camera of a telephone."""
    secret = factors.offered_totp(request.actor, now=request.now)
    if secret is None:
        raise Http404
    drawn = io.BytesIO()
    address = second_factor.address(secret, origin(request).name)
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@require_POST
@with_passkeys
def confirm_totp(request: DeskRequest) -> HttpResponse:
    """Take the authenticator, once it gives the right code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        with refusals(form, _("This is not the code that the authenticator shows now. Is its clock right?"), "code"):
            cookie = factors.confirm_totp(
                request.actor, form.cleaned_data["code"], visitor=visitor(request), now=request.now
            )
            return _on(cookie)
    return _second_factors(request, form, PasskeyForm(), status_of(form))


@require_POST
@with_passkeys
def add_passkey(request: DeskRequest) -> HttpResponse:
    """Take a new passkey."""
    form = PasskeyForm(request.POST)
    if form.is_valid():
        shown = Shown(form.cleaned_data["answer"], origin(request))
        try:
            return _on(factors.add_passkey(request.actor, shown, now=request.now))
        except WrongSecret:
            form.add_error(None, _("This passkey could not be taken. Try again."))
    return _second_factors(request, CodeForm(), form, 400)


@require_POST
@with_passkeys
def remove_passkey(request: DeskRequest, passkey_id: UUID) -> HttpResponse:
    """Void one of one's own passkeys."""
    try:
        factors.remove_passkey(request.actor, passkey_id, now=request.now)
    except BadRequest:
        form = PasskeyForm({})
        form.add_error(None, _("This is your last second factor. Set up another one first."))
        return _second_factors(request, CodeForm(), form, 400)
    return HttpResponseRedirect(reverse("account"))


@require_http_methods(["GET", "HEAD", "POST"])
def passphrase(request: DeskRequest) -> HttpResponse:
    """Set a new passphrase; all sessions end but a new one here."""
    form = PassphraseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals(form, _("This opens nothing."), "present"):
            cookie = actions.change_passphrase(
                request.actor, said["present"], said["passphrase"], visitor=visitor(request), now=request.now
            )
            return _on(cookie)
    shown = {"form": form, "forgotten": "forgotten" in request.GET}
    return render(request, "accounts/passphrase.html", shown, status=status_of(form))


@require_POST
def recovery_code(request: DeskRequest) -> HttpResponse:
    """Draw a new recovery code and show it once."""
    code = factors.change_recovery_code(request.actor, now=request.now)
    return render(request, "accounts/recovery_code.html", {"code": code})


def _on(cookie: bytes) -> HttpResponse:
    response = HttpResponseRedirect(reverse("account"))
    give_cookie(response, cookie)
    return response
