"""A statement: a headline, a place and a date, and prose that asks something of the authorities, without any banner.

A partner's message has a mail header or a greeting; what stands here has a headline or a dateline instead, and a list
of demands, an addressee, or a sentence such as "urges the authorities to".
"""

from itertools import pairwise

from tocsin.core.reader.structure.asking import asked_in
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.dateline import dateline_places, is_byline, leading_dateline, read_date
from tocsin.core.reader.structure.demands import begins_demand
from tocsin.core.reader.structure.report import greets, mail_header, read_mail_headers
from tocsin.core.reader.structure.wording import Wording

_HEAD, _LONGEST_HEADLINE, _LONGEST_DATELINE = 5, 220, 110  # lines; characters


def is_statement(lines: list[CuedLine], language: str | None, words: Wording) -> bool:
    """Tell a statement from a partner's message by its head and by what it asks."""
    head = [cued.line for cued in lines[:_HEAD]]
    if read_mail_headers(head, words) or any(mail_header(line, words) or greets(line, words) for line in head[:3]):
        return False
    is_dated = _dateline(lines, language, words) is not None
    has_headline = len(head) > 1 and not head[0].text.endswith((".", ",", ";", ":")) and head[1].after_blank
    if not is_dated and not (has_headline and len(head[0].text) <= _LONGEST_HEADLINE):
        return False
    if any(cued.cue == "heading" and cued.value == "addressees" for cued in lines) or _asks_in_list(lines, words):
        return True
    return is_dated and any(next(asked_in(cued.line, language, words), None) for cued in lines[1:])


def first_of_statement(lines: list[CuedLine]) -> int:
    """Give the number of the first line below the head: the one that a dateline leads, or the first sentence."""
    for number, cued in enumerate(lines):
        line = cued.line
        is_prose = len(line.text) > _LONGEST_DATELINE and line.text.endswith((".", ":", "”", '"', "»", "!"))
        if is_prose or cued.cue == "heading":
            return number
    return 1


def _dateline(lines: list[CuedLine], language: str | None, words: Wording) -> int | None:
    """Give the number of the line, among the first, that says where and when, alone or before the first sentence."""
    for number, cued in enumerate(lines[:_HEAD]):
        line = cued.line
        if len(line.text) > _LONGEST_DATELINE:
            if leading_dateline(line, language, words):
                return number
            continue
        date = read_date(line, language)
        if date is None or line.text[date[2] - line.start :].strip(" .*-–—)"):
            continue
        before = line.part(line.start, date[1])
        if is_byline(line, date[1], date[2], words) or dateline_places(before, words) or not before.text:
            return number
    return None


def _asks_in_list(lines: list[CuedLine], words: Wording) -> bool:
    return any(
        cued.cue == "intro" and (below.cue == "item" or begins_demand(below.line.flat, words))
        for cued, below in pairwise(lines)
    )
