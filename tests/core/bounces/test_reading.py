"""What came back: each mail of the mailbox as its expectation says, and never an error whatever the bytes are."""

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.bounces import Returned, came_for_many, looks_automatic, read
from tocsin.core.bounces.parts import read_fields
from tocsin.core.bounces.statuses import kind_of, reply_in

MAILBOX = Path(__file__).parents[2] / "mailbox" / "bounces"
MAILS = sorted(MAILBOX.glob("*.eml"))
PIECES = [line + b"\n" for mail in MAILS for line in mail.read_bytes().split(b"\n")]


def told(returned: Returned) -> dict[str, Any]:
    """Give what was read in the form of the expectations: what is absent is left out."""
    failures = [
        {name: value for name in ("address", "kind", "status", "reply") if (value := getattr(each, name)) is not None}
        for each in returned.failures
    ]
    whole = {
        "sort": returned.sort,
        "token": returned.token,
        "leaving": returned.leaving,
        "kind": returned.kind,
        "failures": failures,
    }
    return {name: value for name, value in whole.items() if value}


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_what_comes_back_is_read_as_its_expectation_says(mail: Path) -> None:
    assert told(read(mail.read_bytes())) == tomllib.loads(mail.with_suffix(".toml").read_text("utf-8"))


def test_line_ends_change_nothing() -> None:
    for raw in (mail.read_bytes() for mail in MAILS if mail.stem != "bytes_that_are_no_mail"):
        assert read(raw.replace(b"\n", b"\r\n")) == read(raw) == read(raw.replace(b"\n", b"\r"))


# The status, what the server said, and what that says of a mailbox.
@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "", "hard"),
        ("5.1.1", "550 5.1.1 mailbox full", "hard"),
        ("5.0.0", "550 mailbox full", "soft"),
        ("4.0.0", "450 no such user", "soft"),
        ("5.0.0", "550 no such user", "hard"),
        ("5.4.1", "550 zzz", "soft"),
        ("5.0.0", "550 zzz", "hard"),
        ("", "521 zzz", "hard"),
        ("5.0.0", "554 zzz", "other"),
        ("4.0.0", "499 zzz", "soft"),
        ("5.9.9", "zzz", "other"),
        ("4.9.9", "zzz", "soft"),
        ("", "zzz", "other"),
    ],
)
def test_what_a_server_means_is_told_by_a_sure_code_then_by_its_words_then_by_a_vague_one(
    status: str, said: str, kind: str
) -> None:
    assert kind_of(status or None, reply_in(said), said)[0] == kind


def test_every_expectation_has_its_mail() -> None:
    assert [mail.stem for mail in MAILS] == sorted(one.stem for one in MAILBOX.glob("*.toml"))


OUT_OF_OFFICE = sorted(MAILBOX.parent.glob("out_of_office_*.eml"))


@pytest.mark.parametrize("mail", OUT_OF_OFFICE, ids=lambda mail: mail.stem)
def test_who_is_out_of_the_office_is_known_in_every_language_by_the_fields_or_by_the_subject_alone(mail: Path) -> None:
    assert len(OUT_OF_OFFICE) >= 20
    raw = mail.read_bytes()
    assert read(raw).sort == "automatic"
    bare = re.sub(rb"(?m)^(?:Auto-Submitted|X-Auto[\w-]*):.*\n", b"", raw)
    assert bare != raw
    assert read(bare).sort == "automatic"
    assert looks_automatic(bare)


# Names of fields know no capitals, and a field may be folded or stand twice.
@pytest.mark.parametrize(
    "field", ["auto-submitted: auto-replied", "precedence: junk", "precedence: auto_reply", "x-autoreply: yes"]
)
@pytest.mark.parametrize("written", [str.lower, str.upper, str.title, lambda field: field.replace(": ", ":\n ")])
def test_an_answer_of_a_machine_is_known_however_its_field_is_written(field: str, written: Any) -> None:
    mail = f"From: mira@reader.example\n{written(field)}\nSubject: Thanks\n\nThanks\n"
    assert read(mail.encode()).sort == "automatic"
    assert looks_automatic(mail.encode())
    assert read(mail.replace("Subject", f"{field}\nSubject").encode()).sort == "automatic"


