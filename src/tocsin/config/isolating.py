"""What templates of both processes say by `{{ words|isolated }}`: dates and times in figures that keep their order."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
# Figures with marks between or behind them: 2021-05-29~, 2021-05-03/2021-05-05, 01:20-02:05, 2021-06-01 10:00.
_FIGURES = re.compile(r"(\d+(?:[-/:.]\d+)+(?: \d+:\d+)?~?)")


@register.filter
def isolated(words: str) -> SafeString:
    """Set figures such as dates apart, from left to right: in a line of Arabic their parts would change places."""
    parts = _FIGURES.split(conditional_escape(words))
    if len(parts) == 1:
        return SafeString(parts[0])
    shown = (
        format_html('<bdi dir="ltr">{}</bdi>', each) if at % 2 else SafeString(each) for at, each in enumerate(parts)
    )
    return format_html_join("", "{}", ((each,) for each in shown))
