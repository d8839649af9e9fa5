"""Word files to text: paragraphs, list labels, tables, text boxes, notes, headers and footers (ECMA-376 part 1).

Read from the XML itself and not through an object model of the document, because that costs a hundred times the
memory on a file with millions of runs. Macros, external templates and embedded objects are never followed; they are
named in the warnings, like deleted text and comments, which are left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lxml import etree

from tocsin.adapters.documents.docx_numbering import Numbering, value_of
from tocsin.adapters.documents.docx_package import RELATION_ID, WORD, Package, Relation
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Opened

_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SYMBOL_BULLETS = frozenset({"F0B7", "F0A7", "F0D8", "F0FC"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_NO_TEXT = frozenset({"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr", "delText", "delInstrText"})
# Fields that fetch a file or have another program started when Word brings them up to date.
_REACHING = frozenset({"dde", "ddeauto", "link", "embed", "import", "include", "includetext", "includepicture"})
_MET = {
    "deleted": "text deleted under tracked changes was left out",
    "field": "fields that fetch files or start programs were not followed",
    "hidden": "hidden text is included",
    "object": "embedded objects were left out",
}


def open_bytes(data: bytes, limits: Limits) -> Opened:
    """Read a Word file.

    Raises:
        BadInput: Damaged, over a limit, or no Word file.
    """
    package = Package(data, limits)
    relations = package.relations(package.main)
    parts = {relation.kind: relation.target for relation in relations.values() if package.has(relation.target)}
    trees: dict[str, etree._Element] = {
        kind: package.parse(parts[kind])
        for kind in ("numbering", "styles", "footnotes", "endnotes", "comments")
        if kind in parts
    }
    reading = _Reading(Numbering(trees.get("numbering"), trees.get("styles")), relations)
    lines = list(reading.lines(package.parse(package.main)))
    lines += reading.note_lines(trees)
    for kind in ("header", "footer"):
        lines += _margin_lines(package, relations, kind, "\n".join(lines))
    warnings = [f"{_MET[kind]} ({count})" for kind, count in sorted(reading.met.items()) if count]
    if "comments" in trees:
        warnings.append(f"comments were left out ({len(trees['comments'])})")
    return Opened("\n".join(_thinned(lines)), [*warnings, *_foreign_warnings(package)])


class _Reading:
    """One pass over the story of a document, in reading order."""

    def __init__(self, numbering: Numbering, relations: dict[str, Relation]) -> None:
        self.met: Counter[str] = Counter()
        self._numbering = numbering
        self._relations = relations
        self._notes: list[tuple[str, str, bool]] = []
        self._counted_notes = 0
        self._instruction = ""

    def lines(self, container: etree._Element) -> Iterator[str]:
        """Give the lines of all paragraphs and tables in `container`."""
        for child in container:
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tr":
                yield from self._row(child)
            elif name in ("del", "moveFrom"):
                self.met["deleted"] += name == "del"
            elif name == "altChunk":
                self.met["object"] += 1
            elif name == "AlternateContent":
                yield from self.lines(_chosen(child))
            elif name not in _NO_TEXT:
                yield from self.lines(child)

    def note_lines(self, trees: dict[str, etree._Element]) -> Iterator[str]:
        """Give the notes that were referred to, each with the number that stands in the text."""
        bodies = {
            (kind, note.get(f"{WORD}id", "")): note
            for kind in _NOTES.values()
            for note in trees.get(kind, ())
            if note.get(f"{WORD}type", "normal") == "normal"
        }
        if bodies:
            yield ""
        number = 0
        for kind, identity, has_own_mark in self._notes:
            number += not has_own_mark
            body = bodies.pop((kind, identity), None)
            if body is not None:
                words = " ".join(self._words(body))
                yield words if has_own_mark else f"[{number}] {words}".rstrip()
        # A note that nothing refers to is not shown by Word; its text is kept all the same.
        for body in bodies.values():
            yield from self._words(body)

    def _words(self, note: etree._Element) -> list[str]:
        return [line.strip() for line in self.lines(note) if line.strip()]

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        self._gather(paragraph, pieces, boxes)
        label = self._numbering.label(paragraph.find(f"{WORD}pPr"))
        text = "".join(pieces).strip()
        yield from (label + text).split("\n") if text else ("",)
        for box in boxes:
            yield from self.lines(box)

    def _row(self, row: etree._Element) -> Iterator[str]:
        """A row of short cells is one line; cells with several paragraphs are a page layout and follow each other."""
        cells = [[line for line in self.lines(cell) if line] for cell in _cells(row)]
        if all(len(cell) <= 1 for cell in cells):
            yield " | ".join(line for cell in cells for line in cell)
        else:
            yield from (line for cell in cells for line in cell)

    def _gather(self, element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        """Collect the text of a paragraph; text boxes that hang on it are put aside to follow it."""
        for child in element:
            name = _name(child)
            if name == "t":
                pieces.append((child.text or "").replace("\n", " "))
            elif name in _SIGNS:
                pieces.append(_SIGNS[name])
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "AlternateContent":
                self._gather(_chosen(child), pieces, boxes)
            elif name in ("del", "moveFrom"):
                self.met["deleted"] += name == "del"
            elif name not in _NO_TEXT:
                self._gather_special(child, name, pieces)
                self._gather(child, pieces, boxes)
                if name == "hyperlink":
                    self._add_address(child, pieces)

    def _gather_special(self, child: etree._Element, name: str, pieces: list[str]) -> None:
        if name in _NOTES:
            has_own_mark = is_on(child.get(f"{WORD}customMarkFollows", "0"))
            self._notes.append((_NOTES[name], child.get(f"{WORD}id", ""), has_own_mark))
            self._counted_notes += not has_own_mark
            pieces.append("" if has_own_mark else f"[{self._counted_notes}]")
        elif name == "sym":
            pieces.append(_symbol(child.get(f"{WORD}char", "")))
        elif name == "object":
            self.met["object"] += 1
        elif name in ("fldChar", "fldSimple", "instrText"):
            self._note_field(child, name)
        elif name == "r" and value_is_on(child.find(f"{WORD}rPr/{WORD}vanish")):
            self.met["hidden"] += 1

    def _note_field(self, child: etree._Element, name: str) -> None:
        """Note a field that reaches outside; its instruction may be cut into several runs, as attacks do."""
        if name == "instrText":
            self._instruction += child.text or ""
            return
        said = child.get(f"{WORD}instr", "") if name == "fldSimple" else self._instruction
        self.met["field"] += said.strip().partition(" ")[0].strip('"').lower() in _REACHING
        self._instruction = ""

    def _add_address(self, link: etree._Element, pieces: list[str]) -> None:
        """Show the address behind a name: `the Mission` becomes `the Mission <mission@…>`."""
        relation = self._relations.get(link.get(RELATION_ID, ""))
        if relation is None or not relation.target.lower().startswith("mailto:"):
            return
        address = unquote(relation.target[len("mailto:") :].partition("?")[0]).strip()
        if address and address.casefold() not in "".join(link.itertext()).casefold():
            pieces.append(f" <{address}>")


def value_is_on(switch: etree._Element | None) -> bool:
    """Read an on-off property, which is on when it is there and does not say otherwise."""
    return switch is not None and is_on(value_of(switch))


def is_on(value: str) -> bool:
    """Read the value of an on-off property; one without a value is on."""
    return value not in ("0", "false", "off")


def _name(element: etree._Element) -> str:
    """Give the name without its namespace; the few names in use here mean one thing in all of them."""
    return str(element.tag).rpartition("}")[2]


def _chosen(alternatives: etree._Element) -> Iterable[etree._Element] | etree._Element:
    """Take the first form of a thing that is stored in several forms for old and new readers."""
    return alternatives[0] if len(alternatives) else alternatives


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if _name(child) == "tc":
            yield child
        elif _name(child) not in _NO_TEXT:
            yield from _cells(child)


def _symbol(code: str) -> str:
    if code.upper() in _SYMBOL_BULLETS:
        return "•"
    return (
        chr(int(code, 16)) if len(code) == 4 and all(digit in "0123456789abcdefABCDEF" for digit in code) else "\ufffd"
    )


def _margin_lines(package: Package, relations: dict[str, Relation], kind: str, text: str) -> list[str]:
    """Give what stands in the headers or footers, once, at the end: there it interrupts no sentence.

    A running title that only repeats words of the text, and page numbers without words, add nothing.
    """
    lines: list[str] = []
    for relation in relations.values():
        if relation.kind == kind and package.has(relation.target):
            reading = _Reading(Numbering(None, None), package.relations(relation.target))
            lines += [
                line
                for line in reading.lines(package.parse(relation.target))
                if any(map(str.isalnum, line)) and line not in lines and line not in text
            ]
    return ["", f"----- {kind} -----", *lines] if any(map(str.strip, lines)) else []


def _foreign_warnings(package: Package) -> Iterator[str]:
    """Name what the file carries or points to besides its text."""
    names = list(package.names())
    if any(name.endswith("vbaProject.bin") for name in names):
        yield "the file carries macros; they were not run"
    if count := sum("/embeddings/" in name for name in names):
        yield f"the file carries embedded files; they were left out ({count})"
    if count := sum("/media/" in name for name in names):
        yield f"pictures were left out ({count})"
    sources = [name.replace("_rels/", "").removesuffix(".rels") for name in names if name.endswith(".rels")]
    outside = Counter(
        relation.kind
        for source in sources
        for relation in package.relations(source).values()
        if relation.external and relation.kind != "hyperlink"
    )
    for kind, count in sorted(outside.items()):
        yield f"the file points outside itself ({kind}, {count}); nothing was fetched"


def _thinned(lines: Iterable[str]) -> Iterator[str]:
    """Keep one empty line where several stand together."""
    empty = True
    for line in lines:
        if line or not empty:
            yield line
        empty = not line
