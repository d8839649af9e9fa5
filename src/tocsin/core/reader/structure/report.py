"""A partner's plain message: an e-mail in prose, with or without its headers, greeting and signature."""

import re
from itertools import takewhile

from tocsin.core.appeal import Contact, Text
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.channels import find_channels
from tocsin.core.reader.structure.countries import alpha_2, find_countries
from tocsin.core.reader.structure.cues import CuedLine, cue_line, plain_marker
from tocsin.core.reader.structure.dateline import dateline_places, is_byline, leading_dateline, names_author, read_date
from tocsin.core.reader.structure.demands import begins_demand, make_demand
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.wording import Wording

_HEADER = re.compile(r"(?P<name>[^\W\d_][\w -]{0,20}) ?: ?")
_NUMBER = re.compile(r"\d(?: ?\d){2}")  # French numbers are printed in pairs
_OTHER_HEADER = re.compile(r"[A-Z][A-Za-z]*-[A-Za-z-]{1,30}: ")
_REPLY_MARKS = re.compile(r"(?:(?:re|fwd?|tr|rv|aw|wg|enc)(?:\[\d+\])? ?: ?)+", re.IGNORECASE)
_HEADERS, _INTRODUCTION = 12, 200  # lines; characters of "On Mon, 3 Mar 2026, X wrote:"
_SENT = re.compile(r"\d{1,2}[:h]\d{2}|<\S+@")
_GREETING_LENGTH, _SIGN_OFF_LENGTH, _LONGEST_DATELINE = 90, 80, 120
# How programs for short messages write out a chat: "[14/05/2021, 08:12:40] Ada Finch: …", "14.05.21, 8:12 - Ada: …".
_CHAT = re.compile(
    r"\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.? ?m\.?)?"
    r"(?:\]| [-–])+ ?[^:\n]{2,40}: ",
    re.IGNORECASE,
)
_ALERT = re.compile(r"(?P<word>[^\W\d_]+(?: [^\W\d_]+)?)(?:\.?[ °º]*\d[\d /.-]*| ?!*)(?: ?:|$) ?")
_LONGEST_ENTRY = 400
_HEAD = 4  # lines: a headline, another, a place and a date
_SHORTEST_HEADLINE, _LONGEST_HEADLINE = 20, 180
_NO_HEADLINE = (".", ",", ";", ":", "-", "–", "—")


def mail_header(line: Line, words: Wording) -> tuple[str, Line] | None:
    """Read `Subject: …`: which header it is, and its value, without the `Re:` and `Fwd:` of a subject."""
    match = _HEADER.match(line.flat)
    kind = words.mail_headers.get(match["name"].strip()) if match else None
    if match is None or kind is None:
        return None
    value = line.part(line.start + match.end(), line.end)
    marks = _REPLY_MARKS.match(value.text) if kind == "subject" else None
    return kind, value.part(value.start + marks.end(), value.end) if marks else value


def read_mail_headers(lines: list[Line], words: Wording) -> int:
    """Count the lines of mail headers at the top, to the first blank line; one known header alone is no mail."""
    count = known = 0
    for line in lines:
        is_known = mail_header(line, words) is not None
        if (count and line.after_blank) or not (is_known or _OTHER_HEADER.match(line.text)):
            break
        known += is_known
        count += 1
    return count if known >= 2 else 0


def read_report(draft: Draft, lines: list[Line], words: Wording) -> None:
    """Read the message: its subject is the title, its prose one section, the channels of its signature the contacts."""
    draft.kind = "report"
    head = read_mail_headers(lines, words) or (1 if lines and _is_subject(lines[0], words) else 0)
    if head:
        _read_headers(draft, lines[:head], words)
    body = lines[head:]
    sign_off = _sign_off(body, words)
    while sign_off > 1 and _is_dateline(draft, body[sign_off - 1], words):
        sign_off -= 1
    above = _read_head(draft, body[:sign_off], words)
    body, sign_off = body[above:], sign_off - above
    if body and draft.issued_on is None and (led := leading_dateline(body[0], draft.language, words)) is not None:
        draft.issued_on, draft.issued_at = led[0], led[1]
        draft.mark(body[0].start, led[2], "issued_on", led[0].isoformat())
    _greeting_and_story(draft, body[:sign_off], words)
    _read_leading_dateline(draft, body[:_HEAD], words)
    if sign_off < len(body):
        _signature(draft, body[sign_off:], words)


def _read_leading_dateline(draft: Draft, lines: list[Line], words: Wording) -> None:
    """Read `Velm, 4 March 2022 - Our organisations …`: place and date that lead the first paragraphs of a release."""
    found = (each for line in lines if (each := leading_dateline(line, draft.language, words)) and each[1])
    if draft.issued_on is None and (dated := next(found, None)) is not None:
        draft.issued_on, draft.issued_at = dated[0], draft.issued_at or dated[1]


