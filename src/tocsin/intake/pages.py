"""The reading screen: the text with the words of each fact marked, and the facts beside it."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.core.appeal import Span
from tocsin.core.recording import Fact, Kind, Settled, left_behind, status_told
from tocsin.intake.opened import OpenReport, is_lacking

# A stop inside of an address, or behind an initial or a short title (Mr., Dr.), ends no sentence.
_FACT_WORDS = 3
_MAIL_HEADER = re.compile(r"\s*(?:From|To|Cc|Date|Subject): ")
_SENTENCE = re.compile(
    r"[^\W_](?:[^\n.!?…؟。]|\.(?=\S)|(?<=\b[A-Z])\.|(?<=\b[A-Z][a-z])\.|(?<=\b[A-Z][a-z]{2})\.)*"
    r"(?:[.!?…؟。]+[\"'”’»)]*)?"
)
# Spans lie in one another, a few deep: one that ended before the sentence may stand in front of one that did not.
_NESTED = 8
# Shorter forms are in every other word.
_SHORTEST_FORM = 3
_PEOPLE: tuple[Kind, ...] = ("person",)
_STORY: tuple[Kind, ...] = ("event",)
_JUSTICE: tuple[Kind, ...] = ("status", "charge", "proceeding")
_OTHERS: tuple[Kind, ...] = ("group", "organisation", "place")
_SECTIONS: tuple[tuple[str, Promise, tuple[Kind, ...]], ...] = (
    ("people", _("People"), _PEOPLE),
    ("story", _("What happened"), _STORY),
    ("justice", _("Detention and charges"), _JUSTICE),
    ("said", _("What was said, and laws"), ("quotation", "law")),
    ("others", _("Those involved, and places"), _OTHERS),
)
DOUBTS: Mapping[str, Promise] = {
    "hedged": _("the text is not sure"),
    "ambiguous": _("the time can be read in two ways"),
    "no_date": _("no day is given"),
    "no_year": _("no year is given"),
    "no_victim": _("the text does not say to whom"),
    "not_done": _("feared or tried, not done"),
    "attributed": _("somebody else says so"),
    "no_speaker": _("the text does not say who said it"),
    "no_law": _("which law that is has to be said"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text: plain, or the words of a fact; `again` where they name somebody who stands before.

    One without words says by `unread` that the sentence before it was not read: "12-80", from where to where.
    """

    text: str
    fact: str = ""
    number: int = 0
    kind: str = ""
    verdict: str = ""
    again: bool = False
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: at which character it begins, and its runs."""

    at: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact beside the text.

    Attributes:
        settled: The fact as it stands.
        number: Its number in the text; 0 where no words of its own are marked.
        quote: The words that it was read from.
        names: Those whom its fields name, by field.
        doubts: What a person should look at.
        lacks: What would still have to be said of a status before it could be entered by hand; empty where nothing.
        acts: The acts of an event.
    """

    settled: Settled
    number: int
    quote: str
    names: Mapping[str, tuple[str, ...]]
    doubts: tuple[Promise, ...]
    lacks: str = ""
    acts: "tuple[Shown, ...]" = ()

    @property
    def key(self) -> str:
        """Give the key of the fact."""
        return self.settled.fact.key

    @property
    def kind(self) -> str:
        """Give the kind of the fact."""
        return self.settled.fact.kind

    @property
    def values(self) -> Mapping[str, str]:
        """Give the fields as they stand."""
        return self.settled.values

    @property
    def verdict(self) -> str:
        """Give the verdict as it stands."""
        return self.settled.verdict

    @property
    def is_added(self) -> bool:
        """Tell whether a person read it where the program had not."""
        return "-n" in self.key

    @property
    def words(self) -> str:
        """Give from where to where the words stand that it was read from, as an address asks for them."""
        span = self.settled.fact.span
        return f"{span[0]}-{span[1]}" if span else ""

    @property
    def is_lacking(self) -> bool:
        """Tell whether something has to be said of it before it can be confirmed."""
        return is_lacking(self.settled)

    @property
    def together(self) -> tuple["Shown", ...]:
        """Give the event and its acts, or the fact alone."""
        return (self, *self.acts)

    @property
    def open_keys(self) -> tuple[str, ...]:
        """Give the keys of what one button confirms: what is open of an event and its acts."""
        return tuple(each.key for each in self.together if each.verdict == "open")


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under a heading."""

    id: str
    heading: Promise
    facts: tuple[Shown, ...]

    @property
    def count(self) -> int:
        """Count the facts, acts included."""
        return sum(len(each.together) for each in self.facts)


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """All that the reading screen shows of a report."""

    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    next: str
    total: int
    still_open: int
    confirmed: int
    plain: tuple[str, ...]
    left: tuple[Shown, ...]


def reading_page(opened: OpenReport, today: dt.date) -> ReadingPage:
    """Lay out a report for reading on a day."""
    marked = _marked(opened.settled, opened.text)
    numbers = {key: number for number, (key, _) in enumerate(marked, 1)}
    shown = [_with_lacks(each, today) for each in _shown(opened, numbers)]
    sections = tuple(
        Section(code, heading, tuple(each for each in shown if each.kind in kinds))
        for code, heading, kinds in _SECTIONS
    )
    open_cards = [each for section in sections for each in section.facts if each.open_keys]
    waiting = [each for each in opened.settled if each.verdict == "open"]
    return ReadingPage(
        lines=tuple(_lines(opened, dict(marked), numbers)),
        sections=sections,
        next=open_cards[0].key if open_cards else "",
        total=len(opened.settled),
        still_open=len(waiting),
        confirmed=sum(each.verdict == "confirmed" for each in opened.settled),
        plain=tuple(each.fact.key for each in waiting if each.is_plain),
        left=_left(opened, shown),
    )


def _with_lacks(each: Shown, today: dt.date) -> Shown:
    lacks = status_told(each.settled, today) if each.verdict != "rejected" else None
    return replace(each, lacks=gettext(lacks.what)) if lacks else each


def facts_left_behind(opened: OpenReport) -> tuple[Shown, ...]:
    """Lay out the facts of which the text is not sure and that nobody decided: they come into no case."""
    numbers = {key: number for number, (key, _) in enumerate(_marked(opened.settled, opened.text), 1)}
    return _left(opened, _shown(opened, numbers))


def _left(opened: OpenReport, shown: Iterable[Shown]) -> tuple[Shown, ...]:
    behind = {each.fact.key for each in left_behind(opened.settled)}
    return tuple(each for card in shown for each in card.together if each.key in behind)


def _shown(opened: OpenReport, numbers: Mapping[str, int]) -> list[Shown]:
    names = {each.fact.key: each.values["name"] for each in opened.settled if "name" in each.values}
    shown = [_one(each, numbers, names, opened.text) for each in opened.settled]
    acts: dict[str, list[Shown]] = {}
    for each in shown:
        if each.kind == "act":
            acts.setdefault(each.settled.fact.within, []).append(each)
    return [replace(each, acts=tuple(acts.get(each.key, ()))) for each in shown if each.kind != "act"]


def _one(settled: Settled, numbers: Mapping[str, int], names: Mapping[str, str], text: str) -> Shown:
    span = settled.fact.span
    referred = {
        field: tuple(names[key] for key in value.split())
        for field, value in settled.values.items()
        if value and all(key in names for key in value.split())
    }
    return Shown(
        settled=settled,
        number=numbers.get(settled.fact.key, 0),
        quote=" ".join(text[slice(*span)].split()) if span else "",
        names=referred,
        doubts=tuple(DOUBTS[each] for each in settled.fact.doubts),
    )


def _marked(settled: Iterable[Settled], text: str) -> list[tuple[str, Span]]:
    """Give the words that are marked, in the order of the text; of words within others the outer ones are."""
    wanted = sorted(
        ((each.fact.key, span) for each in settled if (span := _words(each.fact, text))),
        key=lambda found: (found[1][0], -found[1][1]),
    )
    kept: list[tuple[str, Span]] = []
    for key, span in wanted:
        if not kept or span[0] >= kept[-1][1][1]:
            kept.append((key, span))
    return kept


def mark_at(opened: OpenReport, span: Span) -> str:
    """Give the id of the first mark on the page of a report within some words; none where nothing is marked there."""
    marks = _marked(opened.settled, opened.text)
    return next((f"in-{key}" for key, (start, end) in marks if start < span[1] and end > span[0]), "")


def _words(fact: Fact, text: str) -> Span | None:
    """Give the words to mark: those of the fact, of an event those that say when; a sentence is no mark."""
    if fact.kind == "quotation":
        return None
    if fact.kind not in {"event", "proceeding"} or fact.span is None:
        return fact.span
    words = fact.when[0]
    at = text.find(words, *fact.span) if words else -1
    return (at, at + len(words)) if at >= 0 else None


def _lines(opened: OpenReport, marked: Mapping[str, Span], numbers: Mapping[str, int]) -> Iterator[Line]:
    settled = {each.fact.key: each for each in opened.settled}
    first = [(*span, key, False) for key, span in marked.items()]
    taken = sorted([*first, *_again(opened, first)])
    start, at = 0, 0
    unread = _unread(opened)
    for line in opened.text.split("\n"):
        begin, end = start, start + len(line)
        pieces = []
        while at < len(taken) and taken[at][0] < end:
            begins, ends, key, again = taken[at]
            if begins > start:
                pieces.append(Piece(opened.text[start:begins]))
            each = settled[key]
            number = 0 if again else numbers[key]
            # What goes on into the next line is marked to the end of this one.
            words = opened.text[max(begins, start) : min(ends, end)]
            pieces.append(Piece(words, key, number, each.fact.kind, each.verdict, again))
            start = min(ends, end)
            at += 1
        if start < end:
            pieces.append(Piece(opened.text[start:end]))
        yield Line(begin, tuple(_with_unread(pieces, begin, unread)))
        start = end + 1


def _unread(opened: OpenReport) -> dict[int, str]:
    """Give the sentences from which no fact was read, by where they end."""
    spans = sorted(fact.span for fact in opened.facts if fact.span)
    found, next_span = {}, 0
    for sentence in _SENTENCE.finditer(opened.text):
        begins, ends = sentence.span()
        # A greeting or a name under a mail says nothing that could be a fact, nor does who sent it when.
        if len(sentence[0].split()) < _FACT_WORDS or _MAIL_HEADER.match(sentence[0]):
            continue
        while next_span < len(spans) and spans[next_span][1] <= begins:
            next_span += 1
        if not any(span[0] < ends and span[1] > begins for span in spans[max(0, next_span - _NESTED) : next_span + 1]):
            found[ends] = f"{begins}-{ends}"
    return found


def _with_unread(pieces: Iterable[Piece], at: int, unread: Mapping[int, str]) -> Iterator[Piece]:
    """Put a mark behind each sentence that was not read."""
    for piece in pieces:
        cuts = [end for end in range(at + 1, at + len(piece.text) + 1) if end in unread]
        if not cuts:
            yield piece
        start = at
        for end in cuts:
            yield replace(piece, text=piece.text[start - at : end - at])
            yield Piece("", unread=unread[end])
            start = end
        if cuts and start < at + len(piece.text):
            yield replace(piece, text=piece.text[start - at :], number=0)
        at += len(piece.text)


def _again(opened: OpenReport, first: Sequence[tuple[int, int, str, bool]]) -> Iterator[tuple[int, int, str, bool]]:
    """Find where somebody is named again, by the name or another form of it, outside of what is marked."""
    forms: dict[str, str] = {}
    for fact in opened.facts:
        if fact.kind in {"person", "organisation"}:
            for form in (fact.values["name"], *fact.fixed.get("forms", "").split("\n")):
                if len(form) >= _SHORTEST_FORM:
                    forms.setdefault(form, fact.key)
    if not forms:
        return
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    marks = iter(sorted(first))
    mark = next(marks, None)
    for found in pattern.finditer(opened.text):
        while mark is not None and mark[1] <= found.start():
            mark = next(marks, None)
        if mark is None or mark[0] >= found.end():
            yield found.start(), found.end(), forms[found[0]], True
