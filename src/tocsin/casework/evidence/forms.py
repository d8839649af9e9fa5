"""The forms of evidence."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.evidence.actions import AboutFiles, Origin, words_about
from tocsin.casework.evidence.citing import Passage
from tocsin.casework.evidence.files import Arrived
from tocsin.casework.evidence.standing import NOBODY
from tocsin.casework.evidence.uploading import SealedUpload
from tocsin.core import vocab
from tocsin.core.editing import read_local
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case, Evidence


def _terms(vocabulary: str) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(code, term.label(language).text) for code, term in vocab.load(vocabulary).items() if not term.retired_on]


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _SeveralFiles(forms.FileField):
    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[SealedUpload]:  # noqa: ARG002 - Django hands it over
        sent = [each for each in data or [] if isinstance(each, SealedUpload)]
        if not sent:
            raise forms.ValidationError(self.error_messages["required"])
        if any(each.arrived.size == 0 for each in sent):
            raise forms.ValidationError(_("One of the files is empty."))
        return sent


class Describe(forms.Form):
    """What files are, and what in them may be hard to see."""

    what = forms.CharField(
        label=_("What it is"),
        max_length=500,
        help_text=_("So that nobody has to open it to know: “Photograph of the door of the office, broken”."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    warnings = forms.MultipleChoiceField(
        label=_("What may be hard to see, hear or read in it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Colleagues are told before they open it."),
    )

    def __init__(
        self,
        posted: Mapping[str, str] | None,
        record: Evidence | None = None,
        sent: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
    ) -> None:
        super().__init__(posted, sent)
        self.fields["warnings"].choices = _terms("content_warnings")  # type: ignore[attr-defined]
        if record is not None:
            self.initial = {"what": words_about(record), "warnings": list(record.warnings)}

    def told(self) -> AboutFiles:
        """Give what was said."""
        asked = self.cleaned_data
        return AboutFiles(
            what=asked["what"].strip(),
            language=get_language() or "en",
            source=asked.get("source", ""),
            came=asked.get("came", ""),
            warnings=tuple(asked["warnings"]),
        )


class DescribeOriginal(Describe):
    """What an original is, and where it is from."""

    material = forms.ChoiceField(label=_("What sort of material it is"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    dated = forms.CharField(
        label=_("When it was made"),
        required=False,
        max_length=40,
        help_text="2021-05-29 16:00, 2021-05-29, 2021-05, 2021",
        widget=forms.TextInput({"dir": "ltr"}),
    )
    collected_at = forms.CharField(
        label=_("When it was collected"), required=False, max_length=40, widget=forms.TextInput({"dir": "ltr"})
    )
    collector = forms.CharField(
        label=_("Who collected it"),
        required=False,
        max_length=200,
        help_text=_("A word by which the team knows the person, no name."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    method = forms.CharField(
        label=_("How, and with what"),
        required=False,
        max_length=500,
        help_text=_("Photographed with a telephone, saved with a browser, copied from a disk."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    original_url = forms.CharField(
        label=_("Address it was taken from"),
        required=False,
        max_length=2000,
        help_text=_("It is written down; nothing here opens it."),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    archive_copies = forms.CharField(
        label=_("Where archives keep the same"),
        required=False,
        max_length=5000,
        help_text=_("One address a line."),
        widget=forms.Textarea({"rows": 2, "dir": "ltr"}),
    )

    def __init__(self, posted: Mapping[str, str] | None, record: Evidence | None = None) -> None:
        super().__init__(posted, record)
        for name, vocabulary in (("material", "material_types"), ("language", "languages")):
            self.fields[name].choices = [("", gettext("not known")), *_terms(vocabulary)]  # type: ignore[attr-defined]
        if record is not None:
            known = {each.name: getattr(record, each.name) or "" for each in dataclasses.fields(Origin)}
            known["collected_at"] = known["collected_at"].replace("T", " ")
            self.initial = {**self.initial, **known, "archive_copies": "\n".join(record.archive_copies)}

    def clean_dated(self) -> str | None:
        """Read the day of the material."""
        return self._time("dated")

    def clean_collected_at(self) -> str | None:
        """Read the day on which it was collected."""
        return self._time("collected_at")

    def _time(self, name: str) -> str | None:
        try:
            return read_local(self.cleaned_data[name])
        except BadRequest as error:
            raise forms.ValidationError(f"{gettext(error.what)} ({error.hint})") from error

    def origin(self) -> Origin:
        """Give where it is from."""
        asked = self.cleaned_data
        told: dict[str, Any] = {
            each.name: (asked[each.name] or "").strip() or None for each in dataclasses.fields(Origin)
        }
        copies = asked["archive_copies"].splitlines()
        told["archive_copies"] = tuple(line.strip() for line in copies if line.strip())
        return Origin(**told)


class Upload(Describe):
    """Files that are put in, and how they came."""

    source = forms.ChoiceField(label=_("From which source"), required=False)
    came = forms.CharField(
        label=_("How it came to us, and who had it before"),
        required=False,
        max_length=500,
        help_text=_("The first line of its chain of custody; it cannot be changed later."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    # Last in the form, so that all that is said of the files has come before their bytes do.
    upload = _SeveralFiles(
        label=_("Files"),
        help_text=_("Pictures, film, sound, documents, anything; one or several, together up to 200 MB."),
    )
    field_order = ("what", "warnings", "source", "came", "upload")

    def __init__(
        self, posted: Mapping[str, str] | None, sent: "MultiValueDict[str, UploadedFile[Any]] | None", case: Case
    ):
        super().__init__(posted, sent=sent)
        named = [
            (each.id, f"{each.id} · {dict(_terms('source_types')).get(each.type, each.type)}") for each in case.sources
        ]
        self.fields["source"].choices = [("", gettext("not said")), *named]  # type: ignore[attr-defined]

    def arrived(self) -> list[tuple[str, Arrived]]:
        """Give the files with the names that they came with."""
        return [(each.name or "", each.arrived) for each in self.cleaned_data["upload"]]


class MakeCopy(forms.Form):
    """What of a picture or of pages is blacked out in a copy."""

    areas = forms.CharField(
        label=_("What is blacked out"),
        required=False,
        max_length=4000,
        help_text=_("Squares of the grid, a line for each area: C4 or C4:F7; on page 2: 2 C4:F7."),
        widget=forms.Textarea({"rows": 4, "dir": "ltr"}),
    )


class Say(forms.Form):
    """A few words for the chain of custody."""

    words = forms.CharField(max_length=500, widget=forms.Textarea({"rows": 2, "dir": "auto"}))

    def __init__(self, posted: Mapping[str, str] | None, label: str, name: str) -> None:
        super().__init__(posted, prefix=name)
        self.fields["words"].label = label


class Cite(forms.Form):
    """A fact that rests on a file, and where in it."""

    about = forms.ChoiceField(label=_("What happened"))
    page = forms.CharField(
        label=_("Page"), required=False, max_length=4, widget=forms.TextInput({"inputmode": "numeric", "dir": "ltr"})
    )
    clip = forms.CharField(
        label=_("Minute of the sound or film"),
        required=False,
        max_length=20,
        help_text=_("01:20, or 01:20-02:05"),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    words = forms.CharField(
        label=_("The words of the text, as they stand there"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, posted: Mapping[str, str] | None, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__(posted, prefix="cite")
        self.fields["about"].choices = [("", gettext("Choose one")), *offered]  # type: ignore[attr-defined]

    def passage(self) -> Passage:
        """Give where in the file it stands."""
        return Passage(**{name: self.cleaned_data[name] for name in ("page", "clip", "words")})


class Release(forms.Form):
    """For whom a copy may leave, and on what ground."""

    release_class = forms.ChoiceField(
        label=_("For whom"),
        choices=[("R", _("named addressees, as a lawyer or a United Nations body")), ("P", _("everybody"))],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("On what ground"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why, and what was checked"), max_length=500, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )

    def __init__(self, posted: Mapping[str, str] | None, case: Case, grounds: tuple[str, ...]) -> None:
        super().__init__(posted, prefix="release")
        self.fields["ground"].choices = [(each, ground_words(case, each)) for each in grounds]  # type: ignore[attr-defined]


def ground_words(case: Case, ground: str) -> str:
    """Say on what ground a copy is released."""
    if ground == NOBODY:
        return gettext("nobody can be recognised in it, by face, voice, body, place or words")
    person = next((each.person for each in case.consents if each.id == ground), "")
    known = next((each.preferred.full for each in case.persons if each.id == person), ground)
    return gettext("consent to publish a photograph: %(name)s") % {"name": known}
