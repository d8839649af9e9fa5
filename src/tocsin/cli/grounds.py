"""What the sentences of a document rest on, found again by composing the case and comparing word for word."""

from collections.abc import Iterator

from tocsin.core.appeal import AppealDocument
from tocsin.core.compose import ComposedKind, Composition, Ground, compose
from tocsin.core.errors import BadCase, BadPhrasebook
from tocsin.core.reader import Tokens, cut_sentences
from tocsin.core.records import Case


def grounds_of(document: AppealDocument, case: Case) -> list[Ground] | None:
    """Give the grounds of those sentences that the case composes in the same words; what an editor changed has none.

    Returns:
        The grounds, in the paths and code points of the document; `None` where the case cannot be composed.
    """
    kind: ComposedKind = "new_information" if document.kind == "new_information" else "urgent_appeal"
    try:
        composition = compose(case, kind=kind, language=document.language)
    except (BadCase, BadPhrasebook):
        return None
    composed = dict(_composed(composition))
    return [
        Ground(f"sections[{i}].paragraphs[{j}]", start, end, composed[words])
        for i, section in enumerate(document.sections)
        for j, paragraph in enumerate(section.paragraphs)
        for start, end in _stretches(paragraph.text)
        if (words := _plain(paragraph.text[start:end])) in composed
    ]


def _composed(composition: Composition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the words of each composed sentence and paragraph with the records they rest on."""
    by_path: dict[str, list[Ground]] = {}
    for ground in composition.grounds:
        by_path.setdefault(ground.path, []).append(ground)
    for i, section in enumerate(composition.document.sections):
        for j, paragraph in enumerate(section.paragraphs):
            grounds = by_path.get(f"sections[{i}].paragraphs[{j}]", [])
            yield from ((_plain(paragraph.text[one.start : one.end]), one.records) for one in grounds if one.records)
            if grounds and all(one.records for one in grounds):
                yield _plain(paragraph.text), tuple(dict.fromkeys(id_ for one in grounds for id_ in one.records))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Give a paragraph as a whole, then each of its sentences."""
    yield 0, len(text)
    tokens = Tokens(text)
    yield from (tokens.span(sentence.first, sentence.last) for sentence in cut_sentences(tokens))


def _plain(text: str) -> str:
    return " ".join(text.split())
