"""What no program of ours answers, told by a head alone, however its fields are written."""

from collections.abc import Iterator
from pathlib import Path

from tocsin.core.bounces import may_be_answered, read, read_head

MAILBOX = Path(__file__).parents[2] / "mailbox"
MIRA = "mira@reader.example"
HEAD = f"From: Mira <{MIRA}>\nTo: appeals@office.example\nSubject: Re: your appeal\n"
UNANSWERED = [
    *("Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", 'Auto-Submitted: auto-notified; of="no"'),
    *("Precedence: bulk", "Precedence: list", "Precedence: junk", "Precedence: auto_reply"),
    *("List-Id: <a.example>", "List-Unsubscribe: <https://a.example/>", "List-Help: none", "List-Post: NO"),
    *("X-Loop: a@b.example", "X-Auto-Response-Suppress: None", "X-Autoreply: yes", "X-Mailing-List: a@b.example"),
    *("X-Failed-Recipients: a@b.example", "X-BeenThere: a@b.example", "Feedback-ID: 7:a:b", "X-Vacation: yes"),
    *("Content-Type: multipart/report; report-type=delivery-status; boundary=a", "Content-Type: message/rfc822"),
    *("Reply-To: <no-reply@reader.example>", "Sender: owner-appeals@reader.example", "Return-Path: <>"),
    *("Sender: Mail Delivery System <a@b.example>", "From: <postmaster@b.example>\n  and more", "Reply-To: nobody"),
    *("Subject: Automatic reply: away", "Subject: =?utf-8?b?QXV0b21hdGljIHJlcGx5?=", "Subject: Автоответ"),
]
SENDERS = (
    *("", "<>", "noreply@a.example", "No-Reply@a.example", "x-do-not-reply+7@a.example", "MAILER-DAEMON@a.example"),
    *("postmaster@a.example", "appeals-request@a.example", "owner-appeals@a.example", "appeals-owner@a.example"),
    *("bounces+7@a.example", "bounce-7@a.example", "appeals-bounces@a.example", "listserv@a.example", "mira"),
    *("nePasRepondre@a.example", "root@a.example", "SRS0=x=y=z@a.example"),
)


def answered(head: str, sender: str = MIRA, ends: str = "\n\nThank you.\n") -> bool:
    return may_be_answered(read_head(f"{head.rstrip()}{ends}".encode()), sender)


def cases(field: str) -> Iterator[str]:
    name, value = field.split(": ", 1)
    yield from (f"{each}: {value}" for each in (name.lower(), name.upper(), name.title(), name.swapcase()))


def ways(field: str) -> Iterator[str]:
    """Write a field in four ways, each as it is, folded, folded by a tab, with space before the colon, and doubled."""
    harmless = {"auto-submitted": "no", "precedence": "first-class", "content-type": "text/plain"}
    for each in cases(field):
        name, value = each.split(": ", 1)
        yield from (each, f"{name}:\n {value}", f"{name}:\r\n\t{value}", f"{name} : {value}", f"{name}:{value}")
        first = f"{name}: {harmless.get(name.lower(), value)}"
        yield from (f"{first}\n{each}", f"{each}\n{first}")


def test_a_letter_may_be_answered() -> None:
    assert answered(HEAD)
    assert all(
        answered(f"{way}\n{HEAD}") for field in ("Auto-Submitted: no", "Precedence: normal") for way in cases(field)
    )
    assert answered(HEAD, "Mira.Noreen@reader.example")


def test_what_a_machine_wrote_or_many_got_is_not_answered_however_its_field_is_written() -> None:
    let_through = [
        way
        for field in UNANSWERED
        for way in ways(field)
        for head in (f"{way}\n{HEAD}", f"{HEAD}{way}")
        if answered(head)
    ]
    assert let_through == []


def test_no_address_of_a_machine_is_answered_nor_one_that_is_none() -> None:
    assert [each for each in SENDERS if answered(HEAD, each)] == []
    assert [each for each in SENDERS if "@" in each and answered(HEAD.replace(MIRA, each))] == []


def test_a_head_without_an_end_or_with_more_than_anybody_writes_is_not_answered() -> None:
    assert not answered(HEAD, ends="\n")
    assert not answered("X-A: b\n" * 301 + HEAD)
    assert not answered(f"X-A: {'b' * 70_000}\n{HEAD}")
    assert answered("Received: from a by b\n" * 25 + HEAD)
    assert not answered("Received: from a by b\n" * 26 + HEAD)
    assert answered(f"{HEAD}X-Note: a\n\nAuto-Submitted: auto-replied"), "what stands in the text is no field"


def test_of_the_mails_of_the_box_nothing_that_a_machine_sent_is_answered() -> None:
    raws = [each.read_bytes() for each in sorted(MAILBOX.glob("*.eml"))]
    assert [raw[:200] for raw in raws if read(raw).sort != "letter" and may_be_answered(read_head(raw), MIRA)] == []
    assert sum(may_be_answered(read_head(raw), MIRA) for raw in raws) > 50
