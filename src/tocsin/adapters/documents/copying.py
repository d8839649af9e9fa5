"""Copies without metadata, made in the sandbox: pictures and PDF from their pixels, documents from their text."""

import json
from collections.abc import Sequence
from typing import Any, get_args

from tocsin.adapters.documents import sandbox
from tocsin.adapters.documents.confined import error_in, open_confined, remark
from tocsin.adapters.documents.copied import COPY_LIMITS, Area, Copy, Kind
from tocsin.adapters.documents.formats import sniff
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.plaintext import decode, tidy
from tocsin.core.errors import BinaryInput, EmptyInput, RefusedFile, TooLarge

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_TYPES = {"image/png", "image/jpeg", "application/pdf"}
_HIGH_EFFICIENCY = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_SOUND_OR_FILM = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"FLV", b"#!AMR", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1")


def kind_of(written: bytes) -> Kind:
    """Tell how a copy of a file would be made.

    Raises:
        BinaryInput: No copy without metadata can be made of it; the error says why.
    """
    head = written[:16]
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "picture"
    if head[4:8] == b"ftyp" and head[8:12] in _HIGH_EFFICIENCY:
        raise BinaryInput(
            "no copy can be made of a picture in HEIC or AVIF: export it as JPEG, put that in beside it, and copy that"
        )
    if head[4:8] == b"ftyp" or head.startswith((*_SOUND_OR_FILM, b"RIFF")):
        raise BinaryInput("no copy without metadata is made of sound and film", hint="use a tool made for it")
    return "pdf" if b"%PDF-" in written[:1024] else "document"


def make_copy(written: bytes, areas: Sequence[Area] = (), *, limits: Limits = COPY_LIMITS) -> Copy:
    """Make a copy of a file that holds what can be seen of it and nothing else, parts of it blacked out.

    Raises:
        BadInput: None can be made; the error says why.
    """
    kind = _checked(written, limits)
    if kind == "document":
        if areas:
            raise RefusedFile("only pictures and pages can be blacked out")
        return _text(written, limits)
    return _ask(written, kind, areas, page=0, grid=False, limits=limits)


def look_at(written: bytes, *, page: int = 1, grid: bool = False, limits: Limits = COPY_LIMITS) -> Copy:
    """Make what a person looks at instead of the file: a picture of one page, or its text.

    Args:
        written: The file.
        page: Which page.
        grid: Whether lettered columns and numbered rows lie over it.
        limits: The ceilings.

    Raises:
        BadInput: It cannot be shown; the error says why.
    """
    kind = _checked(written, limits)
    if kind == "document":
        return _text(written, limits)
    return _ask(written, kind, (), page=page, grid=grid, limits=limits)


def _checked(written: bytes, limits: Limits) -> Kind:
    if not written:
        raise EmptyInput("there is nothing in it")
    kind = kind_of(written)
    if len(written) > limits.input_bytes:
        raise TooLarge(f"only files up to {limits.input_bytes / 1e6:g} MB can be opened")
    return kind


def _text(written: bytes, limits: Limits) -> Copy:
    kind = sniff(written, "")
    if kind == "text":
        text, warnings = decode(written)
        text = tidy(text)
    else:
        opened = open_confined(kind, written, limits)
        text, warnings = opened.text, opened.warnings
    if len(text) > limits.text_characters:
        raise TooLarge(f"it holds more than {limits.text_characters:,} characters of text")
    return Copy(text.encode(), "text/plain", 1, tuple(warnings))


def _ask(written: bytes, kind: Kind, areas: Sequence[Area], *, page: int, grid: bool, limits: Limits) -> Copy:
    if kind not in get_args(Kind):
        raise ValueError(kind)
    drawn = [(each.page, each.left, each.top, each.right, each.bottom) for each in areas]
    call = f"main({kind!r}, {drawn!r}, {int(page)}, {bool(grid)}, LIMITS)"
    answer = sandbox.run(f"from tocsin.adapters.documents.copying_child import main; {call}", written, limits)
    head, _, content = answer.output.partition(b"\n")
    try:
        return _copy(json.loads(head), content, answer.warnings)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise RefusedFile("the program that opens it in the sandbox gave no sensible answer") from None


def _copy(told: dict[str, Any], content: bytes, warnings: tuple[str, ...]) -> Copy:
    if "code" in told:
        raise error_in(told)
    if told["media_type"] not in _TYPES or not content:
        raise ValueError
    return Copy(content, told["media_type"], int(told["pages"]), (*map(remark, told["notes"]), *warnings))
