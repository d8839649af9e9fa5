"""The forms of the public pages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.core.errors import WrongSecret
from tocsin.core.guarding import questions
from tocsin.letterbox.letter import LARGEST_FILE, LONGEST_TEXT, Written
from tocsin.vault.letters import Receipt, new_receipt_code, read_receipt

_WRONG_ANSWER = _("This is not the number. Please try once more.")

_SLIP = _("There is a slip in this code. A receipt code has 32 digits.")


class _WithCode(forms.Form):
    """A form that carries a receipt code."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def clean_code(self) -> str:
        """Refuse a code with a slip, and keep what it gives."""
        code = str(self.cleaned_data["code"])
        try:
            self.receipt: Receipt = read_receipt(code)
        except WrongSecret as error:
            raise forms.ValidationError(_SLIP) from error
        return code


class ComeBack(_WithCode):
    """The receipt code of somebody who comes back."""

    code = forms.CharField(
        label=_("Your receipt code"),
        max_length=200,
        help_text=_("32 digits. Spaces do not matter."),
        widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


class WriteToUs(_WithCode):
    """A letter: text, file, or both, and one question against programs."""

    text = forms.CharField(
        label=_("What happened?"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        help_text=_("To whom, when, where, by whom, and what is needed now. In any language."),
        widget=forms.Textarea({"rows": 12, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Text, Word, PDF, web page or e-mail, up to 7 MB. "
            "A file may name its author: its name and contents are kept."
        ),
    )
    asked = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=len(questions()) - 1)
    number = forms.CharField(max_length=10, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))

    field_order = ("text", "file", "number", "code", "asked")

    def __init__(
        self,
        posted: Mapping[str, str] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        code: str = "",
        asked: int = 0,
    ) -> None:
        super().__init__(posted, files, initial={"code": code or new_receipt_code(), "asked": asked})
        said = str(posted.get("asked", "")) if posted is not None else str(asked)
        chosen = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
        self._question = questions()[chosen % len(questions())]
        self.fields["number"].label = gettext(self._question.words)
        self.fields["number"].help_text = gettext("It keeps programs out that fill in every form.")

    def clean_number(self) -> str:
        """Compare the answer."""
        if not self._question.is_met_by(self.cleaned_data["number"]):
            raise forms.ValidationError(_WRONG_ANSWER)
        return str(self.cleaned_data["number"])

    def clean(self) -> None:
        """Ask for a text or a file."""
        text, file = self.cleaned_data.get("text", "").strip(), self.cleaned_data.get("file")
        if not text and not file and "text" not in self.errors and "file" not in self.errors:
            raise forms.ValidationError(_("Write something, or choose a file."))
        if file is not None and file.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 7 MB."))

    def written(self) -> Written:
        """Give the letter."""
        file = self.cleaned_data["file"]
        name = file.name if file is not None else ""
        return Written(self.cleaned_data["text"], file.read() if file is not None else b"", name)
