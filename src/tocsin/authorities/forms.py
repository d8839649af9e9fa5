"""The forms of the directory; what they hold becomes rows, which one builder checks as it checks those of files."""

import base64
import binascii
import datetime as dt
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tocsin.authorities.pages import label
from tocsin.authorities.tables import chosen_reasons, results, states
from tocsin.core import vocab
from tocsin.core.addressing import Directory, Institution, Occupancy, Post, Row, named, normal_address, offered_channels
from tocsin.publishing.countries import country_name

LARGEST = 10_000_000
# A form carries less than a megabyte, all fields together (DATA_UPLOAD_MAX_MEMORY_SIZE).
LARGEST_CARRIED = 1_000_000
LANGUAGES = ("en", "fr", "es", "ru", "ar")
_ONE_LINE = forms.TextInput({"dir": "auto"})


def _choices(vocabulary: str, *, empty: str = "") -> list[tuple[str, str]]:
    language = get_language() or "en"
    offered = [(code, label(vocabulary, code, language).text) for code in vocab.load(vocabulary)]
    return [("", empty), *offered] if empty else offered


def _counted(countries: list[tuple[str, int]]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(code, f"{country_name(code, language)} ({count})") for code, count in countries]


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _country() -> forms.CharField:
    return forms.CharField(
        label=_("Country"),
        min_length=3,
        max_length=3,
        help_text=_("Three letters, such as XZV (ISO 3166-1 alpha-3)."),
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "characters", "size": "4"}),
    )


def _source() -> forms.CharField:
    return forms.CharField(
        label=_("Where this is known from"),
        required=False,
        max_length=300,
        help_text=_("A public page, a gazette, a telephone call. Never a partner, a colleague or a case."),
        widget=_ONE_LINE,
    )


