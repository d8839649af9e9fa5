"""What is checked: a document with its printed texts cut into words once, the day, and what else was given."""

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from tocsin.core.appeal import Act, AppealDocument, Event, Facts, Span
from tocsin.core.codes import Registry
from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.words import families, phrases, tables
from tocsin.core.reader import FACT_LANGUAGES, Phrases, Tokens, cut_sentences
from tocsin.core.records import Case
from tocsin.core.treaties import TreatyTable

_Seen = TypeVar("_Seen")
_QUOTED = re.compile(r"“[^“”]*”|«[^«»]*»|\"[^\"]*\"")
NARRATIVE = frozenset({"situation", "new_information", "background"})
"""The roles in which the document tells what happened."""
BODY = NARRATIVE | {"position"}
"""The roles in which the document speaks in sentences of its own."""


class Found(NamedTuple):
    """A phrase of a table of words, where it stands, and what the table says of it."""

    passage: "Passage"
    start: int
    end: int
    value: str

    @property
    def place(self) -> Place:
        """The place of the phrase."""
        return self.passage.place(self.start, self.end)


class Passage:
    """One printed text of the document.

    Attributes:
        path: Its field (`sections[0].paragraphs[3]`).
        text: The text.
        role: Role of its section, or `title`, `opening`, `heading`, `demand`, `addressee`, `request`, `note`, `about`,
            `contact`.
        span: Where it stands in the source, `None` in a composed document.
    """

    def __init__(self, path: str, text: str, role: str, span: Span | None, source: str | None = None) -> None:
        self.path, self.text, self.role, self.span = path, text, role, span
        # A span that another program wrote may point anywhere; an offset is added only to one that fits the text.
        fits = span is not None and span[1] - span[0] == len(text)
        self._exact = fits and (source is None or source[slice(*span or ())] == text)

    @cached_property
    def tokens(self) -> Tokens:
        """Its words."""
        return Tokens(self.text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences, as offsets."""
        tokens = self.tokens
        return tuple(tokens.span(sentence.first, sentence.last) for sentence in cut_sentences(tokens))

    def word_from(self, offset: int) -> int:
        """Give the number of the first word that begins at an offset or behind it."""
        return bisect_left(self.tokens.starts, offset)

    def sentence_at(self, offset: int) -> Span:
        """Give the sentence that an offset lies in."""
        at = bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1
        return self.sentences[max(at, 0)] if self.sentences else (0, len(self.text))

    @cached_property
    def _quotes(self) -> tuple[Span, ...]:
        """The stretches in quotation marks that are closed."""
        return tuple(match.span() for match in _QUOTED.finditer(self.text))

    def in_quotes(self, offset: int) -> bool:
        """Tell whether an offset lies in a quotation that is closed."""
        at = bisect_right(self._quotes, (offset, len(self.text) + 1)) - 1
        return at >= 0 and offset < self._quotes[at][1]

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Give the place of `text[start:end]`, all of it by default."""
        end = len(self.text) if end is None else end
        words = self.text[start:end]
        if self.span is None:
            return Place(self.path, words, (start, end))
        span = (self.span[0] + start, self.span[0] + end) if self._exact else self.span
        return Place(self.path, words, span, in_source=True)


class Grounded(Protocol):
    """A stretch of a text of the document, in code points of that text, and the ids of the records it rests on."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def records(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Subject:
    """What the rules look at. Everything that several rules need is computed once.

    Attributes:
        document: The document.
        on: The day for which it is checked.
        case: The case that it was made of, where it is at hand.
        grounds: Which stretches of the document rest on which records of the case, where it was composed.
        registry: The codes that were published, where they are known.
        treaties: Which State is bound by which treaty, where a table is at hand.
        beside: The editions that it has to say the same as, where they are at hand; none for the one that stands first.
        before: The appeal that it follows, in the same language, where it is at hand.
    """

    document: AppealDocument
    on: dt.date
    case: Case | None = None
    grounds: Sequence[Grounded] | None = None
    registry: Registry | None = None
    treaties: TreatyTable | None = None
    beside: Sequence[AppealDocument] | None = None
    before: AppealDocument | None = None

    @property
    def language(self) -> str:
        """The language of the document without region or script; empty where it is not known."""
        return (self.document.language or "").partition("-")[0].lower()

    @property
    def reads_facts(self) -> bool:
        """Tell whether it is known what the text says happened: not in a language without a lexicon."""
        facts = self.document.facts
        told = replace(facts, events=()) != Facts() or any(event.acts for event in facts.events)
        return told or self.language in FACT_LANGUAGES

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All printed texts, in the order of the fields of a document."""
        source = self.document.source.text if self.document.source else None
        return tuple(Passage(*each, source) for each in _texts(self.document))

    def passages_of(self, *roles: str) -> Iterator[Passage]:
        """Give the printed texts of some roles."""
        return (passage for passage in self.passages if passage.role in roles)

    def whole(self, path: str) -> Place:
        """Give the place of a field; one that prints nothing has a path alone."""
        passage = self._by_path.get(path)
        return passage.place() if passage else Place(path)

    def find(self, table: str, *roles: str) -> Iterator[Found]:
        """Find the phrases of a table of words, in the texts of some roles or in all."""
        for passage in self.passages:
            if (not roles or passage.role in roles) and self._hits[passage.path].get(table):
                yield from self.find_in(passage, table)

    def find_in(self, passage: Passage, table: str) -> Iterator[Found]:
        """Find the phrases of a table of words in one text."""
        for hit in self._hits[passage.path].get(table, ()):
            yield Found(passage, *passage.tokens.span(hit.first, hit.last), hit.value)

    def place_of(self, span: Span | None, words: str, path: str) -> Place:
        """Give the place of something that the reader saw at a span: the text around it, or `path` where none is."""
        if span is None:
            return Place(path, words, None)
        at = bisect_right(self._by_start, span[0], key=lambda passage: passage.span[0] if passage.span else 0) - 1
        around = self._by_start[at] if at >= 0 else None
        inside = around is not None and around.span is not None and span[1] <= around.span[1]
        return Place(around.path if around is not None and inside else path, words, span, in_source=True)

    def place_of_event(self, number: int) -> Place:
        """Give the place of the sentence of an event."""
        event = self.document.facts.events[number]
        return self.place_of(event.span, event.sentence, f"facts.events[{number}]")

    def place_in_event(self, number: int, words: str) -> Place:
        """Give the place of words of the sentence of an event."""
        event = self.document.facts.events[number]
        at = event.sentence.find(words)
        if event.span is None or at < 0:
            return self.place_of(event.span, words, f"facts.events[{number}]")
        start = event.span[0] + at
        return self.place_of((start, start + len(words)), words, f"facts.events[{number}]")

    def place_of_act(self, number: int, act: Act) -> Place:
        """Give the place of the words of an act."""
        return self.place_of(act.span, act.as_printed, f"facts.events[{number}]")

    def sentence_of(self, place: Place) -> str:
        """Give the sentence in which a place begins; empty where nothing is printed there."""
        passage = self._by_path.get(place.path)
        if passage is None or place.span is None:
            return ""
        offset = place.span[0] - (passage.span[0] if place.in_source and passage.span else 0)
        start, end = passage.sentence_at(offset)
        return passage.text[start:end]

    def narrated(self, number: int, *roles: str) -> bool:
        """Tell whether an event stands in a text of some roles; by default where the document tells what happened."""
        event = self.document.facts.events[number]
        if event.span is None:
            return True
        place = self.place_of_event(number)
        passage = self._by_path.get(place.path)
        return passage is not None and passage.role in (roles or NARRATIVE)

    def phrases(self, table: str) -> Phrases:
        """Give a table of words as phrases to look for in a text of one's own."""
        return self._phrases[table]

    def attributed(self, text: str) -> bool:
        """Tell whether a sentence says that somebody says so, or that it is in doubt."""
        tokens = Tokens(text)
        listed = (self._phrases.get(table) for table in ("attribution", "hedges", "speech"))
        return any(phrases.find(tokens) for phrases in listed if phrases is not None)

    def sentence_around(self, place: Place) -> tuple[str, str] | None:
        """Give what stands before and behind a place of the source in its sentence; a place may hold several."""
        passage = self._by_path.get(place.path)
        if passage is None or passage.span is None or place.span is None:
            return None
        start, end = (min(max(at - passage.span[0], 0), len(passage.text)) for at in place.span)
        text = passage.text
        return text[passage.sentence_at(start)[0] : start], text[end : passage.sentence_at(max(end - 1, 0))[1]]

    def looks_back(self, event: Event) -> bool:
        """Tell whether a sentence steps back in time ("had been released"), so that its order proves nothing."""
        return self.has(event.sentence, "looks_back")

    def has(self, text: str, table: str) -> bool:
        """Tell whether a sentence has a phrase of a table of words."""
        listed = self._phrases.get(table)
        return listed is not None and bool(listed.find(Tokens(text)))

    def has_within(self, passage: Passage, start: int, end: int, table: str) -> bool:
        """Tell whether a stretch of a printed text has a phrase of a table; the text is not cut into words again."""
        starts = self._starts(passage.path, table)
        at = bisect_left(starts, (start, 0))
        return at < len(starts) and starts[at][1] <= end

    def has_beside(self, found: Found, table: str) -> bool:
        """Tell whether the sentence of a phrase has a phrase of another table."""
        return self.has_within(found.passage, *found.passage.sentence_at(found.start), table)

    def has_before(self, found: Found, table: str) -> bool:
        """Tell whether the sentence of a phrase has a phrase of another table before it."""
        start, _ = found.passage.sentence_at(found.start)
        return self.has_within(found.passage, start, found.start, table)

    def _starts(self, path: str, table: str) -> list[Span]:
        """Give the places of the phrases of a table in a text, in order."""
        key = (path, table)
        if key not in self._placed:
            self._placed[key] = [(one.start, one.end) for one in self.find_in(self._by_path[path], table)]
        return self._placed[key]

    @cached_property
    def _placed(self) -> dict[tuple[str, str], list[Span]]:
        return {}

    def values_in(self, text: str, table: str) -> set[str]:
        """Give what the phrases of a table mean that a text has."""
        listed = self._phrases.get(table)
        return {hit.value for hit in listed.find(Tokens(text))} if listed is not None else set()

    def quoted(self, found: Found) -> bool:
        """Tell whether a phrase stands in words that the text quotes from somebody."""
        return found.passage.in_quotes(found.start)

    def own_lines(self) -> Iterator[tuple[int, str]]:
        """Give the lines of the source that belong to this document and to none of its texts, with their offsets."""
        spans = sorted(passage.span for passage in self.passages if passage.span)
        if not spans or self.document.source is None:
            return
        start, stop = spans[0][0], max(span[1] for span in spans)
        at = 0
        for line in self.document.source.text[start:stop].split("\n"):
            end = start + len(line)
            while at < len(spans) and spans[at][1] <= start:
                at += 1
            if at == len(spans) or spans[at][0] >= end:
                yield start, line
            start = end + 1

    def once(self, find: Callable[["Subject"], Iterator[_Seen]]) -> tuple[_Seen, ...]:
        """Give what several rules look for; it is found once."""
        if find not in self._found:
            self._found[find] = tuple(find(self))
        return self._found[find]

    @cached_property
    def _found(self) -> dict[Any, tuple[Any, ...]]:
        return {}

    @cached_property
    def _phrases(self) -> dict[str, Phrases]:
        return phrases(self.language)

    @cached_property
    def _by_path(self) -> dict[str, Passage]:
        return {passage.path: passage for passage in self.passages}

    @cached_property
    def _by_start(self) -> list[Passage]:
        return sorted((one for one in self.passages if one.span), key=lambda passage: passage.span or (0, 0))

    @cached_property
    def _hits(self) -> dict[str, dict[str, list[Any]]]:
        found = families(self.language)
        return {passage.path: found.find(passage.tokens) if found else {} for passage in self.passages}

    def knows(self, table: str) -> bool:
        """Tell whether the language of the document has a table of words."""
        return table in tables(self.language)


def _texts(document: AppealDocument) -> Iterator[tuple[str, str, str, Span | None]]:
    """Give path, text, role and span of each printed text."""
    if document.title is not None:
        yield "title", document.title.text, "title", document.title.span
    if document.opening is not None:
        yield "opening", document.opening.text, "opening", document.opening.span
    for i, section in enumerate(document.sections):
        if section.heading:
            start = section.span and section.span[0]
            span = None if start is None else (start, start + len(section.heading))
            yield f"sections[{i}].heading", section.heading, "heading", span
        for j, paragraph in enumerate(section.paragraphs):
            yield f"sections[{i}].paragraphs[{j}]", paragraph.text, section.role, paragraph.span
    for field, role, items in (
        ("violations", "violation", [(item.as_printed, item.span) for item in document.violations]),
        ("demands", "demand", [(item.text, item.span) for item in document.demands]),
        ("addressees", "addressee", [(item.as_printed, item.span) for item in document.addressees]),
        ("requests", "request", [(item.text, item.span) for item in document.requests]),
        ("notes", "note", [(item.text, item.span) for item in document.notes]),
        ("contacts", "contact", [(item.display, item.span) for item in document.contacts]),
    ):
        for k, (text, span) in enumerate(items):
            yield f"{field}[{k}]", text, role, span
    if document.about is not None:
        yield "about", document.about.text, "about", document.about.span
