"""The forms of appeals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tocsin.appeals.actions import Writing
from tocsin.appeals.hatch import day_of
from tocsin.appeals.pages import ROLES
from tocsin.appeals.store import OpenDraft
from tocsin.core.drafting import Passage
from tocsin.core.publication import Words

_DATE = {"type": "date"}
_LONGEST_TEXT = 20_000


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
    """Why a finding may stand, until when, and who was consulted."""

    reason = forms.CharField(
        label=_("Why it may stand"), max_length=500, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"))
    consulted = forms.CharField(required=False, max_length=500)

    def __init__(self, posted: Mapping[str, str] | None, *, today: dt.date) -> None:
        super().__init__(posted)
        self.fields["until"].initial = today + dt.timedelta(days=30)


class DayForm(forms.Form):
    """The day of issue, and the hour of that day from which on it shows."""

    on = forms.DateField(
        label=_("Day of issue"),
        help_text=_("Until this day the appeal is not published, whoever approves it."),
        widget=forms.DateInput(_DATE, format="%Y-%m-%d"),
    )
    hour = forms.TimeField(
        label=_("Hour of that day before which nobody sees it"),
        required=False,
        help_text=_(
            "With an hour it can be published before: the public site shows it by itself then. Mails wait, too."
        ),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    def __init__(self, posted: object, draft: OpenDraft | None = None) -> None:
        super().__init__(posted)  # type: ignore[arg-type]
        if draft is not None:
            until = draft.content.not_before
            self.initial = {"on": day_of(draft), "hour": timezone.localtime(until).time() if until else None}
            if draft.row.times:
                del self.fields["hour"]


class _NoteForm(forms.Form):
    """What readers are told, and in which language."""

    note = forms.CharField(
        label=_("What readers are told; it names nobody"),
        max_length=500,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("The language of these words"), choices=settings.LANGUAGES)

    def words(self) -> Words:
        """Give the note."""
        return Words(self.cleaned_data["language"], self.cleaned_data["note"].strip())


class DisavowForm(_NoteForm):
    """Since when a key may be in wrong hands."""

    since = forms.DateTimeField(
        label=_("From when on others may have had the key"),
        help_text=_("What was published before stays genuine. If you do not know, take the earliest time."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("since", "note", "language")


class WithdrawForm(_NoteForm):
    """Taking an appeal of the archive back."""


class CorrectForm(_NoteForm):
    """The texts of an appeal of the archive in one of its languages, each to be written anew."""

    def __init__(self, posted: object, texts: Sequence[Passage], **words: Any) -> None:
        super().__init__(posted, **words)  # type: ignore[arg-type]
        self._paths = {f"text-{number}": each.path for number, each in enumerate(texts)}
        for number, each in enumerate(texts):
            rows = min(12, 1 + len(each.words) // 70)
            self.fields[f"text-{number}"] = forms.CharField(
                label=str(ROLES.get(each.role, _("Text"))),
                required=False,
                initial=each.words,
                max_length=_LONGEST_TEXT,
                widget=forms.Textarea({"rows": rows, "dir": "auto"}),
            )
        self.order_fields([*self._paths, "note", "language"])

    def texts(self) -> dict[str, str]:
        """Give the words of each text, by its path."""
        return {path: self.cleaned_data[name] for name, path in self._paths.items()}
