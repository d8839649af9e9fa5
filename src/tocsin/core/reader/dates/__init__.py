"""Dates and times in running text: a closed grammar over the words of a language, never a guess.

`find_dates` gives whole calendar dates, for headers and datelines; `find_moments` gives every temporal expression of a
sentence, and `Clock` places them on the calendar in the order of the story.
"""

from tocsin.core.reader.dates.calendar import FoundDate, find_dates
from tocsin.core.reader.dates.clock import Clock, Placed
from tocsin.core.reader.dates.moments import Moment, find_moments
from tocsin.core.reader.dates.words import TimeWords, time_words

__all__ = ["Clock", "FoundDate", "Moment", "Placed", "TimeWords", "find_dates", "find_moments", "time_words"]
