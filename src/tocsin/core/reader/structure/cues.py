"""What a single line looks like, before anybody knows where in the document it stands."""

import re
from typing import Literal

from msgspec import Struct

from tocsin.core.reader.lines import Line, squeeze
from tocsin.core.reader.structure.channels import has_channel
from tocsin.core.reader.structure.wording import Wording

Cue = Literal[
    "style_sheet", "banner", "follow_up_mark", "heading", "opening", "note", "request", "about", "contact_opener",
    "intro", "item", "channel", "position", "plain",
]  # fmt: skip
"""What a line is by its own looks; words, since asking an enumeration for a member costs a call in Python 3.11."""


class CuedLine(Struct, frozen=True, gc=False):
    """A line with its cue.

    `value` says more: the kind of banner, the role of a heading, `urgent` or `plain` of an opening, the ordinal of an
    item, the marker of a note, the verb of a position. `body` is the line without its bullet, number or heading.
    """

    line: Line
    cue: Cue
    value: str = ""
    body: Line | None = None

    @property
    def start(self) -> int:
        """Where the line begins in the page."""
        return self.line.start

    @property
    def end(self) -> int:
        """Where the line ends in the page."""
        return self.line.end


_BULLET = re.compile(r"(?:[-–—•·*▪◦‣●○■□→§]|o(?= [A-ZÀ-Þ]))\s*(?=\S)")
_ORDINAL = re.compile(r"\(?(?P<ordinal>[ivxIVX]{1,5}|\d{1,2}|[a-z])(?:[.)]|\s?[-–])\s*(?=[^\W\d_]|[«“\"'])")
_NOTE = re.compile(r"\[(?P<bracketed>\d{1,3}|\*{1,3})\][.:]?\s*(?=\S)|(?P<raised>[¹²³⁰⁴-⁹]{1,3})\s*(?=\S)")
_NOTE_SIGNS = frozenset("[¹²³⁰⁴⁵⁶⁷⁸⁹")
_BEFORE_DASH = re.compile(r"[^\W\d_][\w '’]*+(?=[-–—:|])")
_DASH = re.compile(r" [-–—|] ?")
_PUBLISHER_WORDS = 2
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SHORT = 140
_LONGEST_OPENING = 1_500
_ABOUT_REACH = 160


def plain_marker(marker: str) -> str:
    """Give the digits of a raised marker."""
    return marker.translate(_RAISED)


def cue_line(line: Line, words: Wording) -> CuedLine:
    """Recognise a line; the first recogniser that knows it decides."""
    for recognise in _RECOGNISERS:
        cued = recognise(line, words)
        if cued is not None:
            return cued
    return CuedLine(line, "plain", body=line)


def _style_sheet(line: Line, _words: Wording) -> CuedLine | None:
    return CuedLine(line, "style_sheet") if line.is_style else None


def _note(line: Line, _words: Wording) -> CuedLine | None:
    match = _NOTE.match(line.text) if line.text[:1] in _NOTE_SIGNS else None
    if match is None:
        return None
    marker = match["bracketed"] or plain_marker(match["raised"])
    return CuedLine(line, "note", marker, line.part(line.start + match.end(), line.end))


def _heading(line: Line, words: Wording) -> CuedLine | None:
    """A heading alone on its line, or before a colon with text after it."""
    if len(line.text) < 90 and (role := words.headings.get(squeeze(line.flat))):
        return CuedLine(line, "heading", role)
    colon = line.flat.find(":", 0, 80)
    role = words.headings.get(squeeze(line.flat[:colon])) if colon > 0 else None
    if role is None or role == "contacts":
        return None
    return CuedLine(line, "heading", role, line.part(line.start + colon + 1, line.end))


def _banner(line: Line, words: Wording) -> CuedLine | None:
    if len(line.text) > _SHORT:
        return None
    head = line.head
    if head in words.follow_up_marks and not line.text.endswith(":"):
        return CuedLine(line, "follow_up_mark", words.headings.get(head, "new_information"))
    if head.startswith(words.follow_up_leads) and line.has_digit:
        return CuedLine(line, "follow_up_mark", "new_information", line)
    if head.startswith(words.letter_leads) and not line.text.endswith((".", ";")):
        return CuedLine(line, "banner", "open_letter")
    kind = words.banners.get(head) or (
        words.banners.get(_before_dash(line)) if head[:3] in words.banner_leads else None
    )
    kind = kind or words.banners.get(_after_dash(line))
    return CuedLine(line, "banner", kind) if kind else None


def _before_dash(line: Line) -> str:
    """Give the first words of `URGENT APPEAL - THE OBSERVATORY` and `Press release: …`."""
    cut = _BEFORE_DASH.match(line.text)
    return squeeze(line.flat[: cut.end()]) if cut else ""


