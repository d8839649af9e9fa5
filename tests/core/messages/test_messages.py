"""Messages of a mailing: what every mail program reads back, what differs between readers, and what is refused."""

import dataclasses
import difflib
import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import examples
from hostile_texts import TEXTS, shown, solid
from invented_appeals import ARABIC, ENGLISH, INVENTED
from post import BEGUN_AT, ED25519, MASTHEAD, READER, signers, tokens
from random_documents import documents
from strict_mail import check, check_sent
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadMessage
from tocsin.core.messages import (
    HEADERS,
    OWN,
    Address,
    Masthead,
    Signer,
    Stencil,
    Tokens,
    Variant,
    Wire,
    cut,
    stencil,
    tokens_for,
)
from tocsin.core.render import labels_for, lay_out, render

USUAL = Variant()
VARIANTS = [Variant(html, neutral) for html in (True, False) for neutral in (True, False)]


def stencil_of(document: AppealDocument = ENGLISH, variant: Variant = USUAL, **other: Any) -> Stencil:
    masthead: Masthead = dataclasses.replace(MASTHEAD, **other)
    return cut(lay_out(document), masthead, variant, begun_at=BEGUN_AT)


@given(documents(TEXTS), st.sampled_from(VARIANTS), TEXTS)
@settings(max_examples=examples(60))
def test_whatever_an_appeal_says_its_message_is_valid_and_says_it(
    document: AppealDocument, variant: Variant, name: str
) -> None:
    message = stencil_of(document, variant, name=name).fill(READER, tokens())
    sent = check_sent(message.content)
    assert [text for text in shown(document) if solid(text) not in solid(sent.plain)] == []
    assert (sent.html is not None) == variant.html
    parsed = email.message_from_bytes(message.content, policy=email.policy.strict)
    assert [part.defects for part in parsed.walk()] == [[] for _ in parsed.walk()]
    said = labels_for(lay_out(document).label_language)["neutral_name"] if variant.neutral else name
    assert solid(parsed["From"].addresses[0].display_name) == solid(said)
    assert [one.addr_spec for one in parsed["From"].addresses] == [str(MASTHEAD.sender)]
    assert [one.addr_spec for one in parsed["To"].addresses] == [str(READER)]
    assert parsed["Date"].datetime == BEGUN_AT
    plain = parsed.get_body(("plain",))
    assert solid(plain.get_content()) == solid(sent.plain)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("name", INVENTED)
def test_every_form_says_the_words_of_the_mail_that_is_a_file(name: str, variant: Variant) -> None:
    document = INVENTED[name]
    file, sent = (
        check(render(document, "eml").encode()),
        check_sent(stencil_of(document, variant).fill(READER, tokens()).content),
    )
    if variant.neutral:
        assert sent.plain.endswith(f"\n\n{file.plain}")
        assert solid(rest_of(file.html)) in solid(sent.html or file.html)
        assert sent.headers["Subject"] == labels_for(document.language)["neutral_subject"]
    else:
        assert (sent.plain, sent.headers["Subject"]) == (file.plain, file.headers["Subject"])
        assert sent.html == (file.html if variant.html else None)


def rest_of(html: str) -> str:
    """Give what stands in the HTML of a mail behind its first tags."""
    return html.partition('<p style="')[2].partition(">")[2]


@pytest.mark.parametrize("html", [True, False])
def test_what_a_locked_phone_shows_of_a_neutral_message_is_the_same_whatever_it_is_about(html: bool) -> None:
    shown: dict[str, set[tuple[str, ...]]] = {}
    for document in INVENTED.values():
        message = stencil_of(document, Variant(html, neutral=True)).fill(READER, tokens())
        sent = check_sent(message.content)
        # Sender, subject, and as many signs of either form as a notice has room for; a program may take in the title.
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sent.html or "")).strip()
        preview = re.sub(r"\s+", " ", sent.plain)
        notice = (sent.headers["From"], sent.headers["Subject"], words[:250], preview[:250])
        shown.setdefault(document.language, set()).add(notice)
        assert MASTHEAD.name not in sent.headers["From"]
    assert len(shown) > 2
    assert {language: len(each) for language, each in shown.items()} == dict.fromkeys(shown, 1)


