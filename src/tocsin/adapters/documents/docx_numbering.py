"""Labels of numbered paragraphs, which a Word file does not store as text (ECMA-376 part 1, section 17.9)."""

import re
from dataclasses import dataclass

from lxml import etree

from tocsin.adapters.documents.docx_package import WORD
from tocsin.adapters.documents.textflow import BULLET
from tocsin.adapters.numerals import ordinal, whole

_PLACE = re.compile(r"%([1-9])")
_LONGEST_CHAIN = 20  # of styles based on styles; a longer one is a circle


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    template: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels = {} if numbering is None else _levels(numbering)
        self._styles = {} if styles is None else _styles(styles)
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, properties: etree._Element | None) -> str:
        """Give the label of the next paragraph, with a space after it; empty where it has none."""
        number, depth = self._place(properties)
        levels = self._levels.get(number)
        if levels is None or depth not in levels:
            return ""
        counts = self._counts.setdefault(number, {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [place for place in counts if place > depth]:
            del counts[deeper]
        level = levels[depth]
        if level.style == "bullet":
            return BULLET
        if level.style == "none":
            return ""

        def written(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            if place not in levels:
                return ""
            return ordinal(counts.get(place, levels[place].start), levels[place].style)

        label = _PLACE.sub(written, level.template).strip()
        return f"{label} " if label else ""

    def _place(self, properties: etree._Element | None) -> tuple[str, int]:
        """Find the list and level of a paragraph: its own words first, then its style and what that builds on."""
        if properties is None:
            return "", 0
        number, depth = _numbered(properties)
        name = value_of(properties.find(f"{WORD}pStyle"))
        for _ in range(_LONGEST_CHAIN):
            if number is not None or name not in self._styles:
                break
            base, number, inherited = self._styles[name]
            depth = inherited if depth is None else depth
            name = base
        return number or "", depth or 0


def value_of(element: etree._Element | None) -> str:
    """Give the `val` of a property; empty where the property is not there."""
    return "" if element is None else str(element.get(f"{WORD}val", ""))


def _numbered(properties: etree._Element) -> tuple[str | None, int | None]:
    numbered = properties.find(f"{WORD}numPr")
    if numbered is None:
        return None, None
    number, depth = numbered.find(f"{WORD}numId"), numbered.find(f"{WORD}ilvl")
    return (None if number is None else value_of(number)), (None if depth is None else whole(value_of(depth), 0))


def _styles(root: etree._Element) -> dict[str, tuple[str, str | None, int | None]]:
    styles = {}
    for style in root.iterfind(f"{WORD}style"):
        properties = style.find(f"{WORD}pPr")
        number, depth = (None, None) if properties is None else _numbered(properties)
        styles[str(style.get(f"{WORD}styleId", ""))] = (value_of(style.find(f"{WORD}basedOn")), number, depth)
    return styles


def _levels(root: etree._Element) -> dict[str, dict[int, _Level]]:
    abstract = {
        entry.get(f"{WORD}abstractNumId", ""): {
            whole(level.get(f"{WORD}ilvl", ""), 0): _level(level) for level in entry.iterfind(f"{WORD}lvl")
        }
        for entry in root.iterfind(f"{WORD}abstractNum")
    }
    numbers = {}
    for entry in root.iterfind(f"{WORD}num"):
        levels = dict(abstract.get(value_of(entry.find(f"{WORD}abstractNumId")), {}))
        for override in entry.iterfind(f"{WORD}lvlOverride"):
            depth = whole(override.get(f"{WORD}ilvl", ""), 0)
            replaced = override.find(f"{WORD}lvl")
            if replaced is not None:
                levels[depth] = _level(replaced)
            start = override.find(f"{WORD}startOverride")
            if start is not None and depth in levels:
                levels[depth] = _Level(levels[depth].style, levels[depth].template, whole(value_of(start), 1))
        numbers[str(entry.get(f"{WORD}numId", ""))] = levels
    return numbers


def _level(level: etree._Element) -> _Level:
    return _Level(
        style=value_of(level.find(f"{WORD}numFmt")) or "decimal",
        template=value_of(level.find(f"{WORD}lvlText")),
        start=whole(value_of(level.find(f"{WORD}start")), 1),
    )
