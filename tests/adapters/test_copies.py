"""Copies without metadata hold what can be seen and nothing else: words planted in every hidden place are gone."""

import io
import itertools
import struct
import zlib
from collections.abc import Callable

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin, TiffImagePlugin

from canaries import STEM, found_in
from drawing import examples
from tocsin.adapters.documents import COPY_LIMITS, WHOLE, Area, Copy, Limits, extract, kind_of, look_at, make_copy
from tocsin.core.errors import BadInput, BinaryInput, DamagedFile, RefusedFile, TooLarge

WORD = f"{STEM}00001"
GPS, CAMERA, COMMENT, OWNER, DATE = 0x8825, 0x0110, 0x9286, 0xA430, 0x9003
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def scene(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Draw something with edges, so that orientation and areas can be seen."""
    drawn = Image.new("RGB", size, WHITE)
    ImageDraw.Draw(drawn).rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(220, 20, 20))
    return drawn


def exif(orientation: int = 1) -> bytes:
    made = Image.Exif()
    made[CAMERA], made[0x0131], made[0x013B], made[0x0112] = WORD, WORD, WORD, orientation
    made.get_ifd(0x8769)[DATE] = WORD
    made.get_ifd(0x8769)[COMMENT] = WORD.encode()
    made.get_ifd(0x8769)[OWNER] = WORD
    made.get_ifd(GPS).update({1: "N", 2: (43.0, 14.0, 19.5), 3: "E", 4: (76.0, 54.0, 2.0), 29: WORD, 27: WORD.encode()})
    return made.tobytes()


XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{WORD}</dc:creator></x:xmpmeta>'.encode()
# A profile whose text says who made the display; it need not be a sound one.
PROFILE = struct.pack(">I", 200) + b"\0" * 32 + b"acsp" + b"\0" * 88 + WORD.encode().ljust(72, b"\0")


def jpeg_with_thumbnail() -> bytes:
    """Put a small JPEG, with a word of its own, behind the tags, as cameras do: it shows what was cut off."""
    small = io.BytesIO()
    scene((60, 40)).save(small, "JPEG", comment=WORD.encode())
    made = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[CAMERA] = WORD
    body = b"Exif\0\0" + _tiff(tags) + small.getvalue()
    scene().save(made, "JPEG")
    plain = made.getvalue()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def _tiff(tags: TiffImagePlugin.ImageFileDirectory_v2) -> bytes:
    written = io.BytesIO()
    written.write(b"II*\0\x08\0\0\0")
    tags.save(written)
    return written.getvalue()


def jpeg_with_segments() -> bytes:
    """IPTC in Photoshop's segment, a second profile, words behind the end of the picture."""
    made, said = io.BytesIO(), WORD.encode()
    scene().save(made, "JPEG", comment=said)
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(WORD) + 5)
    iptc += b"\x1c\x02\x69" + struct.pack(">H", len(WORD)) + WORD.encode()
    segments = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
        for marker, body in (
            (0xED, iptc),
            (0xE2, b"MPF\0" + WORD.encode()),
            (0xEE, WORD.encode()),
            (0xFE, WORD.encode()),
        )
    )
    plain = made.getvalue()
    return plain[:2] + segments + plain[2:] + WORD.encode() * 3


def saved(kind: str, **also: object) -> bytes:
    made = io.BytesIO()
    scene().save(made, kind, **also)
    return made.getvalue()


