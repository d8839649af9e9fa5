"""The texts of a document by their paths, and writing into one of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from tocsin.core.appeal import AppealDocument, Opening, Paragraph, Reference, Section, Text
from tocsin.core.codes import OBSERVATORY, Code, Scheme, format_code
from tocsin.core.compose import Composition, Ground
from tocsin.core.drafting.standing import without_unsaid
from tocsin.core.errors import BadRequest
from tocsin.core.reader import Tokens, cut_sentences

_PARAGRAPH = re.compile(r"sections\[(\d+)\]\.paragraphs\[(\d+)\]")
_HEADING = re.compile(r"sections\[(\d+)\]\.heading")
_ITEM = re.compile(r"(demands|requests|notes)\[(\d+)\]")
_SPACES = re.compile("[^\\S\u00a0\u2007\u202f]+")
_MARKER = re.compile(r"\[(\w{1,3})\]")


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a document that people may write anew.

    Attributes:
        path: Its field, as in findings (`sections[0].paragraphs[3]`).
        role: The role of its section, or `title`, `opening`, `heading`, `demand`, `request`, `note`, `about`.
        words: The text.
        records: The ids of the records that its sentences rest on, each once.
        ungrounded: The sentences that rest on none.
    """

    path: str
    role: str
    words: str
    records: tuple[str, ...] = ()
    ungrounded: tuple[str, ...] = ()


def passages(composition: Composition) -> tuple[Passage, ...]:
    """List the texts of a composed appeal in the order in which they are read."""
    grounds: dict[str, list[Ground]] = {}
    for ground in composition.grounds:
        grounds.setdefault(ground.path, []).append(ground)
    return tuple(
        _passage(path, role, words, grounds.get(path, [])) for path, role, words in _texts(composition.document)
    )


def _passage(path: str, role: str, words: str, grounds: list[Ground]) -> Passage:
    records = tuple(dict.fromkeys(record for ground in grounds for record in ground.records))
    resting = {words[ground.start : ground.end].strip() for ground in grounds if ground.records}
    bare = tuple(each for each in _sentences(words) if each not in resting) if grounds or _tells(role) else ()
    return Passage(path, role, words, records, bare)


def _tells(role: str) -> bool:
    return role in {"situation", "new_information", "background"}


def _texts(document: AppealDocument) -> Iterator[tuple[str, str, str]]:
    if document.title is not None:
        yield "title", "title", document.title.text
    if document.opening is not None:
        yield "opening", "opening", document.opening.text
    for i, section in enumerate(document.sections):
        if section.heading:
            yield f"sections[{i}].heading", "heading", section.heading
        for j, paragraph in enumerate(section.paragraphs):
            yield f"sections[{i}].paragraphs[{j}]", section.role, paragraph.text
        if section.role == "actions":
            yield from ((f"demands[{k}]", "demand", each.text) for k, each in enumerate(document.demands))
    yield from ((f"requests[{k}]", "request", each.text) for k, each in enumerate(document.requests))
    if document.about is not None:
        yield "about", "about", document.about.text
    yield from ((f"notes[{k}]", "note", each.text) for k, each in enumerate(document.notes))


def same_texts(document: AppealDocument, other: AppealDocument) -> tuple[str, ...]:
    """Give the paths whose text is the same in both, word for word: what a translator has not come to yet."""
    theirs = {path: words for path, _, words in _texts(other)}
    return tuple(path for path, _, words in _texts(document) if theirs.get(path) == words)


def on_one_line(words: str) -> str:
    """Give words with one space between two; the spaces at which no line may break are a part of the text.

    French has them before a colon or a semicolon: without them, a sentence that nobody touched would be another one.
    """
    return _SPACES.sub(" ", words).strip()


def with_text(composition: Composition, path: str, words: str, records: Iterable[str] = ()) -> Composition:
    """Write one text anew; a paragraph, demand, request or note without words is taken out.

    Args:
        composition: The appeal.
        path: Which text.
        words: Its new words.
        records: What its new sentences rest on; a sentence that stood there before keeps its own. Where none is new,
            they are for those that rested on none.

    Raises:
        BadRequest: if there is no such text, or one would be left empty that has to say something.
    """
    if path not in {each for each, _, _ in _texts(composition.document)}:
        raise BadRequest("there is no such text")
    words, named = on_one_line(words), tuple(records)
    if not named and words == _words_at(composition, path):
        return composition
    document, removed = _written(composition.document, path, words)
    grounds = _moved(composition.grounds, path) if removed else _kept(composition, path, words, named)
    return replace(composition, document=without_unsaid(document), grounds=grounds)


