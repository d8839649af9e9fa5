"""A report beside a case, for a page: record by record and field by field, what each says and how the two stand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.editing.tables import label_of, table
from tocsin.casework.pages import dates
from tocsin.casework.pages.naming import called
from tocsin.casework.pages.wording import Words, count_words, label, law_words, words_of
from tocsin.core import vocab
from tocsin.core.editing import lacking, write_time
from tocsin.core.recording import Beside, FieldSide
from tocsin.core.records import (
    AppealPlan,
    Case,
    Charge,
    Count,
    Event,
    LawCited,
    Membership,
    OrganisationName,
    PersonName,
    Record,
    Status,
    TemporalExpression,
    Translation,
    Wording,
)
from tocsin.core.records.shape import CodeOf, slots

STANDINGS: Mapping[str, Promise] = {
    "agrees": _("both say so"),
    "differs": _("they differ"),
    "closer": _("the report is more exact"),
    "later": _("later news"),
    "new": _("the case did not say"),
    "more": _("comes to it"),
    "words": _("in other words"),
}
WHY: Mapping[str, Promise] = {
    "name": _("the name"),
    "act": _("the same kind"),
    "people": _("the same people"),
    "time": _("the same time"),
    "near_time": _("a few days apart"),
    "place": _("the same place"),
    "words": _("the same words"),
    "charge": _("the same charge"),
}
_DAY = len("2021-05-29")
# So much of the words of a report is quoted.
_QUOTE = 400


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field beside the same of the report.

    Attributes:
        name: The name of its input.
        label: What is asked for there.
        ours, theirs: What each says.
        standing: How the two stand, as a code and in words.
        is_asked: Whether a person chooses.
        chosen: What is chosen: `ours`, `theirs`, or nothing, which leaves both open.
    """

    name: str
    label: str
    ours: tuple[Words, ...]
    theirs: tuple[Words, ...]
    standing: str
    words: Promise
    is_asked: bool
    chosen: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record of the report beside that of the case.

    Attributes:
        key: The id of the record in the report, which names its inputs.
        kind, name: What it is and what it is called, in the case where it is there.
        ours: The id of the record of the case; empty where it is new.
        is_said: Whether a person said which one it is.
        why: What speaks for it.
        choices: The records of the case that it could be, with their names.
        quote: The words of the report.
        fields: Both field by field; what agrees comes last.
        gains: How many sources the claim of the case has, and will have; empty where it has none.
        lacks: What the status that the report tells still lacks; empty where it lacks nothing.
    """

    key: str
    kind: str
    name: str
    ours: str
    is_said: bool
    why: tuple[Promise, ...]
    choices: tuple[tuple[str, str], ...]
    quote: str
    fields: tuple[FieldShown, ...]
    gains: str
    lacks: str = ""

    @property
    def asked(self) -> tuple[FieldShown, ...]:
        """Give the fields of which a person says what is in force."""
        return tuple(each for each in self.fields if each.is_asked)

    @property
    def plain(self) -> tuple[FieldShown, ...]:
        """Give the fields that ask nothing."""
        return tuple(each for each in self.fields if not each.is_asked and each.standing != "agrees")

    @property
    def agreed(self) -> tuple[FieldShown, ...]:
        """Give the fields of which both say the same."""
        return tuple(each for each in self.fields if each.standing == "agrees")


@dataclass(frozen=True)
class BesidePage:
    """All records of a report beside those of the case, and the laws that come to it."""

    records: tuple[RecordShown, ...] = field(repr=False)
    laws: tuple[Words, ...] = ()

    @cached_property
    def groups(self) -> tuple[tuple[str, str, tuple[RecordShown, ...]], ...]:
        """Give the records in groups: what a person has to decide, what both say, what is new."""
        asked = tuple(each for each in self.records if each.asked)
        both = tuple(each for each in self.records if each.ours and not each.asked)
        new = tuple(each for each in self.records if not each.ours)
        found = (
            ("asked", gettext("Where they differ"), asked),
            ("both", gettext("Said by both"), both),
            ("new", gettext("New to the case"), new),
        )
        return tuple(each for each in found if each[2])


@dataclass(frozen=True, slots=True)
class _Both:
    """The records of a case and of a report together, as far as names ask for them."""

    by_id: Mapping[str, Record]
    appeal: AppealPlan


def beside_page(
    case: Case,
    sides: Sequence[Beside],
    text: str,
    language: str,
    *,
    chosen: Mapping[tuple[str, str], str],
    adds_source: bool,
    laws: Sequence[LawCited] = (),
) -> BesidePage:
    """Lay a report and a case out side by side.

    Args:
        case: The case.
        sides: The records of the report beside those of the case.
        text: The text of the report.
        language: The language of the page.
        chosen: What a person has chosen so far, by record of the report and field.
        adds_source: Whether the report is from a source that the case does not have.
        laws: The laws that come to the case.
    """
    cited = tuple(law_words(each, language) for each in laws)
    return _Page(case, sides, text, language, chosen, adds_source).page(cited)


class _Page:
    def __init__(
        self,
        case: Case,
        sides: Sequence[Beside],
        text: str,
        language: str,
        chosen: Mapping[tuple[str, str], str],
        adds_source: bool,
    ) -> None:
        self._case, self._sides, self._text, self._language = case, sides, text, language
        self._chosen, self._adds_source = chosen, adds_source
        brought = {each.theirs.id: each.theirs for each in sides if each.ours is None}
        # What is new has a name here before it is a record of the case.
        self._both = cast("Case", _Both({**case.by_id, **brought}, case.appeal))

    def page(self, laws: tuple[Words, ...]) -> BesidePage:
        # What was said is shown by its words; the event by which it stands in the story goes along.
        shown = (each for each in self._sides if getattr(each.theirs, "kind", "") != "statement")
        return BesidePage(tuple(map(self._record, shown)), laws)

    def _record(self, each: Beside) -> RecordShown:
        pairing, form = each.pairing, table(type(each.theirs).__name__)
        fields, quote = tuple(self._field(each, side) for side in each.fields), self._quote(each)
        return RecordShown(
            key=pairing.theirs,
            kind=gettext(form.title) if form else "",
            name=self._title(each.ours if each.ours is not None else each.theirs),
            ours=pairing.ours,
            is_said=pairing.is_said,
            why=tuple(WHY[code] for code in pairing.why),
            choices=tuple((ref, self._name(ref)) for ref in pairing.others),
            quote="" if quote in (words.text for one in fields for words in one.theirs) else quote,
            fields=fields,
            gains=self._gains(each),
            lacks=self._lacks(each),
        )

    def _lacks(self, each: Beside) -> str:
        status = getattr(each.theirs, "status", None)
        if not isinstance(status, Status):
            return ""
        # Whether its day has come was asked where the fact was confirmed.
        lacks = lacking(each.ours or each.theirs, status, status.as_of)
        return gettext(lacks.what) if lacks else ""

    def _title(self, record: Any) -> str:
        """Name a record; something that happened by what it is and when, since its words stand below."""
        if not isinstance(record, Event):
            return called(self._both, record, self._language)
        kind = label("violation_types", record.act_type, self._language) or label(
            "procedure_types", record.procedure, self._language
        )
        when = _when(record.t, self._language) if record.t else ""
        return " · ".join(filter(None, (str(kind or ""), when))) or called(self._both, record, self._language)

    def _gains(self, each: Beside) -> str:
        if not each.sources:
            return ""
        will = each.sources + self._adds_source
        now = ngettext("%(n)s source", "%(n)s sources", each.sources) % {"n": each.sources}
        if will == each.sources:
            return now
        return gettext("%(now)s, %(will)s with the report") % {"now": now, "will": will}

    def _quote(self, each: Beside) -> str:
        spans = (one for one in each.citations if one.start is not None and one.end is not None)
        words = next((self._text[one.start : one.end] for one in spans), "")
        said = " ".join(words.split())
        if said == self._title(each.theirs):
            return ""
        return said if len(said) <= _QUOTE else f"{said[:_QUOTE]}…"

    def _field(self, each: Beside, side: FieldSide) -> FieldShown:
        key = (each.pairing.theirs, side.predicate)
        begins = "theirs" if side.standing == "later" else ""
        ours = side.ours
        return FieldShown(
            name=f"field-{key[0]}-{key[1]}",
            label=label_of(type(each.theirs).__name__, side.predicate),
            ours=tuple(self._words(type(each.theirs), side.predicate, ours)),
            theirs=tuple(self._words(type(each.theirs), side.predicate, side.theirs)),
            standing=side.standing,
            words=STANDINGS[side.standing],
            is_asked=side.is_asked,
            chosen=self._chosen.get(key, begins) if side.is_asked else "",
            by_hand=not side.may_stand,
        )

    def _words(self, kind: type, predicate: str, value: Any) -> Iterator[Words]:
        if value is None or value == "":
            return
        if isinstance(value, tuple):
            for each in value:
                yield from self._words(kind, predicate, each)
            return
        if (shown := self._shown(kind, predicate, value)).text:
            yield shown

    def _shown(self, kind: type, predicate: str, value: Any) -> Words:
        match value:
            case TemporalExpression():
                return Words(_when(value, self._language))
            case Wording():
                return words_of(value, self._language) or Words("")
            case Translation():
                return Words(value.text, value.language)
            case PersonName():
                return Words(value.full)
            case OrganisationName():
                return Words(value.value, value.lang or "")
            case Membership():
                return Words(self._name(value.org))
            case Charge():
                return self._charge(value)
            case Count():
                return Words(count_words(value))
            case Status():
                return self._status(type(value), value)
            case _:
                return self._code(kind, predicate, str(value))

    def _charge(self, charge: Charge) -> Words:
        words = words_of(charge.label, self._language) or label("charge_categories", charge.category, self._language)
        article = charge.provision.article if charge.provision else None
        parts = (words.text if words else "", gettext("art. %(article)s") % {"article": article} if article else "")
        return Words(", ".join(filter(None, parts)), words.language if words else "")

    def _status(self, kind: type, status: Status) -> Words:
        value = self._code(kind, "value", status.value)
        return Words(f"{value.text} ({dates.day_words(status.as_of, self._language)})", value.language)

    def _code(self, kind: Any, predicate: str, value: str) -> Words:
        if value in self._both.by_id:
            return Words(self._name(value))
        lists = (name for slot in slots(kind) if slot.name == predicate for name in _lists(slot.marks))
        found = next((name for name in lists if value in vocab.load(name)), None)
        return (label(found, value, self._language) if found else None) or Words(value)

    def _name(self, ref: str) -> str:
        record = self._both.by_id.get(ref)
        return called(self._both, record, self._language) if record else ref


def _lists(marks: Iterable[Any]) -> Iterator[str]:
    for mark in marks:
        if isinstance(mark, CodeOf):
            yield from mark.lists


def _when(t: TemporalExpression, language: str) -> str:
    """Say a time with its weekday where it is a day or a moment; else as it could have been typed."""
    moment = t.start or t.date
    if moment and len(moment) >= _DAY and not t.until:
        clock = moment[_DAY + 1 :]
        day = dates.date_words(moment, language)
        return f"{day}, {clock}" if clock else day
    return write_time(t) or t.words or ""
