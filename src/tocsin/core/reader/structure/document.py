"""One document: what kind it is, its language, and which reader takes its lines."""

from tocsin.core.appeal import Contact, Span
from tocsin.core.appeal.document import Kind
from tocsin.core.reader.lines import Line, flatten
from tocsin.core.reader.structure.asking import read_prose_demands
from tocsin.core.reader.structure.channels import find_channels
from tocsin.core.reader.structure.cues import CuedLine, cue_line
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.grammar import BodyReader
from tocsin.core.reader.structure.header import HeaderReader
from tocsin.core.reader.structure.language import detect_language
from tocsin.core.reader.structure.pages import opens_soon
from tocsin.core.reader.structure.reference import find_codes, reread_reference
from tocsin.core.reader.structure.report import mail_header, read_mail_headers, read_report
from tocsin.core.reader.structure.statement import first_of_statement, is_statement
from tocsin.core.reader.structure.wording import Wording

READ_IN_FULL = frozenset({"en", "fr", "es"})
_OUTCOMES = frozenset({"release", "acquittal"})
_STORY_CUES = frozenset({"heading", "position", "intro", "note"})
_LONGEST_HEADER_LINE = 330
# A press release or a letter has no heading above its text, and its first paragraph is often short.
_SHORTEST_PARAGRAPH = 140
_LONGEST_MAIL_HEADER, _FIRST_LINES = 12, 12
_WITHOUT_HEADINGS = frozenset({"press_release", "open_letter", "closure"})


def read_document(text: str, lines: list[CuedLine], region: Span, words: Wording) -> Draft:
    """Read the lines of one document into a draft."""
    draft = Draft(text, detect_language(text[region[0] : region[1]]))
    if draft.language not in READ_IN_FULL and draft.language is not None:
        _read_essentials(draft, _below_mail_headers(draft, lines, words), words)
    elif _is_appeal(lines, words):
        _read_appeal(draft, _below_mail_headers(draft, lines, words), words)
    elif is_statement(lines, draft.language, words):
        _read_statement(draft, lines, words)
    else:
        read_report(draft, [cued.line for cued in lines if cued.cue != "style_sheet"], words)
    if draft.language in READ_IN_FULL:
        read_prose_demands(draft, words)
    return draft


def _is_appeal(lines: list[CuedLine], words: Wording) -> bool:
    """Whether the lines show the marks of a published document; prose alone never does."""
    cues = [cued.cue for cued in lines]
    if "opening" in cues or "banner" in cues:
        return True
    roles = {cued.value for cued in lines if cued.cue == "heading"}
    if roles & {"actions", "situation", "new_information"} and not read_mail_headers(
        [c.line for c in lines[:6]], words
    ):
        return True
    if len(roles & {"actions", "addressees", "situation", "new_information", "background"}) >= 2:
        return True
    return any(
        find_codes(cued.line, words.scheme)
        for cued in lines[:12]
        if len(cued.line.text) < 250 and not cued.line.text.endswith(".")
    )


def _read_statement(draft: Draft, lines: list[CuedLine], words: Wording) -> None:
    """Read a headline, a place and a date, and a body that asks something of the authorities, without any banner."""
    body = first_of_statement(lines)
    header = HeaderReader(draft, words)
    header.read(lines[:body], None)
    BodyReader(draft, words, is_statement=True).read(lines[body:])
    reread_reference(draft, words.scheme)
    if header.plain:  # what is neither headline nor date says who speaks
        draft.open_section("other")
        for line in header.plain:
            draft.add_paragraph(line)
        draft.sections.insert(0, draft.sections.pop())
    draft.kind = "urgent_appeal" if draft.addressees or draft.demands else "press_release"


def _below_mail_headers(draft: Draft, lines: list[CuedLine], words: Wording) -> list[CuedLine]:
    """Pass over the header of the mail that an appeal came in; its subject stays where the text says less."""
    below = read_mail_headers([cued.line for cued in lines[:_LONGEST_MAIL_HEADER]], words)
    if not below:
        return lines
    first = lines[below : below + _FIRST_LINES]
    said = {printed.text for cued in first for _, printed in find_codes(cued.line, words.scheme)}
    subjects = []
    for cued in lines[:below]:
        kind, value = mail_header(cued.line, words) or ("", cued.line)
        codes = find_codes(value, words.scheme)
        is_subject = kind == "subject" and not any(printed.text in said for _, printed in codes)
        draft.mark(cued.start, value.start if is_subject else cued.end, "mail", kind)
        if is_subject and value.text:
            subjects.append(cue_line(value, words))
    return [*subjects, *lines[below:]]


