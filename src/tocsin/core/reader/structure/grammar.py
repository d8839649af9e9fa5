"""The order of an appeal: header, opening, story, position, actions, addressees, closing.

Each line has its cue; the grammar keeps the zone of the document it is in, and takes the line by zone and cue. A cue
that speaks for itself (a heading, a request, a note) moves the zone; a plain line is what the zone makes of it. Nothing
is dropped: a line that no rule takes stays out of the ledger and is listed as unread.
"""

import re
from itertools import pairwise
from typing import Literal, cast

from tocsin.core.appeal import Demand
from tocsin.core.appeal.document import SectionRole
from tocsin.core.reader.dates import time_words
from tocsin.core.reader.lines import Line, flatten, squeeze
from tocsin.core.reader.structure.addressees import begins_with_honorific, looks_like_addressee
from tocsin.core.reader.structure.asking import asks
from tocsin.core.reader.structure.channels import has_channel
from tocsin.core.reader.structure.closing import ClosingReader
from tocsin.core.reader.structure.collector import AddresseeCollector
from tocsin.core.reader.structure.countries import alpha_2
from tocsin.core.reader.structure.cues import CuedLine, plain_marker, position_verb
from tocsin.core.reader.structure.dateline import dateline_places, leading_dateline, leading_day, read_date
from tocsin.core.reader.structure.demands import begins_demand, demand_types, make_demand, split_demands
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.wording import Wording
from tocsin.core.reader.western import unusual

Zone = Literal["story", "actions", "addressees", "closing"]
"""Where in the document a line stands."""

_ZONES: dict[str, Zone] = {"actions": "actions", "addressees": "addressees", "contacts": "closing"}
_STORY_ROLES = frozenset({"situation", "new_information", "background"})
_ANCHOR = re.compile(r"\[(\d{1,3}|\*{1,3})\]|([¹²³⁰⁴-⁹]{1,3})")
_RAISED = frozenset("¹²³⁰⁴⁵⁶⁷⁸⁹")
_CLOSING_CUES = ("note", "about", "contact_opener", "request")
_LONG = 220
_DAY, _DAY_WORDS = 30, 4  # characters, and words, of "On 8 March"