def differing(first: bytes, second: bytes) -> set[str]:
    """Name the headers in which two messages differ; anything of the body has the name of its line."""
    parted = [message.partition(b"\r\n\r\n") for message in (first, second)]
    rows = difflib.ndiff(*(head.decode().replace("\r\n ", " ").split("\r\n") for head, _, _ in parted))
    bodies = {body for _, _, body in parted}
    return {row[2:].partition(":")[0] for row in rows if row[0] in "+-"} | ({"body"} if len(bodies) > 1 else set())


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_two_readers_get_the_same_but_for_their_own_lines(variant: Variant) -> None:
    made = cut(lay_out(ENGLISH), MASTHEAD, variant, begun_at=BEGUN_AT, signers=signers())
    first, second = made.fill(READER, tokens(1)), made.fill(Address("anton", "other.example"), tokens(2))
    assert differing(first.content, second.content) == {"DKIM-Signature", *OWN}
    assert first.rest is second.rest


def test_no_link_tells_who_reads_and_nothing_is_loaded() -> None:
    message = stencil_of().fill(READER, tokens())
    html = check_sent(message.content).html
    own = tokens()
    assert not any(token in html for token in msgspec.structs.astuple(own))
    assert str(READER) not in html
    assert re.findall(r"(?i)<(?:img|link|script|iframe|style|object)|url\(|@import|src=", html) == []


def test_a_message_that_is_sent_again_is_the_same() -> None:
    made = [cut(lay_out(ENGLISH), MASTHEAD, Variant(), begun_at=BEGUN_AT, signers=signers()) for _ in range(2)]
    first, second = (one.fill(READER, tokens()) for one in made)
    assert first.content == second.content
    assert first.sender == second.sender


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_return_path_names_the_delivery_and_not_the_reader(first: int, second: int) -> None:
    made = [stencil_of_english().fill(READER, tokens(each)) for each in (first, second)]
    assert (made[0].sender == made[1].sender) == (first == second)
    assert READER.local not in made[0].sender.local
    assert re.fullmatch(r"bounces\+[0-9a-f]{32}", made[0].sender.local)


_ENGLISH = stencil_of()


def stencil_of_english() -> Stencil:
    return _ENGLISH


def test_leaving_takes_one_click_and_no_account() -> None:
    headers = check_sent(_ENGLISH.fill(READER, tokens()).content).headers
    assert headers["List-Unsubscribe"] == f"<{MASTHEAD.leave}{tokens().leaving}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Archive"] == f"<{MASTHEAD.archive}>"
    assert headers["List-Post"] == "NO"


@given(st.binary(max_size=40), st.binary(min_size=32, max_size=64))
def test_no_token_of_a_delivery_can_be_told_from_another_one(delivery: bytes, key: bytes) -> None:
    own = tokens_for(delivery, key)
    assert len({own.message, own.leaving, own.bounce}) == 3
    assert own == tokens_for(delivery, key)
    other = tokens_for(delivery, bytes(reversed(key)) + b"x" if len(key) < 64 else key[1:] + b"x")
    assert {own.message, own.leaving, own.bounce}.isdisjoint(msgspec.structs.astuple(other))


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(65)])
def test_a_weak_key_makes_no_tokens(key: bytes) -> None:
    with pytest.raises(BadMessage):
        tokens_for(b"1", key)


@pytest.mark.parametrize(
    "token", ["", "mira@reader.example", "A" * 32, "a" * 31, "a" * 33, "a" * 31 + "\n", "a" * 31 + "/"]
)
def test_a_token_is_nothing_but_a_token(token: str) -> None:
    for place in ("message", "leaving", "bounce"):
        with pytest.raises(BadMessage):
            Tokens(**{**msgspec.structs.asdict(tokens()), place: token})


