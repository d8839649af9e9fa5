"""What one file of an archive holds: its documents as they could be published, and what is doubtful about each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, cast

from tocsin.core import reader
from tocsin.core.appeal import AppealDocument, Facts, from_json, to_json
from tocsin.core.codes import OBSERVATORY, Code, Scheme, format_code
from tocsin.core.errors import BadPublication
from tocsin.core.publication import Edition, PublishedKind, edition_of
from tocsin.core.vocab.countries import find_country

_PARTS: Final = ("country", "country_number", "month", "year", "series", "number", "follow_up")
# What leaves open which code is meant; other oddities are only another way of printing the same one.
_OPEN: Final = frozenset(
    "ambiguous_order day_month_order after_document_date letter_for_digit not_iso_country unnumbered_follow_up".split()
)
# A page of a site may bear another month than the code: the appeal was given its code some days before.
_MONTHS_AFTER: Final = 1
_LOST_SHARE: Final = 5


@dataclass(frozen=True)
class Found:
    """One document of a file.

    Attributes:
        file: The name of the file, for reports.
        digest: SHA-256 of the file.
        part: Which document of the file, from 1.
        document: As it could be published: without places in a source, without facts, which nobody confirmed.
        code: Its code, if it has a whole one.
        unread: How many words no field took.
        doubts: What is doubtful about it by itself, by name.
        scheme: Whose code it is.
    """

    file: str
    digest: str
    part: int
    document: AppealDocument
    code: Code | None
    unread: int
    doubts: frozenset[str]
    scheme: Scheme = OBSERVATORY

    @property
    def printed(self) -> str:
        """Its code in the canonical form; empty where there is none."""
        return format_code(self.code, self.scheme) if self.code else ""

    @property
    def kind(self) -> PublishedKind:
        """What it is published as: what it says of itself, or what its code says."""
        if self.document.kind in ("new_information", "closure"):
            return cast("PublishedKind", self.document.kind)
        return "new_information" if self.code and self.code.follow_up else "urgent_appeal"

    def edition(self, kind: PublishedKind) -> Edition:
        """Give it as an edition of an appeal of some kind.

        Raises:
            BadPublication: It has no language, or holds what cannot be signed.
        """
        return edition_of(replace(self.document, kind=kind))

    @cached_property
    def content(self) -> bytes | None:
        """The bytes of its edition; `None` where it cannot be published."""
        try:
            return self.edition(self.kind).content if self.code else None
        except BadPublication:
            return None


def find_in(text: str, *, file: str, digest: str, scheme: Scheme = OBSERVATORY) -> tuple[Found, ...]:
    """Read the documents of a file; none where there is no text.

    Args:
        text: The text of the file.
        file: Its name, for reports.
        digest: SHA-256 of the file.
        scheme: Whose codes stand in it.
    """
    readings = reader.read(text, with_facts=False, scheme=scheme)
    return tuple(_found(each, file, digest, part, scheme) for part, each in enumerate(readings, 1))


def _found(reading: reader.Reading, file: str, digest: str, part: int, scheme: Scheme) -> Found:
    document = reading.document
    code = _whole_code(document, scheme)
    unread = sum(len(each.text.split()) for each in document.unread)
    doubts = set(_doubts(document, code, unread))
    if code is not None and code.country and code.country not in (_named_countries(reading) or {code.country}):
        doubts.add("country_differs")
    return Found(file, digest, part, _bare(document), code, unread, frozenset(doubts), scheme)


def _whole_code(document: AppealDocument, scheme: Scheme) -> Code | None:
    reference = document.reference
    if reference is None:
        return None
    code = Code(**{part: getattr(reference, part) for part in _PARTS})
    return code if code.chain is not None and scheme.template.fits(code) else None


def _doubts(document: AppealDocument, code: Code | None, unread: int) -> Iterator[str]:
    if code is None:
        yield "no_code" if document.reference is None else "incomplete_code"
    elif document.reference is not None and _OPEN & set(document.reference.oddities):
        yield "odd_code"
    if document.language is None:
        yield "no_language"
    if not any(section.paragraphs for section in document.sections):
        yield "no_text"
    if document.issued_on is None:
        yield "no_date"
    elif code is not None and not _fits(code, document.issued_on):
        yield "date_differs"
    if unread:
        yield "mostly_unread" if unread * _LOST_SHARE > _words(document) else "unread"


def _named_countries(reading: reader.Reading) -> set[str]:
    """Give the countries that the text names in its head; the document has that of its code besides."""
    title = reading.document.title
    of_title = find_country(title.text.split(":", 1)[0].strip(), reading.document.language or "en") if title else None
    printed = (mark.label.split(", ") for mark in reading.taken if mark.field == "countries" and mark.label)
    return {code for codes in printed for code in codes} or ({of_title} if of_title else set())


def _fits(code: Code, on: date) -> bool:
    """Tell whether a day of issue may be that of a code; follow-ups keep the month of the first appeal for years."""
    if code.month is None:
        return on.year == code.year or (code.follow_up is not None and on.year > (code.year or 0))
    months = (on.year * 12 + on.month) - ((code.year or 0) * 12 + (code.month or 0))
    return months >= 0 and (code.follow_up is not None or months <= _MONTHS_AFTER)


def _words(document: AppealDocument) -> int:
    return len(document.source.text.split()) if document.source else 0


def _bare(document: AppealDocument) -> AppealDocument:
    """Leave out what is not for the public, or points into a source that is not there."""
    without = replace(document, source=None, unread=(), facts=Facts())
    return from_json(json.dumps(_without_spans(json.loads(to_json(without, indent=None)))))


def _without_spans(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: None if key == "span" else _without_spans(each) for key, each in value.items()}
    return [_without_spans(each) for each in value] if isinstance(value, list) else value
