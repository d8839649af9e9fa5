"""A finished file that comes back is read as the document it was made of, whatever form it has."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from command_line import call
from invented_appeals import ENGLISH, FRENCH, SPANISH
from tocsin.adapters.outlets import render_file
from tocsin.core.appeal import AppealDocument, from_json

APPEALS = {"english": ENGLISH, "french follow-up": FRENCH, "spanish": SPANISH}
FORMS = ("txt", "eml", "docx")


def said(document: AppealDocument) -> dict[str, object]:
    """Give what the appeal says, without what only its printed form decides: colons of headings, styles of labels."""
    sections = [section for section in document.sections if section.role not in {"actions", "addressees", "contacts"}]
    return {
        "kind": document.kind,
        "language": document.language,
        "code": document.reference.canonical,
        "title": document.title.text,
        "violations": [violation.as_printed for violation in document.violations],
        "issued": (document.issued_on, document.issued_at),
        "opening": (document.opening.text, document.opening.urgent),
        "headings": [section.heading.rstrip(" :") for section in sections if section.heading],
        "story": [_with_plain_anchors(paragraph.text) for section in sections for paragraph in section.paragraphs],
        "introduction": [
            p.text for section in document.sections if section.role == "actions" for p in section.paragraphs
        ],
        "demands": [(demand.ordinal, demand.text) for demand in document.demands],
        "addressees": [
            (one.name, one.post, one.location, one.salutation, one.copy, [channel.display for channel in one.channels])
            for one in document.addressees
        ],
        "requests": [request.text for request in document.requests],
        "notes": [(note.marker, note.text) for note in document.notes],
        "contacts": [(contact.kind, contact.display) for contact in document.contacts],
        "about": document.about and document.about.text,
    }


def _with_plain_anchors(text: str) -> str:
    """Write `Centre¹` as `Centre[1]`, as an opener of files with real notes does."""
    return re.sub("[¹²³]", lambda raised: f"[{unicodedata.digit(raised[0])}]", text)


def came_back(document: AppealDocument, form: str, folder: Path) -> AppealDocument:
    path = folder / f"appeal.{form}"
    path.write_bytes(render_file(document, form))
    ended = call("read", str(path))
    assert (ended.status, ended.errors) == (0, [])
    read = json.loads(ended.output)
    assert not isinstance(read, list), f"{len(read)} documents came of one"
    return from_json(json.dumps(read))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", APPEALS)
def test_what_went_in_comes_out(name: str, form: str, tmp_path: Path) -> None:
    assert said(came_back(APPEALS[name], form, tmp_path)) == said(APPEALS[name])
