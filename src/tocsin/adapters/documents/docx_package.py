"""The container of a Word file: a ZIP archive of XML parts tied by relationships (ECMA-376 part 2, ISO/IEC 29500-2).

Sizes, number and names of the members are checked before anything is unpacked, elements and depth while a part is
parsed. Nothing outside the archive is ever followed: external relationships are only counted.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from tocsin.adapters.documents.limits import Limits
from tocsin.core.errors import BinaryInput, DamagedFile, Encrypted, RefusedFile

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# The same vocabulary has other names in files saved as "strict Open XML".
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)

_CHUNK = 65_536
_NAMESPACES_WITHIN = 8_192  # of the start of a part: far behind it the same words would be text
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MAIN_TYPES = (
    "wordprocessingml.document.main+xml",
    "wordprocessingml.template.main+xml",
    "document.macroEnabled.main+xml",
)
_LIMIT_CODES = frozenset(
    getattr(etree.ErrorTypes, name)
    for name in ("ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP", "ERR_NAME_TOO_LONG", "ERR_INTERNAL_ERROR")
    if hasattr(etree.ErrorTypes, name)
)


@dataclass(frozen=True, slots=True)
class Relation:
    """An arrow from one part to another, or out of the file.

    Attributes:
        kind: The last word of its type, such as `footnotes` or `hyperlink`.
        target: Name of a part, or an address outside.
        external: Whether it leads out of the file.
    """

    kind: str
    target: str
    external: bool


class Package:
    """An opened container whose totals are within the limits.

    Raises:
        BinaryInput: A ZIP archive, but no Word file.
        DamagedFile: Truncated or broken.
        RefusedFile: It breaks a limit, or is built to deceive.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, LookupError, OSError):
            raise DamagedFile("the Word file is cut off or broken") from None
        self._names = _check_members(self._archive.infolist(), len(data), limits)
        mains = [relation.target for relation in self.relations("").values() if relation.kind == "officeDocument"]
        self.main = mains[0] if mains else "word/document.xml"
        self._check_kind()

    def has(self, name: str) -> bool:
        """Say whether there is a part of this name."""
        return name in self._names

    def names(self) -> Iterator[str]:
        """Give the names of all parts."""
        return iter(self._names)

    def relations(self, part: str) -> dict[str, Relation]:
        """Read where `part` points to, by relationship id; the package itself has the name ""."""
        folder, name = posixpath.split(part)
        file = posixpath.join(folder, "_rels", f"{name}.rels")
        if file not in self._names:
            return {}
        relations = {}
        for entry in self.parse(file).iterfind("{*}Relationship"):
            external = entry.get("TargetMode", "") == "External"
            target = entry.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            relations[entry.get("Id", "")] = Relation(entry.get("Type", "").rpartition("/")[2], target, external)
        return relations

    def parse(self, name: str) -> etree._Element:
        """Parse a part, counting elements and depth while the tree grows."""
        parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        counter = _Counter(parser, self._limits)
        try:
            with self._archive.open(self._names[name]) as stream:
                while chunk := stream.read(_CHUNK):
                    counter.feed(chunk)
            return parser.close()
        except etree.XMLSyntaxError as error:
            if error.code in _LIMIT_CODES:
                raise RefusedFile("a part of the Word file is nested too deeply or too large") from None
            raise DamagedFile("a part of the Word file is no well-formed XML") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
            raise DamagedFile("the Word file is cut off or broken") from None

    def _check_kind(self) -> None:
        """Ask the list of content types whether the main part is a Word document."""
        types: dict[str, str] = {}
        if "[Content_Types].xml" in self._names:
            for entry in self.parse("[Content_Types].xml").iterfind("{*}Override"):
                types[entry.get("PartName", "").lstrip("/")] = entry.get("ContentType", "")
        if self.main not in self._names or not types.get(self.main, "").endswith(_MAIN_TYPES):
            raise BinaryInput("this is a ZIP container, but no Word document", hint="save it as DOCX or PDF")


class _Counter:
    """Feeds a parser and stops it at a limit, or at a document type, which no Word file has."""

    def __init__(self, parser: etree.XMLPullParser, limits: Limits) -> None:
        self._parser = parser
        self._limits = limits
        self._elements = self._depth = 0

    def feed(self, chunk: bytes) -> None:
        if not self._elements:
            for other, usual in _STRICT:
                chunk = chunk[:_NAMESPACES_WITHIN].replace(other, usual) + chunk[_NAMESPACES_WITHIN:]
        self._parser.feed(chunk)
        for event, element in self._parser.read_events():
            if event == "end":
                self._depth -= 1
                continue
            if not self._elements and element.getroottree().docinfo.doctype:
                raise RefusedFile("a part of the Word file declares a document type, as attacks with entities do")
            self._elements += 1
            self._depth += 1
            if self._elements > self._limits.elements:
                raise RefusedFile(f"a part of the Word file has more than {self._limits.elements:,} elements")
            if self._depth > self._limits.depth:
                raise RefusedFile(f"a part of the Word file is nested more than {self._limits.depth} elements deep")


def _check_members(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    unpacked = sum(member.file_size for member in members)
    names = {member.filename: member for member in members}
    if len(members) > limits.entries:
        raise RefusedFile(f"the archive has more than {limits.entries:,} members")
    if unpacked > limits.unpacked_bytes:
        raise RefusedFile(f"the archive unpacks to more than {limits.unpacked_bytes / 1e6:g} MB")
    if unpacked > size * limits.ratio:
        raise RefusedFile(f"the archive unpacks to more than {limits.ratio} times its size")
    if len(names) < len(members):
        raise RefusedFile("the archive has two members of one name")
    if sum(member.compress_size for member in members) > size:
        raise RefusedFile("members of the archive lie over each other")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Encrypted("the archive is encrypted", hint="ask the sender for a copy without a password")
    if any(member.compress_type not in _PACKINGS for member in members):
        raise RefusedFile("the archive is packed in a way that no Word file is")
    return names
