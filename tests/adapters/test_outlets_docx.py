"""The Word file of an appeal: what a word processor makes of it, and that nothing is in it but the appeal."""

import dataclasses
import io
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from hypothesis import given, settings
from lxml import etree

from drawing import examples
from hostile_texts import HOSTILE, TEXTS, shown, solid
from invented_appeals import ARABIC, ENGLISH, FRENCH, INVENTED, REPORT
from lacking import lacking
from random_documents import documents
from tocsin.adapters.documents import LIMITS
from tocsin.adapters.documents.docx import open_bytes
from tocsin.adapters.outlets import render_file
from tocsin.core.appeal import AppealDocument, Contact, Demand, Note, Paragraph, Section, Text, to_json

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = {
    "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml",
    "word/footer1.xml", "word/footnotes.xml", "word/header1.xml", "word/numbering.xml", "word/settings.xml",
    "word/styles.xml",
}  # fmt: skip


def parts(document: AppealDocument) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render_file(document, "docx"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(document: AppealDocument) -> etree._Element:
    return etree.fromstring(parts(document)["word/document.xml"])


def text_of(document: AppealDocument) -> str:
    """Give the text as our own opener reads it."""
    return open_bytes(render_file(document, "docx"), LIMITS).text


def styled(document: AppealDocument) -> list[tuple[str, str]]:
    word = docx.Document(io.BytesIO(render_file(document, "docx")))
    return [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs]


# --- what it says -----------------------------------------------------------------------------------------------------


@given(documents(TEXTS))
@settings(max_examples=examples(60))
def test_whatever_a_document_says_stands_in_its_word_file(document: AppealDocument) -> None:
    printed = solid(text_of(document).replace("\u200e", "").replace("\u200f", ""))
    wanted = [solid(text.replace("\u200e", "").replace("\u200f", "")) for text in shown(document)]
    assert [text for text in wanted if text not in printed] == []


def test_every_hostile_string_is_kept_as_text() -> None:
    for text in HOSTILE:
        document = AppealDocument("urgent_appeal", text, Text(text), about=Text(text))
        assert solid(text) in solid(text_of(document))
        assert {etree.QName(each).namespace for each in body(document).iter()} == {W.strip("{}")}


def test_headings_lists_and_the_rest_have_styles_that_an_editor_can_use() -> None:
    said = styled(ENGLISH)
    assert said[:7] == [
        ("Urgent Banner", "Urgent appeal\tXZV 003 / 1126 / OBS 091"),
        ("Heading 1", ENGLISH.title.text),
        ("Violations", "Arbitrary arrest"),
        ("Violations", "Incommunicado detention"),
        ("Violations", "Search and seizure"),
        ("Dateline", "Velm–Port Asha, 4 November 2026"),
        ("Normal", ENGLISH.opening.text),
    ]
    headings = [text for style, text in said if style == "Heading 2"]
    assert headings == [
        "Description of the situation",
        "Actions requested",
        "Write to",
        "About the publisher",
        "Contact",
    ]
    assert [text for style, text in said if style == "List Number"] == [demand.text for demand in ENGLISH.demands]
    assert [style for style, _ in styled(REPORT) if style.startswith("Heading")] == [
        "Heading 1", *["Heading 2"] * 2, *["Heading 3"] * 5, "Heading 2"
    ]  # fmt: skip
    assert said[-1][0] == "Colophon"


@pytest.mark.parametrize("name", INVENTED)
def test_golden_styles(golden, name: str) -> None:
    golden(f"docx/{name}.txt", "".join(f"{style} | {text!r}\n" for style, text in styled(INVENTED[name])))


def test_no_style_is_used_that_the_file_does_not_define() -> None:
    for document in INVENTED.values():
        files = parts(document)
        defined = set(re.findall(rb'w:styleId="(\w+)"', files["word/styles.xml"]))
        used = set(re.findall(rb'w:(?:pStyle|rStyle) w:val="(\w+)"', b"".join(files.values())))
        assert used <= defined
        assert b"<w:tbl" not in files["word/document.xml"]


@pytest.mark.parametrize(
    ("ordinals", "form", "template"),
    [
        (("i", "ii", "iii", "iv"), "lowerRoman", "%1."),
        (("1", "2"), "decimal", "%1."),
        (("a)", "b)"), "lowerLetter", "%1)"),
        (("(1)", "(2)", "(3)"), "decimal", "(%1)"),
        (("I", "II"), "upperRoman", "%1."),
        ((None, None), "bullet", "–"),
        (("1", "3"), None, None),
        (("i", "i"), None, None),
        ((None, "2"), None, None),
    ],
)
def test_a_list_is_counted_by_the_word_processor_where_that_gives_the_printed_marks(
    ordinals: tuple[str | None, ...], form: str | None, template: str | None
) -> None:
    demands = tuple(Demand(ordinal, f"Stop {place};") for place, ordinal in enumerate(ordinals))
    document = AppealDocument("urgent_appeal", "en", demands=demands)
    levels = etree.fromstring(parts(document)["word/numbering.xml"]).findall(f".//{W}lvl")
    found = [(level.find(f"{W}numFmt").get(f"{W}val"), level.find(f"{W}lvlText").get(f"{W}val")) for level in levels]
    assert found == ([(form, template)] if form else [])
    for place, ordinal in enumerate(ordinals):
        mark = "-" if form == "bullet" else "–" if ordinal is None else f"{ordinal}." if ordinal.isalnum() else ordinal
        assert f"{mark} Stop {place};" in text_of(document)


def test_notes_are_footnotes_that_hang_where_they_hung() -> None:
    text = text_of(ENGLISH)
    assert "Quiet Water Centre[1], which" in text
    assert f"[1] {ENGLISH.notes[0].text}\n[2] {ENGLISH.notes[1].text}" in text
    assert ("Heading 2", "Notes") not in styled(ENGLISH)
    notes = etree.fromstring(parts(ENGLISH)["word/footnotes.xml"])
    assert [note.get(f"{W}id") for note in notes] == ["-1", "0", "1", "2"]


def noted(text: str, *notes: Note) -> AppealDocument:
    return AppealDocument(
        "urgent_appeal", "en", sections=(Section("situation", None, (Paragraph(text),)),), notes=notes
    )


@pytest.mark.parametrize(
    ("text", "markers", "expected"),
    [
        ("One[1] and two[2].", "12", ("One[1] and two[2].", "[1] Note 1\n[2] Note 2")),
        ("One[*] and two[1].", "*1", ("One* and two[1].", "* Note *\n[1] Note 1")),
        ("Two[2] before one[1].", "12", ("Two2 before one[1].", "2 Note 2\n[1] Note 1")),
        ("Twice[1], again[1].", "1", ("Twice[1], again[1].", "[1] Note 1")),
        ("None at all.", "1", ("None at all.", "Notes", "[1] Note 1")),
        ("One[1].", "12", ("One[1].", "Notes", "[2] Note 2", "[1] Note 1")),
    ],
    ids=["counted", "own mark", "order of the page", "twice", "nowhere", "one nowhere"],
)
def test_a_note_is_counted_or_keeps_its_mark(text: str, markers: str, expected: tuple[str, ...]) -> None:
    read = text_of(noted(text, *(Note(marker, f"Note {marker}") for marker in markers)))
    places = [read.index(piece) for piece in expected]
    assert places == sorted(places)
    assert sum(read.count(f"Note {marker}") for marker in markers) == len(markers)


# In the order of ECMA-376 part 1, sections 17.3.1.26 and 17.3.2.28. Word refuses files with properties in another
# order, and LibreOffice does not notice.
ORDER = {
    "pPr": "pStyle keepNext keepLines widowControl numPr pBdr tabs bidi spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b bCs color sz szCs u vertAlign rtl lang",
    "lvl": "start numFmt lvlText lvlJc pPr",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr",
    "sectPr": "headerReference footerReference pgSz pgMar bidi",
    "settings": "removePersonalInformation removeDateAndTime defaultTabStop footnotePr compat",
}


@pytest.mark.parametrize("name", INVENTED)
def test_properties_stand_in_the_order_that_word_asks_for(name: str) -> None:
    files = parts(INVENTED[name])
    for content in (content for part, content in files.items() if part.startswith("word/") and part.endswith(".xml")):
        for each in etree.fromstring(content).iter(*(f"{W}{tag}" for tag in ORDER)):
            order = ORDER[etree.QName(each).localname].split()
            places = [order.index(etree.QName(child).localname) for child in each if isinstance(child.tag, str)]
            assert places == sorted(places)
            assert len(places) == len(set(places))


def test_writing_and_reading_notes_grow_with_their_number_and_not_faster() -> None:
    many = range(1, 6_001)
    document = noted(" ".join(f"x[{number}]" for number in many), *(Note(str(number), "A note.") for number in many))
    start = time.process_time()
    assert "[6000] A note." in text_of(document)
    assert time.process_time() - start < 20


# --- links, language, direction ---------------------------------------------------------------------------------------


def test_links_lead_where_the_page_leads_and_nothing_else_leads_out() -> None:
    relations = etree.fromstring(parts(FRENCH)["word/_rels/document.xml.rels"])
    outside = {(one.get("Type").rpartition("/")[2], one.get("Target")) for one in relations if one.get("TargetMode")}
    assert outside == {
        ("hyperlink", "https://justice.example/contact"),
        ("hyperlink", "mailto:appels@harbour.example?subject=XZV%20002%20%2F%201126%20%2F%20OBS%20064.1"),
    }
    evil = Contact("website", "javascript:alert(1)", "click")
    assert b"javascript" not in parts(dataclasses.replace(FRENCH, contacts=(evil,)))["word/_rels/document.xml.rels"]


def test_a_right_to_left_file_says_the_direction_of_pages_paragraphs_and_runs() -> None:
    root = body(ARABIC)
    assert root.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    assert all(one.find(f"{W}pPr/{W}bidi") is not None for one in root.iter(f"{W}p"))
    for run in root.iter(f"{W}r"):
        letters = [sign for sign in "".join(run.itertext()) if sign.isalpha()]
        from_right = {"\u0600" <= sign < "\u0700" for sign in letters}
        assert len(from_right) <= 1, "one direction a run"
        assert (run.find(f"{W}rPr/{W}rtl") is not None) == (True in from_right) or not letters
    assert b'<w:lang w:val="x-none" w:eastAsia="x-none" w:bidi="ar"/>' in parts(ARABIC)["word/styles.xml"]


def test_a_left_to_right_file_marks_what_is_not() -> None:
    root = body(AppealDocument("urgent_appeal", "en", about=Text("The centre (مركز المياه) is closed.")))
    runs = [("".join(run.itertext()), run.find(f"{W}rPr/{W}rtl") is not None) for run in root.iter(f"{W}r")]
    assert ("مركز المياه", True) in runs
    assert ("The centre (", False) in runs
    assert b'<w:lang w:val="en"' in parts(ENGLISH)["word/styles.xml"]


def test_words_in_another_language_than_the_document_say_so() -> None:
    root = body(AppealDocument("urgent_appeal", "fa", Text("عنوان"), about=Text("درباره")))
    languages = {"".join(run.itertext()): run.find(f"{W}rPr/{W}lang") for run in root.iter(f"{W}r")}
    assert languages["About the publisher"].get(f"{W}val") == "en"
    assert languages["درباره"] is None


def test_a_language_that_is_no_tag_is_written_nowhere() -> None:
    files = parts(dataclasses.replace(ENGLISH, language='en"><x>'))
    assert not any(b"&gt;&lt;x" in content or b"<x>" in content for content in files.values())


# --- P-11: what must not be in it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INVENTED)
def test_a_word_file_tells_nothing_of_who_made_it_where_when_and_with_what(name: str) -> None:
    document = INVENTED[name]
    files = parts(document)
    assert set(files) == PARTS
    properties = {etree.QName(each).localname: each.text for each in etree.fromstring(files["docProps/core.xml"])}
    assert properties == {"title": document.title.text.replace(" :", "\u00a0:"), "language": document.language}
    whole = b"\n".join(files.values())
    assert (
        re.findall(rb"(?i)python|tocsin|libreoffice|generator|creator|lastModified|rsid|Microsoft Office|<!--", whole)
        == []
    )
    assert re.findall(rb"20\d\d-\d\d-\d\dT", whole) == []
    for where in (os.getcwd(), os.uname().nodename, os.environ.get("USER", "")):  # noqa: PTH109
        assert len(where) < 3 or where.encode() not in whole
    assert b"<w:removePersonalInformation/><w:removeDateAndTime/>" in files["word/settings.xml"]
    with zipfile.ZipFile(io.BytesIO(render_file(document, "docx"))) as archive:
        members = archive.infolist()
        assert {(member.date_time, member.extra, member.comment) for member in members} == {
            ((1980, 1, 1, 0, 0, 0), b"", b"")
        }
        assert archive.comment == b""
        assert members[0].filename == "[Content_Types].xml"


_AGAIN = """
import hashlib, sys
from tocsin.adapters.outlets import render_file
from tocsin.core.appeal import from_json
print(hashlib.sha256(render_file(from_json(sys.stdin.read()), "docx")).hexdigest())
"""


def test_the_same_document_gives_the_same_bytes_in_another_place_and_time(tmp_path: Path) -> None:
    def again(zone: str, seed: str) -> str:
        env = {"PATH": os.environ["PATH"], "TZ": zone, "PYTHONHASHSEED": seed, "HOME": str(tmp_path), "USER": zone[:3]}
        words = [sys.executable, "-c", _AGAIN]
        return subprocess.run(
            words, input=to_json(ENGLISH), env=env, cwd=tmp_path, text=True, check=True, capture_output=True
        ).stdout

    assert again("Asia/Tokyo", "1") == again("America/Lima", "2")


# --- a real word processor --------------------------------------------------------------------------------------------

OFFICE = shutil.which("soffice")


@pytest.mark.parametrize(("name", "pages"), [("english_appeal", 2), ("arabic_appeal", 1)])
def test_a_word_processor_lays_it_out_on_few_pages_with_notes_and_page_numbers(
    name: str, pages: int, tmp_path: Path
) -> None:
    if OFFICE is None:
        lacking("LibreOffice is missing: not tried how a word processor lays the file out")
    document = INVENTED[name]
    (tmp_path / "a.docx").write_bytes(render_file(document, "docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    laid_out = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert len(laid_out) == pages
    first = laid_out[0].get_textpage().get_text_range()
    assert document.reference.canonical in first
    assert "1 / " in first
    if name == "english_appeal":
        assert ENGLISH.notes[1].text in first
        assert "iv." in first
