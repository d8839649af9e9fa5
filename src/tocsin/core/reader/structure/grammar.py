"""The order of an appeal: header, opening, story, position, actions, addressees, closing.

Each line has its cue; the grammar keeps the zone of the document it is in, and takes the line by zone and cue. A cue that
speaks for itself (a heading, a request, a note) moves the zone; a plain line is what the zone makes of it. Nothing is
skipped: a line that no rule takes stays out of the ledger and is listed as unread.
"""

import re
from collections.abc import Callable
from enum import IntEnum

from tocsin.core.appeal import Contact, Note, Request
from tocsin.core.appeal.document import SectionRole
from tocsin.core.reader.lines import Line, flatten
from tocsin.core.reader.structure.addressees import begins_with_honorific, looks_like_addressee, read_addressee
from tocsin.core.reader.structure.channels import find_channels, has_channel
from tocsin.core.reader.structure.countries import alpha_2
from tocsin.core.reader.structure.cues import Cue, CuedLine, plain_marker, position_verb
from tocsin.core.reader.structure.dateline import dateline_places, read_date
from tocsin.core.reader.structure.demands import demand_types, make_demand, split_demands
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.wording import Wording


class Zone(IntEnum):
    """Where in the document a line stands."""

    STORY = 1
    ACTIONS = 2
    ADDRESSEES = 3
    CLOSING = 4


_ANCHOR = re.compile(r"\[(\d{1,3}|\*{1,3})\]|(?<=[^\s\d])([¹²³⁰⁴-⁹]{1,3})")
_LONG = 220
_LONGEST_BLOCK = 14
_ROLE: dict[str, SectionRole] = {
    role: role
    for role in ("situation", "new_information", "background", "position", "actions", "addressees", "contacts", "other")
}  # type: ignore[misc]


