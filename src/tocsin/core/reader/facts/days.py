"""The days that a text tells in a language whose acts the reader does not know: each dated sentence, and no more."""

import datetime as dt
from collections.abc import Iterable, Iterator

from tocsin.core.appeal import Event, Unread
from tocsin.core.reader.dates import Clock, find_moments, time_words
from tocsin.core.reader.facts.passage import cut_sentences
from tocsin.core.reader.tokens import Tokens, within


def read_days(text: str, stretches: Iterable[Unread], language: str, issued_on: dt.date | None) -> Iterator[Event]:
    """Give each sentence that says when something was, placed on the calendar; what happened is for a person to read.

    Args:
        text: The normalised source.
        stretches: Where it was read by nothing else.
        language: Its language, without region or script.
        issued_on: The date of the document.
    """
    words = time_words(language)
    clock = Clock(issued_on, words.planned)
    for stretch in stretches:
        tokens = Tokens(text, *stretch.span)
        moments = [moment for moment in find_moments(tokens, words) if moment.vague is None]
        for sentence in cut_sentences(tokens) if moments else ():
            inside = within(moments, sentence.first, sentence.last)
            if not inside:
                continue
            span = tokens.span(sentence.first, sentence.last)
            yield clock.place(tokens, inside).event(text[slice(*span)], span)
