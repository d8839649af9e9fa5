"""Pictures and pages of PDF drawn anew, pixel by pixel: nothing but what can be seen reaches the copy.

All of this runs inside the child process. A copy is a new picture that the pixels of the old one are painted onto; it
never had the metadata, the profile, the thumbnail or the hidden parts of the file, so nothing has to be removed.
"""

import io
from collections.abc import Iterator, Sequence

import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

from tocsin.adapters.documents.copied import LONGEST_SIDE, WHOLE, Area, Copy
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.paper import pages_of_pictures
from tocsin.adapters.documents.pdf import carries_scripts, refusal_of
from tocsin.core.errors import DamagedFile, RefusedFile

_MOST_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
_DOTS_AN_INCH = 150
_POINTS_AN_INCH = 72
_QUALITY = 85
SQUARES = 20
_INK, _PAPER, _LINE = (0, 0, 0), (255, 255, 255), (255, 0, 200)


def copy_picture(written: bytes, areas: Sequence[Area], *, grid: bool) -> Copy:
    """Make a copy of a picture; of several pictures in one file the first.

    Raises:
        BadInput: It is damaged, larger than 40 megapixels, or an area names another page.
    """
    _within(areas, 1)
    picture, notes, drawn_by_computer = _opened(written)
    _black_out(picture, areas)
    if grid:
        picture = _with_grid(picture)
    if drawn_by_computer:
        return Copy(_saved(picture, "PNG"), "image/png", 1, notes)
    return Copy(_saved(picture, "JPEG"), "image/jpeg", 1, notes)


def copy_pdf(written: bytes, areas: Sequence[Area], limits: Limits) -> Copy:
    """Make a PDF of pictures of the pages.

    Raises:
        BadInput: It is damaged, encrypted or has too many pages, or an area names a page that is not there.
    """
    document = _pdf(written, limits)
    _within(areas, len(document))
    made = pages_of_pictures(_drawn_pages(document, areas))
    return Copy(made, "application/pdf", len(document), tuple(_left_out(document, written)))


def picture_of_page(written: bytes, number: int, limits: Limits, *, grid: bool) -> Copy:
    """Make a picture of one page of a PDF, to look at.

    Raises:
        BadInput: As `copy_pdf`.
    """
    document = _pdf(written, limits)
    if not 1 <= number <= len(document):
        raise RefusedFile("it has no such page")
    picture = _page(document, number)
    picture = _with_grid(picture) if grid else picture
    return Copy(_saved(picture, "JPEG"), "image/jpeg", len(document), tuple(_left_out(document, written)))


def _opened(written: bytes) -> tuple[Image.Image, tuple[str, ...], bool]:
    Image.MAX_IMAGE_PIXELS = None  # our own limit below is an error, where Pillow's is a warning
    try:
        with Image.open(io.BytesIO(written), formats=_FORMATS) as source:
            if source.width * source.height > _MOST_PIXELS:
                raise RefusedFile("the picture has more than 40 megapixels")
            several = getattr(source, "n_frames", 1) > 1
            notes = ("only the first picture of the file was copied",) if several else ()
            return _painted_anew(source), notes, source.format in {"PNG", "GIF", "BMP"}
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, ZeroDivisionError):
        raise DamagedFile("the picture is damaged") from None


def _painted_anew(source: Image.Image) -> Image.Image:
    source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    source.load()
    upright = ImageOps.exif_transpose(source)
    if upright.mode not in {"RGB", "RGBA", "L"}:
        upright = upright.convert("RGBA" if "transparency" in upright.info or upright.mode in {"LA", "PA"} else "RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    canvas = Image.new("RGB", upright.size, _PAPER)
    canvas.paste(upright.convert("RGB"), mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
    return canvas


def _saved(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, quality=_QUALITY, optimize=kind == "JPEG")
    return made.getvalue()


def _within(areas: Sequence[Area], pages: int) -> None:
    if any(area.page > pages for area in areas):
        raise RefusedFile("an area is on a page that is not there")


def _black_out(picture: Image.Image, areas: Sequence[Area]) -> None:
    """Fill rectangles, whole pixels outwards: what is covered has the one colour, and nothing can be reckoned back."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    for area in areas:
        left, top = area.left * width // WHOLE, area.top * height // WHOLE
        right, bottom = -(-area.right * width // WHOLE), -(-area.bottom * height // WHOLE)
        pen.rectangle((left, top, right, bottom), fill=_INK)


def _with_grid(picture: Image.Image) -> Image.Image:
    """Lay lettered columns and numbered rows over a picture, by which a person says where something is."""
    # So large that it can still be read where a telephone makes the picture small.
    margin = max(14, min(picture.size) // 18)
    sheet = Image.new("RGB", (picture.width + margin, picture.height + margin), _PAPER)
    sheet.paste(picture, (margin, margin))
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=max(10, margin * 2 // 3))
    for at in range(SQUARES):
        x, y = margin + at * picture.width // SQUARES, margin + at * picture.height // SQUARES
        pen.line((x, 0, x, sheet.height), fill=_LINE)
        pen.line((0, y, sheet.width, y), fill=_LINE)
        middle_x = x + picture.width // SQUARES // 2
        middle_y = y + picture.height // SQUARES // 2
        pen.text((middle_x, margin // 2), chr(ord("A") + at), fill=_INK, font=font, anchor="mm")
        pen.text((margin // 2, middle_y), str(at + 1), fill=_INK, font=font, anchor="mm")
    return sheet


def _pdf(written: bytes, limits: Limits) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(written)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        raise refusal_of(error) from None
    if not 1 <= count <= limits.pages:
        raise RefusedFile(f"the PDF has no page, or more than {limits.pages}")
    return document


def _drawn_pages(document: pypdfium2.PdfDocument, areas: Sequence[Area]) -> Iterator[tuple[bytes, int, int]]:
    for number in range(1, len(document) + 1):
        picture = _page(document, number)
        _black_out(picture, [area for area in areas if area.page == number])
        yield _saved(picture, "JPEG"), picture.width, picture.height


def _page(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    try:
        page = document[number - 1]
        longest = max(page.get_size())
        if longest <= 0:
            raise DamagedFile("a page of the PDF has no size")
        scale = min(_DOTS_AN_INCH / _POINTS_AN_INCH, LONGEST_SIDE / longest)
        drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        page.close()
    except pypdfium2.PdfiumError:
        raise DamagedFile("a page of the PDF is broken") from None
    canvas = Image.new("RGB", drawn.size, _PAPER)
    canvas.paste(drawn)
    return canvas


def _left_out(document: pypdfium2.PdfDocument, written: bytes) -> Iterator[str]:
    if document.count_attachments():
        yield "the file carried embedded files; they were left out"
    if carries_scripts(document, written):
        yield "the file carried scripts; they were left out"
    if document.get_formtype():
        yield "the file had a form; what was written in its fields was left out"