def png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", WORD)
    texts.add_text("Comment", WORD * 20, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add(b"prVt", WORD.encode())
    return saved("PNG", pnginfo=texts, exif=exif(), icc_profile=PROFILE) + WORD.encode()


def png_with_hidden_colours() -> bytes:
    """A picture whose fully transparent parts still have the colours of what was there."""
    hidden = Image.new("RGBA", (400, 300), (255, 255, 255, 255))
    hidden.paste((10, 200, 10, 0), (100, 100, 300, 200))
    made = io.BytesIO()
    hidden.save(made, "PNG")
    return made.getvalue()


def gif_of_two() -> bytes:
    made = io.BytesIO()
    second = Image.new("RGB", (400, 300), (0, 0, 255))
    scene().save(made, "GIF", save_all=True, append_images=[second], comment=WORD.encode())
    return made.getvalue()


def tiff_of_two() -> bytes:
    made = io.BytesIO()
    second = Image.new("RGB", (400, 300), (0, 0, 255))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E], tags[0x013B] = WORD, WORD
    scene().save(made, "TIFF", save_all=True, append_images=[second], tiffinfo=tags)
    return made.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "JPEG with tags": lambda: saved("JPEG", exif=exif(), xmp=XMP, icc_profile=PROFILE, comment=WORD.encode()),
    "JPEG with a thumbnail": jpeg_with_thumbnail,
    "JPEG with segments": jpeg_with_segments,
    "PNG": png,
    "WebP": lambda: saved("WEBP", exif=exif(), xmp=XMP, icc_profile=PROFILE),
    "TIFF": tiff_of_two,
    "GIF": gif_of_two,
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_that_hides_in_a_picture_reaches_its_copy(name: str) -> None:
    written = PICTURES[name]()
    assert found_in(written), "the word was not planted"
    copy = make_copy(written)
    assert found_in(copy.content) == set()
    with Image.open(io.BytesIO(copy.content)) as picture:
        picture.load()
        assert not picture.getexif()
        assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert getattr(picture, "n_frames", 1) == 1
        assert near(picture.convert("RGB").getpixel((20, 20)), (220, 20, 20))
        assert near(picture.convert("RGB").getpixel((380, 280)), WHITE)
    assert segments_of(copy.content) <= {"APP0", "DQT", "SOF0", "SOF2", "DHT", "SOS", "IHDR", "IDAT", "IEND"}


def segments_of(content: bytes) -> set[str]:
    """Name the parts that a JPEG or PNG consists of."""
    if content.startswith(b"\x89PNG"):
        names, at = set(), 8
        while at < len(content):
            (length,) = struct.unpack(">I", content[at : at + 4])
            names.add(content[at + 4 : at + 8].decode())
            at += length + 12
        assert at == len(content)
        return names
    known = {0xE0: "APP0", 0xDB: "DQT", 0xC0: "SOF0", 0xC2: "SOF2", 0xC4: "DHT", 0xDA: "SOS"}
    names, at = set(), 2
    while content[at + 1] != 0xDA:
        names.add(known.get(content[at + 1], f"{content[at + 1]:x}"))
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    assert content.endswith(b"\xff\xd9")
    return names


def near(seen: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 12 for one, other in zip(seen, wanted, strict=True))


def test_a_picture_that_lies_on_its_side_stands_upright() -> None:
    copy = make_copy(saved("JPEG", exif=exif(orientation=6)))
    with Image.open(io.BytesIO(copy.content)) as picture:
        assert picture.size == (300, 400)
        assert near(picture.getpixel((280, 20)), (220, 20, 20))


def test_colours_that_transparency_hides_are_not_in_the_copy() -> None:
    copy = make_copy(png_with_hidden_colours())
    with Image.open(io.BytesIO(copy.content)) as picture:
        assert picture.mode == "RGB"
        assert {colour for _, colour in picture.getcolors(100_000) or ()} == {WHITE}


def test_of_several_pictures_one_is_copied_and_the_copy_says_so() -> None:
    for written in (gif_of_two(), tiff_of_two()):
        copy = make_copy(written)
        assert "only the first picture of the file was copied" in copy.notes


def test_a_copy_is_smaller_than_what_a_camera_gives() -> None:
    made = io.BytesIO()
    scene((5000, 3000)).save(made, "JPEG")
    with Image.open(io.BytesIO(make_copy(made.getvalue()).content)) as picture:
        assert max(picture.size) == 2400


# Blacking out ---------------------------------------------------------------------------------------------------------


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


