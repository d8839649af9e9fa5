"""The opening formula and the organisations it names."""

import re
from collections.abc import Iterator

from tocsin.core.appeal import Opening
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.dateline import day_dates
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.reference import may_hold_code
from tocsin.core.reader.structure.wording import Wording

_ARTICLE = re.compile(r"(?:the |l['’]|la |le |les |el |los |las |de l['’]|de la |du |del |de |entre )+", re.IGNORECASE)
_NAME_JOINT = re.compile(r", (?:and |et |y )?| and | et | y | & ")
_VERB = re.compile(
    r" (?:has|have|a reçu|ont reçu|ha recibido|han recibido|vous|le|les|is|are|once|strongly|urgently)\b"
)
_SECOND_VERB = re.compile(r", (?:has|have|a|ont|ha|han|vous|le|les|solicita|requests)\b")


def read_opening(draft: Draft, cued: CuedLine, words: Wording) -> Line | None:
    """Read the opening formula; give what stands before it on the same line."""
    line, before = cued.line, None
    hit = words.opening.first(line.flat)
    start = _subject_start(line, hit.start if hit else len(line.flat), words)
    if start > 3:
        before = line.part(line.start, line.start + start)
        line = line.part(line.start + start, line.end)
        hit = words.opening.first(line.flat)
    draft.opening = Opening(line.text, cued.value == "urgent", (line.start, line.end))
    draft.mark(line.start, line.end, "opening", cued.value)
    draft.publishers = tuple(_publishers(line, hit.start if hit else 0, words))
    return before


def _subject_start(line: Line, verb: int, words: Wording) -> int:
    """Find where the sentence begins: a header on one line runs into it."""
    lead = line.part(line.start, line.start + verb)
    if not may_hold_code(lead, words.scheme) and not day_dates(lead, None):
        return 0
    starts = [line.flat.find(subject + " ", 0, verb) for subject in words.publisher_subjects]
    return min((start for start in starts if start >= 0), default=0)


def _publishers(line: Line, verb: int, words: Wording) -> Iterator[str]:
    """Name the organisations of `The X, a partnership of the Y and Z, requests …`."""
    head, comma, _ = line.text[:verb].partition(", ")
    names = [head] if comma else _names(_VERB.split(head)[0])
    yield from (name for name in map(_without_article, names) if name)
    if comma:
        yield from _partners(line.part(line.start + len(head) + 2, line.start + verb), words)


def _partners(apposition: Line, words: Wording) -> Iterator[str]:
    hit = words.partnership.first(apposition.flat)
    if hit is None:
        return
    if hit.value == "before":
        text = apposition.text[hit.end :].strip()
    else:
        text = re.sub(r"^(?:an?|une?|una) ", "", apposition.text[: hit.start].split(",", 1)[0])
    for name in _names(_SECOND_VERB.split(text)[0].strip(" ,")):
        bare = _without_article(name)
        if bare and bare[0].isupper():
            yield bare


def _without_article(name: str) -> str:
    bare = name.strip(" ,.")
    article = _ARTICLE.match(bare)
    return bare[article.end() :].strip() if article else bare


def _names(text: str) -> list[str]:
    """Part `the Y (YY) and Z`; an `and` inside a name stays, where a small letter follows."""
    names: list[str] = []
    position = 0
    for joint in [*_NAME_JOINT.finditer(text), None]:
        end = joint.start() if joint else len(text)
        following = _without_article(text[joint.end() :]) if joint else "A"
        if following[:1].isupper():
            names.append(text[position:end])
            position = joint.end() if joint else end
    return [name for name in map(_without_article, names) if name]