class BodyReader:
    """Reads the lines from the story to the end into the draft."""

    def __init__(self, draft: Draft, words: Wording, *, is_statement: bool = False) -> None:
        region = alpha_2(draft.countries[0] if draft.countries else None)
        self.draft, self.words, self.is_statement = draft, words, is_statement
        self.zone: Zone = "story"
        self.addressees = AddresseeCollector(draft, words, region)
        self.closing = ClosingReader(draft, words, region)
        self.subjects = _subjects_of(draft)
        self.anchors: set[str] = set()

    def read(self, lines: list[CuedLine]) -> None:
        """Read the lines in order."""
        for number, cued in enumerate(lines):
            self._take(cued, lines[number + 1] if number + 1 < len(lines) else None)
        self.addressees.close()

    def _take(self, cued: CuedLine, following: CuedLine | None) -> None:
        if cued.cue in ("style_sheet", "banner"):
            return
        if cued.cue == "heading" or (cued.cue == "follow_up_mark" and cued.body is None):
            self._take_heading(cued)
        elif self._take_dateline(cued.line):
            return
        elif self.zone == "story":
            self._in_story(cued, following)
        elif self.zone == "actions":
            self._in_actions(cued)
        elif self.zone == "addressees":
            self._in_addressees(cued)
        else:
            self._in_closing(cued)

    def _move(self, zone: Zone, cued: CuedLine) -> None:
        """Go on to a later zone with this line."""
        self.addressees.close()
        self.zone = zone
        (self._in_addressees if zone == "addressees" else self._in_closing)(cued)

    def _take_heading(self, cued: CuedLine) -> None:
        self.addressees.close()
        self.closing.taking_contacts = cued.value == "contacts"
        self.zone = _ZONES.get(cued.value, "story")
        heading = cued.line.part(cued.start, cued.body.start) if cued.body else cued.line
        self.draft.open_section(cast("SectionRole", cued.value), heading)
        if cued.body and cued.body.text:
            self._take(CuedLine(cued.body, "plain", body=cued.body), None)

    def _take_dateline(self, line: Line) -> bool:
        """Take `Paris-Geneva, June 8, 2021` and a date alone on its line."""
        if len(line.text) > 110:
            self._read_leading_dateline(line)
            return False
        if not line.has_digit:
            return False
        found = read_date(line, self.draft.language)
        if found is None or line.part(found[2], line.end).text.strip(" .*-–—"):
            return False
        before = line.part(line.start, found[1])
        places = dateline_places(before, self.words)
        if places is None and before.flat.strip(" ,:.") not in {"", *self.words.date_words}:
            return False
        self.addressees.close()
        self.zone = self.zone if self.zone == "story" else "closing"
        self.draft.issued_at = self.draft.issued_at or places or ()
        self.draft.issued_on = self.draft.issued_on or found[0]
        self.draft.mark(line.start, line.end, "issued_on", found[0].isoformat())
        return True

    def _read_leading_dateline(self, line: Line) -> None:
        """Read `Geneva-Paris, 4 March 2022 - The Observatory …`: date and places lead the first paragraph."""
        known = self.draft.issued_on
        if known is not None and (self.draft.issued_at or self.draft.sections):
            return
        found = leading_dateline(line, self.draft.language, self.words)
        if found is None and known is None and not self.draft.sections:
            found = leading_day(line, self.draft.language)
        if found is not None and known in {None, found[0]}:
            self.draft.issued_at, self.draft.issued_on = self.draft.issued_at or found[1], found[0]
            self.draft.mark(line.start, found[2], "issued_on", found[0].isoformat())

    # --- the story --------------------------------------------------------------------------------------------------

    def _in_story(self, cued: CuedLine, following: CuedLine | None) -> None:
        if cued.cue == "note" and (cued.value in self.anchors or not self.draft.sections):
            self._move("closing", cued)
        elif self._begins_actions(cued, following):
            self.zone = "actions"
            self.draft.open_section("actions")
            self._paragraph(cued.line)
        elif cued.cue in ("contact_opener", "about") or (cued.cue == "request" and len(cued.line.text) < 300):
            self._move("closing", cued)
        elif cued.cue == "item" and self._is_addressee_item(cued):
            self._move("addressees", cued)
        else:
            self._story_paragraph(cued)

    def _begins_actions(self, cued: CuedLine, following: CuedLine | None) -> bool:
        """The demands may come without a heading: a sentence that ends with a colon, then a list."""
        if cued.cue != "intro" or following is None:
            return False
        is_list = following.cue in ("item", "channel")
        return is_list or bool(demand_types(following.line.flat[:200], self.words))

    def _story_paragraph(self, cued: CuedLine) -> None:
        """Put a paragraph into the story or the position, whichever it belongs to."""
        line, sections = cued.line, self.draft.sections
        verb = cued.value if cued.cue == "position" else position_verb(line, self.subjects, self.words)
        if not verb and self.is_statement and asks(line, self.draft.language, self.words):
            verb = "verb"
        role = sections[-1].role if sections else None
        takes_paragraphs = role in {*_STORY_ROLES, "position", "other"}
        if verb == "verb" or (verb and role != "background"):
            if role != "position":
                self.draft.open_section("position")
        elif not takes_paragraphs or (role == "position" and not sections[-1].heading and self._is_story(line)):
            self.draft.open_section(self._story_role())
        self._paragraph(line)

    def _is_story(self, line: Line) -> bool:
        """Tell whether the story goes on, or begins: a statement may take a position before it tells what happened."""
        told = any(section.role in _STORY_ROLES for section in self.draft.sections)
        return not told or self._resumes_story(line)

    def _resumes_story(self, line: Line) -> bool:
        begins_with_date = read_date(line.part(line.start, line.start + 60), self.draft.language) is not None
        return (
            begins_with_date
            or (self.is_statement and self._begins_with_day(line))
            or line.flat.startswith(self.words.narrative)
        )

    def _begins_with_day(self, line: Line) -> bool:
        """Tell whether a paragraph begins with a day whose year is not said again: "On 8 March, police …"."""
        words, months = (
            line.flat[:_DAY].replace(",", " ").split()[:_DAY_WORDS],
            time_words(self.draft.language or "").months,
        )
        return any(
            (left.isdigit() and right in months) or (left in months and right.isdigit())
            for left, right in pairwise(words)
        )

    def _story_role(self) -> SectionRole:
        """Give the role of the story as it was before the position, or that of a text without headings."""
        told = [section.role for section in self.draft.sections if section.role in _STORY_ROLES]
        return told[-1] if told else "situation"

    def _paragraph(self, line: Line) -> None:
        found = _ANCHOR.finditer(line.text) if _may_hold_anchor(line.text) else ()
        # A raised figure after "m" is that of square metres.
        anchors = [match for match in found if match[1] or line.text[match.start() - 1 : match.start()] != "m"]
        notes = tuple(plain_marker(match[1] or match[2]) for match in anchors)
        self.anchors.update(notes)
        self.draft.add_paragraph(line, notes)

    # --- actions ----------------------------------------------------------------------------------------------------

    def _in_actions(self, cued: CuedLine) -> None:
        line = cued.line
        if cued.cue in ("contact_opener", "about", "note") or self._is_closing_request(cued):
            self._move("closing", cued)
        elif self._names_own_channel(cued):
            self.closing.taking_contacts = True
            self._move("closing", cued)
        elif self._is_addressee_item(cued) or cued.cue == "channel":
            self._move("addressees", cued)
        elif cued.cue == "item" and cued.body is not None:
            self._add_demands(cued.value, cued.body, cued.start)
        elif not self.draft.demands:
            self._intro_or_demand(line)
        elif self._continues_demand(line):
            self._extend_demand(line)
        elif not begins_with_honorific(line, self.words) and self._is_demand(line):
            self._add_demands("", line, line.start)
        else:
            self._move("addressees", cued)

    def _names_own_channel(self, cued: CuedLine) -> bool:
        """Tell `Contact: press@…`, a heading with a channel behind it: no addressee is called so."""
        head, colon, _ = cued.line.flat[:60].partition(":")
        return cued.cue == "channel" and bool(colon) and self.words.headings.get(squeeze(head)) == "contacts"

    def _is_closing_request(self, cued: CuedLine) -> bool:
        """A closing request comes after the demands; before them, words like its own belong to the introduction."""
        return cued.cue == "request" and bool(self.draft.demands)

    def _intro_or_demand(self, line: Line) -> None:
        is_intro = line.text.endswith((":", "…", ".")) or self.words.intro.first(line.flat[:160]) is not None
        is_intro = is_intro and not self._is_entry(line)
        if is_intro or not demand_types(line.flat, self.words):
            self._paragraph(line)
        else:
            self._add_demands("", line, line.start)

    def _add_demands(self, ordinal: str, body: Line, start: int) -> None:
        for number, own in split_demands(ordinal, body):
            demand = make_demand(number, own, self.words)
            self.draft.demands.append(demand)
            self.draft.mark(start, own.end, "demand", ", ".join(demand.types))
            start = own.end

    def _continues_demand(self, line: Line) -> bool:
        last = self.draft.demands[-1].text
        return not last.endswith((";", ".", ",")) and line.text[:1].islower() and not line.after_blank

    def _is_demand(self, line: Line) -> bool:
        """A line without a number goes on with the list while the one before ended like an item of it."""
        goes_on = self.draft.demands[-1].text.endswith((";", ",", "; and", "; et", "; y"))
        return (
            goes_on
            or self._is_entry(line)
            or (line.text.endswith((";", ".")) and bool(demand_types(line.flat, self.words)))
        )

    def _is_entry(self, line: Line) -> bool:
        """Tell an entry of a list without bullets: it begins with what is asked, below a line with a colon."""
        section = self.draft.sections[-1]
        leads = section.role == "actions" and section.paragraphs and section.paragraphs[-1].text.endswith(":")
        return bool(leads) and not line.text.endswith(":") and begins_demand(line.flat, self.words)

    def _extend_demand(self, line: Line) -> None:
        """Put a line that begins in the middle of a sentence to the demand before it."""
        last = self.draft.demands.pop()
        start = last.span[0] if last.span else line.start
        types = tuple(dict.fromkeys((*last.types, *demand_types(line.flat, self.words))))
        self.draft.demands.append(Demand(last.ordinal, self.draft.text[start : line.end], types, (), (start, line.end)))
        self.draft.mark(line.start, line.end, "demand", ", ".join(types))

    # --- addressees -------------------------------------------------------------------------------------------------

    def _is_addressee_item(self, cued: CuedLine) -> bool:
        """An item with a channel, or one that begins with a style, a title or an office."""
        if cued.cue not in ("item", "channel", "plain") or cued.body is None:
            return False
        body = cued.body
        if begins_with_honorific(body, self.words):
            return True
        if cued.cue == "plain":
            return False
        is_short = len(body.text) < _LONG and not body.text.endswith(";")
        return has_channel(body, self.words) or (is_short and looks_like_addressee(body, self.words))

    def _in_addressees(self, cued: CuedLine) -> None:
        line = cued.line
        is_over = cued.cue in ("contact_opener", "about", "note", "position")
        is_prose = cued.cue == "plain" and len(line.text) > _LONG and not looks_like_addressee(line, self.words)
        is_request = cued.cue == "request" and not begins_with_honorific(line, self.words)
        if is_over or is_prose or is_request:
            self._move("closing", cued)
        elif cued.cue == "intro":
            self.addressees.close()
            self.draft.open_section("addressees", line)
        else:
            self.addressees.take(cued)

    # --- closing ----------------------------------------------------------------------------------------------------

    def _in_closing(self, cued: CuedLine) -> None:
        closing, line = self.closing, cued.line
        is_list = cued.cue in ("item", "channel", "plain")
        if (is_list or (cued.cue == "request" and closing.taking_contacts)) and closing.take_contacts(line):
            return
        if cued.cue in _CLOSING_CUES:
            closing.take(cued)
        elif cued.cue == "item" and self._is_addressee_item(cued) and not closing.taking_contacts:
            self._move("addressees", cued)
        elif cued.cue == "plain" and len(line.text) > 60 and self._names_publisher(line):
            closing.take_about(cued)
        elif cued.cue == "position" and not self.draft.about:
            self._story_paragraph(cued)
        elif self.is_statement and cued.cue == "plain":
            self._sign(line)

    def _sign(self, line: Line) -> None:
        """Keep who signs below a statement: no site stands around it, as may around a published appeal."""
        if not self.draft.sections or self.draft.sections[-1].role not in {"other", "contacts"}:
            self.draft.open_section("other")
        self._paragraph(line)

    def _names_publisher(self, line: Line) -> bool:
        """Whether a paragraph below the addressees begins with the publisher: it presents itself there."""
        return line.flat.startswith((*self.words.publisher_subjects, *self.subjects))


def _subjects_of(draft: Draft) -> tuple[str, ...]:
    """Give the flattened names under which the publishers of this document may take a position."""
    names: list[str] = []
    for publisher in draft.publishers:
        bare, bracket, rest = publisher.partition(" (")
        names += [flatten(bare), *([flatten(rest.rstrip(")"))] if bracket else [])]
    names.append(flatten(draft.author))
    articles = ("", "the ", "l'", "la ", "el ", "le ", "les ", "las ", "los ")
    return tuple(article + name for name in names if len(name) > 2 for article in articles)


def _may_hold_anchor(text: str) -> bool:
    return "[" in text or not _RAISED.isdisjoint(unusual(text))
