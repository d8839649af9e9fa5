"""The forms of accounts."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.accounts.actor import words_of_roles
from tocsin.accounts.passkeys import LONGEST_ANSWER
from tocsin.vault.secrets import LONGEST, SHORTEST

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _secret(label: "_StrPromise", autocomplete: str, help_text: "_StrPromise | str" = "") -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=help_text, strip=False, max_length=1000, widget=widget)


def _new_passphrase() -> forms.CharField:
    return forms.CharField(
        label=_("New passphrase"),
        help_text=_(
            "At least twelve characters. Four or five words that have nothing to do with one another are good."
        ),
        strip=False,
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


def _code(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Code from your authenticator"),
        help_text="" if required else _("Six digits. Not needed with a passkey."),
        required=required,
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _answer() -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


def _login() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput({"autocomplete": "username"}))


class _WithFactor(forms.Form):
    """A form that takes a code, or the answer of a passkey in its place."""

    def clean(self) -> dict[str, str]:
        """Ask for one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("answer"):
            self.add_error("code", _("Give the code that your authenticator shows now, or use a passkey."))
        return cleaned


class SignInForm(_WithFactor):
    """Name, passphrase and second factor, at once: nobody learns which of them was wrong."""

    login = _login()
    passphrase = _secret(
        _("Passphrase or recovery code"),
        "current-password",
        _("Forgotten? Give your recovery code here; then you choose a new passphrase."),
    )
    code = _code(required=False)
    answer = _answer()


class ConfirmForm(_WithFactor):
    """The second factor alone."""

    code = _code(required=False)
    answer = _answer()


class CodeForm(forms.Form):
    """A code of an authenticator that is being set up."""

    code = _code()


class PasskeyForm(forms.Form):
    """The answer of an authenticator that made a passkey."""

    answer = _answer()


class LostFactorForm(forms.Form):
    """What lets somebody in who lost her second factor."""

    login = _login()
    passphrase = _secret(_("Passphrase"), "current-password")
    recovery_code = forms.CharField(
        label=_("Recovery code"), max_length=100, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    )


class _NewPassphraseForm(forms.Form):
    """A new passphrase, typed twice."""

    passphrase = _new_passphrase()
    again = _secret(_("The same again"), "new-password")

    def clean(self) -> dict[str, str]:
        """Compare the two."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned["passphrase"] != cleaned["again"]:
            self.add_error("again", _("This differs from the passphrase above."))
        return cleaned


class JoinForm(_NewPassphraseForm):
    """What a newcomer chooses."""


class ComeBackForm(forms.Form):
    """What is asked besides a link, of somebody whose second factor was reset."""

    secret = _secret(_("Passphrase or recovery code"), "current-password")


class PassphraseForm(_NewPassphraseForm):
    """The present passphrase and the next."""

    present = _secret(_("Present passphrase, or recovery code"), "current-password")
    field_order = ("present", "passphrase", "again")


class RolesForm(forms.Form):
    """What somebody is here."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(role, gettext(words)) for role, words in words_of_roles().items()],
    )


class InviteForm(RolesForm):
    """Somebody new."""

    login = forms.CharField(
        label=_("Name to sign in by"), max_length=100, widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name that colleagues see"), max_length=200)
    field_order = ("login", "name", "roles")


class VouchForm(forms.Form):
    """What a colleague read out."""

    fingerprint = forms.CharField(
        label=_("Fingerprint"),
        help_text=_("Let her read it to you in person or on the telephone, from her page “My account”."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