@settings(max_examples=12, deadline=None)
@given(
    size=st.tuples(st.integers(20, 400), st.integers(20, 400)),
    edges=st.tuples(*[st.integers(0, WHOLE)] * 4).filter(lambda four: four[0] != four[1] and four[2] != four[3]),
)
def test_what_is_blacked_out_is_one_colour_to_its_last_pixel(
    size: tuple[int, int], edges: tuple[int, int, int, int]
) -> None:
    (left, right), (top, bottom) = sorted(edges[:2]), sorted(edges[2:])
    made = io.BytesIO()
    noise(size).save(made, "PNG")
    copy = make_copy(made.getvalue(), [Area(1, left, top, right, bottom)])
    with Image.open(io.BytesIO(copy.content)) as picture:
        box = (
            left * size[0] // WHOLE,
            top * size[1] // WHOLE,
            -(-right * size[0] // WHOLE),
            -(-bottom * size[1] // WHOLE),
        )
        assert {colour for _, colour in picture.crop(box).getcolors(200_000) or ()} == {BLACK}
        assert picture.size == size


def test_two_pictures_that_differ_only_under_an_area_give_the_same_copy() -> None:
    """What cannot be told apart cannot be reckoned back."""
    copies = []
    for face in ((250, 200, 180), (60, 40, 30)):
        drawn = scene()
        ImageDraw.Draw(drawn).ellipse((210, 160, 290, 230), fill=face)
        made = io.BytesIO()
        drawn.save(made, "PNG")
        copies.append(make_copy(made.getvalue(), [Area(1, 500, 500, 750, 800)]).content)
    assert copies[0] == copies[1]


@pytest.mark.parametrize(
    "wrong", [(1, 500, 0, 500, 10), (1, 0, 10, 5, 10), (1, -1, 0, 5, 5), (1, 0, 0, 1001, 5), (0, 0, 0, 5, 5)]
)
def test_an_area_covers_something_within_its_page(wrong: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="area"):
        Area(*wrong)


def test_an_area_on_a_page_that_is_not_there_makes_no_copy() -> None:
    for written in (saved("PNG"), pdf([scene()])):
        with pytest.raises(RefusedFile, match="not there"):
            make_copy(written, [Area(2, 0, 0, 10, 10)])


# PDF ------------------------------------------------------------------------------------------------------------------


def pdf(pages: list[Image.Image]) -> bytes:
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], title=WORD, author=WORD, producer=WORD)
    return made.getvalue()


def pdf_with_everything() -> bytes:
    """A page with text below a black box, an attachment, words in the catalogue and in a stream of objects."""
    hidden = zlib.compress(f"7 0 << /Secret ({WORD}) >>".encode())
    text = f"BT /F1 24 Tf 40 400 Td ({WORD}) Tj ET 0 g 30 390 400 40 re f".encode()
    attached = WORD.encode() * 3
    catalogue = (
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>"
        b" /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /Metadata 8 0 R >>"
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 500] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> /Annots [<< /Type /Annot /Subtype /Text /Rect [0 0 1 1]"
        b" /Contents (" + WORD.encode() + b") /F 2 >>] >>"
    )
    objects = [
        catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >> stream\n" % len(text) + text + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Filespec /F (" + WORD.encode() + b") /EF << /F 9 0 R >> >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n" % len(hidden)
        + hidden
        + b"\nendstream",
        b"<< /Type /Metadata /Subtype /XML /Length %d >> stream\n" % len(XMP) + XMP + b"\nendstream",
        b"<< /Type /EmbeddedFile /Length %d >> stream\n" % len(attached) + attached + b"\nendstream",
    ]
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    info = f"/Info << /Author ({WORD}) /Title ({WORD}) >>"
    written += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {info} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)


def test_nothing_that_hides_in_a_pdf_reaches_its_copy() -> None:
    written = pdf_with_everything()
    assert "raw" in found_in(written)
    with_text = pypdfium2.PdfDocument(written)[0].get_textpage().get_text_range()
    assert WORD in with_text, "the text below the box is there in the original"
    copy = make_copy(written)
    assert copy.media_type == "application/pdf"
    assert found_in(copy.content) == set()
    document = pypdfium2.PdfDocument(copy.content)
    assert document[0].get_textpage().get_text_range() == ""
    assert document.count_attachments() == 0
    assert set(document.get_metadata_dict().values()) == {""}
    assert pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) == 0
    assert [each.type for each in document[0].get_objects()] == [pdfium.FPDF_PAGEOBJ_IMAGE]
    left_out = {f"the file carried {what}; they were left out" for what in ("embedded files", "scripts")}
    assert left_out <= set(copy.notes)
    # The one that runs on opening has no name by which it could be counted.
    assert "the file carries scripts; they were not run" in extract(written, name="a.pdf").warnings
    # What was covered is black in the copy, and nothing lies below it.
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    assert near(picture.getpixel((200, 90)), BLACK)


