"""What composing gives: the document, what each sentence rests on, and what it could not put into words."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.core.appeal import AppealDocument


@dataclass(frozen=True, slots=True)
class Sentence:
    """One composed sentence and the ids of the records it rests on, in the order of the case file."""

    text: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a sentence stands in the document, and on which records it rests.

    `path` names a text of the document (`sections[0].paragraphs[2]`, `demands[1]`, `title`); `start` and `end` are
    code points in that text. Ids can hold names: grounds belong to the case file and are never published.
    """

    path: str
    start: int
    end: int
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What a person still has to write: the record, the field that would say it, and the reason."""

    record: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Composition:
    """A composed appeal."""

    document: AppealDocument
    grounds: tuple[Ground, ...]
    gaps: tuple[Gap, ...]


def join(sentences: Iterable[Sentence]) -> str:
    """Give the sentences as one text."""
    return " ".join(sentence.text for sentence in sentences)


def ground(path: str, sentences: Iterable[Sentence]) -> tuple[Ground, ...]:
    """Say where in the joined text each sentence stands."""
    grounds: list[Ground] = []
    at = 0
    for sentence in sentences:
        grounds.append(Ground(path, at, at + len(sentence.text), sentence.records))
        at += len(sentence.text) + 1
    return tuple(grounds)
