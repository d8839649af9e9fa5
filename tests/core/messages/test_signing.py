"""Signatures of messages, as an independent verifier reads them (dkimpy)."""

import re
from typing import Any

import dkim
import pytest
from hypothesis import given, settings

from hostile_texts import TEXTS
from invented_appeals import ARABIC, ENGLISH
from post import BEGUN_AT, ED25519, MASTHEAD, READER, rsa, signers, tokens
from random_documents import documents
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadAddress, BadMessage
from tocsin.core.messages import Signer, Variant, cut
from tocsin.core.render import lay_out
from tocsin.vault.mail_keys import new_mail_key

USUAL = Variant()
RECORDS = {
    b"tocsin1._domainkey.harbour.example.": rsa,
    b"tocsin2._domainkey.harbour.example.": lambda: ED25519,
}


def record(name: bytes, timeout: int = 5) -> bytes:
    """Answer as the DNS of the invented domain does."""
    return RECORDS[name]().record().encode()


def verdicts(message: bytes, count: int = 2) -> list[bool]:
    verifier = dkim.DKIM(message)
    return [verify(verifier, index) for index in range(count)]


def verify(verifier: Any, index: int) -> bool:
    try:
        return bool(verifier.verify(idx=index, dnsfunc=record))
    except dkim.DKIMException:
        return False


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the verifier look at messages an hour after their mailing began."""
    monkeypatch.setattr("dkim.time.time", lambda: BEGUN_AT.timestamp() + 3600)


def signed(document: AppealDocument = ENGLISH, variant: Variant = USUAL, delivery: int = 1) -> bytes:
    made = cut(lay_out(document), MASTHEAD, variant, begun_at=BEGUN_AT, signers=signers())
    return made.fill(READER, tokens(delivery)).content


@pytest.mark.parametrize("variant", [Variant(), Variant(html=False), Variant(neutral=True)], ids=str)
@pytest.mark.parametrize("document", [ENGLISH, ARABIC], ids=["english", "arabic"])
def test_both_signatures_of_a_message_are_right(document: AppealDocument, variant: Variant) -> None:
    assert verdicts(signed(document, variant)) == [True, True]


@given(documents(TEXTS))
@settings(max_examples=12)
def test_they_are_right_whatever_an_appeal_says(document: AppealDocument) -> None:
    message = signed(document)
    assert verify(dkim.DKIM(message), 1)


CHANGES = {
    "a letter of the body": lambda text: text[:-60] + (b"A" if text[-60:-59] != b"A" else b"B") + text[-59:],
    "a line after the end": lambda text: text + b"--x\r\n",
    "the way to leave": lambda text: re.sub(rb"(List-Unsubscribe: <https://appeals)", rb"\1x", text),
    "that leaving takes one click": lambda text: text.replace(b"=One-Click", b"=Two-Clicks"),
    "the id": lambda text: re.sub(rb"Message-ID: <.", b"Message-ID: <x", text),
    "the reader": lambda text: text.replace(b"To: <mira", b"To: <myra"),
    "the date": lambda text: text.replace(b"09:30:00", b"09:31:00"),
}
ADDED = """
From To Subject Date Reply-To Message-ID Cc Sender List-Unsubscribe List-Id List-Unsubscribe-Post List-Archive List-Post
List-Help List-Owner List-Subscribe MIME-Version Content-Type Content-Language Precedence Resent-From
""".split()


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_is_changed_on_the_way_is_seen(change: Any) -> None:
    message = signed()
    assert change(message) != message
    assert verdicts(change(message)) == [False, False]


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_header_that_is_added_on_the_way_is_seen(name: str, place: str) -> None:
    message, line = signed(), f"{name}: <https://x.evil.example/>\r\n".encode()
    head, _, body = message.partition(b"\r\n\r\n")
    forged = line + message if place == "above" else head + b"\r\n" + line + b"\r\n" + body
    assert verdicts(forged) == [False, False]


def test_a_signature_of_one_reader_is_none_of_another_one() -> None:
    one, two = signed(), signed(delivery=2)
    cut_off = one.index(b"From: ")
    assert verdicts(one[:cut_off] + two[two.index(b"From: ") :]) == [False, False]


def test_white_space_that_relays_change_breaks_nothing() -> None:
    message = signed().replace(b"From: ", b"From:   ")
    message = message.replace(b"\r\nContent-Type: text/plain", b"\r\nContent-Type:  text/plain")
    assert verdicts(message) == [True, True]


@pytest.mark.parametrize(("days", "right"), [(0, True), (13, True), (15, False)])
def test_a_signature_ends_after_two_weeks(days: int, right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dkim.time.time", lambda: BEGUN_AT.timestamp() + days * 86400 + 60)
    assert verdicts(signed()) == [right, right]


def test_another_key_signs_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    message, other = signed(), new_mail_key("ed25519-sha256")
    monkeypatch.setitem(RECORDS, b"tocsin2._domainkey.harbour.example.", lambda: other)
    assert verdicts(message) == [True, False]


@pytest.mark.parametrize("selector", ["", "Tocsin", "a.b", "a b", "-a", "a;d=evil.example", "a\n"])
def test_a_selector_is_one_label(selector: str) -> None:
    with pytest.raises(BadMessage):
        Signer("harbour.example", selector, ED25519)


@pytest.mark.parametrize("domain", ["", "harbour", "harbour.example; l=0", "192.0.2.1"])
def test_a_domain_is_a_domain(domain: str) -> None:
    with pytest.raises(BadAddress):
        Signer(domain, "tocsin1", ED25519)
