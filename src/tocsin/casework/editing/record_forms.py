"""The form of one record: made of its type and `forms.toml`, filled from the record, read back into one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.editing import fields
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.tables import Line, Table, refusal, table
from tocsin.casework.parts import compartments
from tocsin.core import vocab
from tocsin.core.editing import retimed, write_time
from tocsin.core.errors import BadCase, BadRequest, ContradictoryChronology
from tocsin.core.records import TemporalExpression, Wording
from tocsin.core.records.folding import fold, unfold
from tocsin.core.records.shape import Slot, Suffixed, slots_by_key

Plain = Mapping[str, Any]
# The input beside that of a time, for the event that says it.
_EVENT = ".event"


class Part:
    """A record, or a part of one, as a piece of a form.

    Attributes:
        legend: What it is called inside the form; empty for the record itself.
        more: Whether it waits under "More".
        inputs: The names of its own inputs, each with its field of the record and whether it waits under "More".
        parts: The parts inside of it.
    """

    def __init__(
        self,
        kind: Any,
        plain: Plain,
        prefix: str,
        around: Around,
        *,
        legend: str = "",
        more: bool = False,
        asks: Sequence[str] = (),
    ) -> None:
        self.kind, self.plain, self.prefix, self.around = kind, plain, prefix, around
        self.legend, self.more = legend, more
        self.fields: dict[str, forms.Field] = {}
        self.initial: dict[str, Any] = {}
        self.slots: dict[str, tuple[Slot, Line, str]] = {}
        self.parts: list[tuple[Slot, Part]] = []
        self.order: list[str | Part] = []
        found: Table | None = table(kind.__name__)
        for line in found.asking(asks) if found else ():
            self._add(line, slots_by_key(kind).get(line.name))

    def _add(self, line: Line, slot: Slot | None) -> None:
        if slot is None:
            raise ValueError(f"forms.toml names a field that {self.kind.__name__} does not have: {line.name}")
        if not self.prefix and slot.key in self.around.closed:
            return
        if slot.leaf is Wording:
            self._words(line, slot)
        elif slot.nests:
            self._nested(line, slot)
        elif fields.names_an_event(slot):
            self._time_or_event(line, slot)
        else:
            self._input(slot.key, line, slot, self.plain.get(slot.key))

    def _input(self, name: str, line: Line, slot: Slot, value: Any) -> None:
        field = fields.field_of(self.kind.__name__, slot, line, self.around)
        self._take(name, line, slot, field, fields.shown(slot, field, value))

    def _time_or_event(self, line: Line, slot: Slot) -> None:
        """Ask for a time, and beside it for the event that says it; the record holds one of them."""
        value, events = self.plain.get(slot.key), fields.events(self.around)
        is_event = value in dict(events)
        self._input(slot.key, line, slot, None if is_event else value)
        event = forms.ChoiceField(required=False, choices=[("", _("no event")), *events])
        event.label = gettext("%(what)s: the event that says it") % {"what": gettext(line.label)}
        self._take(f"{slot.key}{_EVENT}", line, slot, event, value if is_event else "")

    def _take(self, name: str, line: Line, slot: Slot, field: forms.Field, initial: Any) -> None:
        full = f"{self.prefix}{name}"
        if apart := self._apart(slot):
            field.help_text = f"{field.help_text} {apart}".strip()
        self.fields[full], self.initial[full] = field, initial
        self.slots[full] = slot, line, name
        self.order.append(full)

    def _apart(self, slot: Slot) -> str:
        """Say for whom a field of the record is sealed apart; nothing where all who hold the case read it."""
        code = "" if self.prefix else self.around.apart.get(slot.key, "")
        words = gettext(compartments().words[code]) if code else ""
        return (
            gettext("Sealed apart: only who holds this part of the case reads it (%(part)s).") % {"part": words}
            if code
            else ""
        )

    def _words(self, line: Line, slot: Slot) -> None:
        """Ask for words once in each language that they are in, and in that of the case."""
        texts = _texts(self.plain, slot)
        own = self.around.text_language
        for language in dict.fromkeys((own, *texts)):
            widget = forms.Textarea if line.lines else forms.TextInput
            attributes = {"dir": "auto", "lang": language} | ({"rows": line.lines} if line.lines else {})
            field = forms.CharField(required=False, max_length=fields.LONGEST, widget=widget(attributes))
            field.label, field.help_text = gettext(line.label), gettext(line.help) if line.help else ""
            if language != own:
                term = vocab.load("languages").get(language)
                name = term.label(self.around.language).text if term else language
                field.label = f"{field.label} ({name})"
            self._take(f"{slot.key}.{language}", line, slot, field, texts.get(language, ""))

    def _nested(self, line: Line, slot: Slot) -> None:
        value = slot.dressed(self.plain.get(slot.key))
        kept = value if isinstance(value, list) else [value] if value else []
        rows: list[Plain] = [*kept, {}] if slot.many else [kept[0] if kept else {}]
        maker = TimePart if slot.leaf is TemporalExpression else Part
        for number, row in enumerate(rows):
            prefix = f"{self.prefix}{slot.key}-{number}-"
            legend = (
                gettext(line.label)
                if number < len(kept) or not kept
                else gettext("%(what)s: one more") % {"what": gettext(line.label)}
            )
            if number == 0 and (apart := self._apart(slot)):
                legend = f"{legend} · {apart}"
            part = maker(slot.leaf, row, prefix, self.around, legend=legend, more=line.more or (number > 0 and not row))
            self.parts.append((slot, part))
            self.order.append(part)

    def all_fields(self) -> Iterator[tuple[str, forms.Field, Any]]:
        """Give all inputs by name, those of the parts inside in their place."""
        for each in self.order:
            if isinstance(each, str):
                yield each, self.fields[each], self.initial[each]
            else:
                yield from each.all_fields()

    def is_empty(self, cleaned: Mapping[str, Any]) -> bool:
        """Tell whether nothing is written in it."""
        return not any(cleaned.get(name) for name, _field, _initial in self.all_fields())

    def read(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Give the record in plain form: what the form shows as it was written, and the rest as it was."""
        plain = dict(self.plain)
        for full, (slot, _line, name) in self.slots.items():
            value = cleaned.get(full)
            if slot.leaf is Wording:
                _put_words(plain, slot, name.rpartition(".")[2], value or "")
            elif name.endswith(_EVENT):
                plain[slot.key] = value or plain[slot.key]
            else:
                plain[slot.key] = fields.read(slot, value)
        for key in dict.fromkeys(slot.key for slot, _part in self.parts):
            plain[key] = self._read_parts(key, cleaned)
        return {key: value for key, value in plain.items() if value not in (None, [], {})}

    def _read_parts(self, key: str, cleaned: Mapping[str, Any]) -> Any:
        mine = [(slot, part) for slot, part in self.parts if slot.key == key]
        rows = [part.read(cleaned) for _slot, part in mine if not part.is_empty(cleaned)]
        return rows if mine[0][0].many else next(iter(rows), None)

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[str]:
        """Give the inputs that have to be filled and are not; a part that is wholly empty is not there."""
        for full, (slot, _line, _name) in self.slots.items():
            if slot.required and not cleaned.get(full):
                yield full
        for slot, part in self.parts:
            needed = slot.required and part is next(each for other, each in self.parts if other is slot)
            if needed or not part.is_empty(cleaned):
                yield from part.missing(cleaned)

    def told_twice(self, cleaned: Mapping[str, Any]) -> Iterator[str]:
        """Give the inputs that say a time where an event beside them says it too."""
        times = (full.removesuffix(_EVENT) for full in self.slots if full.endswith(_EVENT) and cleaned.get(full))
        yield from (full for full in times if cleaned.get(full))
        for _slot, part in self.parts:
            yield from part.told_twice(cleaned)

    def named(self, path: str) -> str | None:
        """Give the input that a path in a record leads to (`names[0].full`), or one inside of where it leads."""
        wanted = path.replace("[", "-").replace("].", "-").replace("]", "-")
        known = [name for name, _field, _initial in self.all_fields()]
        return next((each for each in known if each == wanted or each.startswith((f"{wanted}-", f"{wanted}."))), None)