def with_new_paragraph(composition: Composition, after: str, words: str, records: Iterable[str] = ()) -> Composition:
    """Put a paragraph behind another one, or behind the heading of a section.

    Raises:
        BadRequest: if there is no such place, or it says nothing.
    """
    words = on_one_line(words)
    place = _PARAGRAPH.fullmatch(after) or _HEADING.fullmatch(after)
    if place is None or after not in {each for each, _, _ in _texts(composition.document)} or not words:
        raise BadRequest("say which text the new paragraph follows, and what it says")
    number, at = int(place[1]), int(place[2]) + 1 if place.lastindex == 2 else 0
    section = composition.document.sections[number]
    paragraphs = (*section.paragraphs[:at], _paragraph(words), *section.paragraphs[at:])
    document = _with_section(composition.document, number, replace(section, paragraphs=paragraphs))
    path = f"sections[{number}].paragraphs[{at}]"
    grounds = tuple(_shifted(each, path, 1) for each in composition.grounds)
    return replace(composition, document=document, grounds=(*grounds, *_new_grounds(path, words, {}, tuple(records))))


def _written(document: AppealDocument, path: str, words: str) -> tuple[AppealDocument, bool]:
    if place := _PARAGRAPH.fullmatch(path):
        number, at = int(place[1]), int(place[2])
        section = document.sections[number]
        fresh = (_paragraph(words),) if words else ()
        paragraphs = (*section.paragraphs[:at], *fresh, *section.paragraphs[at + 1 :])
        return _with_section(document, number, replace(section, paragraphs=paragraphs)), not words
    if place := _ITEM.fullmatch(path):
        items: tuple[Any, ...] = getattr(document, place[1])
        at = int(place[2])
        fresh = (replace(items[at], text=words),) if words else ()
        changes: dict[str, Any] = {place[1]: (*items[:at], *fresh, *items[at + 1 :])}
        return replace(document, **changes), not words
    if not words:
        raise BadRequest("this text has to say something")
    if place := _HEADING.fullmatch(path):
        number = int(place[1])
        return _with_section(document, number, replace(document.sections[number], heading=words)), False
    return _with_whole(document, path, words), False


def _with_whole(document: AppealDocument, path: str, words: str) -> AppealDocument:
    if path == "title":
        return replace(document, title=Text(words))
    if path == "about":
        return replace(document, about=Text(words))
    urgent = document.opening is not None and document.opening.urgent
    return replace(document, opening=Opening(words, urgent))


def _with_section(document: AppealDocument, number: int, section: Section) -> AppealDocument:
    return replace(document, sections=(*document.sections[:number], section, *document.sections[number + 1 :]))


def _paragraph(words: str) -> Paragraph:
    return Paragraph(words, tuple(_MARKER.findall(words)))


def _words_at(composition: Composition, path: str) -> str:
    return next(text for each, _, text in _texts(composition.document) if each == path)


def _kept(composition: Composition, path: str, words: str, records: tuple[str, ...]) -> tuple[Ground, ...]:
    """Ground a text that was written anew: sentences that stood in it keep what they rest on."""
    old = _words_at(composition, path)
    resting = {old[each.start : each.end].strip(): each.records for each in composition.grounds if each.path == path}
    before = _sentences(old)
    if all(each in before for each in _sentences(words)):
        resting = {each: own for each, own in resting.items() if own}
    others = tuple(each for each in composition.grounds if each.path != path)
    return (*others, *_new_grounds(path, words, resting, records))


def _new_grounds(
    path: str, words: str, resting: dict[str, tuple[str, ...]], records: tuple[str, ...]
) -> Iterator[Ground]:
    at = 0
    for sentence in _sentences(words):
        start = words.index(sentence, at)
        at = start + len(sentence)
        yield Ground(path, start, at, resting.get(sentence, records))


def _sentences(words: str) -> list[str]:
    tokens = Tokens(words)
    return [
        words[start:end].strip()
        for start, end in (tokens.span(each.first, each.last) for each in cut_sentences(tokens))
    ]


def _moved(grounds: tuple[Ground, ...], removed: str) -> tuple[Ground, ...]:
    """Give the grounds of the other texts after one was taken out."""
    return tuple(_shifted(each, removed, -1) for each in grounds if each.path != removed)


def _shifted(ground: Ground, path: str, by: int) -> Ground:
    """Move a ground that stands at a place of a list, or behind it, in the same list."""
    stem, at = _numbered(path)
    own, number = _numbered(ground.path)
    return replace(ground, path=f"{own}[{number + by}]") if own == stem and number >= at else ground


def _numbered(path: str) -> tuple[str, int]:
    stem, _, number = path.rpartition("[")
    return (stem, int(number[:-1])) if stem and number.endswith("]") else (path, -1)


def with_code(document: AppealDocument, code: Code | None, scheme: Scheme = OBSERVATORY) -> AppealDocument:
    """Give a document under a code of a scheme, or without one."""
    if code is None:
        return replace(document, reference=None)
    parts: dict[str, Any] = {each.name: getattr(code, each.name) for each in fields(code)}
    printed = format_code(code, scheme)
    return replace(document, reference=Reference(as_printed=printed, canonical=printed, **parts))