def _read_head(draft: Draft, lines: list[Line], words: Wording) -> int:
    """Read the headline, and the place and date, that stand above the prose of an alert; count their lines."""
    for number, line in enumerate(lines[:_HEAD]):
        dated = _is_dateline(draft, line, words, alone=number > 0)
        if dated and not (number and _is_entry(draft, lines[number + 1 :], words)):
            _signature(draft, [line], words)
            continue
        is_short = len(line.text) <= _SIGN_OFF_LENGTH and not line.text.endswith(".")
        if draft.title and is_short and names_author(line.text, words):
            _other(draft, line)
            continue
        title = _without_alert(line, words)
        if not title.text and draft.title is None:
            draft.mark(line.start, line.end, "kind", "report")
        elif draft.title is None and _is_headline(draft, title, lines[number + 1 : number + 2], words):
            draft.title = Text(title.text, (title.start, title.end))
            draft.mark(line.start, line.end, "title")
            draft.countries += find_countries(title.text.partition(":")[0], draft.language)
        else:
            return number
    return min(_HEAD, len(lines))


def _without_alert(line: Line, words: Wording) -> Line:
    """Give a line without the "URGENT ALERT:" in front; nothing is left of "ALERT" and "Alert no. 12/2021"."""
    head = _ALERT.match(line.flat)
    return line.part(line.start + head.end(), line.end) if head and head["word"] in words.alerts else line


def _is_entry(draft: Draft, behind: list[Line], words: Wording) -> bool:
    """Tell a date that heads an entry of a chronology: other dates stand alone behind it."""
    return any(_is_dateline(draft, line, words, alone=True) for line in behind)


def _is_headline(draft: Draft, line: Line, behind: list[Line], words: Wording) -> bool:
    """Tell a headline by what it lacks, the full stop, and by what parts it from the prose: a blank line, or a date."""
    if not behind or not _SHORTEST_HEADLINE <= len(line.text) <= _LONGEST_HEADLINE:
        return False
    if line.text.endswith(_NO_HEADLINE) or "@" in line.text or _begins(line, words.greetings):
        return False
    return behind[0].after_blank or _is_dateline(draft, behind[0], words, alone=True)


def _is_dateline(draft: Draft, line: Line, words: Wording, *, alone: bool = False) -> bool:
    """Tell a line that says but where and when the message was written: "Port-Sabran, le 16 mars 2016".

    One that stands `alone`, under a headline, may leave the place out: "Date: 16 March 2016".
    """
    short = len(line.text) <= _LONGEST_DATELINE and draft.issued_on is None
    date = read_date(line, draft.language) if short else None
    if date and is_byline(line, date[1], date[2], words):
        return True
    if date is None or len(line.text) > _SIGN_OFF_LENGTH or line.text[date[2] - line.start :].strip(" .)"):
        return False
    if _is_date_word(line, date[1], words):
        return alone
    return (alone and date[1] == line.start) or dateline_places(line.part(line.start, date[1]), words) is not None


def _is_date_word(line: Line, date: int, words: Wording) -> bool:
    """Tell "Date: 16 March 2016" and "mercredi 16 mars 2016" from "Velm, 16 March 2016"."""
    before = line.flat[: date - line.start].strip(" ,:.")
    return before in words.date_words or before in words.weekdays


def _places(line: Line, date: int, words: Wording) -> tuple[str, ...]:
    return dateline_places(line.part(line.start, date), words) or ()


def _is_subject(line: Line, words: Wording) -> bool:
    found = mail_header(line, words)
    return found is not None and found[0] == "subject" and len(line.text) < 200


def _read_headers(draft: Draft, lines: list[Line], words: Wording) -> None:
    for line in lines:
        found = mail_header(line, words)
        if found is None:
            continue
        kind, value = found
        date = read_date(value, draft.language) if kind == "date" else None
        if kind == "subject" and draft.title is None and value.text:
            draft.title = Text(value.text, (value.start, value.end))
            draft.mark(line.start, line.end, "title")
        elif date:
            draft.issued_on = date[0]
            draft.mark(line.start, line.end, "issued_on", date[0].isoformat())


def _other(draft: Draft, line: Line) -> None:
    if not draft.sections or draft.sections[-1].role != "other":
        draft.open_section("other")
    draft.add_paragraph(line)


def _greeting_and_story(draft: Draft, lines: list[Line], words: Wording) -> None:
    behind = listed = 0
    for number, line in enumerate(lines):
        if number >= behind:
            behind = number + _introduces_mail(lines[number : number + _HEADERS], words)
        if (number < 2 and greets(line, words)) or number < behind:
            _other(draft, line)
            continue
        if number < listed:
            continue
        listed = number + _read_demands(draft, lines[number:], words)
        if number < listed:
            continue
        told = _without_sender(draft, line)
        if not draft.sections or draft.sections[-1].role != "situation":
            draft.open_section("situation")
        notes = tuple(plain_marker(marker) for marker in re.findall(r"\[(\d{1,3})\]", told.text))
        draft.add_paragraph(told, notes)


