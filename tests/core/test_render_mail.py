"""The e-mail form: valid whatever a document says, the same words twice, and no name in its subject."""

import email
import email.policy
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings

from drawing import examples
from hostile_texts import HOSTILE, TEXTS, shown, solid
from invented_appeals import ARABIC, ENGLISH, INVENTED
from random_documents import documents
from strict_mail import ALLOWED_HEADERS, Checked, NotStrict, check
from tocsin.core.appeal import AppealDocument, Paragraph, Reference, Section, Text
from tocsin.core.render import render

TAGS = {
    "html", "head", "meta", "title", "body", "div", "h1", "h2", "h3", "p", "br", "strong", "span", "a", "sup"
}  # fmt: skip
ATTRIBUTES = {"lang", "dir", "charset", "name", "content", "role", "style", "href"}


class _Shown(HTMLParser):
    """What a mail program shows of the HTML, and of what it is made."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._in_title = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        self._in_title = tag == "title"

    def handle_endtag(self, tag):
        self._in_title = False

    def handle_data(self, data):
        self.text += "" if self._in_title else data

    def handle_comment(self, data):
        pytest.fail(f"a comment: {data}")


def mail_of(document: AppealDocument) -> Checked:
    return check(render(document, "eml").encode("ascii"))


def saying(text: str) -> AppealDocument:
    """Give a document that says a text in every field that reaches a header or the start of a line."""
    return AppealDocument(
        "urgent_appeal", text, Text(text), Reference(text, text), about=Text(text),
        sections=(Section("situation", text, (Paragraph(text),)),),
    )  # fmt: skip


@given(documents(TEXTS))
@settings(max_examples=examples(100))
def test_whatever_a_document_says_its_mail_is_valid_and_says_it_twice(document: AppealDocument) -> None:
    mail = mail_of(document)
    page = _Shown(mail.html)
    assert solid(mail.plain) == solid(page.text)
    assert [text for text in shown(document) if solid(text) not in solid(mail.plain)] == []
    assert page.tags <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    links = [value for name, value in page.attributes if name == "href"]
    assert all(re.match(r"mailto:|tel:|https?://", link) for link in links)
    assert not any("url(" in value or "expression" in value for name, value in page.attributes if name == "style")


@given(documents(TEXTS))
@settings(max_examples=examples(40))
def test_the_parser_of_the_standard_library_finds_nothing_wrong(document: AppealDocument) -> None:
    message = render(document, "eml").encode("ascii")
    ours = check(message)
    parsed = email.message_from_bytes(message, policy=email.policy.strict)
    assert parsed.get_content_type() == "multipart/alternative"
    plain, html = parsed.iter_parts()
    assert [part.defects for part in (parsed, plain, html)] == [[], [], []]
    assert [name for name, value in parsed.items() if value.defects] == []
    assert str(parsed["Subject"]).split() == ours.headers["Subject"].split()
    assert html.get_content().replace("\r\n", "\n") == ours.html
    assert solid(plain.get_content()) == solid(ours.plain)


# Every way that was ever used to start a header, a body or a message where none should be.
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\n\n",
    "\r\n\r\n",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\n.\r\n",
]
INJECTED = [
    "Bcc: x@evil.example",
    "=?utf-8?Q?x=0ABcc:_x@evil.example?=",
    "--=_0123456789abcdef",
    "MAIL FROM:<x@evil.example>",
]


@pytest.mark.parametrize("injected", INJECTED)
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_no_field_can_begin_a_header(line_break: str, injected: str) -> None:
    mail = mail_of(saying(f"x{line_break}{injected}"))
    assert mail.headers.keys() <= ALLOWED_HEADERS - {"Content-Language"}
    assert "\n" not in mail.headers["Subject"]


# What a line means to a relay, a folder of mails, a signature or quoted-printable, and words without a place to break.
MEANT = [".", "..", ".x", " .", "From me", ">From me", "-- ", "=2E", "x " * 900, *(sign * 2_000 for sign in "aжم😀")]


@pytest.mark.parametrize("text", MEANT, ids=lambda text: ascii(text[:12]))
def test_lines_that_mail_has_a_meaning_for_come_through(text: str) -> None:
    mail = mail_of(saying(text))
    assert solid(mail.plain).count(solid(text)) >= 3
    assert solid(text) in solid(mail.headers["Subject"])


@given(TEXTS)
@settings(max_examples=examples(150))
@example("\ud83d")
@example("é" * 33)
@example("a" * 61)
@example("=?utf-8?B?eA==?=")
def test_a_subject_says_the_kind_and_the_code_whatever_the_code_is(text: str) -> None:
    subject = mail_of(AppealDocument("urgent_appeal", "ar", reference=Reference(text, text))).headers["Subject"]
    assert solid(subject) == solid(f"نداء عاجل{text}")


@pytest.mark.parametrize("name", INVENTED)
def test_the_header_names_nobody_and_no_program(name: str) -> None:
    document = INVENTED[name]
    mail = mail_of(document)
    title = solid(document.title.text)
    assert not any(title in solid(value) for value in mail.headers.values())
    code = document.reference.canonical if document.reference else ""
    assert mail.headers["Subject"].endswith(code)
    message = render(document, "eml")
    assert re.findall(r"(?i)tocsin|python|mailer|user-agent|received|localhost", message.partition("\r\n\r\n")[0]) == []


def test_a_code_stands_in_plain_letters_beside_an_encoded_kind() -> None:
    assert "?= XBM 004 / 1126 / OBS 095\r\n" in render(ARABIC, "eml")


def test_a_mailer_can_put_another_header_before_the_approved_part_without_touching_it() -> None:
    message = render(ENGLISH, "eml").encode("ascii")
    personal, mark, approved = message.partition(b"Subject: ")
    assert message.count(b"\r\nSubject: ") == 1
    assert b"placeholder.invalid" in personal
    assert b"placeholder.invalid" not in approved
    other = (
        b"From: <appeals@harbour.example>\r\nTo: <reader@paper.example>\r\nMessage-ID: <x.17@harbour.example>\r\n"
        b"Date: Thu, 05 Nov 2026 00:00:00 -0000\r\nList-Id: <appeals.harbour.example>\r\n"
        b"List-Unsubscribe: <https://harbour.example/u/abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )
    assert check(other + mark + approved).plain == check(message).plain


def test_the_date_is_that_of_issue_or_one_that_nobody_takes_for_real() -> None:
    assert mail_of(ENGLISH).headers["Date"] == "Wed, 04 Nov 2026 00:00:00 -0000"
    assert mail_of(AppealDocument("open_letter", None)).headers["Date"] == "Thu, 01 Jan 1970 00:00:00 -0000"


def test_the_encoding_that_needs_less_room_is_taken() -> None:
    assert render(ENGLISH, "eml").count("quoted-printable") == 2
    assert "Content-Transfer-Encoding: base64" in render(ARABIC, "eml")


def test_a_right_to_left_mail_says_so_within_the_body_and_hangs_its_marks_on_the_right() -> None:
    page = mail_of(ARABIC).html
    assert '<div lang="ar" dir="rtl"' in page
    assert "margin-right:28px" in page
    assert "margin-left:" not in page
    assert '<span dir="ltr">+ 996 12 555 01 19</span>' in page


def test_a_line_that_was_only_too_long_is_joined_again() -> None:
    assert ENGLISH.sections[0].paragraphs[1].text in mail_of(ENGLISH).plain


@pytest.mark.parametrize("text", ["From x " * 60_000, "é." * 100_000, "a" * 300_000])
def test_writing_a_mail_grows_with_the_length_of_the_text_and_not_faster(text: str) -> None:
    start = time.process_time()
    assert len(render(saying(text), "eml")) > len(text)
    assert time.process_time() - start < 20


# The checker itself: each rule is broken once in a mail that keeps all others.
BROKEN = {
    "bare LF": (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\n"),
    "long line": (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nList-Id: <" + b"a" * 80 + b".example>\r\n"),
    "another header": (b"MIME-Version", b"Bcc: <x@evil.example>\r\nMIME-Version"),
    "header twice": (b"MIME-Version", b"MIME-Version: 1.0\r\nMIME-Version"),
    "two addresses": (b"To: <to@placeholder.invalid>", b"To: <a@b.example>, <c@d.example>"),
    "wrong weekday": (b"Date: Wed", b"Date: Thu"),
    "no such day": (b"Date: Wed, 04", b"Date: Wed, 31"),
    "8 bits": (b"Subject: ", b"Subject: \xc3\xa9"),
    "half a word": (b"Subject: ", b"Subject: =?utf-8?Q?=C3"),
    "stop": (b"\r\nUrgent appeal\r\n", b"\r\n.Urgent appeal\r\n"),
    "trailing space": (b"\r\nUrgent appeal\r\n", b"\r\nUrgent appeal \r\n"),
    "lower-case escape": (b"=E2=80=93", b"=e2=80=93"),
    "no end": (b"--\r\n", b"\r\n"),
    "other charset": (b"text/plain; charset=utf-8", b"text/plain; charset=latin1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_checker_refuses(name: str) -> None:
    message = render(ENGLISH, "eml").encode("ascii")
    right, wrong = BROKEN[name]
    assert right in message
    head, _, rest = message.rpartition(right) if name == "no end" else message.partition(right)
    check(message)
    with pytest.raises((NotStrict, ValueError)):
        check(head + wrong + rest)


def test_every_hostile_string_is_in_some_mail() -> None:
    assert all(solid(text) in solid(mail_of(saying(text)).plain) for text in HOSTILE)
