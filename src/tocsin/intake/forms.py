"""The forms of intake."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tocsin.core import vocab
from tocsin.core.errors import BadRequest
from tocsin.core.recording import FIELDS, Field, Settled
from tocsin.intake.actions import LIMITS, Incoming
from tocsin.intake.opened import OpenReport
from tocsin.intake.tables import reasons

LABELS = {
    "name": _("Name"),
    "role": _("What this person is to the report"),
    "described_as": _("In the words of the text"),
    "organisations": _("Belongs to"),
    "actor_type": _("What kind of body or group"),
    "kind": _("What kind"),
    "what": _("What happened"),
    "date": _("Day"),
    "time": _("Time of day"),
    "until": _("Last day, if it lasted"),
    "place": _("Place"),
    "type": _("What was done"),
    "method": _("By what means"),
    "victims": _("To whom"),
    "actors": _("Allegedly by"),
    "offence": _("Offence"),
    "article": _("Article"),
    "law": _("Law"),
    "person": _("Person"),
    "status": _("Where it stands"),
    "as_of": _("As of"),
    "quote": _("Word for word"),
    "speaker": _("Who said it"),
    "instrument": _("Law or treaty"),
}
_HINTS = {
    "date": _("2026-11-25. What is not known stays out: 2026-11, 2026."),
    "day": _("2026-11-25"),
    "time": _("18:30, as it was there"),
}


def terms(vocabulary: str) -> list[tuple[str, str]]:
    """List the codes of a list with their labels in the language of the page."""
    language = get_language() or "en"
    return [(code, term.label(language).text) for code, term in vocab.load(vocabulary).items() if not term.retired_on]


class NewReport(forms.Form):
    """A report that came in: as text or as a file, and from whom."""

    text = forms.CharField(
        label=_("The text"),
        required=False,
        strip=False,
        max_length=LIMITS.text_characters,
        widget=forms.Textarea({"rows": 14, "dir": "auto", "autofocus": True}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_(
            "Text, Word, PDF, web page or e-mail, up to 10 MB. It is sealed as it is before anything opens it."
        ),
    )
    source_type = forms.ChoiceField(label=_("What the sender is to us"))
    told_by = forms.CharField(
        label=_("Who sent it"),
        required=False,
        max_length=200,
        help_text=_("Sealed apart from the facts: who may read the case does not learn it by that."),
    )

    def __init__(
        self, posted: Mapping[str, str] | None = None, files: "MultiValueDict[str, UploadedFile[Any]] | None" = None
    ) -> None:
        super().__init__(posted, files)
        choices = [("", gettext("Choose one")), *terms("source_types")]
        self.fields["source_type"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Ask for a text or a file, and not for both."""
        text, file = self.cleaned_data.get("text", "").strip(), self.cleaned_data.get("file")
        if bool(text) == bool(file) and not self.errors:
            raise forms.ValidationError(_("Give the text or a file, one of the two."))

    def incoming(self) -> Incoming:
        """Give the report that was sent."""
        asked, file = self.cleaned_data, self.cleaned_data["file"]
        told = {"source_type": asked["source_type"], "told_by": asked["told_by"]}
        if file is None:
            return Incoming(asked["text"].encode(), **told)
        return Incoming(file.read(), file_name=file.name, media_type=_media_type(file.content_type), **told)


def _media_type(said: str | None) -> str:
    plain = (said or "").partition(";")[0].strip().lower()
    major, slash, minor = plain.partition("/")
    fits = major.isalpha() and slash and minor.replace("-", "").replace(".", "").replace("+", "").isalnum()
    return plain if plain.isascii() and fits else "application/octet-stream"


class Decline(forms.Form):
    """Decline a report, for a reason."""

    reason = forms.ChoiceField(label=_("Why"))

    def __init__(self, posted: Mapping[str, str] | None = None) -> None:
        super().__init__(posted)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (code, gettext(each.words)) for code, each in reasons().items()
        ]


class OpenCaseForm(forms.Form):
    """In which country it happened: what the report says, to be looked at before a case is opened."""

    country = forms.ChoiceField(label=_("In which country it happened"), required=False)

    def __init__(self, opened: OpenReport, posted: Mapping[str, str] | None = None) -> None:
        super().__init__(posted)
        language = get_language() or "en"
        found = [code for document in opened.documents for code in document.countries]
        listed = sorted(set(vocab.countries_by_name(language).values()))
        named = [(code, known.name(language)) for code in listed if (known := vocab.country(code))]
        named.sort(key=lambda row: row[1].casefold())
        # Those of a demonstration are in no list, and no reader knows them; they are looked for by their names alone.
        invented = settings.TOCSIN_INVENTED_COUNTRIES
        found += [code for code, names in invented.items() if any(name in opened.text for name in names.values())]
        others = [(code, code) for code in dict.fromkeys(found) if code not in listed and code not in invented]
        named = [*((code, vocab.country_name(code, language, invented)) for code in invented), *named]
        self.fields["country"].choices = [("", gettext("not known")), *others, *named]  # type: ignore[attr-defined]
        self.fields["country"].initial = found[0] if found else ""


class Change(forms.Form):
    """One fact, to be corrected."""

    def __init__(self, posted: Mapping[str, str] | None, settled: Settled, everybody: Sequence[Settled]) -> None:
        super().__init__(posted, prefix="change")
        self.language = get_language() or "en"
        for name, field in FIELDS[settled.fact.kind].items():
            made = _MAKERS[field.shape](field, everybody)
            made.required, made.label = field.needed, LABELS[name]
            value = settled.values[name]
            made.initial = value.split() if field.many else value
            self.fields[name] = made

    def refuse(self, error: BadRequest) -> None:
        """Say at a field what cannot be, or of the form as a whole where it is no field's fault."""
        self.add_error(error.where if error.where in self.fields else None, gettext(error.what))

    def values(self) -> dict[str, str]:
        """Give the fields as they were written."""
        return {
            name: " ".join(value) if isinstance(value, list) else str(value)
            for name, value in self.cleaned_data.items()
        }


def _words(_field: Field, _everybody: Sequence[Settled]) -> forms.Field:
    return forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 2, "dir": "auto"}))


def _written(field: Field, _everybody: Sequence[Settled]) -> forms.Field:
    return forms.CharField(max_length=10, help_text=_HINTS[field.shape], widget=forms.TextInput({"dir": "ltr"}))


def _code(field: Field, _everybody: Sequence[Settled]) -> forms.Field:
    listed = sorted((each for name in field.lists for each in terms(name)), key=lambda row: row[1].casefold())
    return forms.ChoiceField(choices=[("", gettext("not known")), *listed])


def _facts(field: Field, everybody: Sequence[Settled]) -> forms.Field:
    offered = [
        (each.fact.key, each.values["name"])
        for each in everybody
        if each.fact.kind in field.of and each.verdict != "rejected"
    ]
    if field.many:
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple)
    return forms.ChoiceField(choices=[("", gettext("not known")), *offered])


_MAKERS: Mapping[str, Callable[[Field, Sequence[Settled]], forms.Field]] = {
    "words": _words,
    "date": _written,
    "day": _written,
    "time": _written,
    "code": _code,
    "facts": _facts,
}