def _read_appeal(draft: Draft, lines: list[CuedLine], words: Wording) -> None:
    body = _first_of_body(lines)
    opening = next(
        (number for number in range(body + 1) if number < len(lines) and lines[number].cue == "opening"), None
    )
    header = HeaderReader(draft, words)
    header.read(lines[: body if opening is None else opening], None if opening is None else lines[opening])
    _take_lead(draft, header.leads, lines[body:])
    reader = BodyReader(draft, words)
    reader.read(lines[body if opening is None else opening + 1 :])
    reread_reference(draft, words.scheme)
    draft.kind = _kind(draft, lines, words)


def _take_lead(draft: Draft, leads: list[Line], below: list[CuedLine]) -> None:
    """Take the paragraphs that a web page prints above the header; most are the first ones of the story again."""
    said = {cued.line.flat for cued in below}
    for lead in leads:
        if lead.flat in said:
            draft.mark(lead.start, lead.end, "paragraph", "situation")
            continue
        if not draft.sections:
            draft.open_section("situation")
        draft.add_paragraph(lead)


def _first_of_body(lines: list[CuedLine]) -> int:
    """Give the number of the first line below the header: the opening, a heading, or the first long paragraph."""
    plain = any(cued.cue == "banner" and cued.value in _WITHOUT_HEADINGS for cued in lines)
    found = len(lines) if plain else _first_below(lines, _LONGEST_HEADER_LINE)
    return found if found < len(lines) else _first_below(lines, _SHORTEST_PARAGRAPH)


def _first_below(lines: list[CuedLine], longest: int) -> int:
    """Give the number of the first line that is no header's, which has at most so many characters; else how many."""
    for number, cued in enumerate(lines):
        if cued.cue == "opening":
            return number
        is_long = cued.cue in ("plain", "position", "about", "request") and len(cued.line.text) > longest
        if is_long and cued.line.text.rstrip().endswith((".", "”", '"', "]", "»")) and not opens_soon(lines, number):
            return number
        if cued.cue == "heading" and not opens_soon(lines, number):
            return number
    return len(lines)


def _kind(draft: Draft, lines: list[CuedLine], words: Wording) -> Kind:
    banners = [cued.value for cued in lines if cued.cue == "banner"]
    for kind in ("closure", "open_letter", "press_release"):
        if kind in banners and (kind == "closure" or draft.opening is None):
            return kind
    is_follow_up = (
        any(cued.cue == "follow_up_mark" for cued in lines)
        or any(section.role == "new_information" for section in draft.sections)
        or any(mark.label == "new_information" for mark in draft.marks)
        or (draft.reference is not None and draft.reference.follow_up is not None)
        or (draft.opening is not None and _speaks_of_news(draft.opening.text) and not _is_first(draft))
    )
    if is_follow_up:
        return "closure" if _closes(draft, words) else "new_information"
    return "urgent_appeal"


def _is_first(draft: Draft) -> bool:
    """Tell whether code and heading are those of a first appeal: its opening may be copied from a follow-up's."""
    headings = any(section.role == "situation" and section.heading for section in draft.sections)
    return draft.reference is not None and draft.reference.follow_up is None and headings


def _speaks_of_news(opening: str) -> bool:
    flat = flatten(opening)
    return any(
        phrase in flat
        for phrase in ("new information", "nouvelles informations", "nueva informacion", "nuevas informaciones")
    )


def _closes(draft: Draft, words: Wording) -> bool:
    """A follow-up about a release that asks for nothing and thanks its readers closes the case."""
    codes = {violation.code for violation in draft.violations}
    if draft.demands or not (codes & _OUTCOMES or not codes):
        return False
    paragraphs = [paragraph.text for section in draft.sections for paragraph in section.paragraphs]
    paragraphs += [request.text for request in draft.requests]
    return any(words.thanks.first(flatten(text)) for text in paragraphs)


def _read_essentials(draft: Draft, lines: list[CuedLine], words: Wording) -> None:
    """Read what needs no grammar of the language: the code, the date and the channels; all else stays unread."""
    header = HeaderReader(draft, words)
    header.read([CuedLine(cued.line, "plain") for cued in lines[:15] if len(cued.line.text) < 250], None)
    draft.kind = "urgent_appeal" if draft.reference else "report"
    if draft.reference is not None and draft.reference.follow_up is not None:
        draft.kind = "new_information"
    draft.title = None
    draft.violations = []
    draft.marks = [mark for mark in draft.marks if mark.field not in {"title", "violations"}]
    for cued in lines:
        _contacts(draft, cued.line, words)
    reread_reference(draft, words.scheme)


def _contacts(draft: Draft, line: Line, words: Wording) -> None:
    if len(line.text) > 2_000:
        return
    for one in find_channels(line, words, None):
        channel = one.channel
        if channel.kind != "salutation":
            draft.contacts.append(Contact(channel.kind, channel.value, channel.display, one.holder, channel.span))
            draft.mark(one.start, one.end, "contact", channel.kind)
