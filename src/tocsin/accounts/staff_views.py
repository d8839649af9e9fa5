"""The pages on which colleagues are invited, vouched for, given roles, closed out and restored."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts import queries, staff
from tocsin.accounts.actor import Actor, may
from tocsin.accounts.asking import sent
from tocsin.accounts.door import DeskRequest
from tocsin.accounts.forms import InviteForm, RolesForm, VouchForm
from tocsin.core.errors import BadRequest
from tocsin.vault.last_holders import held_alone

_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def people(request: DeskRequest) -> HttpResponse:
    """List who works here, and who waits for somebody to vouch for her."""
    shown = {
        "people": queries.list_staff(request.actor, now=request.now),
        "may_invite": may(request.actor, "account.create", now=request.now),
        "may_change": may(request.actor, "account.change", now=request.now),
        "may_admit": may(request.actor, "signatory.admit", now=request.now),
    }
    return render(request, "accounts/people.html", shown)


@_READ_OR_SEND
def invite(request: DeskRequest) -> HttpResponse:
    """Create an account, and show the link for its person once."""
    form = InviteForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            secret = staff.invite(request.actor, **form.cleaned_data, now=request.now)
        except BadRequest:
            form.add_error("login", _("Somebody signs in by this name already."))
        else:
            return _link(request, secret)
    return render(request, "accounts/invite.html", {"form": form}, status=400 if form.errors else 200)


@_READ_OR_SEND
def vouch(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Stand for the keys of a colleague, after comparing their fingerprint."""
    person = queries.get_staff(request.actor, account_id, now=request.now)
    form = VouchForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            staff.vouch(request.actor, account_id, form.cleaned_data["fingerprint"], now=request.now)
        except BadRequest:
            form.add_error(
                "fingerprint",
                _(
                    "This is not the fingerprint of the keys that are stored. Hear it again. If it still differs, "
                    "somebody else may have used the link: tell your security officer."
                ),
            )
        else:
            return HttpResponseRedirect(reverse("people"))
    shown = {"form": form, "person": person}
    return render(request, "accounts/vouch.html", shown, status=400 if form.errors else 200)


@require_safe
def person(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Show what can be changed about somebody's account."""
    return _person(request, account_id, None)


def _person(request: DeskRequest, account_id: UUID, wrong: RolesForm | None, status: int = 200) -> HttpResponse:
    found = queries.get_staff(request.actor, account_id, now=request.now)
    form = wrong or RolesForm(initial={"roles": found.roles})
    shown = {"person": found, "form": form, "alone": len(held_alone(account_id, request.now))}
    return render(request, "accounts/person.html", shown, status=status)


@require_POST
def roles(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Change what somebody is here."""
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _person(request, account_id, form, 400)
    return _changed(
        request,
        account_id,
        lambda actor, account, now: staff.set_roles(actor, account, form.cleaned_data["roles"], now=now),
    )


@require_POST
def disable(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Close an account, and go on to what colleagues have to take over."""
    closed = _changed(request, account_id, lambda actor, account, now: staff.disable(actor, account, now=now))
    return HttpResponseRedirect(reverse("person-cases", args=[account_id])) if closed.status_code == 302 else closed


@require_POST
def enable(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Open a closed account again."""
    return _changed(request, account_id, lambda actor, account, now: staff.enable(actor, account, now=now))


@require_POST
def reset(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Void somebody's second factors and show the link for setting up others."""
    return _changed(request, account_id, lambda actor, account, now: staff.reset_second_factor(actor, account, now=now))


@require_POST
def invite_again(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Show a new link for somebody who has not joined yet."""
    return _changed(request, account_id, lambda actor, account, now: staff.invite_again(actor, account, now=now))


@require_POST
def restore(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Give a new account to somebody who lost every way into hers, and show its link."""
    return _changed(request, account_id, lambda actor, account, now: staff.restore(actor, account, now=now))


def _changed(request: DeskRequest, account_id: UUID, change: Callable[[Actor, UUID, datetime], object]) -> HttpResponse:
    try:
        secret = change(request.actor, account_id, request.now)
    except BadRequest:
        form = RolesForm({})
        form.add_error(None, _("This cannot be done with this account as it stands. Nobody changes her own."))
        return _person(request, account_id, form, 400)
    return _link(request, secret) if isinstance(secret, str) else HttpResponseRedirect(reverse("people"))


def _link(request: HttpRequest, secret: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("link", args=[secret]))
    return render(request, "accounts/link.html", {"address": address, "days": staff.LINK_LIFE.days})
