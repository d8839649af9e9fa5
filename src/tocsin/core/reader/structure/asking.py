"""What a text asks of an authority in running prose: "We call on the Government to release X and to investigate …".

A sentence asks where a verb of asking stands with an authority, or in the first person ("exigimos la libertad de …").
What is asked begins behind a link (`to`, `de`, `que`, an article) and goes on wherever the same kind of link stands
again behind a comma or an `and`: each part that begins with something to ask for is a demand of its own.
"""

from collections.abc import Iterator

from tocsin.core.reader.lines import Line, flatten
from tocsin.core.reader.structure.closing import cut_sentences
from tocsin.core.reader.structure.demands import demand_types, make_demand
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.links import Links
from tocsin.core.reader.structure.wording import Wording

_WHOM, _FAR, _NEAR = 140, 90, 30  # characters: to the authority, to what is asked, to a noun that asks
_TELLING = frozenset({"situation", "new_information", "position", "actions"})
_LEAD = 110  # characters before the verb of a paragraph that does nothing but ask


def asks(line: Line, language: str | None, words: Wording) -> bool:
    """Tell whether a paragraph begins with what is asked of an authority."""
    verb = words.asking.first(line.flat[:_LEAD])
    return verb is not None and next(asked_in(line, language, words), None) is not None


def read_prose_demands(draft: Draft, words: Wording) -> None:
    """Read what the sentences of a text ask for, where no list holds any demand; the sentences stay where they are."""
    told = [] if draft.demands else [section for section in draft.sections if section.role in _TELLING]
    for paragraph in (paragraph for section in told for paragraph in section.paragraphs):
        if paragraph.span is None:
            continue
        line = Line(*paragraph.span, paragraph.text, flatten(paragraph.text))
        for part in asked_in(line, draft.language, words):
            demand = make_demand("", part, words)
            draft.demands.append(demand)
            draft.mark(part.start, part.end, "demand", ", ".join(demand.types))


def asked_in(line: Line, language: str | None, words: Wording) -> Iterator[Line]:
    """Give each thing that a paragraph asks of an authority, in order."""
    links = words.links.get(language or "")
    if links is None or words.asking.first(line.flat) is None:
        return
    goes_on = False
    for sentence in cut_sentences(line):
        parts = list(_asked(sentence, links, words, goes_on=goes_on))
        goes_on = bool(parts)
        yield from parts


def _asked(sentence: Line, links: Links, words: Wording, *, goes_on: bool) -> Iterator[Line]:
    verb = words.asking.first(sentence.flat)
    # "Sa sœur a demandé": flattened text has lost the accent that tells what was asked once.
    if verb is None or verb.value == "reader" or sentence.text[verb.end - 1] == "é":
        return
    whom = None if verb.value == "must" else words.whom.first(_clause(sentence.flat, verb.end))
    if whom is None and verb.value == "they" and not goes_on:
        return
    names_whom = whom is not None and links.first["clause"].match(sentence.flat, verb.end + 1) is None
    found = _first_link(sentence, verb.end + (whom.end if whom and names_whom else 0), links, words)
    if found is None:
        return
    kind, start = found
    reach = _NEAR if kind == "noun" else _FAR
    for joint in links.following[kind].finditer(sentence.flat, start):
        if demand_types(sentence.flat[joint.end() : joint.end() + reach], words):
            yield _part(sentence, start, joint.start())
            start = joint.end() if kind == "infinitive" else joint.start("link")
    yield _part(sentence, start, len(sentence.text))


def _clause(flat: str, begin: int) -> str:
    """Give the words in which the authority may stand: behind a semicolon another clause begins."""
    return flat[begin : begin + _WHOM].split(";", 1)[0]


def _first_link(sentence: Line, begin: int, links: Links, words: Wording) -> tuple[str, int] | None:
    """Find what leads to what is asked, and where that begins: an article right here, or else the first link."""
    flat = sentence.flat
    noun = links.first["noun"].search(flat, begin, begin + _NEAR)
    if noun and noun.start() - begin <= 1 and demand_types(flat[noun.end() : noun.end() + _NEAR], words):
        return "noun", noun.start()
    found = [
        (match.end() if kind == "infinitive" else match.start(), kind)
        for kind in ("infinitive", "clause")
        for match in links.first[kind].finditer(flat, begin, begin + _WHOM)
        if (kind == "clause" or _leads_on(sentence, match.end(), links))
        and demand_types(flat[match.end() : match.end() + _FAR], words)
    ]
    start, kind = min(found, default=(begin + _FAR, "clause"))
    # "The authorities must release …", "demands that the authorities release …": what is asked stands right here.
    if demand_types(flat[begin : start - 1], words):
        return ("noun", noun.start()) if noun else ("clause", begin)
    return (kind, start) if found else None


def _leads_on(sentence: Line, at: int, links: Links) -> bool:
    """Tell the verb behind "to" and "de" from a name, and from a noun with its article."""
    return sentence.text[at : at + 1].islower() and not links.first["noun"].match(sentence.flat, at)


def _part(sentence: Line, start: int, end: int) -> Line:
    part = sentence.part(sentence.start + start, sentence.start + end)
    return part.part(part.start, part.start + len(part.text.rstrip(" .,;:")))
