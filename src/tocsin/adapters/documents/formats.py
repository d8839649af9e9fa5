"""Which kind of document some bytes are: content decides, and the extension of the name must agree.

Only the beginning (and for polyglots the end) of a file is looked at here; the opener of the format gives the last
verdict inside the sandbox.
"""

import codecs
import re
from pathlib import PurePosixPath

from tocsin.adapters.documents.opened import Format
from tocsin.core.errors import BinaryInput, RefusedFile

_HEAD = 4096
_FAR = 200_000

_EXTENSIONS: dict[str, Format] = {
    "txt": "text", "text": "text", "md": "text",
    "htm": "html", "html": "html", "xhtml": "html",
    "docx": "docx",
    "pdf": "pdf",
    "eml": "eml",
    "json": "json",
}  # fmt: skip
_FORMAT_NAMES: dict[Format, str] = {
    "text": "plain text",
    "html": "an HTML page",
    "docx": "a ZIP container such as DOCX",
    "pdf": "a PDF",
    "eml": "an e-mail",
    "json": "JSON",
}
# Extensions of documents that we do not open: content of another kind under such a name is a disguise too.
_FOREIGN = frozenset(
    """
    doc docm dot dotm dotx rtf odt ott pages wpd wps msg mht mhtml tnef ppt pptx xls xlsx xlsm
    zip 7z rar gz tar iso jar apk jpg jpeg png gif webp tif tiff heic svg bmp mp3 mp4
    exe com bat cmd js vbs ps1 sh lnk dll scr
    """.split()
)
_KNOWN_BINARIES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office or Outlook file", "save it as DOCX, PDF or EML"),
    (b"{\\rtf", "an RTF file", "save it as DOCX or PDF"),
    (b"\x89PNG", "a picture", "type or recognise its text first"),
    (b"\xff\xd8\xff", "a picture", "type or recognise its text first"),
    (b"GIF8", "a picture", "type or recognise its text first"),
    (b"II*\0", "a picture", "type or recognise its text first"),
    (b"MM\0*", "a picture", "type or recognise its text first"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "an archive", "unpack it first"),
    (b"Rar!", "an archive", "unpack it first"),
    (b"MZ", "a program", "do not open it"),
    (b"\x7fELF", "a program", "do not open it"),
)

_HTML_START = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,2000}-->\s*){0,20}<(?:!doctype\s+html|html|head|body|title|meta|style"
    r"|main|article|section|header|nav|div|table|center|font|h[1-6]|p|ul|ol|span|blockquote|pre|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|a|table|td|b|i|em|strong|span|html|body)\b[^<>]{0,500}>", re.IGNORECASE
)
_HEADER_LINE = re.compile(r"([!-9;-~]{1,76}):(?:[ \t]|$)")
_MAIL_HEADERS = frozenset({"from", "to", "cc", "date", "subject", "sender", "reply-to", "in-reply-to", "references"})
_TRANSPORT_HEADERS = frozenset(
    {"received", "return-path", "delivered-to", "message-id", "mime-version", "dkim-signature", "content-type"}
)


def sniff(data: bytes, extension: str) -> Format:
    """Recognise the format of `data`; what is left over is "text", which JSON and binary files are too at this point.

    Raises:
        BinaryInput: The bytes are of a kind that we know and do not open.
        RefusedFile: The bytes are two kinds at once.
    """
    for magic, what, hint in _KNOWN_BINARIES:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:_HEAD]):
            raise BinaryInput(f"this is {what}, not text and not a known document type", hint=hint)
    if data.startswith(b"PK\x03\x04"):
        if b"%PDF-" in data[:1024]:
            raise RefusedFile("this is a ZIP container and a PDF at once")
        return "docx"
    if data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        if _ends_as_zip(data):
            raise RefusedFile("this is a PDF and a ZIP container at once")
        return "pdf"
    return _sniff_text(data, extension)


def _sniff_text(data: bytes, extension: str) -> Format:
    """Tell HTML, mail and other text apart by marks that are ASCII in every encoding that we read."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    head = data[:_HEAD].decode(encoding, "ignore").removeprefix("\xef\xbb\xbf")
    if _HTML_START.match(head.lstrip()):
        return "html"
    if _EXTENSIONS.get(extension) == "html" and _HTML_TAG.search(data[:_FAR].decode(encoding, "ignore")):
        return "html"
    return "eml" if _is_mail(head, extension) else "text"


def extension_of(name: str | None) -> str:
    """Take the extension off a name, in lower case and without the dot; empty where there is none."""
    return PurePosixPath((name or "").replace("\\", "/")).suffix[1:].lower()


def check_name(found: Format, extension: str) -> None:
    """Compare what the content is with what the name says.

    An extension that stands for no document (`report.final`) is no claim and is let through.

    Raises:
        RefusedFile: They contradict each other.
    """
    claimed = _EXTENSIONS.get(extension)
    if claimed == found or (claimed is None and extension not in _FOREIGN):
        return
    raise RefusedFile(
        f"the name ends in .{extension}, but the content is {_FORMAT_NAMES[found]}",
        hint="find out which is true and rename it",
    )


def _is_mail(head: str, extension: str) -> bool:
    """Ask for a block of header lines at the start.

    A mail pasted into a text file has `From:` and `Subject:` too and reads well as text; only the headers that mail
    servers write make a mail of a file that is named as text.
    """
    names: list[str] = []
    for line in head.lstrip("\r\n").splitlines():
        if not line.strip():
            break
        if names and line[0] in " \t":
            continue
        if not names and line.startswith("From "):
            continue
        header = _HEADER_LINE.match(line)
        if header is None:
            # The block must end in an empty line, unless the part that we look at ends in the middle of it.
            return False if extension != "eml" else bool(names)
        names.append(header[1].lower())
    if extension == "eml":
        return bool(names)
    found, carried = _MAIL_HEADERS.intersection(names), _TRANSPORT_HEADERS.intersection(names)
    if _EXTENSIONS.get(extension) == "text":
        return bool(found) and len(carried) >= 2
    return "from" in found and len(found) + len(carried) >= 2


def _ends_as_zip(data: bytes) -> bool:
    """Look for a ZIP end record whose comment ends exactly where the file ends."""
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 22 - 65_535))
    return (
        place >= 0
        and len(data) - place >= 22
        and place + 22 + int.from_bytes(data[place + 20 : place + 22], "little") == len(data)
    )
