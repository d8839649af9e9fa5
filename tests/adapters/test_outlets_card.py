"""The share card as a picture: its size, what is written into the file, and that everything has room."""

import dataclasses
import datetime as dt
import struct

import pytest
import typst

from invented_appeals import ARABIC, ENGLISH, INVENTED, REPORT
from tocsin.adapters.outlets import formats_of, render_file
from tocsin.adapters.outlets.typesetter import fonts
from tocsin.core.appeal import AppealDocument, Violation
from tocsin.core.errors import NoCard
from tocsin.core.render import card_sheet
from tocsin.core.render.labels import languages
from tocsin.core.vocab import load

PUBLISHED = [name for name, document in INVENTED.items() if document.kind != "report"]


def chunks(picture: bytes) -> dict[str, bytes]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    found: dict[str, bytes] = {}
    place = 8
    while place < len(picture):
        length = struct.unpack(">I", picture[place : place + 4])[0]
        found[picture[place + 4 : place + 8].decode()] = picture[place + 8 : place + 8 + length]
        place += 12 + length
    return found


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_card_is_a_picture_of_the_size_that_networks_show_and_nothing_is_written_beside_it(name: str) -> None:
    picture = render_file(INVENTED[name], "png")
    found = chunks(picture)
    assert struct.unpack(">II", found["IHDR"][:8]) == (1200, 630)
    assert set(found) <= {"IHDR", "IDAT", "IEND", "pHYs"}
    assert len(picture) < 150_000
    assert picture == render_file(INVENTED[name], "png")


def test_a_card_shows_something_and_not_the_same_for_two_appeals() -> None:
    assert len({render_file(INVENTED[name], "png") for name in PUBLISHED}) == len(PUBLISHED)


def test_a_card_does_not_change_with_the_people_of_the_appeal() -> None:
    nobody = dataclasses.replace(ARABIC, title=None, facts=REPORT.facts, addressees=(), sections=())
    assert render_file(nobody, "png") == render_file(ARABIC, "png")


def test_a_document_that_is_not_published_or_has_no_code_has_no_card() -> None:
    for document in (REPORT, dataclasses.replace(REPORT, reference=ENGLISH.reference), AppealDocument("closure", "en")):
        assert "png" not in formats_of(document)
        with pytest.raises(NoCard):
            render_file(document, "png")
    assert "png" in formats_of(ENGLISH)


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_longest_words_of_the_vocabulary_have_room(language: str) -> None:
    terms = sorted(load("violation_types").values(), key=lambda term: -len(str(term.label(language))))
    violations = tuple(Violation(term.code, "") for term in terms[:6])
    long = dataclasses.replace(ENGLISH, kind="new_information", language=language, violations=violations)
    countries = ("CAF", "COD", "PRK")
    made = card_sheet(dataclasses.replace(long, countries=countries, issued_on=dt.date(2026, 9, 23)))
    compiler = typst.Compiler(made.code.encode(), font_paths=fonts(), sys_inputs={"page": made.page})
    assert compiler.query("<fits>", field="value", one=True) == "true"