BAD_MASTHEADS = [
    ("leave", "http://appeals.example/leave/"),
    ("leave", "https://appeals.example/leave"),
    ("leave", "https://appeals.example/leave/?a=/"),
    ("leave", "https://appeals.example/leave/\r\nBcc: x@evil.example/"),
    ("leave", "https://appeals.example/a>,<mailto:x@evil.example/"),
    ("archive", "http://appeals.example/"),
    ("archive", "https://appeals.example/\n"),
    ("archive", "https://192.0.2.1 /"),
    ("list_id", "appeals"),
    ("list_id", "appeals.example>\r\nBcc: <x"),
    ("list_id", "Appeals.example"),
    ("bounces", Address("b" * 32, "harbour.example")),
    ("bounces", Address("b+c", "harbour.example")),
]


@pytest.mark.parametrize(("field", "value"), BAD_MASTHEADS, ids=ascii)
def test_a_masthead_that_would_make_a_bad_header_is_refused(field: str, value: Any) -> None:
    with pytest.raises(BadMessage) as refused:
        dataclasses.replace(MASTHEAD, **{field: value})
    assert refused.value.where == field


@pytest.mark.parametrize(
    "words",
    [
        "X-Mailer: Tocsin\r\nSubject: x\r\n\r\nx\r\n",
        "Received: from desk\r\nSubject: x\r\n\r\nx\r\n",
        "Subject: x\r\nSubject: y\r\n\r\nx\r\n",
        "Subject: x\r\nTo: <x@evil.example>\r\n\r\nx\r\n",
        "Subject: x\r\nno field\r\n\r\nx\r\n",
        "Subject: x\nBcc: x@evil.example\r\n\r\nx\r\n",
        "Subject: x\r\n\r\nx",
        "Subject: x\r\n\r\nx\n.\r\n",
        "Subject: x\r\n\r\n" + "x" * 999 + "\r\n",
    ],
    ids=ascii,
)
def test_words_that_would_add_a_header_or_break_a_line_are_refused(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stencil, "mail_words", lambda *_, **__: words)
    with pytest.raises(BadMessage):
        stencil_of()


def test_the_list_of_headers_holds_nothing_that_tells_of_program_host_or_person() -> None:
    telling = "Received X-Mailer User-Agent X-Originating-IP Sender Bcc Cc Return-Path Comments".split()
    assert HEADERS.isdisjoint(telling)
    assert not any(name.startswith("X-") for name in HEADERS)


@pytest.mark.parametrize("begun_at", [BEGUN_AT.replace(tzinfo=None), BEGUN_AT + timedelta(microseconds=1)])
def test_a_mailing_begins_at_a_whole_second_in_utc(begun_at: datetime) -> None:
    with pytest.raises(BadMessage):
        cut(lay_out(ENGLISH), MASTHEAD, Variant(), begun_at=begun_at)


@pytest.mark.parametrize(
    ("name", "document", "variant"),
    [
        ("english", ENGLISH, Variant()),
        ("english-plain-neutral", ENGLISH, Variant(html=False, neutral=True)),
        ("arabic", ARABIC, Variant()),
    ],
)
def test_golden(golden: Any, name: str, document: AppealDocument, variant: Variant) -> None:
    masthead = dataclasses.replace(MASTHEAD, name="Réseau Harbour")
    signer = Signer("harbour.example", "tocsin2", ED25519)
    made = cut(lay_out(document), masthead, variant, begun_at=datetime(2026, 11, 4, 8, tzinfo=UTC), signers=[signer])
    message = made.fill(READER, tokens())
    golden(f"messages/{name}.eml", message.content.decode().replace("\r\n", "\n"))
    assert isinstance(message.head, Wire)