def _read_demands(draft: Draft, lines: list[Line], words: Wording) -> int:
    """Read a list of demands and the sentence with a colon that leads to it; count their lines, if there are any."""
    if not lines[0].text.endswith(":") or words.intro.first(lines[0].flat) is None:
        return 0
    entries = list(takewhile(lambda one: one[1] is not None, ((line, _entry(line, words)) for line in lines[1:])))
    if not entries:
        return 0
    draft.open_section("actions")
    draft.add_paragraph(lines[0])
    for line, entry in entries:
        if entry is not None:
            demand = make_demand(entry.value, entry.body or line, words)
            draft.demands.append(demand)
            draft.mark(line.start, line.end, "demand", ", ".join(demand.types))
    return 1 + len(entries)


def _entry(line: Line, words: Wording) -> CuedLine | None:
    cued = cue_line(line, words)
    is_entry = cued.cue == "item" or (cued.cue == "plain" and begins_demand(line.flat, words))
    return cued if is_entry and len(line.text) < _LONGEST_ENTRY else None


def _without_sender(draft: Draft, line: Line) -> Line:
    """Give what somebody says in a chat; who says it when is no part of the story, and dates what follows."""
    sender = _CHAT.match(line.text)
    if sender is None:
        return line
    cut = line.start + sender.end()
    _other(draft, line.part(line.start, cut))
    return line.part(cut, line.end)


def _introduces_mail(lines: list[Line], words: Wording) -> int:
    """Count the lines above a quoted mail: who wrote it when is no part of the story, what it says may be."""
    line = lines[0]
    if not _says_when(line, words):
        return read_mail_headers(lines, words)
    wrote = words.quoting["ends"]
    if line.flat.endswith(wrote):
        return 1
    return 2 if len(lines) > 1 and len(lines[1].text) <= _SIGN_OFF_LENGTH and lines[1].flat.endswith(wrote) else 0


def _says_when(line: Line, words: Wording) -> bool:
    """Tell whether a line begins as "On Mon, 3 Mar 2026", "Le 3 mars 2026 à 10:12" with the hour or the day."""
    opener, _, rest = line.flat.partition(" ")
    if len(line.text) > _INTRODUCTION or opener not in words.quoting["opens"]:
        return False
    return rest.partition(" ")[0].rstrip(".,") in words.weekdays or _SENT.search(line.text) is not None


def greets(line: Line, words: Wording) -> bool:
    """Tell the greeting of a message."""
    return len(line.text) < _GREETING_LENGTH and _begins(line, words.greetings)


def _begins(line: Line, phrases: tuple[str, ...]) -> bool:
    flat = line.flat
    return flat.startswith(phrases) and any(
        flat.startswith(phrase) and not flat[len(phrase) : len(phrase) + 1].isalnum() for phrase in phrases
    )


def _sign_off(lines: list[Line], words: Wording) -> int:
    """Give the number of the line with which the signature begins, looked for in the last dozen lines."""
    first = max(1, len(lines) - 14)
    for number in range(first, len(lines)):
        line = lines[number]
        signs_off = _begins(line, words.sign_offs) or set(line.text) <= set("-–—_ ")
        if signs_off and len(line.text) <= _SIGN_OFF_LENGTH and not _goes_on(lines[number + 1 :]):
            return number
    # Without a sign-off, short lines at the end with a channel among them are a signature.
    last = len(lines)
    while (
        last > 1
        and len(lines[last - 1].text) <= _SIGN_OFF_LENGTH
        and not lines[last - 1].text.endswith((".", "!", "?"))
        and not _CHAT.match(lines[last - 1].text)
    ):
        last -= 1
    tail = lines[last:]
    return last if any("@" in line.text or _NUMBER.search(line.text) for line in tail) else len(lines)


def _goes_on(behind: list[Line]) -> bool:
    """Tell whether the message itself follows: "Thank you for your call" opens it; one postscript ends it."""
    prose = [len(line.text) > _SIGN_OFF_LENGTH for line in behind]
    return sum(prose) > 1 or prose[:1] == [True]


def _signature(draft: Draft, lines: list[Line], words: Wording) -> None:
    region = alpha_2(draft.countries[0] if draft.countries else None)
    for line in lines:
        _other(draft, line)
        undated = draft.issued_on is None and len(line.text) < 120 and not _says_when(line, words)
        date = read_date(line, draft.language) if undated else None
        if date:
            draft.issued_on = date[0]
            says_where = not _is_date_word(line, date[1], words) and not is_byline(line, *date[1:], words)
            places = _places(line, date[1], words) if says_where else ()
            # One person writes at one place: "Port-Sabran" are not two.
            draft.issued_at = (joined,) if (joined := "-".join(places)) and joined in line.text else places
            draft.mark(date[1], date[2], "issued_on", date[0].isoformat())
        for one in find_channels(line, words, region) if len(line.text) < 600 else []:
            channel = one.channel
            if channel.kind != "salutation":
                draft.contacts.append(Contact(channel.kind, channel.value, channel.display, one.holder, channel.span))
                draft.mark(one.start, one.end, "contact", channel.kind)
