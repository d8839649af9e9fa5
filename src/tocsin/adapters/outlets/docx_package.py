"""The empty Word file that an appeal is written into, and how a written one is packed.

The empty file lies in `word/` as plain XML, part by part, so that what is in it can be read and reviewed. The template
that comes with python-docx names an author, a date and a program, and carries a picture.
"""

import functools
import importlib.resources
import io
import zipfile
from importlib.resources.abc import Traversable
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE

_FIRST = ("[Content_Types].xml", "_rels/.rels")  # where programs look for them
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def template() -> Document:
    """Give a new empty document with our styles."""
    return docx.Document(io.BytesIO(_template()))


@functools.cache
def style_id(name: str) -> str | None:
    """Give the id of a style of paragraphs, `None` for the one of all that name none.

    Looking for one takes a thousandth of a second, and a third of a file was that.
    """
    part: Any = template().part  # python-docx says no types here
    found: str | None = part.get_style_id(name, WD_STYLE_TYPE.PARAGRAPH)
    return found


def sealed(document: Document) -> bytes:
    """Pack a document: without times, and in one order on every machine.

    The parts are not compressed, because what a compressor writes depends on its version.
    """
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as archive:
        return _packed({name: archive.read(name) for name in archive.namelist()})


@functools.cache
def _template() -> bytes:
    folder = importlib.resources.files("tocsin.adapters.outlets").joinpath("word")
    parts = dict(_files(folder, ""))
    # Programs that copy folders often leave hidden files out, so that one has a name that is seen.
    parts["_rels/.rels"] = parts.pop("_rels/package.rels")
    return _packed(parts)


def _files(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        found += _files(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_bytes())]
    return found


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda name: (name not in _FIRST, name)):
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.create_system = _UNIX
            member.external_attr = 0o644 << 16
            archive.writestr(member, parts[name])
    return packed.getvalue()
