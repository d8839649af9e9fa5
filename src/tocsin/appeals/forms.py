"""The forms of appeals."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tocsin.appeals.actions import Writing

_DATE = {"type": "date"}


class WriteText(forms.Form):
    """The words of one text, and what its new sentences rest on."""

    words = forms.CharField(
        label=_("The words"),
        required=False,
        max_length=6000,
        help_text=_("A paragraph without words is taken out. A sentence that stays as it is keeps its facts."),
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )
    records = forms.MultipleChoiceField(
        label=_("What a new or changed sentence rests on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        posted: object,
        *,
        words: str = "",
        near: Sequence[tuple[str, str]] = (),
        others: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (),
    ) -> None:
        super().__init__(posted, initial={"words": words})  # type: ignore[arg-type]
        self.fields["records"].choices = [*near, *others]  # type: ignore[attr-defined]
        # A heading or a demand rests on no sentence of its own.
        if not near and not others:
            del self.fields["records"]

    def writing(self, language: str, path: str) -> Writing:
        """Give what is written, at its place."""
        said = self.cleaned_data
        return Writing(language, path, said["words"], tuple(said.get("records", ())))


class WaiveForm(forms.Form):
    """Why a finding may stand, and until when."""

    reason = forms.CharField(
        label=_("Why it may stand"), max_length=500, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"))

    def __init__(self, posted: Mapping[str, str] | None, *, today: dt.date) -> None:
        super().__init__(posted)
        self.fields["until"].initial = today + dt.timedelta(days=30)


class DayForm(forms.Form):
    """The day of issue."""

    on = forms.DateField(
        label=_("Day of issue"),
        help_text=_("Until this day the appeal is not published, whoever approves it."),
        widget=forms.DateInput(_DATE, format="%Y-%m-%d"),
    )
