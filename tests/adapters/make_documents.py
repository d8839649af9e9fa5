"""Builds documents for tests byte by byte, good ones and hostile ones; all names in them are invented."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence

import docx
import docx.document


def pdf(
    pages: Sequence[Iterable[str | float]], *, extra: str = "", leading: float = 14, compress: bool = False
) -> bytes:
    """Write a PDF; each page is a list of lines, and a number in it moves the next line down by so many points."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % extra.encode(), b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        commands = [f"BT /F1 11 Tf {leading} TL 60 780 Td"]
        for line in lines:
            if isinstance(line, str):
                escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
                commands.append(f"({escaped}) Tj T*")
            else:
                commands.append(f"0 {-line} Td")
        content = "\n".join([*commands, "ET"]).encode("cp1252")
        if compress:
            content = zlib.compress(content, 9)
        packed = b" /Filter /FlateDecode" if compress else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), packed, content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _written(objects)


def _written(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def encrypted_pdf() -> bytes:
    """Write a PDF whose password nobody knows: its key check values are noise."""
    noise = bytes(range(65, 97))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 0 /Kids [] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>"
        % (noise.replace(b"\\", b"x"), noise.replace(b"\\", b"y")),
    ]
    return _written(objects, b"/Encrypt 3 0 R /ID [(0123456789abcdef) (0123456789abcdef)]")


def pdf_with_circle() -> bytes:
    """Write a PDF whose tree of pages holds itself."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"]
    return _written(objects)


def pdf_bomb(size: int) -> bytes:
    """Write a PDF whose only page unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(A) Tj " * 150_000) for _ in range(size // 1_050_000)) + packer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>"
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    return _written(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>", stream, page],
    )


def word(build: Callable[[docx.document.Document], object]) -> bytes:
    """Write a Word file whose content `build` adds to an empty document."""
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plain_word(*paragraphs: str) -> bytes:
    """Write a Word file of plain paragraphs."""
    return word(lambda document: [document.add_paragraph(text) for text in paragraphs])


def rezipped(data: bytes, change: Callable[[str, bytes], bytes], extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Change the members of a ZIP container and add others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in extra:
            new.writestr(name, content)
    return out.getvalue()


def with_body(data: bytes, old: bytes, new: bytes, *, once: bool = True) -> bytes:
    """Change the main part of a Word file."""
    return rezipped(
        data, lambda name, part: part.replace(old, new, 1 if once else -1) if name == "word/document.xml" else part
    )


def multipart(depth: int) -> bytes:
    """Write a mail of parts within parts, none of them closed."""
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    return b"From: a@b.example\r\nSubject: s\r\n" + b"".join(levels) + b"Content-Type: text/plain\r\n\r\nx\r\n"


def forwarded(depth: int) -> bytes:
    """Write a mail that forwards a mail that forwards a mail."""
    shells = b"From: a@b.example\r\nSubject: s\r\nContent-Type: message/rfc822\r\n\r\n" * depth
    return shells + b"From: a@b.example\r\nSubject: s\r\n\r\nthe innermost text"
