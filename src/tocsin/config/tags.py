"""What templates say by `{% load desk %}`: dates with weekday and distance, and words in their own language."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tocsin.appeals.actions import list_appeals
from tocsin.appeals.models import Appeal
from tocsin.appeals.tables import states
from tocsin.casework.pages import Words, dates
from tocsin.casework.pages.wording import label
from tocsin.casework.search.alarms import Alarm
from tocsin.core import vocab

register = template.Library()


@register.simple_tag(takes_context=True)
def day(context: Context, on: dt.date | dt.datetime, at: str = "") -> SafeString:
    """Say a day with its weekday, a time of day if there is one, and in small how far it is from today."""
    language, today = get_language() or "en", timezone.localdate(context["request"].now)
    there = timezone.localdate(on) if isinstance(on, dt.datetime) else on
    return format_html(
        '<time datetime="{}">{}</time>{} <small class="far">{}</small>',
        there.isoformat(),
        dates.day_words(there, language),
        format_html(" <span>{}</span>", at) if at else "",
        dates.how_long(there, today, language),
    )


@register.filter
def weekday(on: dt.date | dt.datetime) -> SafeString:
    """Say a day with its weekday alone."""
    there = timezone.localdate(on) if isinstance(on, dt.datetime) else on
    said = dates.day_words(there, get_language() or "en")
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), said)


@register.simple_tag
def appeals_of(case: UUID) -> list[tuple[Appeal, str]]:
    """Give the appeals of a case with the words of their states; the room of cases knows nothing of them."""
    return [(each, gettext(states()[each.state])) for each in list_appeals(case)]


@register.filter
def told(alarm: Alarm, now: dt.datetime) -> str:
    """Say an alarm as of now."""
    return alarm.told(now)


@register.filter
def is_over(on: dt.date, now: dt.datetime) -> bool:
    """Tell whether a day is over, in the time zone of the office."""
    return on < timezone.localdate(now)


@register.filter
def clock(at: dt.datetime) -> SafeString:
    """Say the time of day of an instant, in the time zone of the office."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        dates.clock_words(local, get_language() or "en"),
    )


@register.filter
def said(words: Words | None) -> SafeString | str:
    """Show words, marked with their language where it is not that of the page, apart from what stands around them."""
    if words is None:
        return ""
    if words.language and words.language != get_language():
        return format_html('<bdi lang="{}">{}</bdi>', words.language, words.text)
    return format_html("<bdi>{}</bdi>", words.text)


@register.simple_tag(takes_context=True)
def record_links(context: Context, records: Sequence[tuple[str, Words | None]], page: str) -> SafeString:
    """Link records on the page of their case; most stand beside several texts, and each link is made once a page."""
    kept: Any = context.render_context
    made: dict[str, SafeString] = kept.setdefault("record_links", {})
    for record, words in records:
        if record not in made:
            shown = said(words) if words else format_html('<bdi dir="ltr">{}</bdi>', record)
            made[record] = format_html('<li><a href="{}#{}">{}</a></li>', page, record, shown)
    return SafeString("".join(made[record] for record, _ in records))


@register.filter
def coded(code: str, lists: str) -> SafeString | str:
    """Show the label of a code, which is in one of some lists with a space between."""
    found = next((each for each in lists.split() if code in vocab.load(each)), None)
    return said(label(found, code, get_language() or "en")) if found else ""


@register.filter
def country_name(code: str) -> SafeString:
    """Name a country in the language of the page."""
    return format_html(
        "<bdi>{}</bdi>", vocab.country_name(code, get_language() or "en", settings.TOCSIN_INVENTED_COUNTRIES)
    )


@register.filter
def dated(written: str) -> str:
    """Say a year, a month or a day as it was written, in words; what is not known of it stays open."""
    return written if written.startswith("X") else dates.date_words(written, get_language() or "en")


@register.filter
def translated(words: str) -> str:
    """Say words of a table of ours in the language of the page; they are collected in `tests/catalogues.py`."""
    return gettext(words)


@register.filter
def named(names: dict[object, str], account: object) -> SafeString | str:
    """Show the name of a colleague."""
    return format_html("<bdi>{}</bdi>", names[account]) if names.get(account) else ""


@register.filter
def item(table: dict[str, object], key: str) -> object:
    """Give what a table has under a key."""
    return table[key]


@register.filter
def has(table: dict[object, object], key: object) -> bool:
    """Tell whether a table has something under a key that says something."""
    return bool(table.get(key))


@register.filter
def row(rows: dict[str, object], key: str) -> object:
    """Give the random id of the sealed part of a record, if it has one."""
    return rows.get(key)
