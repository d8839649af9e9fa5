"""Dates as a page says them: absolute with the weekday, and beside it how long ago."""

import datetime as dt
from functools import lru_cache

from babel.dates import format_skeleton, format_timedelta
from django.utils.translation import gettext, ngettext

# Dates in British order; the tags of the other languages are names of locales as they stand.
_LOCALES = {"en": "en_GB"}
_DAY = len("2021-05-29")
_MONTH = len("2021-05")
# The laws that count hours count up to 72 of them; of more nobody knows at a glance how long it is.
_COUNTED_IN_HOURS = 72


def locale_of(language: str) -> str:
    """Give the name of the locale whose forms a language of the pages uses."""
    return _LOCALES.get(language, language.replace("-", "_"))


@lru_cache(maxsize=2_000)
def day_words(day: dt.date, language: str) -> str:
    """Say a day with its weekday."""
    return str(format_skeleton("yMMMEd", day, locale=locale_of(language)))


def date_words(written: str, language: str) -> str:
    """Say a year, a month or a day as a record writes it; a time of day after it is left out."""
    if len(written) >= _DAY:
        return day_words(dt.date.fromisoformat(written[:_DAY]), language)
    if len(written) == _MONTH:
        month = dt.date.fromisoformat(f"{written}-01")
        return str(format_skeleton("yMMMM", month, locale=locale_of(language)))
    return written


def clock_words(moment: dt.datetime | dt.time, language: str) -> str:
    """Say a time of day in hours and minutes."""
    at = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(dt.date(2000, 1, 1), moment)
    return str(format_skeleton("Hm", at, locale=locale_of(language)))


def how_long(day: dt.date, today: dt.date, language: str) -> str:
    """Say how far a day is from today."""
    near = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    apart = (day - today).days
    if apart in near:
        return near[apart]
    return format_timedelta(
        dt.timedelta(days=apart), granularity="day", threshold=1.6, add_direction=True, locale=locale_of(language)
    )


def days_words(days: int) -> str:
    """Say a number of days."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def hours_words(hours: int) -> str:
    """Say a number of hours."""
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def lasting_words(hours: int) -> str:
    """Say for how long something has lasted: in hours as laws count them, above three days in whole days."""
    return hours_words(hours) if hours <= _COUNTED_IN_HOURS else days_words(hours // 24)
