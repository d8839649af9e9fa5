"""What Word stores beside plain paragraphs: seen as Word shows it, once, and what is left out is said."""

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from make_documents import plain_word, rezipped, word
from test_documents_openers import RUN, in_body

from tocsin.adapters.documents import LIMITS
from tocsin.adapters.documents.openers import open_document

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CHOICE = (
    "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
    "<mc:Choice Requires='wps'>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent>"
)
P = "<w:p>" + RUN + "</w:p>"
BOX = "<w:pict><w:txbxContent>" + P.format("box") + "</w:txbxContent></w:pict>"


def after(xml: str) -> str:
    """Put what is no part of a paragraph behind one."""
    return f"{RUN.format('a')}</w:p>{xml}<w:p>{RUN.format('b')}"


def table(*cells: str, around: str = "{}") -> str:
    return "<w:tbl><w:tr>" + around.format("".join(f"<w:tc>{each}</w:tc>" for each in cells)) + "</w:tr></w:tbl>"


@pytest.mark.parametrize(
    ("xml", "text", "warning"),
    [
        (after("<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"), "a\nb", "deleted under tracked changes"),
        (after(f"<w:moveFrom>{P.format('moved')}</w:moveFrom><w:moveTo>{P.format('moved')}</w:moveTo>"),
         "a\nmoved\nb", ""),
        (f"<w:moveTo>{RUN.format('moved ')}</w:moveTo>{RUN.format('a')}<w:moveFrom>{RUN.format(' moved')}</w:moveFrom>",
         "moved a", ""),
        (after(CHOICE.format(P.format("once"))), "a\nonce\nb", ""),
        (after(CHOICE.partition("<mc:Choice")[0] + "</mc:AlternateContent>"), "a\nb", ""),
        (f"{RUN.format('a')}<w:r>{CHOICE.format(BOX)}</w:r>", "a\nbox", ""),
        (after(table(P.format("one"), P.format("two"))), "a\none | two\nb", ""),
        (after(table(P.format("one") + P.format("of two"), P.format("two"))), "a\none\nof two\ntwo\nb", ""),
        (after(table(P.format("one"), P.format("two"),
                     around="<w:trPr/><w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>")),
         "a\none | two\nb", ""),
        (after("<w:p/><w:p/>"), "a\n\nb", ""),
    ],
    ids=["deleted", "moved", "moved-words", "two-forms", "no-form", "box-in-two-forms", "table", "layout-table",
         "cells-in-a-control", "empty-lines"],
)  # fmt: skip
def test_what_is_no_plain_paragraph_is_read_as_word_shows_it(xml: str, text: str, warning: str) -> None:
    opened = open_document("docx", in_body(xml), LIMITS)
    assert opened.text == text
    assert [warning in given for given in opened.warnings] == [True] * bool(warning)


def tied(data: bytes, kind: str, target: str, part: str = "", *, number: str = "rIdT", mode: str = "") -> bytes:
    """Tie a part, or an address, to the main part of a file."""
    relation = f'<Relationship Id="{number}" Type="{KIND}{kind}" Target="{target}"{mode}/></Relationships>'

    def tie(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"</Relationships>", relation.encode()) if name.endswith("document.xml.rels") else content
        )

    return rezipped(data, tie, [(f"word/{target}", part.encode())] if part else [])


@pytest.mark.parametrize(
    ("shown", "target", "text"),
    [
        ("the Mission", "mailto:mission%40x.example?subject=A", "the Mission <mission@x.example>"),
        ("Mission@x.example", "MAILTO:mission@x.example", "Mission@x.example"),
        ("the page", "https://x.example/", "the page"),
        ("the Mission", "mailto:?subject=A", "the Mission"),
    ],
)
def test_the_address_behind_a_name_is_shown_where_the_name_does_not_say_it(shown: str, target: str, text: str) -> None:
    link = f"<w:hyperlink xmlns:r='{KIND[:-1]}' r:id='rIdT'>{RUN.format(shown)}</w:hyperlink>"
    data = tied(in_body(link), "hyperlink", target, mode=' TargetMode="External"')
    opened = open_document("docx", data, LIMITS)
    assert (opened.text, opened.warnings) == (text, [])


