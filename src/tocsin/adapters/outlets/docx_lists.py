"""Lists: numbers that a word processor counts, wherever the printed marks of an appeal can be counted."""

from collections.abc import Sequence

from docx.document import Document

from tocsin.adapters.numerals import ordinal
from tocsin.adapters.outlets.docx_runs import Element, element

# Names of ECMA-376 (`ST_NumberFormat`), and what may stand round the number.
_STYLES = ("decimal", "lowerRoman", "upperRoman", "lowerLetter", "upperLetter")
_AROUND = ("{}.", "{})", "({})", "{}", "{}-", "{} -")
_DASHES = frozenset("-–—•·*")
_INDENT, _HANGING = 567, 567
# LibreOffice lets a number of a right-to-left list grow outwards from its place, Word inwards: so it stands further in.
_HANGING_FROM_RIGHT = 340


class Lists:
    """The lists of one document."""

    def __init__(self, word: Document, *, rtl: bool) -> None:
        self._definitions: list[Element] = []
        self._word = word
        self._hanging = _HANGING_FROM_RIGHT if rtl else _HANGING

    def begin(self, marks: Sequence[str]) -> int | None:
        """Define a list whose items are counted as `marks` are.

        Returns:
            The number of the list; None where no way of counting gives these marks.
        """
        form = _form(marks)
        if form is None:
            return None
        style, template = form
        level = element(
            "w:lvl",
            element("w:start", val="1"),
            element("w:numFmt", val=style),
            element("w:lvlText", val=template),
            element("w:lvlJc", val="left"),
            element("w:pPr", element("w:ind", left=str(_INDENT), hanging=str(self._hanging))),
            ilvl="0",
        )
        number = len(self._definitions) + 1
        kind = element("w:multiLevelType", val="singleLevel")
        self._definitions.append(element("w:abstractNum", kind, level, abstractNumId=str(number)))
        return number

    def enter(self) -> None:
        """Enter the lists into the part of the file that holds them: all definitions before all uses."""
        numbers = [str(number) for number in range(1, len(self._definitions) + 1)]
        uses = [element("w:num", element("w:abstractNumId", val=number), numId=number) for number in numbers]
        self._word.part.numbering_part.element.extend([*self._definitions, *uses])


def counted(number: int) -> Element:
    """Make the property of a paragraph that is an item of a list."""
    return element("w:numPr", element("w:ilvl", val="0"), element("w:numId", val=str(number)))


def _form(marks: Sequence[str]) -> tuple[str, str] | None:
    """Find the style and the template by which a word processor prints exactly these marks."""
    if not marks:
        return None
    if marks[0] in _DASHES and len(set(marks)) == 1:
        return "bullet", marks[0]
    for around in _AROUND:
        for style in _STYLES:
            if all(around.format(ordinal(place, style)) == mark for place, mark in enumerate(marks, 1)):
                return style, around.format("%1")
    return None
