"""The document while it is being read: what each line gave, and the ledger of the stretches taken."""

import datetime as dt
from dataclasses import dataclass, field

from tocsin.core.appeal import (
    Addressee,
    AppealDocument,
    Contact,
    Demand,
    Note,
    Opening,
    Paragraph,
    Reference,
    Request,
    Section,
    Span,
    Text,
    Violation,
)
from tocsin.core.appeal.document import Kind, SectionRole
from tocsin.core.reader.lines import Line
from tocsin.core.reader.marks import Mark


@dataclass(slots=True)
class OpenSection:
    """A section that still takes paragraphs."""

    role: SectionRole
    heading: Line | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def close(self) -> Section:
        """Give the section as it stands."""
        heading = self.heading.text if self.heading else None
        return Section(self.role, heading, tuple(self.paragraphs), (self.start, self.end))


@dataclass(slots=True)
class Draft:
    """A document that grows line by line."""

    text: str
    language: str | None = None
    kind: Kind = "urgent_appeal"
    title: Text | None = None
    reference: Reference | None = None
    violations: list[Violation] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    issued_on: dt.date | None = None
    issued_at: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    author: str = ""
    opening: Opening | None = None
    sections: list[OpenSection] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    addressees: list[Addressee] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    about: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def mark(self, start: int, end: int, taken_by: str, label: str = "") -> None:
        """Enter a stretch into the ledger."""
        if end > start:
            self.marks.append(Mark(start, end, taken_by, label))

    def open_section(self, role: SectionRole, heading: Line | None = None, *, colon: int = 0) -> OpenSection:
        """Begin a section; `colon` is how far the mark reaches over the printed heading."""
        section = OpenSection(role, heading)
        if heading:
            section.start, section.end = heading.start, heading.end
            self.mark(heading.start, max(heading.end, colon), "heading", role)
        self.sections.append(section)
        return section

    def add_paragraph(self, line: Line, notes: tuple[str, ...] = ()) -> None:
        """Put a paragraph into the section that is open."""
        section = self.sections[-1]
        if not section.paragraphs and section.heading is None:
            section.start = line.start
        section.paragraphs.append(Paragraph(line.text, notes, (line.start, line.end)))
        section.end = line.end
        self.mark(line.start, line.end, "paragraph", section.role)

    def close(self) -> AppealDocument:
        """Give the finished document, without facts."""
        return AppealDocument(
            kind=self.kind,
            language=self.language,
            title=self.title,
            reference=self.reference,
            violations=tuple(self.violations),
            countries=tuple(dict.fromkeys(self.countries)),
            issued_on=self.issued_on,
            issued_at=self.issued_at,
            publishers=self.publishers,
            opening=self.opening,
            sections=tuple(section.close() for section in self.sections if section.heading or section.paragraphs),
            demands=tuple(self.demands),
            addressees=tuple(self.addressees),
            requests=tuple(self.requests),
            notes=tuple(self.notes),
            contacts=tuple(self.contacts),
            about=self._about(),
        )

    def _about(self) -> Text | None:
        """Join the paragraphs about the publisher; where other lines stand between them, the first run counts."""
        if not self.about:
            return None
        start, end = self.about[0]
        for following in self.about[1:]:
            if self.text[end : following[0]].strip():
                break
            end = following[1]
        return Text(self.text[start:end], (start, end))