def test_comments_and_pictures_are_left_out_and_said() -> None:
    comment = f"<w:comment w:id='{{}}'>{P.format('only for us')}</w:comment>"
    comments = f"<w:comments {nsdecls('w')}>{comment.format(0)}{comment.format(1)}</w:comments>"
    data = rezipped(tied(plain_word("text"), "comments", "comments.xml", comments), lambda _, part: part,
                    [("word/media/image1.png", b"x")])  # fmt: skip
    opened = open_document("docx", data, LIMITS)
    assert opened.text == "text"
    assert opened.warnings == ["comments were left out (2)", "pictures were left out (1)"]


def test_a_note_without_a_mark_is_kept_and_a_mark_without_a_note_takes_no_number_from_the_others() -> None:
    mark = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    notes = f"<w:footnotes {nsdecls('w')}>" + "".join(
        f"<w:footnote w:id='{number}'>{P.format(words)}</w:footnote>"
        for number, words in ((2, "Two."), (5, "Nobody's."))
    )
    data = in_body(RUN.format("a") + mark.format(9) + RUN.format(" b") + mark.format(2))
    opened = open_document("docx", tied(data, "footnotes", "footnotes.xml", notes + "</w:footnotes>"), LIMITS)
    assert opened.text == "a[1] b[2]\n\n[2] Two.\nNobody's."


NO_LEVEL = "<w:lvlOverride w:ilvl='8'><w:startOverride w:val='4'/></w:lvlOverride>"
LEVEL = "<w:lvl w:ilvl='{}'><w:start w:val='{}'/><w:numFmt w:val='{}'/><w:lvlText w:val='{}'/></w:lvl>"


def test_numbers_go_by_what_a_list_says_of_itself_and_by_the_styles_that_a_style_builds_on() -> None:
    def written(document: Document) -> None:
        numbering, styles = document.part.numbering_part.element, document.styles.element
        abstract = (
            LEVEL.format(0, 1, "decimal", "%1."), LEVEL.format(1, 1, "none", ""),
            LEVEL.format(2, 1, "lowerLetter", "%1.%8%3)"),
        )  # fmt: skip
        numbering.insert(0, parse_xml(
            f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>{''.join(abstract)}</w:abstractNum>"))  # fmt: skip
        for number, override in (
            (90, ""),
            (91, "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride>"),
            (92, f"<w:lvlOverride w:ilvl='0'>{LEVEL.format(0, 3, 'upperRoman', '(%1)')}</w:lvlOverride>{NO_LEVEL}"),
        ):
            numbers = f"<w:abstractNumId w:val='90'/>{override}"
            numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='{number}'>{numbers}</w:num>"))
        for name, based, numbered in (
            ("Demand", "", "<w:pPr><w:numPr><w:ilvl w:val='2'/><w:numId w:val='90'/></w:numPr></w:pPr>"),
            ("Request", "Demand", ""),
            ("Round", "Turn", ""),
            ("Turn", "Round", ""),
        ):
            styles.append(parse_xml(
                f"<w:style {nsdecls('w')} w:type='paragraph' w:styleId='{name}'><w:basedOn w:val='{based}'/>"
                f"{numbered}</w:style>"))  # fmt: skip
        for text, properties in (
            ("one", numbered_by(90)), ("none", numbered_by(90, 1)), ("styled", "<w:pStyle w:val='Request'/>"),
            ("seven", numbered_by(91)), ("eight", numbered_by(91)), ("three", numbered_by(92)),
            ("no such level", numbered_by(92, 8)), ("no such list", numbered_by(99)),
            ("in a circle", "<w:pStyle w:val='Round'/>"),
        ):  # fmt: skip
            paragraph = document.add_paragraph(text)._p
            paragraph.insert(0, parse_xml(f"<w:pPr {nsdecls('w')}>{properties}</w:pPr>"))

    assert open_document("docx", word(written), LIMITS).text.split("\n") == [
        "1. one", "none", "1.a) styled", "7. seven", "8. eight", "(III) three", "no such level", "no such list",
        "in a circle",
    ]  # fmt: skip


def numbered_by(number: int, depth: int = 0) -> str:
    return f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>"