def test_the_areas_of_a_page_are_black_on_that_page_alone() -> None:
    copy = make_copy(pdf([noise((300, 200)), noise((300, 200))]), [Area(2, 0, 0, 500, 500)])
    pages = [each.render(scale=1).to_pil().convert("RGB") for each in pypdfium2.PdfDocument(copy.content)]
    assert copy.pages == len(pages) == 2
    inside = [page.crop((2, 2, page.width // 2 - 4, page.height // 2 - 4)).getcolors(1_000_000) or [] for page in pages]
    assert max(max(colour) for _, colour in inside[1]) < 12
    assert max(max(colour) for _, colour in inside[0]) > 100


def test_two_copies_of_one_file_are_the_same_bytes() -> None:
    """No time, no name of a program, nothing drawn by dice."""
    for written in (pdf([scene(), scene()]), saved("JPEG"), saved("PNG")):
        assert make_copy(written).content == make_copy(written).content


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(RefusedFile, match="60"):
        make_copy(pdf([scene((20, 20))] * 61))


# Documents, and what no copy is made of -------------------------------------------------------------------------------


def word_file() -> bytes:
    document = Document()
    document.add_paragraph("The office was searched.")
    document.core_properties.author = document.core_properties.comments = WORD
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_a_document_becomes_its_text() -> None:
    written = word_file()
    assert found_in(written)
    copy = make_copy(written)
    assert copy == Copy(copy.content, "text/plain", 1, copy.notes)
    assert copy.content.decode().strip() == "The office was searched."
    with pytest.raises(RefusedFile, match="blacked out"):
        make_copy(written, [Area(1, 0, 0, 10, 10)])


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x18ftypmp42",
        b"\0\0\0\x18ftypqt  ",
        b"ID3\x03",
        b"OggS",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\x1aE\xdf\xa3",
        b"#!AMR",
    ],
)
def test_of_sound_and_film_no_copy_is_made_and_the_reason_is_said(head: bytes) -> None:
    for ask in (make_copy, look_at):
        with pytest.raises(BinaryInput, match="sound and film"):
            ask(head + bytes(2000))


def test_a_picture_of_a_kind_that_cannot_be_drawn_is_refused_with_what_to_do() -> None:
    with pytest.raises(BinaryInput, match="HEIC or AVIF: export it as JPEG"):
        kind_of(b"\0\0\0\x18ftypheic" + bytes(100))


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM", b"%PDF-1.7\n"]
)
def test_what_only_begins_like_a_picture_is_refused(start: bytes) -> None:
    with pytest.raises(BadInput):
        make_copy(start + b"<script>alert(1)</script>" * 20)


def bomb() -> bytes:
    """A PNG of three hundred megapixels in three hundred bytes."""
    rows = zlib.compress(b"\0" * 1000, 9)
    head = struct.pack(">IIBBBBB", 20_000, 15_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(RefusedFile, match="40 megapixels"):
        make_copy(bomb())


def test_what_is_larger_than_may_be_opened_is_refused() -> None:
    with pytest.raises(TooLarge, match="MB"):
        make_copy(saved("PNG") + bytes(1000), limits=Limits(input_bytes=900))
    assert COPY_LIMITS.input_bytes == 25_000_000


@settings(max_examples=examples(25), deadline=None)
@given(cut=st.integers(1, 2000), flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 255)), max_size=6))
def test_a_damaged_picture_is_copied_or_refused_and_nothing_else(cut: int, flips: list[tuple[int, int]]) -> None:
    written = bytearray(saved("JPEG", exif=exif()))
    for place, bits in flips:
        written[place % len(written)] ^= bits
    for damaged in (bytes(written), bytes(written[: cut % len(written)])):
        try:
            copy = make_copy(damaged)
        except BadInput:
            continue
        assert found_in(copy.content) == set()


def test_looking_gives_one_page_with_or_without_a_grid() -> None:
    written = pdf([scene((200, 100)), scene((100, 200))])
    sizes = set()
    for page, grid in itertools.product((1, 2), (False, True)):
        shown = look_at(written, page=page, grid=grid)
        assert (shown.media_type, shown.pages) == ("image/jpeg", 2)
        with Image.open(io.BytesIO(shown.content)) as picture:
            sizes.add(picture.size)
    assert len(sizes) == 4
    with pytest.raises(RefusedFile, match="no such page"):
        look_at(written, page=3)
    assert found_in(look_at(jpeg_with_segments()).content) == set()


def test_a_broken_answer_of_the_sandbox_is_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    from tocsin.adapters.documents import sandbox

    for output in (b"", b"{}", b"[]\nabc", b'{"media_type": "text/html", "pages": 1, "notes": []}\n<b>'):
        monkeypatch.setattr(sandbox, "run", lambda *_of, out=output: sandbox.Answer(out, ()))
        with pytest.raises(RefusedFile, match="no sensible answer"):
            make_copy(saved("PNG"))
    monkeypatch.undo()
    with pytest.raises(DamagedFile):
        make_copy(saved("PNG")[:60])
