"""Plain text, JSON, names and sizes: what is decided before any opener runs."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_documents import pdf, plain_word

from drawing import examples
from tocsin.adapters.documents import Limits, extract, extract_path, extract_stream
from tocsin.core.errors import (
    BadInput,
    BinaryInput,
    DamagedFile,
    EmptyInput,
    MissingInput,
    RefusedFile,
    TocsinError,
    TooLarge,
    UndecodableInput,
)

FRENCH = "Monsieur Élie Vautrel a été arrêté à Port-Ménil, où il était gardé."
RUSSIAN = "Задержан правозащитник Тимур Залеский, город Северогорье."


@pytest.mark.parametrize(
    ("data", "expected", "warned"),
    [
        (FRENCH.encode(), FRENCH, False),
        (FRENCH.encode("utf-8-sig"), FRENCH, False),
        (FRENCH.encode("utf-16"), FRENCH, False),
        (b"\xfe\xff" + FRENCH.encode("utf-16-be"), FRENCH, False),
        (FRENCH.encode("utf-16-le"), FRENCH, True),
        (RUSSIAN.encode("utf-16-be"), RUSSIAN, True),
        (FRENCH.encode("utf-32"), FRENCH, False),
        (FRENCH.encode("cp1252"), FRENCH, True),
        (RUSSIAN.encode("cp1251"), RUSSIAN, True),
        ("“Next time” – he said – “we’ll …”".encode("cp1252"), "“Next time” – he said – “we’ll …”", True),
        ((RUSSIAN * 3).encode() + b"\xff.", RUSSIAN * 3 + "\ufffd.", True),
        (b"one\r\ntwo\rthree\x0cfour", "one\ntwo\nthree\nfour", False),
        (b"a bell \x07 in a long enough text " * 4, "a bell \ufffd in a long enough text " * 4, False),
    ],
    ids="utf8 bom utf16le utf16be bare bare-be utf32 cp1252 cp1251 signs nearly-utf8 line-ends control".split(),
)
def test_text_is_decoded_and_a_guess_is_said_aloud(data: bytes, expected: str, warned: bool) -> None:
    if b"bell" in data:
        data += b"x" * 400
        expected += "x" * 400
    extracted = extract(data, name="report.txt")
    assert (extracted.text, extracted.format, bool(extracted.warnings)) == (expected, "text", warned)


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.txt", EmptyInput),
        (b" \n\t ", "a.txt", EmptyInput),
        ("\ufeff \n".encode(), "a.txt", EmptyInput),
        (bytes(range(256)), "a.txt", BinaryInput),
        (b"text with a \0 in it", "a.txt", BinaryInput),
        (b"texts with \0 in it", "a.txt", BinaryInput),
        (bytes(range(1, 256, 2)) + b"\0\1\0\2\0", "a.bin", BinaryInput),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.png", BinaryInput),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.doc", BinaryInput),
        (b"{\\rtf1 hello}", "a.rtf", BinaryInput),
        (b"MZ\x90\0\3\0", "a.exe", BinaryInput),
        (b"\xff\xfea", "a.txt", UndecodableInput),
        (b"caf\x81 " * 20, "a.txt", UndecodableInput),
        ("彼女は警察によって逮捕された。".encode("shift_jis"), "a.txt", UndecodableInput),
        ("她被警方逮捕，律师会见被拒绝。".encode("gbk"), "a.txt", UndecodableInput),
        (b'{"cut": ', "a.json", DamagedFile),
    ],
)
def test_what_is_no_text_gets_its_own_error(data: bytes, name: str, error: type[TocsinError]) -> None:
    with pytest.raises(error) as caught:
        extract(data, name=name)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"only text", "a.docx"),
        (b"only text", "a.pdf"),
        (b"only text", "a.html"),
        (b"only text", "a.exe"),
        (b"<!DOCTYPE html><p>page", "a.txt"),
        (b"<!-- note -->\n<html><p>page", "a.pdf"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><html><p>page', "a.docm"),
        (b"From: a@b.example\r\nMIME-Version: 1.0\r\nMessage-ID: <1@b.example>\r\n\r\nmail", "a.txt"),
        (b'{"kind": "appeal"}', "a.txt"),
        (pdf([["a page"]]), "a.docx"),
        (pdf([["a page"]]), "letter.exe"),
        (plain_word("a letter"), "a.pdf"),
        (plain_word("a letter"), "A.TXT"),
        (plain_word("a letter"), "a.docm"),
        (pdf([["a page"]]) + plain_word("a letter"), "a.pdf"),
        (b"PK\x03\x04" + pdf([["a page"]]) + plain_word("a letter"), "a.docx"),
    ],
)
def test_a_name_that_contradicts_the_content_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(RefusedFile):
        extract(data, name=name)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"Title: none of the headers of a mail\n\ntext", None, "text"),
        (b"From: the desk\nwe learned that", None, "text"),
        (b"From: a@b.example\nSubject: s\n\nbody", None, "eml"),
        (b"From: a@b.example\nSubject: s\n\npasted into a text file", "a.txt", "text"),
        (b"Subject: s\n\nbody", "a.eml", "eml"),
        (b"[1] a note is no JSON", None, "text"),
        (b'[{"a": 1}]', "a.json", "json"),
        (b'{"a": 1}', None, "json"),
        (b"a < b and <b>bold</b>", "notes.txt", "text"),
        (b"plain <b>bold</b>", "notes.html", "html"),
        (b"\n\n  <div>page</div>", None, "html"),
        (b"text", "report.final", "text"),
        (b"text", "folder.pdf/README", "text"),
    ],
)
def test_the_content_decides_the_format(data: bytes, name: str | None, kind: str) -> None:
    assert extract(data, name=name).format == kind


def test_a_file_of_50_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(TooLarge, match="25 MB"):
        extract_path(large)


def test_an_endless_stream_is_read_no_further_than_the_limit() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 1001
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(TooLarge):
        extract_stream(stream, limits=Limits(input_bytes=1000))  # type: ignore[arg-type]
    assert stream.taken == 1001


def test_more_text_than_may_be_handed_on_is_refused_and_not_cut() -> None:
    assert len(extract(b"x" * 100, limits=Limits(text_characters=100)).text) == 100
    with pytest.raises(TooLarge):
        extract(b"x" * 101, limits=Limits(text_characters=100))


@pytest.mark.parametrize("name", ["missing.txt", "", "\0", "x" * 5000])
def test_a_file_that_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(MissingInput):
        extract_path(tmp_path / name)


def test_json_nested_beyond_reason_is_no_json() -> None:
    assert extract(b"[" * 100_000).format == "text"
    with pytest.raises(DamagedFile):
        extract(b"[" * 100_000, name="a.json")


@given(text=st.text(min_size=1), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_no_letter_is_lost_in_decoding(text: str, encoding: str) -> None:
    data = ("report. " + text.replace("\0", "")).encode(encoding, "replace")
    try:
        extracted = extract(data)
    except BinaryInput:
        return
    kept = [letter for letter in data.decode(encoding) if letter.isalnum()]
    assert [letter for letter in extracted.text if letter.isalnum()] == kept


NAMES = st.one_of(
    st.none(), st.sampled_from(["a.txt", "a.json", "a", "a.docx", "a.pdf", "a.exe"]), st.text("ab./\\é\0", max_size=8)
)
STARTS = st.sampled_from(
    [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"{", b"[", b"{\\rtf", b"MZ", b"\xff\xfe\0\0"]
)


@settings(max_examples=examples(300))
@given(start=STARTS, data=st.binary(max_size=300), name=NAMES)
def test_random_bytes_raise_nothing_but_our_own_errors(start: bytes, data: bytes, name: str | None) -> None:
    try:
        extracted = extract(start + data, name=name)
    except BadInput:
        return
    extracted.text.encode("utf-8")