class TimePart(Part):
    """A time, as one line that is typed, with what stands around it."""

    def _add(self, line: Line, slot: Slot | None) -> None:
        if line.name != "when":
            super()._add(line, slot)
            return
        (start,) = (each for key, each in slots_by_key(self.kind).items() if key == "start")
        field = forms.CharField(required=False, max_length=200, widget=forms.TextInput({"dir": "auto"}))
        field.label, field.help_text = gettext(line.label), gettext(line.help)
        self._take("when", line, start, field, write_time(self._time()))

    def _time(self) -> TemporalExpression | None:
        made: TemporalExpression | None = fold(dict(self.plain), TemporalExpression) if self.plain else None
        return made

    def read(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Give the time in plain form.

        Raises:
            BadRequest: if the line is no time.
        """
        time = retimed(self._time(), cleaned.get(f"{self.prefix}when") or "", self.around.language)
        written = super().read(cleaned)
        plain = {"precision": "unknown"} if time is None else unfold(time)
        others = {name for _slot, _line, name in self.slots.values()} - {"when"}
        asked = {name: written[name] for name in others if name in written}
        kept = {
            key: value for key, value in plain.items() if key not in others or (key == "words" and key not in asked)
        }
        merged = kept | asked
        return {} if merged == {"precision": "unknown"} else merged

    def is_empty(self, cleaned: Mapping[str, Any]) -> bool:
        """Tell whether nothing is written in it, and nothing is kept that the form does not show."""
        shown = {"words", "ongoing_as_of", "after", *(key for key in self.plain if _is_time(key))}
        return super().is_empty(cleaned) and not self.plain.keys() - shown

    def check(self, cleaned: Mapping[str, Any]) -> BadRequest | None:
        """Say what is wrong with the line."""
        try:
            self.read(cleaned)
        except BadRequest as error:
            return error
        return None


def _is_time(key: str) -> bool:
    return key not in {"before", "order_before", "calendar"}


def _texts(plain: Plain, slot: Slot) -> dict[str, str]:
    if slot.marked(Suffixed):
        start = f"{slot.key}_"
        return {key[len(start) :]: value for key, value in plain.items() if key.startswith(start)}
    return {key: value for key, value in (plain.get(slot.key) or {}).items() if key != "src"}


def _put_words(plain: dict[str, Any], slot: Slot, language: str, text: str) -> None:
    written = text.strip()
    if slot.marked(Suffixed):
        plain[f"{slot.key}_{language}"] = written or None
        return
    words = {key: value for key, value in (plain.get(slot.key) or {}).items() if key != language}
    if written:
        words[language] = written
    plain[slot.key] = words if words.keys() - {"src"} else None


class RecordForm(forms.Form):
    """One record of a case; `asks` names the fields that are shown at once, if not those of every such record."""

    def __init__(self, posted: Any, kind: Any, plain: Plain, around: Around, *, asks: Sequence[str] = ()) -> None:
        super().__init__(posted)
        self.kind, self.around = kind, around
        self.part = Part(kind, plain, "", around, asks=asks)
        for name, field, initial in self.part.all_fields():
            field.initial = initial
            self.fields[name] = field
        release = forms.ChoiceField(required=False, label=_("Who may see it"), choices=_release(around))
        release.help_text = gettext("Without a choice it is what records of this kind begin with.")
        release.initial = plain.get("rc", "")
        self.keeps_class = "rc" in slots_by_key(kind)
        if self.keeps_class:
            self.fields["rc"] = release

    def clean(self) -> None:
        """Ask for what is needed, and read the times."""
        for name in self.part.missing(self.cleaned_data):
            if name not in self.errors:
                self.add_error(name, _("This field is required."))
        for name in self.part.told_twice(self.cleaned_data):
            self.add_error(name, _("Say a time or choose the event, not both."))
        for part in _times(self.part):
            if error := part.check(self.cleaned_data):
                self.add_error(f"{part.prefix}when", fields.said(error))

    def plain(self) -> dict[str, Any]:
        """Give the record in plain form as it was written."""
        written = self.part.read(self.cleaned_data)
        if self.keeps_class:
            written |= {"rc": self.cleaned_data["rc"]} if self.cleaned_data["rc"] else {}
            if not self.cleaned_data["rc"]:
                written.pop("rc", None)
        return written

    def record(self) -> Any:
        """Give the record as it was written.

        Raises:
            BadCase: if a value is none of its type.
        """
        return fold(self.plain(), self.kind)

    def refuse(self, error: BadCase | BadRequest) -> None:
        """Say an error of the records beside the field that it is about."""
        if isinstance(error, BadRequest):
            self.add_error(None, fields.said(error))
            return
        _id, _, path = (error.where or "").partition(".")
        name = self.part.named(path) if path else None
        if isinstance(error, ContradictoryChronology):
            words = gettext(
                "The times exclude one another: look at what it followed and at the days of the events around it."
            )
            name = self.part.named("t")
        else:
            words = (
                gettext(refusal(error.what))
                if refusal(error.what)
                else gettext("This does not fit to the rest of the case.")
            )
        self.add_error(name if name in self.fields else None, words)

    def blocks(self) -> list["Block"]:
        """Give the fields as they are drawn: first what is shown at once, then what waits under "More"."""
        found = list(_blocks(self, self.part, more=False))
        if self.keeps_class:
            found.append(Block("", [self["rc"]], more=False))
        return found

    def first(self) -> list["Block"]:
        """Give what is shown at once."""
        return [each for each in self.blocks() if not each.more]

    def rest(self) -> list["Block"]:
        """Give what waits under "More"."""
        return [each for each in self.blocks() if each.more]

    def more_is_open(self) -> bool:
        """Tell whether something under "More" is wrong, so that it has to be seen."""
        return any(field.errors for block in self.rest() for field in block.fields)


class Block:
    """Fields that stand together, under a legend where they are a part of the record."""

    def __init__(self, legend: str, bound: list[BoundField], *, more: bool) -> None:
        # A part of one field is called like it.
        self.legend = "" if bound[0].label == legend else legend
        self.fields, self.more = bound, more


def _blocks(form: RecordForm, part: Part, *, more: bool, under: str = "") -> Iterator[Block]:
    """Give the fields of a part and of those inside; a part inside of a part stands behind the fields of the outer."""
    legend = f"{under} · {part.legend}" if under else part.legend
    order = sorted(part.order, key=lambda each: isinstance(each, Part)) if legend else part.order
    for waits in (False, True):
        run: list[BoundField] = []
        for each in order:
            if isinstance(each, str):
                run += [form[each]] if part.slots[each][1].more is waits else []
            elif each.more is waits:
                if run:
                    yield Block(legend, run, more=more or waits)
                    run = []
                yield from _blocks(form, each, more=more or waits, under=legend)
        if run:
            yield Block(legend, run, more=more or waits)


def _times(part: Part) -> Iterator[TimePart]:
    for _slot, each in part.parts:
        if isinstance(each, TimePart):
            yield each
        yield from _times(each)


def _release(around: Around) -> list[tuple[str, str]]:
    terms = vocab.load("release_class").offered(around.today)
    return [
        ("", gettext("as usual for it")),
        *((each.code, f"{each.code} · {each.label(around.language).text}") for each in terms),
    ]