@pytest.mark.parametrize(
    "field",
    ["precedence: bulk", "precedence: list", "list-id: <a.example>", "feedback-id: 7:a:b", "x-loop: a@letters.example"],
)
def test_what_lists_and_services_put_into_letters_makes_no_machine_of_a_person(field: str) -> None:
    mail = f"From: mira@reader.example\n{field}\nSubject: Thanks\n\nThanks\n".encode()
    assert read(mail).sort == "letter"
    assert looks_automatic(mail), "it is opened behind others all the same"
    assert read(b"Auto-Submitted: auto-replied\n" + mail).sort == "automatic"


@pytest.mark.parametrize(("hops", "sort"), [(25, "letter"), (26, "automatic"), (60, "automatic")])
def test_a_mail_that_goes_round_is_no_letter(hops: int, sort: str) -> None:
    received = "Received: from a.example by b.example; Mon, 12 Jul 2021 10:00:00 +0200\n" * hops
    assert read(f"{received}From: mira@reader.example\nSubject: Thanks\n\nThanks\n".encode()).sort == sort


def test_a_person_who_says_that_no_machine_answered_wrote_a_letter() -> None:
    assert read(b"From: mira@reader.example\nAuto-Submitted: no\nSubject: Thanks\n\nThanks\n").sort == "letter"
    assert not looks_automatic(b"From: mira@reader.example\nAuto-Submitted: no\nSubject: Thanks\n\nThanks\n")


def test_a_header_alone_looks_like_what_its_mail_is_read_as() -> None:
    """What machines say of themselves is seen before a mail is opened, and no letter but by a list is put behind it."""
    for mail in (*MAILS, *MAILBOX.parent.glob("*.eml")):
        raw = mail.read_bytes()
        for ends in (raw, raw.replace(b"\n", b"\r\n")):
            returned = read(ends)
            if returned.sort == "letter":
                head = ends.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
                assert looks_automatic(ends) == came_for_many(read_fields(head)), mail.stem
            elif returned.evidence.where in ("header", "subject"):
                assert looks_automatic(ends) == (returned.evidence.words != "received"), mail.stem


@given(st.binary(max_size=2000) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=40), max_size=60).map(b"".join))
def test_no_bytes_raise_and_every_verdict_holds_together(raw: bytes) -> None:
    returned = read(raw)
    assert (returned.kind is not None) == (returned.sort == "bounce")
    assert returned.token is None or len(returned.token) == 32
    assert returned.evidence.words.isprintable()
    assert not returned.failures or returned.sort in ("bounce", "delay")
    if returned.gravest:
        assert returned.gravest in returned.failures


HOSTILE = {
    "parts": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 100_000,
    "nested parts": b"Content-Type: multipart/mixed; boundary=a\n\n"
    + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 20_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?=3D?= " * 50_000 + b"\n\n",
    "parameters": b"Content-Type: " + b';a="' * 200_000 + b"\n\n",
    "open tags": b"Return-Path: <>\nContent-Type: text/html\n\n" + b"<" * 900_000,
    "open styles": b"Return-Path: <>\nContent-Type: text/html\n\n" + b"<style>" * 120_000,
    "recipients": b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: a@b\n" * 45_000,
    "a recipient": b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: " + b"a@" * 450_000,
    "signs of base64": b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n" + b"=" * 900_000,
    "addresses": b"Return-Path: <>\n\nuser unknown\n" + b"mira@reader.example\n" * 45_000,
    "half a status": b"Return-Path: <>\n\nuser unknown\n" + b"5." * 450_000,
    "tokens": b"To: " + b"+0123456789abcdef0123456789abcdef@" * 25_000,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_megabyte_made_to_be_slow_takes_a_blink(hostile: str) -> None:
    begun = time.process_time()
    read(HOSTILE[hostile])
    assert time.process_time() - begun < 2
