"""The forms of working together."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework import charge
from tocsin.casework.parts import compartments
from tocsin.casework.together import remarks

Choice = tuple[str, object]


class _ToForm(forms.Form):
    """Words for a colleague."""

    to = forms.ChoiceField(label=_("Who"))

    def __init__(self, posted: Mapping[str, str] | None, *, people: Mapping[UUID, str], nobody: object = None) -> None:
        super().__init__(posted, auto_id=f"{self.prefix_of_ids}-%s")
        first = [("", nobody or _("Choose a colleague"))]
        self.offer("to", [*first, *((str(account), name) for account, name in people.items())])

    prefix_of_ids = "to"

    def offer(self, name: str, choices: Sequence[Choice | tuple[str, Sequence[Choice]]]) -> None:
        """Offer choices in a field."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_to(self) -> UUID | None:
        """Take the id of the colleague."""
        chosen: str = self.cleaned_data["to"]
        return UUID(chosen) if chosen else None


class NewTask(_ToForm):
    """Ask a colleague, or oneself, to do something."""

    prefix_of_ids = "task"
    text = forms.CharField(
        label=_("What is to be done"), max_length=remarks.LONGEST, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("text", "to", "until")

    def __init__(
        self, posted: Mapping[str, str] | None, *, people: Mapping[UUID, str], me: UUID, now: dt.datetime
    ) -> None:
        super().__init__(posted, people={me: gettext("myself"), **people})
        self._today = timezone.localdate(now)
        self.fields["until"].widget.attrs["min"] = self._today.isoformat()

    def clean_until(self) -> dt.date | None:
        """Refuse a day that is over."""
        day: dt.date | None = self.cleaned_data["until"]
        if day is not None and day < self._today:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day


class NewComment(_ToForm):
    """Say something beside a record."""

    prefix_of_ids = "comment"
    about = forms.ChoiceField(label=_("Beside which record"), required=False)
    text = forms.CharField(
        label=_("Comment"), max_length=remarks.LONGEST, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )
    compartment = forms.ChoiceField(label=_("Who can read it: all who may open"))
    field_order = ("about", "text", "to", "compartment")

    def __init__(
        self,
        posted: Mapping[str, str] | None,
        *,
        people: Mapping[UUID, str],
        records: Sequence[tuple[str, Sequence[Choice]]],
        held: frozenset[str],
        about: str = "",
    ) -> None:
        super().__init__(posted, people=people, nobody=_("nobody in particular"))
        self.fields["to"].label, self.fields["to"].required = _("Ask a colleague to look"), False
        self.offer("about", [("", _("the case as a whole")), *records])
        words = compartments().words
        self.offer("compartment", [(code, gettext(said)) for code, said in words.items() if code in held])
        self.fields["compartment"].initial = compartments().default
        self.fields["about"].initial = about


class NewHandOver(_ToForm):
    """Offer a colleague to be in charge of a case."""

    prefix_of_ids = "charge"
    reason = forms.CharField(
        label=_("Why"),
        max_length=charge.LONGEST,
        help_text=_("Who may open this case can read it."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    field_order = ("to", "reason")
