"""What the openers make of good files: each paragraph a line, nothing lost without a word."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import cast

import pytest
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st
from make_documents import pdf, plain_word, rezipped, with_body, word

from drawing import examples
from tocsin.adapters.documents import LIMITS, Extracted, extract
from tocsin.adapters.documents.opened import Format
from tocsin.adapters.documents.openers import open_document
from tocsin.core.errors import BadInput, EmptyInput

PAGE = b"<!DOCTYPE html><html><body>%s</body></html>"


def page(body: str) -> Extracted:
    return extract(PAGE % body.encode(), name="page.html")


HTML_CASES = [
    ("<h1>Title</h1><p>One   two\n three</p><p>Four</p>", "Title\n\nOne two three\n\nFour"),
    ("<p>one<br>two<br/><br/>three</p>", "one\ntwo\n\nthree"),
    ("<div>a<div>b</div>c</div>", "a\nb\nc"),
    ("<b>bo</b>ld and <i>it</i> alic", "bold and it alic"),
    ("<ul><li>one</li><li><p>two</p></li></ul>", "- one\n- two"),
    ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
    ("<ol type=i start=3><li>one</li><li>two</li></ol>", "iii. one\niv. two"),
    ("<ol type=a><li>one<ul><li>in</li></ul></li><li value=9>two</li></ol>", "a. one\n- in\ni. two"),
    ("<ul><li>i. has its number</li><li>• has its dot</li></ul>", "i. has its number\n• has its dot"),
    ("<ul><li></li></ul><p>after</p>", "after"),
    ("<table><tr><th>Name</th><th>Fax</th></tr><tr><td>A</td><td>1</td></tr></table>", "Name | Fax\nA | 1"),
    ("<p>said<sup><a href='#n1'>1</a></sup>.</p>", "said[1]."),
    ("<p>said<a href='#n1'><sup>[12]</sup></a>.</p>", "said[12]."),
    ("<p>5 m<sup>2</sup> on the 1<sup>st</sup></p>", "5 m2 on the 1st"),
    ("<p>x<sup><a href='#n1'>1</a></sup></p><ol><li id=n1>The note.</li></ol>", "x[1]\n\n[1] The note."),
    ("<p>&Eacute;lie &amp; &#1058;imur &lt;x&gt;</p>", "Élie & Тimur <x>"),
    ("<a href='mailto:desk%40x.example?subject=s'>the desk</a>.", "the desk <desk@x.example>."),
    ("<a href='MAILTO:Desk@x.example'>desk@x.example</a>", "desk@x.example"),
    ("<a href='/cdn-cgi/l/email-protection'>[email&#160;protected]</a>", "[email protected]"),
    ("<pre>a\n  b   c</pre>", "a\n  b   c"),
    ("a<!-- hidden -->b <![CDATA[c]]>", "ab"),
]


@pytest.mark.parametrize(("body", "expected"), HTML_CASES)
def test_a_page_reads_as_its_reader_sees_it(body: str, expected: str) -> None:
    # One process for a page each would be slow; the sandbox has its own tests.
    assert open_document("html", PAGE % body.encode(), LIMITS).text == expected


def test_scripts_are_no_text_and_hidden_text_is_reported() -> None:
    extracted = page("<script>no()</script><style>p{}</style><p hidden>a</p><p style='display : none'>b</p>c")
    assert extracted.text == "a\n\nb\n\nc"
    assert [warning.rpartition(" ")[2] for warning in extracted.warnings[:2]] == ["(2)", "(2)"]


def test_a_title_stands_before_the_page() -> None:
    extracted = extract(b"<html><head><title>The title</title></head><body>text</body></html>")
    assert extracted.text == "The title\n\ntext"


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("koi8-r", "koi8-r"),
        ("cp1251", "windows-1251"),
        ("utf-8", "latin-1"),
        ("utf-16", ""),
        ("cp1256", "windows-1256"),
    ],
)
def test_a_page_names_its_encoding_but_utf8_wins(encoding: str, declaration: str) -> None:
    words = "اعتقال" if encoding == "cp1256" else "Задержание"
    source = f'<html><head><meta charset="{declaration}"></head><body><p>{words}</p></body></html>'
    assert words in extract(source.encode(encoding), name="page.html").text


@pytest.mark.parametrize("codec", ["idna", "punycode", "unicode_escape", "rot13", "zlib", "undefined", "no-such"])
def test_a_declared_codec_that_is_no_encoding_is_ignored(codec: str) -> None:
    source = f"<html><meta charset={codec}><p>caf".encode() + b"\xe9 \\x41"
    assert "café \\x41" in extract(source, name="page.html").text


def letter(document: Document) -> None:
    document.add_heading("Zarvania: arrest of Elie Vautrel", 1)
    paragraph = document.add_paragraph("He was ")
    paragraph.add_run("arrested").bold = True
    paragraph.add_run("\tat\nnight.")
    for text in ("Release him;", "Guarantee his safety;"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("a point", style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Name", "Fax"), ("Minister", "+999 1"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.sections[0].header.paragraphs[0].text = "The letterhead"


def test_a_letter_is_read_in_its_order_with_the_numbers_that_word_computes() -> None:
    assert extract(word(letter), name="letter.docx").text.split("\n") == [
        "Zarvania: arrest of Elie Vautrel",
        "He was arrested at",
        "night.",
        "1. Release him;",
        "2. Guarantee his safety;",
        "- a point",
        "Name | Fax",
        "Minister | +999 1",
        "",
        "----- header -----",
        "The letterhead",
    ]


def in_body(xml: str) -> bytes:
    """Put WordprocessingML in the place of the only paragraph."""
    return with_body(plain_word("hello"), b"<w:r><w:t>hello</w:t></w:r>", xml.encode())


RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
MARK = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
FIELD = MARK.format("begin") + 2 * "<w:r><w:instrText>{}</w:instrText></w:r>" + MARK.format("end")


@pytest.mark.parametrize(
    ("xml", "text", "warning"),
    [
        (RUN.format("a ") + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>" + RUN.format("b"), "a b",
         "deleted"),
        ("<w:ins>" + RUN.format("new") + "</w:ins>", "new", ""),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>", "unseen", "hidden"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + RUN.format("4"), "4", ""),
        ("<w:r><w:t>co</w:t><w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/><w:t>x</w:t></w:r>", "co\u00adop\u2011x", ""),
        ("<w:r><w:sym w:font='Symbol' w:char='F0B7'/></w:r>" + RUN.format(" dot"), "• dot", ""),
        ("<w:r><w:sym w:font='Symbol' w:char='zz'/></w:r>", "\ufffd", ""),
        ("<w:sdt><w:sdtContent>" + RUN.format("control") + "</w:sdtContent></w:sdt>", "control", ""),
        (RUN.format("a") + f"<w:r><w:pict><w:txbxContent><w:p>{RUN.format('box')}</w:p></w:txbxContent></w:pict></w:r>",
         "a\nbox", ""),
        ("<w:r><w:object/></w:r>" + RUN.format("a"), "a", "embedded"),
        (FIELD.format(" DDE", "AUTO c:\\\\x.exe a") + RUN.format("a"), "a", "start programs were not followed (1)"),
        ("<w:fldSimple w:instr=' IncludeText \"http://192.0.2.1/x\"'>" + RUN.format("a") + "</w:fldSimple>", "a",
         "fetch files"),
        (RUN.format("a") + "</w:p><w:altChunk/><w:p>" + RUN.format("b"), "a\nb", "embedded"),
        (FIELD.format(" PA", "GE") + RUN.format("a"), "a", ""),
    ],
    ids=["deleted", "inserted", "hidden", "field", "hyphens", "symbol", "bad-symbol", "control", "text-box", "object",
         "starts", "fetches", "chunk", "page"],
)  # fmt: skip
def test_a_paragraph_keeps_what_is_seen_and_reports_the_rest(xml: str, text: str, warning: str) -> None:
    opened = open_document("docx", in_body(xml), LIMITS)
    assert opened.text == text
    assert all(warning in given for given in opened.warnings)
    assert bool(opened.warnings) == bool(warning)


def test_notes_are_numbered_in_reading_order_and_stand_at_the_end() -> None:
    mark = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    data = in_body(RUN.format("one") + mark.format(7) + RUN.format(" two") + mark.format(3))
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        f"<w:footnote w:type='separator' w:id='0'><w:p>{RUN.format('---')}</w:p></w:footnote>"
        f"<w:footnote w:id='3'><w:p>{RUN.format('Third.')}</w:p></w:footnote>"
        f"<w:footnote w:id='7'><w:p>{RUN.format(' Seventh.')}</w:p></w:footnote></w:footnotes>"
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = b'<Relationship Id="rIdN" Type="%s" Target="footnotes.xml"/></Relationships>' % kind

    def tie(name: str, part: bytes) -> bytes:
        return part.replace(b"</Relationships>", relation) if name == "word/_rels/document.xml.rels" else part

    data = rezipped(data, tie, [("word/footnotes.xml", notes.encode())])
    assert extract(data, name="a.docx").text == "one[1] two[2]\n\n[1] Seventh.\n[2] Third."


def test_an_own_numbering_in_roman_letters_is_computed() -> None:
    def demands(document: Document) -> None:
        numbering = document.part.numbering_part.element
        abstract = parse_xml(
            f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
            "<w:numFmt w:val='lowerRoman'/><w:lvlText w:val='%1.'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/>"
            "<w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1.%2)'/></w:lvl></w:abstractNum>"
        )
        numbering.insert(0, abstract)
        numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='90'><w:abstractNumId w:val='90'/></w:num>"))
        for text, level in (("first", 0), ("second", 0), ("inner", 1), ("third", 0), ("inner", 1)):
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            numbered = OxmlElement("w:numPr")
            for tag, value in (("w:ilvl", level), ("w:numId", 90)):
                entry = OxmlElement(tag)
                entry.set(qn("w:val"), str(value))
                numbered.append(entry)
            properties.append(numbered)

    lines = extract(word(demands), name="a.docx").text.split("\n")
    assert lines == ["i. first", "ii. second", "ii.a) inner", "iii. third", "iii.a) inner"]


def test_macros_links_and_comments_are_named_and_not_followed() -> None:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    outside = (
        b'<Relationship Id="rX" Type="%sattachedTemplate" Target="http://192.0.2.1/x.dotm" TargetMode="External"/>'
    )

    def tie(name: str, part: bytes) -> bytes:
        if name != "word/_rels/document.xml.rels":
            return part
        return part.replace(b"</Relationships>", outside % kind + b"</Relationships>")

    data = rezipped(plain_word("text"), tie, [("word/vbaProject.bin", b"x"), ("word/embeddings/a.bin", b"x")])
    extracted = extract(data, name="a.docx")
    told = " / ".join(extracted.warnings)
    assert extracted.text == "text"
    assert [word for word in ("macros", "embedded", "attachedTemplate") if word not in told] == []


def test_a_pdf_gives_its_lines_pages_and_gaps() -> None:
    data = pdf(
        [["A heading", "First line of a demon-", "stration.", "Third line.", 12, "Next paragraph."], ["Page two (2)"]]
    )
    assert extract(data, name="a.pdf").text == (
        "A heading\nFirst line of a demon-\nstration.\nThird line.\n\nNext paragraph.\n\nPage two (2)\n"
    )


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    with pytest.raises(EmptyInput, match="scanned"):
        extract(pdf([[], []]), name="scan.pdf")
    assert any("2" in warning for warning in extract(pdf([["text"], []]), name="half.pdf").warnings)


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in ({"From": "Ana <ana@partner.example>", "Subject": "A report"} | headers).items():
        message[name.replace("_", "-")] = value
    return message


def test_a_mail_gives_its_headers_decoded_and_its_plain_body() -> None:
    subject = "Arrêté à Port-Ménil, " * 8
    message = mail(To="desk@observers.example", Subject=subject, Date="Mon, 01 Jan 2024 10:00:00 +0000")
    message["X-Mailer"] = "left out"
    message.set_content("Élie a été arrêté.\n")
    message.add_alternative("<p>the same as a page</p>", subtype="html")
    extracted = extract(message.as_bytes(), name="report.eml")
    assert extracted.format == "eml"
    assert extracted.text.split("\n") == [
        "From: Ana <ana@partner.example>",
        "To: desk@observers.example",
        "Date: Mon, 01 Jan 2024 10:00:00 +0000",
        f"Subject: {subject.strip()}",
        "",
        "Élie a été arrêté.",
        "",
    ]


def test_attachments_are_listed_and_readable_ones_are_read() -> None:
    message = mail()
    message.set_content("see below")
    message.add_attachment(pdf([["from the PDF"]]), maintype="application", subtype="pdf", filename="../../etc/a.pdf")
    message.add_attachment(plain_word("from Word"), maintype="application", subtype="octet-stream", filename="b.docx")
    message.add_attachment("from a note", filename="c.txt")
    message.add_attachment(b"\x89PNG\r\n\x1a\n\0", maintype="image", subtype="png", filename="d\u202egnp.png")
    message.add_attachment(pdf([["a disguise"]]), maintype="text", subtype="plain", filename="e.txt")
    extracted = extract(message.as_bytes(), name="report.eml")
    read = [(attachment.name, attachment.read) for attachment in extracted.attachments]
    assert read == [("a.pdf", True), ("b.docx", True), ("c.txt", True), ("d gnp.png", False), ("e.txt", False)]
    texts = [text in extracted.text for text in ("from the PDF", "from Word", "from a note", "a disguise")]
    assert texts == [True, True, True, False]
    assert sum("attachment left out" in warning for warning in extracted.warnings) == 2


def test_a_forwarded_mail_follows_a_separator() -> None:
    inner = mail(Subject="The inner one")
    inner.set_content("<p>only a <b>page</b></p>", subtype="html")
    message = mail()
    message.set_content("forwarding")
    message.add_attachment(inner)
    text = extract(message.as_bytes(), name="a.eml").text
    assert text.index("forwarding") < text.index("----- forwarded message -----") < text.index("Subject: The inner one")
    assert text.endswith("only a page\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"Content-Type: text/plain; charset=no-such\n\ncaf\xe9 d'ici", "café d'ici"),
        (b"Content-Type: text/plain; charset=a\0b\n\ncaf\xe9 d'ici", "café d'ici"),
        (b"Content-Type: text/plain; charset*=utf-8''koi8-r\n\n\xf4\xc9\xcd\xd5\xd2", "Тимур"),
        (b"Content-Type: text/plain; charset=utf-7\n\ncaf+AOk-", "café"),
        (b"Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B;v\x1b(B", "事"),
        (b"Content-Transfer-Encoding: base64\n\nbm90IHBhZGRlZA", "not padded"),
        (b"Content-Transfer-Encoding: base64\n\n" + b"YWJj" * 15 + b"\n_____\nlist footer",
         "abc\n_____\nlist footer"),
        (b"Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n" + b"9MnN1dI="
         + b"9MnN1dI=" * 5 + b"\n\xf4\xc9\xcd\xd5\xd2", "\nТимур"),
        (b"Content-Transfer-Encoding: base64\n\n!!! not base64 at all", "!!! not base64 at all"),
        (b"Content-Type: text/plain\n\nwith a \0 in it", "with a   in it"),
        (b"Content-Type: text/plain; format=flowed\n\none \ntwo\n> quo \n> ted\n-- \nA", "one two\n> quo ted\n-- \nA"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ncut off", "cut off"),
        (b"Content-Type: multipart/mixed; boundary=b\n\nno boundary at all", "no boundary at all"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nin\n--b--\nafter the end", "after the end"),
        (b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>page\n--b--",
         "page"),
        (b"Content-Type: text/html; charset=koi8-r\n\n<p>\xf4\xc9\xcd\xd5\xd2", "Тимур"),
        (b"Content-Type: ;;;=\"\n\nstill text", "still text"),
        (b"Subject: =?utf-8?b?w6k=?= =?utf-8?b?w?= =?x?q?=E9?= =?utf-8?q?broken\n\nx", "=?utf-8?q?broken"),
        (b"Subject: =?utf-8?b?w6k=?=\n =?utf-8?q?t=C3?= =?utf-8?q?=A9?=\n\nx", "Subject: été"),
        (b"Subject: raw \xc3\xa9t\xc3\xa9\n\nx", "Subject: raw été"),
        (b"Subject: no body at all", "Subject: no body at all"),
        (b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n", "Action: failed"),
    ],
)  # fmt: skip
def test_broken_mail_is_read_all_the_same(source: bytes, expected: str) -> None:
    assert expected in open_document("eml", b"From: a@b.example\n" + source, LIMITS).text


GOOD: dict[Format, Callable[[], bytes]] = {
    "html": lambda: PAGE % "".join(body for body, _ in HTML_CASES).encode(),
    "eml": lambda: b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nin\n--b--\n",
    "docx": lambda: word(letter),
}
CHANGE = st.tuples(st.floats(0, 1), st.binary(max_size=4))
SAMPLES = {kind: make() for kind, make in GOOD.items()}


@settings(max_examples=examples(150), deadline=None)
@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6),
)
def test_damaged_files_raise_nothing_but_our_own_errors(kind: str, changes: list[tuple[float, bytes]]) -> None:
    data = bytearray(SAMPLES[cast("Format", kind)])
    for place, piece in changes:
        start = int(place * len(data))
        data[start : start + 2] = piece
    try:
        opened = open_document(cast("Format", kind), bytes(data), LIMITS)
    except BadInput:
        return
    opened.text.encode("utf-8")


MAIL_PIECES = st.sampled_from(
    ["Content-Type: ", "multipart/mixed; boundary=b", "message/rfc822", "text/html; charset=", "utf-8", "\n", "\n\n",
     "--b",
     "--b--", "From: ", "Subject: ", "=?utf-8?b?", "?=", "Content-Transfer-Encoding: ", "base64", "quoted-printable",
     "Content-Disposition: attachment; filename*0*=", "utf-8''a", ";", '"', "<p>", "é", "\udcff", "=", " "]
)  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(pieces=st.lists(MAIL_PIECES, max_size=40))
def test_mail_of_any_pieces_raises_nothing_but_our_own_errors(pieces: list[str]) -> None:
    data = "".join(pieces).encode("utf-8", "surrogateescape")
    try:
        open_document("eml", data, LIMITS).text.encode("utf-8")
    except BadInput:
        return


def test_a_list_counts_from_where_the_page_says() -> None:
    page = PAGE % b'<ol start="0"><li>zero<li>one<li value="7">seven<li value="x">eight</ol>'
    assert extract(page, name="a.html").text.split("\n")[:4] == ["0. zero", "1. one", "7. seven", "8. eight"]
