"""The PDF of an appeal: what it says of itself, what is in it, and that nothing else is."""

import dataclasses
import datetime as dt
import hashlib
import importlib.resources
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import types
from pathlib import Path

import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import ROOT
from drawing import examples
from hostile_texts import HOSTILE
from invented_appeals import ARABIC, ENGLISH, FRENCH, INVENTED, REPORT, SPANISH
from pdf_reading import links, outline, text
from random_documents import documents
from tocsin.adapters.outlets import demand_faces, render_file, typesetter, why_no_pdf
from tocsin.core.appeal import AppealDocument, Channel, Contact, Paragraph, Section, Text
from tocsin.core.errors import MissingFont, NotTypeset
from tocsin.core.reader import read

SEEDS = sorted(ROOT.parent.joinpath("shared/seeds").glob("*.txt"))
FONTS = importlib.resources.files("tocsin.adapters.outlets") / "fonts"

# Each language comes with what a neighbour of its script could break.
CYRILLIC = AppealDocument(
    "urgent_appeal",
    "ru",
    title=Text("Зарвания: задержание Лены Марош"),
    about=Text("Ґанок, ўлада, қала, ңаң"),
    contacts=(Contact("email", "appeals@harbour.example", "appeals@harbour.example", "Гавань"),),
)


def pdf(document: AppealDocument) -> bytes:
    return render_file(document, "pdf")


@pytest.mark.parametrize("name", INVENTED)
def test_golden_outline(golden, name: str) -> None:
    golden(f"pdf/{name}.txt", outline(pdf(INVENTED[name])))


@pytest.mark.parametrize("name", INVENTED)
def test_a_pdf_says_what_a_screen_reader_and_an_archive_ask_for(name: str) -> None:
    document = INVENTED[name]
    made = pdf(document)
    assert f"/Lang({document.language})".encode() in made
    assert b"/MarkInfo<</Marked true/Suspects false>>" in made
    assert b"/StructTreeRoot" in made
    assert b"/DisplayDocTitle true" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"/OutputIntent" in made
    assert (b"/Direction/R2L" in made) is (document.language == "ar")


def test_a_document_without_a_date_claims_no_archive_and_gets_no_date() -> None:
    made = pdf(dataclasses.replace(ENGLISH, issued_on=None))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"pdfaid:part" not in made
    assert re.findall(rb"D:\d{4}|Date>|:when>", made) == []


@pytest.mark.parametrize("name", INVENTED)
def test_all_faces_are_embedded(name: str) -> None:
    made = pdf(INVENTED[name])
    faces = re.findall(rb"/Type/FontDescriptor(.*?)>>\n", made)
    assert len(faces) >= 2
    assert [face for face in faces if b"/FontFile" not in face] == []


@pytest.mark.parametrize("name", INVENTED)
def test_a_pdf_tells_nothing_of_who_made_it_where_when_and_with_what(name: str) -> None:
    made = pdf(INVENTED[name])
    written = re.search(rb"<x:xmpmeta.*</x:xmpmeta>", made, re.DOTALL)[0]
    number = re.search(rb"/Info (\d+) 0 R", made)[1]
    noted = re.search(rb"\n" + number + rb" 0 obj\n(.*?)endobj", made, re.DOTALL)[1]
    assert set(re.findall(rb"/([A-Z]\w+)[(<]", noted)) == {b"Title", b"ModDate", b"CreationDate"}
    assert re.findall(rb"CreatorTool|softwareAgent|xmptk|dc:creator|pdf:Producer>", written) == []
    issued = INVENTED[name].issued_on.isoformat()
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+\w*", written)) == {f"{issued}T00:00:00Z".encode()}
    assert set(re.findall(rb"D:(\d+)Z", made)) == {f"{issued.replace('-', '')}000000".encode()}
    assert socket.gethostname().encode() not in noted + written
    for trace in (b"Typst 0", b"tocsin", b"/Author", b"/Producer", os.fsencode(ROOT), tempfile.gettempdir().encode()):
        assert trace not in made


def test_the_same_document_gives_the_same_bytes_wherever_and_whenever_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    program = """
import sys
sys.path.insert(0, sys.argv[1])
from invented_appeals import ARABIC
from tocsin.adapters.outlets import render_file
sys.stdout.buffer.write(render_file(ARABIC, "pdf"))
"""
    strange = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "SOURCE_DATE_EPOCH": "1",
        "TYPST_FONT_PATHS": "/usr/share/fonts",
        "TYPST_ROOT": "/",
    }
    words = [sys.executable, "-c", program, str(ROOT / "tests")]
    elsewhere = subprocess.run(words, cwd=tmp_path, env={**os.environ, **strange}, capture_output=True, check=True)
    assert elsewhere.stdout == pdf(ARABIC) == pdf(ARABIC)