def _after_dash(line: Line) -> str:
    """Give the last words of `EL OBSERVATORIO - LLAMADO URGENTE`; before them stands a publisher, not a title."""
    dash = _DASH.search(line.text)
    named = dash is not None and len(line.text[: dash.start()].split()) <= _PUBLISHER_WORDS
    return squeeze(line.flat[dash.end() :]) if dash and named else ""


def _opening(line: Line, words: Wording) -> CuedLine | None:
    if len(line.text) > _LONGEST_OPENING:
        return None
    hit = words.opening.first(line.flat)
    if hit is None and "interven" in line.flat:
        hit = words.opening.first(_respaced(line.flat))
    return CuedLine(line, "opening", hit.value) if hit else None


def _respaced(flat: str) -> str:
    """Part words that ran together around the verbs of the formula."""
    return re.sub(r"(requests?|your|urgent|votre|su)(?=your|urgent|intervention|intervencion)", r"\1 ", flat)


def _about(line: Line, words: Wording) -> CuedLine | None:
    # It says who publishes where it opens the paragraph; one sign more shows whether its last word ends there.
    hit = words.about.first(line.flat[: _ABOUT_REACH + 1]) if len(line.text) >= 60 else None
    return CuedLine(line, "about") if hit is not None and hit.end <= _ABOUT_REACH else None


def _contact_opener(line: Line, words: Wording) -> CuedLine | None:
    if line.flat[:4] not in words.contact_leads or not line.head.startswith(words.contact_openers):
        return None
    colon = line.flat.find(":")
    body = line.part(line.start + colon + 1, line.end) if colon > 0 else line
    return CuedLine(line, "contact_opener", body=body)


def _request(line: Line, words: Wording) -> CuedLine | None:
    if len(line.text) > 450 or line.text.endswith(":"):
        return None
    kind = next((hit.value for hit in words.requests.find(line.flat) if hit.value != "other"), None)
    kind = kind or ("other" if words.requests.at(line.flat, _first_letter(line)) else None)
    return CuedLine(line, "request", kind, line) if kind else None


def _first_letter(line: Line) -> int:
    if line.flat[:1].isalpha():
        return 0
    return next((at for at, c in enumerate(line.flat[:12]) if c.isalpha()), 0)


def _intro(line: Line, words: Wording) -> CuedLine | None:
    """The sentence that leads to the demands ends with a colon."""
    if not line.text.rstrip(" .…").endswith(":") or len(line.text) > 500:
        return None
    return CuedLine(line, "intro", body=line) if words.intro.first(line.flat) else None


def _item(line: Line, _words: Wording) -> CuedLine | None:
    match = _BULLET.match(line.text)
    ordinal = _ORDINAL.match(line.text, match.end() if match else 0)
    if match is None and ordinal is None:
        return None
    end = ordinal.end() if ordinal else match.end() if match else 0
    return CuedLine(line, "item", ordinal["ordinal"] if ordinal else "", line.part(line.start + end, line.end))


def _channel(line: Line, words: Wording) -> CuedLine | None:
    return CuedLine(line, "channel", body=line) if len(line.text) < 600 and has_channel(line, words) else None


def _position(line: Line, words: Wording) -> CuedLine | None:
    verb = position_verb(line, words.publisher_subjects, words)
    return CuedLine(line, "position", verb, line) if verb else None


def position_verb(line: Line, subjects: tuple[str, ...], words: Wording) -> str | None:
    """Tell whether a paragraph begins with a publisher who condemns, urges, recalls …: `verb`, `recall` or `None`."""
    flat = line.flat
    for start in _sentence_starts(flat):
        for subject in subjects if flat.startswith(subjects, start) else ():
            if not flat.startswith(subject, start):
                continue
            end = start + len(subject)
            hit = None if flat[end : end + 1].isalnum() else words.position.first(flat[end : end + 60])
            if hit and hit.start <= 40 and not flat[end:].lstrip(" ,").startswith(_HAS_LEARNT):
                return hit.value
    return None


def _sentence_starts(flat: str) -> tuple[int, ...]:
    """Give the places where the subject may stand: at the beginning, or after a short opening phrase and a comma."""
    comma = flat.find(", ", 0, 90)
    return (0,) if comma < 0 else (0, comma + 2)


_HAS_LEARNT = (
    "has been", "have been", "has received", "was ", "were ", "has further been", "has also been", "has since been",
    "has further received", "has also received", "further learnt", "further learned", "also learnt", "also learned",
    "a ete", "ont ete", "a recu", "ha recibido", "ha sido", "fue",
)  # fmt: skip


_RECOGNISERS = (
    _style_sheet,
    _note,
    _banner,
    _heading,
    _opening,
    _contact_opener,
    _intro,
    _item,
    _position,
    _about,
    _request,
    _channel,
)
