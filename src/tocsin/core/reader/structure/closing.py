"""What stands below the addressees: requests to the reader, who the publisher is, its own channels, notes."""

import re
from itertools import pairwise

from tocsin.core.appeal import Contact, Note, Request
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.channels import find_channels
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.wording import Wording

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[^\W\d_a-z])")
_LONG, _LONGEST_NAME = 220, 40
_LONGEST = 2_000


class ClosingReader:
    """Reads closing lines into the draft."""

    def __init__(self, draft: Draft, words: Wording, region: str | None) -> None:
        self.draft, self.words, self.region = draft, words, region
        self.taking_contacts = False

    def take(self, cued: CuedLine) -> None:
        """Take a line whose cue says what it is."""
        if cued.cue == "note":
            self._take_note(cued)
        elif cued.cue == "about":
            self.take_about(cued)
        elif cued.cue == "contact_opener":
            self._take_contact_opener(cued)
        else:
            self._take_requests(cued)

    def _take_note(self, cued: CuedLine) -> None:
        """Take the definition of a note."""
        body = cued.body or cued.line
        self.draft.notes.append(Note(cued.value, body.text, (body.start, body.end)))
        self.draft.mark(cued.start, cued.end, "note", cued.value)

    def take_about(self, cued: CuedLine) -> None:
        """Take a paragraph in which the publisher presents itself."""
        self.draft.about.append((cued.start, cued.end))
        self.draft.mark(cued.start, cued.end, "about")

    def _take_contact_opener(self, cued: CuedLine) -> None:
        """Take `To contact the Observatory, call the emergency line:`, and the channels that follow on the line."""
        self.taking_contacts = True
        line = cued.line
        found = find_channels(line, self.words, self.region) if len(line.text) <= _LONGEST else []
        self.draft.open_section("contacts", line.part(line.start, found[0].start if found else line.end))
        if found:
            self.take_contacts(line)

    def take_contacts(self, line: Line) -> bool:
        """Take the channels of a line as the publisher's own; tell whether there are any."""
        is_prose = len(line.text) > _LONG and not (self.taking_contacts or self.draft.contacts)
        if is_prose or len(line.text) > _LONGEST:
            return False
        found = [one for one in find_channels(line, self.words, self.region) if one.channel.kind != "salutation"]
        for one in found:
            channel = one.channel
            self.draft.contacts.append(Contact(channel.kind, channel.value, channel.display, one.holder, channel.span))
            self.draft.mark(one.start, one.end, "contact", channel.kind)
        if found:
            lead = line.part(line.start, found[0].start)
            is_named = self.taking_contacts and len(lead.text) <= _LONGEST_NAME  # "Ada Frome, press@…", "Contact: …"
            self.draft.mark(line.start if is_named else found[0].start, found[-1].end, "contact")
        return bool(found)

    def _take_requests(self, cued: CuedLine) -> None:
        """Take the requests of a paragraph, each with the sentences that follow it."""
        line, request = cued.line, None
        for sentence in cut_sentences(line):
            hits = self.words.requests.find(sentence.flat)
            kind = next((hit.value for hit in hits if hit.value != "other"), None)
            if request and (kind is None or kind == request[0]):
                request = (request[0], request[1], sentence.end)
                continue
            self._add_request(request)
            request = (kind or cued.value, sentence.start, sentence.end)
        self._add_request(request)

    def _add_request(self, request: tuple[str, int, int] | None) -> None:
        if request is None:
            return
        kind, start, end = request
        code = None if kind == "other" else kind
        self.draft.requests.append(Request(code, self.draft.text[start:end], (start, end)))
        self.draft.mark(start, end, "request", kind)


def cut_sentences(line: Line) -> list[Line]:
    """Cut a paragraph into its sentences."""
    cuts = [line.start, *(line.start + match.end() for match in _SENTENCE_END.finditer(line.text)), line.end]
    return [line.part(start, end) for start, end in pairwise(cuts)]