def test_blanking_keeps_every_place_that_the_file_points_to() -> None:
    made = pdf(ENGLISH)
    table = int(re.search(rb"startxref\s+(\d+)", made)[1])
    places = re.findall(rb"(\d{10}) \d{5} n", made[table:])
    assert len(places) > 50
    assert all(re.match(rb"\d+ 0 obj", made[int(place) :]) for place in places)


def test_the_words_stand_in_the_order_in_which_they_are_read() -> None:
    said = text(pdf(ENGLISH))
    words = [
        "URGENT APPEAL", "XZV 003 / 1126 / OBS 091", "Lawyer Lena Marosh", "Arbitrary arrest · ", "4 November 2026",
        "Description of the situation", "i. Disclose", "Oren Tavik", "[email protected]", "[2] See the open letter",
        "Code of this appeal: XZV 003 / 1126 / OBS 091",
    ]  # fmt: skip
    places = [said.index(word) for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (ARABIC, ["اعتقال تعسفي للمدافع عن حقوق الإنسان سامر الورداني", "وصف الحالة", "18 نوفمبر 2026"]),
        (CYRILLIC, ["Зарвания: задержание Лены Марош", "Ґанок, ўлада, қала, ңаң", "Гавань"]),
        (FRENCH, ["« Rivières libres »", "Libération sous conditions"]),
    ],
    ids=["arabic", "cyrillic", "french"],
)
def test_words_of_any_of_our_scripts_can_be_found_and_copied(document: AppealDocument, words: list[str]) -> None:
    said = text(pdf(document))
    assert [word for word in words if word not in said] == []


def test_links_live_and_are_those_of_the_page() -> None:
    assert links(pdf(ENGLISH)) == [
        "mailto:office@president.example",
        "mailto:reception@interior.example",
        "tel:+999225550177",
        "mailto:mission@zarvania.example",
        "mailto:appeals@harbour.example?subject=XZV%20003%20%2F%201126%20%2F%20OBS%20091",
        "tel:+999415550122",
        "tel:+998205550188",
    ]


def test_paper_shows_the_address_behind_a_link_where_its_words_do_not() -> None:
    channels = (
        Channel("website", "https://justice.example/contact", "www.justice.example/contact"),
        Channel("twitter", "https://social.example/@justice", "@justice"),
    )
    addressee = dataclasses.replace(ENGLISH.addressees[0], channels=channels)
    said = text(pdf(dataclasses.replace(ENGLISH, addressees=(addressee,))))
    assert "@justice (https://social.example/@justice)" in said
    assert "(https://justice.example/contact)" not in said


def test_pages_are_numbered_and_carry_the_code_and_no_line_of_it_is_broken() -> None:
    long = dataclasses.replace(ENGLISH, about=Text("\n".join(["A line of words about nothing much. " * 3] * 80)))
    said = text(pdf(long))
    assert "1 / 3" in said
    assert "3 / 3" in said
    assert said.count("XZV 003 / 1126 / OBS 091") == 3 + 2


def test_an_appeal_takes_two_pages() -> None:
    assert "1 / 2" in text(pdf(ENGLISH))


@pytest.mark.skipif(not SEEDS, reason="the public appeals in ../shared/seeds are not on this machine")
def test_a_published_appeal_takes_two_pages() -> None:
    for seed in SEEDS:
        assert "1 / 2" in text(pdf(read(seed.read_text("utf-8"))[0].document))


@pytest.mark.parametrize(
    ("short", "more", "pages"), [(SPANISH, 23, 1), (SPANISH, 30, 2), (ARABIC, 7, 1), (ARABIC, 12, 2)]
)
def test_a_few_lines_get_no_page_of_their_own(short: AppealDocument, more: int, pages: int) -> None:
    told = Section("situation", None, (Paragraph("1 2 3"),) * more)
    made = pdf(dataclasses.replace(short, sections=(told, *short.sections)))
    assert len(pypdfium2.PdfDocument(made)) == pages


def test_words_of_ours_in_another_language_than_the_page_are_marked_as_such() -> None:
    assert "lang=en" in outline(pdf(AppealDocument("urgent_appeal", "tr", title=Text("Başlık"))))


@pytest.mark.parametrize(
    ("tag", "declared"), [("fr-CM", "fr-CM"), ("zh-Hant-TW", "zh-TW"), (None, "und"), ('x"><b>', "und"), ("ckb", "ckb")]
)
def test_the_language_is_declared_and_an_unknown_one_is_called_so(tag: str | None, declared: str) -> None:
    assert f"/Lang({declared})".encode() in pdf(AppealDocument("urgent_appeal", tag, title=Text("Title")))


