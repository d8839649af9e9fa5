"""Code and document: the code itself, the sections an appeal needs, notes and their marks."""

from collections.abc import Iterator

from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import Subject


@rule("COD-05")
def notes_without_marks(subject: Subject) -> Iterator[Hit]:
    """Find marks in a text without a note, and notes that no text points to."""
    marked = {
        marker: f"sections[{i}].paragraphs[{j}]"
        for i, section in enumerate(subject.document.sections)
        for j, paragraph in enumerate(section.paragraphs)
        for marker in paragraph.notes
    }
    written = {note.marker: f"notes[{k}]" for k, note in enumerate(subject.document.notes)}
    for marker in sorted(marked.keys() - written.keys()):
        yield Hit.at(
            subject.whole(marked[marker]), cause=marker, what=f"the text points to note {marker}, which is missing"
        )
    for marker in sorted(written.keys() - marked.keys()):
        yield Hit.at(subject.whole(written[marker]), cause=marker, what=f"nothing in the text points to note {marker}")
