"""Several documents in one page: where each begins and ends."""

from tocsin.core.codes import Scheme
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.reference import canonical, find_codes, may_hold_code

_ENDS_DOCUMENT = ("note", "request", "about", "contact_opener", "item", "position", "channel", "intro")
_ENDS_LEAD = ("note", "request", "about", "contact_opener", "item", "channel", "intro", "heading")
_LONGEST_HEADER_LINE = 300
_LONGEST_LEAD = 2  # paragraphs


def split_documents(lines: list[CuedLine], scheme: Scheme) -> list[list[CuedLine]]:
    """Part the lines of a page into documents, each from its header to the line before the next header.

    A web page may tell the news in a paragraph or two before it prints the header with the code and the opening: what
    stands above an opening that is still to come is no document of its own.
    """
    starts = [0]
    story, may_lead = 0, True
    own: set[str] = set()
    for number, cued in enumerate(lines):
        may_lead = may_lead and story <= _LONGEST_LEAD and cued.cue not in _ENDS_LEAD
        if (
            not _begins(cued, story > 0, scheme)
            or _repeats_code(cued, own, scheme)
            or (may_lead and opens_soon(lines, number - 1) and not (own and _codes(cued, scheme) - own))
        ):
            if not story or may_lead:
                own.update(_codes(cued, scheme))
            story += cued.cue in ("opening", "position") or len(cued.line.text) > _LONGEST_HEADER_LINE
            may_lead = may_lead and cued.cue != "opening"
            continue
        first = _first_of_header(lines, number, starts[-1])
        if first > starts[-1]:
            starts.append(first)
            own = {code for line in lines[first : number + 1] for code in _codes(line, scheme)}
        story, may_lead = int(cued.cue == "opening"), cued.cue != "opening"
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def opens_soon(lines: list[CuedLine], number: int) -> bool:
    """Tell whether the opening formula is still to come: headings of a site's menu may stand above the header."""
    return any(cued.cue == "opening" for cued in lines[number + 1 : number + 25])


def _begins(cued: CuedLine, story_seen: bool, scheme: Scheme) -> bool:
    """After a story, a banner, an opening formula or a line that is little more than a code begins another document."""
    if not story_seen:
        return False
    if cued.cue in ("opening", "banner"):
        return True
    return cued.cue == "plain" and len(cued.line.text) < 250 and _is_code_line(cued, scheme)


def _repeats_code(cued: CuedLine, own: set[str], scheme: Scheme) -> bool:
    """The imprint of a document, or the head of its pages, may say its code again."""
    return cued.cue == "plain" and not _codes(cued, scheme).isdisjoint(own)


def _codes(cued: CuedLine, scheme: Scheme) -> set[str]:
    if not may_hold_code(cued.line, scheme):
        return set()
    return {canonical(found) for found, _ in find_codes(cued.line, scheme)}


def _is_code_line(cued: CuedLine, scheme: Scheme) -> bool:
    codes = find_codes(cued.line, scheme)
    if not codes:
        return False
    printed = codes[0][1]
    rest = len(cued.line.text) - len(printed.text)
    at_edge = printed.start - cued.start < 3 or cued.end - printed.end < 3
    return rest < 12 or (at_edge and cued.line.text[-1:] not in ".;")


def _first_of_header(lines: list[CuedLine], number: int, earliest: int) -> int:
    """Go back from a sign of a new document over the lines that may be its header."""
    first = number
    while first - 1 > earliest:
        before = lines[first - 1]
        if before.cue in _ENDS_DOCUMENT or len(before.line.text) > _LONGEST_HEADER_LINE or before.cue == "heading":
            break
        if before.line.text.endswith((".", ";")) and before.cue == "plain":
            break
        first -= 1
    return first