def test_a_text_of_unknown_language_runs_as_its_first_letter_does() -> None:
    def starts_at(title: str) -> float:
        page = pypdfium2.PdfDocument(pdf(AppealDocument("urgent_appeal", None, title=Text(title))))[0]
        return min(piece.get_bounds()[0] for piece in page.get_objects() if 100 < piece.get_bounds()[3] < 770)

    assert starts_at("(1) نداء") > 400
    assert starts_at("(1) Appeal نداء") < 100


def test_pictures_are_named_and_what_means_nothing_is_shown_as_such() -> None:
    said = text(pdf(dataclasses.replace(REPORT, title=Text("Help \U0001f64f \ue000\u0378 \u2b50"))))
    assert "Help [person with folded hands] \ufffd\ufffd \u2b50" in said


@pytest.mark.parametrize(("letters", "script"), [("ไทย", "Thai (U+0E44)"), ("漢字", "Cjk (U+6F22)")])
def test_a_script_without_a_face_is_one_clear_error_without_a_word_of_the_case(letters: str, script: str) -> None:
    section = Section("situation", None, (Paragraph(f"Somchai {letters}"),))
    with pytest.raises(MissingFont) as raised:
        pdf(dataclasses.replace(ENGLISH, sections=(section,)))
    assert script in str(raised.value)
    assert "Somchai" not in str(raised.value)
    assert set(letters).isdisjoint(str(raised.value))


def test_a_face_that_is_gone_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = types.SimpleNamespace(families=lambda: ["Libertinus Serif", "DejaVu Sans Mono"])
    monkeypatch.setattr(typst, "Fonts", lambda **_: bare)
    typesetter.fonts.cache_clear()
    try:
        # Nor is it taken for a text of which no PDF can be made, so that it would be missing in silence.
        for act in (pdf, why_no_pdf):
            with pytest.raises(MissingFont, match="Noto Naskh Arabic is gone"):
                act(dataclasses.replace(ENGLISH, title=Text("\u0416 never set before")))
        with pytest.raises(MissingFont, match="is gone"):
            demand_faces()
    finally:
        typesetter.fonts.cache_clear()


def test_a_line_beyond_what_a_pdf_holds_is_one_clear_error_without_the_line() -> None:
    endless = dataclasses.replace(ENGLISH, title=Text("Somchai " * 5_000))
    with pytest.raises(NotTypeset, match=r"PDF: .*shorten the title") as raised:
        pdf(endless)
    assert "Somchai" not in str(raised.value)


def test_fonts_of_the_machine_are_left_out() -> None:
    assert set(typesetter.fonts().families()) == {
        "DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern", "New Computer Modern Math", "Noto Naskh Arabic",
    }  # fmt: skip


def test_each_face_in_the_folder_is_the_one_that_the_manifest_names() -> None:
    manifest = tomllib.loads(FONTS.joinpath("manifest.toml").read_text("utf-8"))["face"]
    files = {file.name: file.read_bytes() for file in FONTS.iterdir() if file.name.endswith((".ttf", ".otf"))}
    assert {face["file"]: face["sha256"] for face in manifest} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert all(len(content) < 1_500_000 for content in files.values())
    assert {face["licence"] for face in manifest} == {"OFL-1.1"}
    licence = FONTS.joinpath("OFL.txt").read_text("utf-8")
    assert all(face["copyright"] in licence for face in manifest)
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_time_grows_with_the_length_of_the_text_and_not_much_faster(language: str) -> None:
    def seconds(paragraphs: int) -> float:
        about = Text("\n".join(["[1] A.@:/-( نص " * 30] * paragraphs))
        document = AppealDocument("urgent_appeal", language, about=about)
        start = time.process_time()
        pdf(document)
        return time.process_time() - start

    seconds(1)
    assert seconds(400) < 4 * 4 * max(seconds(100), 0.05)


def test_dates_before_the_computer_are_no_trouble() -> None:
    assert b"/CreationDate(D:19610528" in pdf(dataclasses.replace(ENGLISH, issued_on=dt.date(1961, 5, 28)))


@given(documents(st.sampled_from([text for text in HOSTILE if "𐍈" not in text])))
@settings(max_examples=examples(60))
def test_hostile_text_is_set_as_text(document: AppealDocument) -> None:
    made = pdf(document)
    assert b"Typst 0" not in made
    assert all(re.match(r"mailto:|tel:|https?://", link) for link in links(made))


@pytest.mark.parametrize("words", [text for text in HOSTILE if "#" in text])
def test_text_that_looks_like_code_of_the_typesetter_is_printed_as_it_is(words: str) -> None:
    document = AppealDocument("urgent_appeal", "en", sections=(Section("situation", words, (Paragraph(words),)),))
    assert text(pdf(document)).replace(" ", "").count("".join(words.split())) == 2
