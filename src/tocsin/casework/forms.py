"""The forms of casework."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework import lowering
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.parts import compartments
from tocsin.core import vocab
from tocsin.vault.actions import LONGEST_GRANT

_USUAL = dt.timedelta(days=30)


class _UntilForm(forms.Form):
    """A reason and a last day."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Everybody who gives access to this case can read it."),
        widget=forms.Textarea({"rows": 2}),
    )
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day, 90 days from now at the latest. Access ends by itself."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, posted: Mapping[str, str] | None, *, now: dt.datetime) -> None:
        super().__init__(posted)
        self._today = timezone.localdate(now)
        self.fields["until"].initial = self._today + _USUAL
        last = (self._today + LONGEST_GRANT - dt.timedelta(days=1)).isoformat()
        self.fields["until"].widget.attrs |= {"min": self._today.isoformat(), "max": last}

    def clean_until(self) -> dt.datetime:
        """Take the end of the day, in the time zone of the office."""
        day: dt.date = self.cleaned_data["until"]
        if not self._today <= day < self._today + LONGEST_GRANT:
            raise forms.ValidationError(_("Choose a day between today and 90 days from now."))
        return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))


class GiveAccess(_UntilForm):
    """Let a colleague open compartments of a case, for a reason and until a day."""

    colleague = forms.ChoiceField(label=_("Who"))
    compartments = forms.MultipleChoiceField(
        label=_("What this person may open"), widget=forms.CheckboxSelectMultiple, error_messages={}
    )
    field_order = ("colleague", "compartments", "reason", "until")

    def __init__(
        self,
        posted: Mapping[str, str] | None,
        *,
        colleagues: Mapping[UUID, str],
        held: frozenset[str],
        now: dt.datetime,
    ) -> None:
        super().__init__(posted, now=now)
        chosen = [("", _("Choose a colleague")), *((str(account), name) for account, name in colleagues.items())]
        self.choices("colleague", chosen)
        self.choices("compartments", [(code, gettext(w)) for code, w in compartments().words.items() if code in held])
        self.fields["compartments"].initial = ["facts"]

    def choices(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        """Offer choices in a field."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ProlongAccess(_UntilForm):
    """Let a grant end on another day, for a reason."""


class ShredCase(forms.Form):
    """The first letters of the id of a case, typed by who means to destroy its keys."""

    typed = forms.CharField(
        label=_("Type the eight characters"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, posted: Mapping[str, str] | None, *, wanted: str) -> None:
        super().__init__(posted)
        self._wanted = wanted

    def clean_typed(self) -> str:
        """Compare them."""
        typed: str = self.cleaned_data["typed"].lower()
        if typed != self._wanted:
            raise forms.ValidationError(_("These are not the eight characters that stand above."))
        return typed


class EndAccess(forms.Form):
    """End a grant, for a reason."""

    reason = forms.ChoiceField(label=_("Why"))

    def __init__(self, posted: Mapping[str, str] | None) -> None:
        super().__init__(posted)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (code, gettext(words)) for code, words in reasons_to_end().items()
        ]


class LowerForm(forms.Form):
    """Ask to let more people see a record."""

    wanted = forms.ChoiceField(label=_("Who is to see it"))
    why = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 2, "dir": "auto"}))

    def __init__(self, posted: Mapping[str, str] | None, record: object) -> None:
        super().__init__(posted, prefix="class")
        terms, language = vocab.load("release_class"), get_language() or "en"
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]
            (code, terms[code].label(language).text) for code in lowering.wider_than(record)
        ]
