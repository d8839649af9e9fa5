"""The reader: from a published appeal or a partner's report to structured data, with nothing lost.

Two halves. The structure (`structure/`) decides what each line of the text is: title, code, demand, addressee, note.
The facts (`facts/`) read what the paragraphs say happened. Both are small grammars over the words in `lexicon/`, one
folder a language; a phrase is added there, not in code. Every stretch of the text ends in a field or under `unread`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tocsin.core.appeal import AppealDocument, Source
from tocsin.core.codes import OBSERVATORY, Scheme
from tocsin.core.reader import lexicon
from tocsin.core.reader.facts import read_facts
from tocsin.core.reader.facts.days import read_days
from tocsin.core.reader.facts.passage import cut_sentences
from tocsin.core.reader.marks import Mark, unread
from tocsin.core.reader.normalise import normalise
from tocsin.core.reader.structure import structure
from tocsin.core.reader.structure.language import detect_language
from tocsin.core.reader.tokens import Families, Hit, Phrases, Tokens, fold

__all__ = [
    "FACT_LANGUAGES",
    "Families",
    "Hit",
    "Mark",
    "Phrases",
    "Reading",
    "Tokens",
    "cut_sentences",
    "detect_language",
    "fold",
    "lexicon",
    "read",
]

FACT_LANGUAGES = frozenset({"en", "fr", "es"})
"""The languages in which the reader reads what happened.

Of others it reads code, dates and channels; each dated sentence is an event without acts.
"""

_COUNTRY_IN_TITLE = re.compile(r"^([^:–/]{3,40}?)\s*:")


@dataclass(frozen=True)
class Reading:
    """One document as read.

    Attributes:
        document: What was understood; `document.source` holds the normalised text.
        taken: Each stretch of that text that a field of the layout took.
    """

    document: AppealDocument
    taken: tuple[Mark, ...]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Each stretch that a field took, in order; facts lie inside the stretches of paragraphs."""
        return tuple(sorted((*self.taken, *_fact_marks(self.document)))) if self.taken else ()


def read(raw: str, *, with_facts: bool = True, scheme: Scheme = OBSERVATORY) -> list[Reading]:
    """Read a text.

    Args:
        raw: The text of a page, a file or a mail, as it came.
        with_facts: Whether what happened is read too; without it the layout alone is, in a tenth of the time.
        scheme: Whose codes stand in it.

    Returns:
        One reading a document, in the order of the text, none for an empty one. Never an error: text that is no appeal
        is a report, and what no field takes is listed as unread.
    """
    text = normalise(raw)
    skeletons = structure(text, scheme)
    readings = []
    for number, skeleton in enumerate(skeletons):
        document = skeleton.document
        if with_facts and document.language in FACT_LANGUAGES:
            facts, demands = read_facts(document, text, _country_names(document))
        else:
            facts, demands = document.facts, document.demands
        # What lies before the first document or between two belongs to the one behind it, the rest to the last.
        start = 0 if number == 0 else skeletons[number - 1].region[1]
        end = len(text) if number == len(skeletons) - 1 else skeleton.region[1]
        left = unread(text, skeleton.marks, start, end)
        if with_facts and not facts.events and (language := _dated_only(document.language)):
            facts = replace(facts, events=tuple(read_days(text, left, language, document.issued_on)))
        document = replace(document, facts=facts, demands=demands, unread=left, source=Source(text))
        readings.append(Reading(document, skeleton.marks))
    return readings


def _dated_only(tag: str | None) -> str | None:
    """Give the language of a text of which the days are read and nothing else that happened."""
    language = (tag or "").partition("-")[0].lower()
    return language if language in lexicon.DATED and language not in FACT_LANGUAGES else None


def _country_names(document: AppealDocument) -> Iterator[str]:
    """Give the names that this document prints for its countries; an invented or new one is in no table."""
    if document.title is not None and (match := _COUNTRY_IN_TITLE.match(document.title.text)):
        yield match[1]
    if document.opening is not None:
        yield document.opening.text.rstrip(" .:").rsplit(" in ", 1)[-1]


def _fact_marks(document: AppealDocument) -> Iterator[Mark]:
    facts = document.facts
    named = [
        *(("person", person.role, person.span) for person in facts.people),
        *(("group", "", group.span) for group in facts.groups),
        *(("organisation", "", organisation.span) for organisation in facts.organisations),
        *(("place", "", place.span) for place in facts.places),
        *(("act", act.method or act.type, act.span) for event in facts.events for act in event.acts),
        *(("charge", charge.status, charge.span) for charge in facts.charges),
        *(("quotation", quotation.speaker, quotation.span) for quotation in facts.quotations),
        *(("law", law.instrument, law.span) for law in facts.laws),
    ]
    for field, label, span in named:
        if span:
            yield Mark(*span, field, label or "")
    for event in facts.events:
        if event.span and event.words and (at := event.sentence.find(event.words)) >= 0:
            when = " ".join(part for part in (event.date, event.time) if part)
            yield Mark(event.span[0] + at, event.span[0] + at + len(event.words), "time", when)