class Filter(forms.Form):
    """Which posts to show."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    country = forms.ChoiceField(label=_("Country"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, asked: Mapping[str, str], countries: list[tuple[str, int]]) -> None:
        super().__init__(asked)
        _offer(self, "country", [("", gettext("all")), *_counted(countries)])
        _offer(self, "office", _choices("posts", empty=gettext("all")))
        known = [(code, gettext(words)) for code, words in states().items()]
        _offer(self, "state", [("", gettext("all")), *known])


class PostForm(forms.Form):
    """A post: what it is called, what it is for, how its holder is addressed."""

    country = _country()
    office = forms.ChoiceField(label=_("Office"))
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    new_institution = forms.CharField(label=_("Or a new institution, in English"), required=False, max_length=300)
    kind = forms.ChoiceField(label=_("Kind of the new institution"), required=False)
    place = forms.CharField(
        label=_("Only for the region or town"),
        required=False,
        max_length=300,
        help_text=_("Empty for the whole country. Of an office abroad: where it sits."),
        widget=_ONE_LINE,
    )
    residence = forms.CharField(
        label=_("Of an embassy or a mission: the country in which it sits"),
        required=False,
        max_length=3,
        help_text=_("The code of three letters. Readers of an appeal who live there are shown it."),
        widget=_ONE_LINE,
    )
    demands = forms.MultipleChoiceField(
        label=_("It can meet these demands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all open for what an office of this kind usually can."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Only for these topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which letters are best written"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = _source()
    why = forms.ChoiceField(label=_("Why"))

    def __init__(
        self, posted: Mapping[str, Any] | None, directory: Directory, post: Post | None, today: dt.date
    ) -> None:
        super().__init__(posted, initial=_initial(post) if post else {"why": "new"})
        self._post, self._directory = post, directory
        language = get_language() or "en"
        for tag in dict.fromkeys((*LANGUAGES, *(post.names if post else ()), *(post.styles if post else ()))):
            said = label("languages", tag, language).text
            words = {"lang": tag, "dir": "auto"}
            self.fields[f"name_{tag}"] = forms.CharField(
                label=said, required=tag == "en" and post is None, max_length=300, widget=forms.TextInput(words)
            )
            for name, title in (("salutation", gettext("Salutation")), ("closing", gettext("Closing"))):
                self.fields[f"{name}_{tag}"] = forms.CharField(
                    label=f"{title} ({said})", required=False, max_length=300, widget=forms.TextInput(words)
                )
        _offer(self, "office", _choices("posts", empty=gettext("Choose an office")))
        _offer(
            self,
            "institution",
            [("", gettext("none")), *_bodies(directory, today, keep=post.institution if post else "")],
        )
        _offer(self, "kind", _choices("organisation_kinds"))
        self.fields["kind"].initial = "ministry"
        _offer(self, "demands", _choices("demand_types"))
        _offer(self, "topics", _choices("defender_topics"))
        _offer(self, "languages", _choices("languages"))
        _offer(self, "why", [(code, gettext(words)) for code, words in chosen_reasons().items()])

    def group(self, prefix: str) -> list[forms.BoundField]:
        """Give the fields whose names begin so."""
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def names(self) -> list[forms.BoundField]:
        """Give the fields of the names."""
        return self.group("name_")

    @property
    def styles(self) -> list[forms.BoundField]:
        """Give the fields of salutations and closings."""
        return [*self.group("salutation_"), *self.group("closing_")]

    def clean_country(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_residence(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["residence"]).upper()

    def key(self) -> str:
        """Give the key of the post, one that is not taken for a new one."""
        if self._post is not None:
            return self._post.key
        filled = self.cleaned_data
        stem = _slug(f"{filled['country']} {filled['office']} {filled['place']}")
        return next(key for key in _numbered(stem) if key not in self._directory.posts)

    def rows(self) -> list[Row]:
        """Give what was filled in as rows of the directory."""
        filled, key = self.cleaned_data, self.key()
        rows: list[Row] = []
        of = filled["institution"]
        if filled["new_institution"]:
            stem = _slug(f"{filled['country']} {filled['new_institution']}")
            of = next(each for each in _numbered(stem) if each not in self._directory.institutions)
            own = {"what": "institution", "key": of, "country": filled["country"], "code": filled["kind"]}
            rows.append({**own, "name_en": filled["new_institution"]})
        post = {"what": "post", "key": key, "country": filled["country"], "code": filled["office"], "of": of}
        post |= {name: " ".join(filled[name]) for name in ("demands", "topics", "languages")}
        post |= {name: filled[name] for name in ("place", "residence", "source")}
        post["until"] = self._post.until.isoformat() if self._post and self._post.until else ""
        rows.append({**post, **{each.name: filled[each.name] for each in self.names}})
        for each in self.group("salutation_"):
            language = each.name.removeprefix("salutation_")
            own = {"salutation": filled[each.name], "closing": filled[f"closing_{language}"]}
            if own["salutation"]:
                rows.append({"what": "style", "of": key, "language": language, **own})
        return rows


def _bodies(directory: Directory, today: dt.date, *, keep: str, besides: str = "") -> list[tuple[str, str]]:
    """Offer the institutions that are there, and the one that is chosen already."""
    language = get_language() or "en"
    listed = sorted(directory.institutions.items(), key=lambda row: (row[1].country, row[0]))
    return [
        (key, f"{each.country} · {named(each.names, language)[0]}")
        for key, each in listed
        if key == keep or (key != besides and not each.is_closed(today))
    ]


class InstitutionForm(forms.Form):
    """An institution: what it is called, of which kind, and to what it belongs."""

    country = _country()
    kind = forms.ChoiceField(label=_("Kind"))
    part_of = forms.ChoiceField(label=_("It belongs to"), required=False)
    source = _source()
    why = forms.ChoiceField(label=_("Why"))

    def __init__(
        self, posted: Mapping[str, Any] | None, directory: Directory, body: Institution | None, today: dt.date
    ) -> None:
        super().__init__(posted, initial=_initial_of_institution(body) if body else {"why": "new", "kind": "ministry"})
        self._body, self._directory = body, directory
        language, above = get_language() or "en", body.part_of if body else ""
        for tag in dict.fromkeys((*LANGUAGES, *(body.names if body else ()))):
            self.fields[f"name_{tag}"] = forms.CharField(
                label=label("languages", tag, language).text,
                required=tag == "en" and body is None,
                max_length=300,
                widget=forms.TextInput({"lang": tag, "dir": "auto"}),
            )
        bodies = _bodies(directory, today, keep=above, besides=body.key if body else "")
        _offer(self, "kind", _choices("organisation_kinds"))
        _offer(self, "part_of", [("", gettext("none")), *bodies])
        _offer(self, "why", [(code, gettext(words)) for code, words in chosen_reasons().items()])

    @property
    def names(self) -> list[forms.BoundField]:
        """Give the fields of the names."""
        return [self[name] for name in self.fields if name.startswith("name_")]

    def clean_country(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def key(self) -> str:
        """Give the key of the institution, one that is not taken for a new one."""
        if self._body is not None:
            return self._body.key
        stem = _slug(f"{self.cleaned_data['country']} {self.cleaned_data['name_en']}")
        return next(key for key in _numbered(stem) if key not in self._directory.institutions)

    def row(self) -> Row:
        """Give what was filled in as a row of the directory."""
        filled, until = self.cleaned_data, self._body.until if self._body else None
        own = {"what": "institution", "key": self.key(), "country": filled["country"], "code": filled["kind"]}
        own |= {"of": filled["part_of"], "source": filled["source"], "until": until.isoformat() if until else ""}
        return {**own, **{each.name: filled[each.name] for each in self.names}}


def _initial_of_institution(body: Institution) -> dict[str, Any]:
    filled: dict[str, Any] = {name: getattr(body, name) for name in ("country", "kind", "part_of", "source")}
    return {**filled, **{f"name_{tag}": words for tag, words in body.names.items()}, "why": "correction"}


class Ending(forms.Form):
    """From which day on something of the directory is no more; or that it is there again."""

    ends = forms.DateField(label=_("No more since"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, posted: Mapping[str, Any] | None, today: dt.date) -> None:
        super().__init__(posted, initial={"ends": today})
        self.fields["ends"].required = not (posted and posted.get("again"))

    def day(self) -> dt.date | None:
        """Give the day; nothing where it is there again."""
        return None if self.cleaned_data["again"] else self.cleaned_data["ends"]


def _initial(post: Post) -> dict[str, Any]:
    names = ("country", "office", "institution", "place", "residence", "demands", "topics", "languages", "source")
    filled: dict[str, Any] = {name: getattr(post, name) for name in names}
    filled |= {f"name_{tag}": words for tag, words in post.names.items()}
    for tag, style in post.styles.items():
        filled |= {f"salutation_{tag}": style.salutation, f"closing_{tag}": style.closing}
    return {**filled, "why": "correction"}


def _slug(words: str) -> str:
    plain = "".join(each if each.isascii() and each.isalnum() else " " for each in words.casefold())
    return "-".join(plain.split())[:70].strip("-") or "post"


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 1
    while True:
        number += 1
        yield f"{stem}-{number}"


class NewHolder(forms.Form):
    """Who holds a post from a day on."""

    person = forms.CharField(label=_("Name"), max_length=300, widget=_ONE_LINE)
    title = forms.CharField(
        label=_("Title"), required=False, max_length=20, help_text=_("Mr., Ms.: letters are worded by it.")
    )
    begins = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    acting = forms.BooleanField(label=_("acting"), required=False)
    source = forms.CharField(label=_("Where this is known from"), required=False, max_length=300, widget=_ONE_LINE)

    def occupancy(self) -> Occupancy:
        """Give what was filled in."""
        return Occupancy(**self.cleaned_data)


class NewContactPoint(forms.Form):
    """One more way to reach a post."""

    code = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(label=_("Address"), max_length=300, widget=forms.TextInput({"dir": "auto"}))
    source = forms.CharField(label=_("Where this is known from"), required=False, max_length=300, widget=_ONE_LINE)

    def __init__(self, posted: Mapping[str, Any] | None) -> None:
        # Beside the form of a new holder, which asks for a source, too.
        super().__init__(posted, auto_id="way_%s")
        language = get_language() or "en"
        _offer(self, "code", [(code, label("channel_types", code, language).text) for code in offered_channels()])

    def clean(self) -> dict[str, Any]:
        """Bring the address into its normal form."""
        filled: dict[str, Any] = self.cleaned_data
        if "code" in filled and "address" in filled:
            try:
                filled["address"] = normal_address(filled["code"], filled["address"])
            except ValueError as error:
                self.add_error("address", gettext(str(error)))
        return filled


class NewCheck(forms.Form):
    """That somebody looked whether a line holds."""

    part = forms.CharField(max_length=700)
    result = forms.ChoiceField()

    def __init__(self, posted: Mapping[str, Any] | None) -> None:
        super().__init__(posted)
        _offer(self, "result", [(code, gettext(words)) for code, words in results().items()])


class ChangeOfGovernment(forms.Form):
    """Since when nothing of a country counts that was checked before."""

    country = forms.ChoiceField(label=_("Country"))
    on = forms.DateField(
        label=_("The government changed on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, posted: Mapping[str, Any] | None, countries: list[tuple[str, int]], today: dt.date) -> None:
        super().__init__(posted, initial={"on": today})
        _offer(self, "country", _counted(countries))
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class TakeFile(forms.Form):
    """A file of a directory: uploaded to be looked at, or, once it was, carried along to be taken."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Popolo JSON, at most 10 MB."),
        error_messages={"required": _("Choose a file.")},
    )
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, posted: Mapping[str, Any] | None = None, files: Any = None) -> None:
        super().__init__(posted, files)
        self.fields["file"].required = not (posted and posted.get("carried"))

    def clean(self) -> dict[str, Any]:
        """Read it as text."""
        filled: dict[str, Any] = self.cleaned_data
        try:
            if filled.get("carried") or filled.get("file"):
                written = _unpacked(filled["carried"]) if filled.get("carried") else _read(filled["file"])
                _refuse_other_kinds(written)
                filled["written"] = written.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("It is not UTF-8. Let the spreadsheet save it as “CSV UTF-8”."))
        except ValueError as error:
            self.add_error("file", str(error))
        return filled


def packed(written: str) -> str:
    """Give a file as a field of a form can carry it, so that nothing of it is kept here before somebody takes it."""
    return base64.b64encode(zlib.compress(written.encode(), 9)).decode()


def _unpacked(carried: str) -> bytes:
    try:
        stream = zlib.decompressobj()
        written = stream.decompress(base64.b64decode(carried, validate=True), LARGEST)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(gettext("The file came back damaged. Choose it again.")) from error
    if stream.unconsumed_tail or not stream.eof:
        raise ValueError(gettext("The file came back damaged. Choose it again."))
    return written


def _refuse_other_kinds(written: bytes) -> None:
    if written.startswith(b"%PDF-"):
        raise ValueError(gettext("This is a PDF, which holds no rows. Ask whoever made it for the table as CSV."))
    if written.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError(gettext("This is no CSV. Open it in a spreadsheet and save it as “CSV UTF-8”."))


def _read(file: "UploadedFile[bytes]") -> bytes:
    if (file.size or 0) > LARGEST:
        raise ValueError(gettext("The file is larger than 10 MB."))
    return bytes(file.read())