class BodyReader:
    """Reads the lines from the story to the end into the draft."""

    def __init__(self, draft: Draft, words: Wording) -> None:
        self.draft, self.words = draft, words
        self.zone = Zone.STORY
        self.region = alpha_2(draft.countries[0] if draft.countries else None)
        self.subjects = _subjects_of(draft)
        self.block: list[CuedLine] = []
        self.block_is_named = self.block_is_reachable = False
        self.copy = False
        self.taking_contacts = False
        self.anchors: set[str] = set()

    def read(self, lines: list[CuedLine]) -> None:
        """Read the lines in order."""
        for number, cued in enumerate(lines):
            following = lines[number + 1] if number + 1 < len(lines) else None
            self._take(cued, following)
        self._close_block()

    # --- the dispatcher ---------------------------------------------------------------------------------------------

    def _take(self, cued: CuedLine, following: CuedLine | None) -> None:
        if cued.cue in {Cue.STYLE_SHEET, Cue.BANNER}:
            return
        if cued.cue in {Cue.HEADING, Cue.FOLLOW_UP_MARK}:
            self._take_heading(cued)
            return
        if self._take_dateline(cued):
            return
        if self.zone is Zone.STORY:
            self._in_story(cued, following)
        elif self.zone is Zone.ACTIONS:
            self._in_actions(cued, following)
        elif self.zone is Zone.ADDRESSEES:
            self._in_addressees(cued)
        else:
            self._in_closing(cued)

    def _take_heading(self, cued: CuedLine) -> None:
        self._close_block()
        role = cued.value
        self.taking_contacts = role == "contacts"
        zones = {"actions": Zone.ACTIONS, "addressees": Zone.ADDRESSEES, "contacts": Zone.CLOSING}
        self.zone = zones.get(role, Zone.STORY)
        heading = (
            cued.line.part(cued.start, cued.body.start).part(cued.start, cued.body.start) if cued.body else cued.line
        )
        self.draft.open_section(_ROLE[role], heading)
        if cued.body and cued.body.text:
            self._take(CuedLine(cued.body, Cue.PLAIN, body=cued.body), None)

    # --- the story --------------------------------------------------------------------------------------------------

    def _in_story(self, cued: CuedLine, following: CuedLine | None) -> None:
        line = cued.line
        if cued.cue is Cue.NOTE and (cued.value in self.anchors or not self.draft.sections):
            self._take_note(cued)
        elif self._begins_actions(cued, following):
            self.zone = Zone.ACTIONS
            self.draft.open_section("actions")
            self._paragraph(line)
        elif cued.cue in {Cue.CONTACT_OPENER, Cue.ABOUT} or (cued.cue is Cue.REQUEST and len(line.text) < 300):
            self.zone = Zone.CLOSING
            self._in_closing(cued)
        elif cued.cue is Cue.ITEM and self._is_addressee_item(cued):
            self.zone = Zone.ADDRESSEES
            self._in_addressees(cued)
        else:
            self._story_paragraph(cued)

    def _begins_actions(self, cued: CuedLine, following: CuedLine | None) -> bool:
        """The demands may come without a heading: a sentence that ends with a colon, then a list."""
        if cued.cue is not Cue.INTRO:
            return False
        return following is not None and (
            following.cue in {Cue.ITEM, Cue.CHANNEL} or bool(demand_types(following.line.flat[:200], self.words))
        )

    def _story_paragraph(self, cued: CuedLine) -> None:
        """Put a paragraph into the story or the position, whichever it belongs to."""
        line, sections = cued.line, self.draft.sections
        verb = cued.value if cued.cue is Cue.POSITION else position_verb(line, self.subjects, self.words)
        role = sections[-1].role if sections else None
        if role not in {"situation", "new_information", "background", "position", "other"}:
            role = None
        if verb == "verb" or (verb and role != "background"):
            if role != "position":
                self.draft.open_section("position")
        elif role is None or (role == "position" and not sections[-1].heading and self._resumes_story(line)):
            self.draft.open_section(self._story_role())
        self._paragraph(line)

    def _resumes_story(self, line: Line) -> bool:
        return (
            line.flat.startswith(self.words.narrative)
            or read_date(line.part(line.start, line.start + 60), None) is not None
        )

    def _story_role(self) -> SectionRole:
        """Give the role of the story as it was before the position, or that of a text without headings."""
        told = [one.role for one in self.draft.sections if one.role in {"situation", "new_information", "background"}]
        return told[-1] if told else "situation"

    def _paragraph(self, line: Line) -> None:
        notes = tuple(plain_marker(bracketed or raised) for bracketed, raised in _ANCHOR.findall(line.text))
        self.anchors.update(notes)
        self.draft.add_paragraph(line, notes)

    # --- actions ----------------------------------------------------------------------------------------------------

    def _in_actions(self, cued: CuedLine, following: CuedLine | None) -> None:
        line = cued.line
        if cued.cue in {Cue.CONTACT_OPENER, Cue.ABOUT, Cue.NOTE} or (
            cued.cue is Cue.REQUEST and self._is_request(cued)
        ):
            self.zone = Zone.CLOSING
            self._in_closing(cued)
        elif self._is_addressee_item(cued) or cued.cue is Cue.CHANNEL:
            self.zone = Zone.ADDRESSEES
            self._in_addressees(cued)
        elif cued.cue is Cue.ITEM and cued.body is not None:
            self._add_demands(cued.value, cued.body, cued.start)
        elif not self.draft.demands:
            self._intro_or_demand(cued)
        elif self._continues_demand(line):
            self._extend_demand(line)
        elif not begins_with_honorific(line, self.words) and self._is_demand(line):
            self._add_demands("", line, line.start)
        else:
            self.zone = Zone.ADDRESSEES
            self._in_addressees(cued)

    def _is_request(self, cued: CuedLine) -> bool:
        """A closing request, not a demand that speaks of informing somebody, and not the introduction."""
        return (
            bool(self.draft.demands)
            and len(cued.line.text) < 400
            and self.words.requests.first(cued.line.flat) is not None
        )

    def _intro_or_demand(self, cued: CuedLine) -> None:
        line = cued.line
        is_intro = line.text.endswith((":", "…")) or self.words.intro.first(line.flat[:160]) is not None
        if is_intro or not demand_types(line.flat, self.words) or line.text.endswith("."):
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
        goes_on = self.draft.demands[-1].text.rstrip().endswith((";", ",", "; and", "; et", "; y"))
        return goes_on or (line.text.endswith((";", ".")) and bool(demand_types(line.flat, self.words)))

    def _extend_demand(self, line: Line) -> None:
        last = self.draft.demands.pop()
        assert last.span is not None  # noqa: S101 - demands are read here, never composed
        whole = Line(last.span[0], line.end, self.draft.text[last.span[0] : line.end], "")
        types = tuple(dict.fromkeys((*last.types, *demand_types(line.flat, self.words))))
        demand = make_demand(last.ordinal or "", whole, self.words)
        self.draft.demands.append(type(demand)(demand.ordinal, demand.text, types, (), demand.span))
        self.draft.mark(line.start, line.end, "demand", ", ".join(types))

    # --- addressees -------------------------------------------------------------------------------------------------

    def _is_addressee_item(self, cued: CuedLine) -> bool:
        """An item with a channel, or one that begins with a style, a title or an office."""
        if cued.cue not in {Cue.ITEM, Cue.CHANNEL, Cue.PLAIN} or cued.body is None:
            return False
        body = cued.body
        if begins_with_honorific(body, self.words):
            return True
        if cued.cue is Cue.PLAIN:
            return False
        has_value = bool(
            find_channels(body.part(body.start, body.start + min(len(body.text), 1_000)), self.words, None)
        )
        return has_value or (
            looks_like_addressee(body, self.words) and len(body.text) < _LONG and not body.text.endswith(";")
        )

    def _in_addressees(self, cued: CuedLine) -> None:
        line = cued.line
        is_over = cued.cue in {Cue.CONTACT_OPENER, Cue.ABOUT, Cue.NOTE, Cue.POSITION}
        is_prose = cued.cue is Cue.PLAIN and len(line.text) > _LONG and not looks_like_addressee(line, self.words)
        if is_over or is_prose or (cued.cue is Cue.REQUEST and not begins_with_honorific(line, self.words)):
            self._close_block()
            self.zone = Zone.CLOSING
            self._in_closing(cued)
            return
        if cued.cue is Cue.INTRO:
            self._close_block()
            self._unplaced_intro(line)
            return
        if self._takes_copy(cued):
            return
        if self.block and self._begins_addressee(cued):
            self._close_block()
        self._add_to_block(cued)

    def _add_to_block(self, cued: CuedLine) -> None:
        self.block.append(cued)
        self.block_is_named |= begins_with_honorific(cued.body or cued.line, self.words)
        self.block_is_reachable |= has_channel(cued.line, self.words)

    def _unplaced_intro(self, line: Line) -> None:
        """`Please write to:` before the addressees is their heading."""
        self.draft.open_section("addressees", line)

    def _takes_copy(self, cued: CuedLine) -> bool:
        """From `cc:` on, addressees get a copy."""
        flat = cued.line.flat
        lead = next((word for word in self.words.copy if flat.startswith(word)), None)
        if lead is None or flat[len(lead) : len(lead) + 1].isalnum():
            return False
        self._close_block()
        self.copy = True
        colon = flat.find(":", 0, 120)
        end = cued.start + (colon + 1 if colon >= 0 else len(lead))
        self.draft.mark(cued.start, end, "addressee", "copy")
        rest = cued.line.part(end, cued.end)
        if rest.text.strip(" .:"):
            self._add_to_block(CuedLine(rest, Cue.PLAIN, body=rest))
        return True

    def _begins_addressee(self, cued: CuedLine) -> bool:
        """Whether a line begins another addressee than the one being collected."""
        line = cued.line
        if cued.cue is Cue.ITEM or len(self.block) >= _LONGEST_BLOCK:
            return True
        if begins_with_honorific(line, self.words):
            return self.block_is_named or self.block_is_reachable
        leads = looks_like_addressee(line, self.words)
        if cued.cue is Cue.CHANNEL and not leads:
            return False
        return self.block_is_reachable and (leads or line.after_blank or cued.cue is Cue.PLAIN)

    def _close_block(self) -> None:
        """Read the lines collected for one addressee."""
        block, self.block = self.block, []
        self.block_is_named = self.block_is_reachable = False
        if not block:
            return
        first = block[0].body or block[0].line
        text = self.draft.text[first.start : block[-1].end]
        flat = "\n".join([first.flat, *(one.line.flat for one in block[1:])])
        if len(flat) != len(text):
            flat = self._flat_with_gaps(block, first)
        whole = Line(first.start, block[-1].end, text, flat)
        addressee = read_addressee(whole, self.words, self.region, copy=self.copy)
        if not (addressee.channels or addressee.title or addressee.style or self._has_office(whole)):
            return
        self.draft.addressees.append(addressee)
        self.draft.mark(block[0].start, block[-1].end, "addressee", addressee.post or addressee.name or "")
        for channel in addressee.channels:
            if channel.span:
                self.draft.mark(*channel.span, "channel", channel.kind)

    def _flat_with_gaps(self, block: list[CuedLine], first: Line) -> str:
        """Join flattened lines with the blank lines between them, so that places stay true."""
        flat, end = first.flat, first.end
        for one in block[1:]:
            flat += "\n" * (one.start - end) + one.line.flat
            end = one.end
        return flat

    def _has_office(self, line: Line) -> bool:
        return self.words.offices.first(line.flat) is not None

    # --- closing ----------------------------------------------------------------------------------------------------

    def _in_closing(self, cued: CuedLine) -> None:
        takers: dict[Cue, Callable[[CuedLine], None]] = {
            Cue.NOTE: self._take_note,
            Cue.ABOUT: self._take_about,
            Cue.CONTACT_OPENER: self._take_contact_opener,
            Cue.REQUEST: self._take_requests,
        }
        taker = takers.get(cued.cue)
        if taker is not None and not (
            cued.cue is Cue.REQUEST and self.taking_contacts and self._take_contacts(cued.line)
        ):
            taker(cued)
        elif cued.cue in {Cue.ITEM, Cue.CHANNEL, Cue.PLAIN} and self._take_contacts(cued.line):
            return
        elif cued.cue is Cue.ITEM and self._is_addressee_item(cued) and not self.taking_contacts:
            self.zone = Zone.ADDRESSEES
            self._in_addressees(cued)
        elif cued.cue is Cue.PLAIN and len(cued.line.text) > 60 and self._names_publisher(cued.line):
            self._take_about(cued)
        elif cued.cue is Cue.POSITION and not self.draft.about:
            self._story_paragraph(cued)

    def _names_publisher(self, line: Line) -> bool:
        """Whether a paragraph below the addressees begins with the publisher: it presents itself there."""
        return line.flat.startswith((*self.words.publisher_subjects, *self.subjects))

    def _take_note(self, cued: CuedLine) -> None:
        body = cued.body or cued.line
        self.zone = Zone.CLOSING if self.draft.sections else self.zone
        self.draft.notes.append(Note(cued.value, body.text, (body.start, body.end)))
        self.draft.mark(cued.start, cued.end, "note", cued.value)

    def _take_about(self, cued: CuedLine) -> None:
        self.draft.about.append((cued.start, cued.end))
        self.draft.mark(cued.start, cued.end, "about")

    def _take_contact_opener(self, cued: CuedLine) -> None:
        self.taking_contacts = True
        line = cued.line
        found = find_channels(line, self.words, self.region)
        end = found[0].start if found else line.end
        self.draft.open_section("contacts", line.part(line.start, end))
        if found:
            self._take_contacts(line)

    def _take_contacts(self, line: Line) -> bool:
        """Take the channels of a line as the publisher's own."""
        if len(line.text) > 2_000:
            return False
        found = [one for one in find_channels(line, self.words, self.region) if one.channel.kind != "salutation"]
        if not found:
            return False
        if not self.taking_contacts and not self.draft.contacts and len(line.text) > _LONG:
            return False
        for one in found:
            channel = one.channel
            self.draft.contacts.append(Contact(channel.kind, channel.value, channel.display, one.holder, channel.span))
            self.draft.mark(one.start, one.end, "contact", channel.kind)
        self.draft.mark(
            min(found[0].start, line.start + len(line.text) - len(line.text.lstrip("-•*· "))), found[-1].end, "contact"
        )
        return True

    def _take_requests(self, cued: CuedLine) -> None:
        """Take the closing requests of a paragraph, each with the sentences that follow it."""
        line = cued.line
        open_request: tuple[str, int, int] | None = None
        for sentence in _sentences(line):
            hits = self.words.requests.find(sentence.flat)
            kind = next((hit.value for hit in hits if hit.value != "other"), None)
            if open_request and (kind is None or kind == open_request[0]):
                open_request = (open_request[0], open_request[1], sentence.end)
                continue
            self._add_request(open_request)
            open_request = (kind or cued.value, sentence.start, sentence.end)
        self._add_request(open_request)

    def _add_request(self, request: tuple[str, int, int] | None) -> None:
        if request is None:
            return
        kind, start, end = request
        code = None if kind == "other" else kind
        self.draft.requests.append(Request(code, self.draft.text[start:end], (start, end)))
        self.draft.mark(start, end, "request", kind)

    def _take_dateline(self, cued: CuedLine) -> bool:
        """Take `Paris-Geneva, June 8, 2021` below the story."""
        line = cued.line
        if len(line.text) > 110 or not any(map(str.isdigit, line.text)):
            return False
        found = read_date(line, self.draft.language)
        if found is None or len(line.part(found[2], line.end).text.strip(" .*")) > 0:
            return False
        before = line.part(line.start, found[1])
        places = dateline_places(before, self.words)
        if places is None and before.flat.strip(" ,:.") not in {"", *self.words.date_words}:
            return False
        self._close_block()
        if self.zone is not Zone.STORY:
            self.zone = Zone.CLOSING
        self.draft.issued_at = self.draft.issued_at or places or ()
        self.draft.issued_on = self.draft.issued_on or found[0]
        self.draft.mark(line.start, line.end, "issued_on", found[0].isoformat())
        return True


_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[^\W\d_a-z])")


def _sentences(line: Line) -> list[Line]:
    cuts = [line.start, *(line.start + match.end() for match in _SENTENCE_END.finditer(line.text)), line.end]
    return [line.part(start, end) for start, end in zip(cuts, cuts[1:], strict=False)]


def _subjects_of(draft: Draft) -> tuple[str, ...]:
    """Give the flattened names under which the publishers of this document may take a position."""
    names: list[str] = []
    for publisher in draft.publishers:
        bare = flatten(re.sub(r" ?\([^)]*\)", "", publisher))
        acronym = re.search(r"\(([A-Z][\w.-]+)\)", publisher)
        own = [bare, *([flatten(acronym[1])] if acronym else [])]
        names += [
            form
            for name in own
            if len(name) > 2
            for form in (name, f"the {name}", f"l'{name}", f"la {name}", f"el {name}")
        ]
    return tuple(names)
