"""What comes back counts once, only against a message that was sent, and never against an address of the directory."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.conf import settings

from people import NOW, Hire
from tocsin.authorities import actions as authorities
from tocsin.authorities.returned import Officials
from tocsin.cli.site.bounces import bounces as command
from tocsin.core.bounces import Evidence, Failure, Kind, Returned
from tocsin.core.errors import BadRequest
from tocsin.core.messages import Address, tokens_for
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import CAME_BACK, Bounce, Delivery, Mailing, Subscriber, Suppression
from tocsin.dispatch.returning import count, known_of, undo
from tocsin.dispatch.tokens import token_digest
from tocsin.journal.models import Entry

MIRA = Address("mira.tosk", "reader.example")
DAY = timedelta(days=1)
MAILBOX = Path(__file__).parents[2] / "mailbox/bounces"


class Nobody:
    """A directory without addresses."""

    def report(self, known_by: bytes, kind: str) -> bool:
        return False


def reader(address: Address = MIRA) -> UUID:
    known_by = fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY)
    row = {"id": uuid4(), "address": b"sealed", "fingerprint": known_by, "languages": " en ", "asked_at": NOW}
    return Subscriber.objects.create(**row, state="active").id


def sent(to: UUID, at: datetime, *, state: str = "handed_over") -> str:
    """Let a mailing have gone out, and give the token of its return path."""
    mailing = Mailing.objects.create(
        id=uuid4(), slug=str(uuid4()), version=1, kind="appeal", state="sending", policy="resend",
        opened_by=uuid4(), opened_at=at, order=b"signed",
    )  # fmt: skip
    tokens = tokens_for(mailing.id.bytes, bytes(32))
    digests = {"bounce": token_digest(tokens.bounce), "leaving": token_digest(tokens.leaving)}
    Delivery.objects.create(mailing=mailing, subscriber=to, language="en", state=state, settled_at=at, **digests)
    return tokens.bounce


def leaving_of(bounce: str) -> str:
    row = Delivery.objects.get(bounce=token_digest(bounce))
    return tokens_for(row.mailing_id.bytes, bytes(32)).leaving


def bounce(token: str | None, kind: Kind = "hard") -> Returned:
    failure = Failure("mira@reader.example", kind, "5.1.1", 550, Evidence("delivery status", "5.1.1"))
    return Returned("bounce", Evidence("delivery status", "Action: failed"), token, None, (failure,))


def complaint(token: str | None = None, leaving: str | None = None) -> Returned:
    return Returned("complaint", Evidence("feedback report", "abuse"), token, leaving)


def counted(returned: Iterable[Returned]) -> list[str]:
    return [count(each, Nobody(), now=NOW) for each in returned]


@pytest.mark.parametrize(
    ("kind", "days", "result"),
    [
        ("hard", [0], "counted"),
        ("hard", [0, 0.2], "counted"),
        ("hard", [0, 1], "suppressed"),
        ("hard", [-400, 0], "counted"),
        ("soft", [0, 1, 2, 3, 4], "counted"),
        ("soft", [0, 1, 2, 3, 4, 5], "suppressed"),
        ("soft", [-100, 1, 2, 3, 4, 5], "counted"),
        ("policy", range(9), "counted"),
        ("other", range(9), "counted"),
    ],
)
def test_so_many_days_make_an_address_that_gets_nothing_more(kind: Kind, days: Iterable[float], result: str) -> None:
    mira = reader()
    begun = NOW.replace(hour=1) - 10 * DAY
    assert counted(bounce(sent(mira, begun + day * DAY), kind) for day in days)[-1] == result
    assert Subscriber.objects.get(id=mira).state == ("suppressed" if result == "suppressed" else "active")
    assert set(Suppression.objects.values_list("reason", flat=True)) <= set(CAME_BACK)
    assert Suppression.objects.exists() == (result == "suppressed")


def test_what_went_out_before_she_confirmed_again_does_not_count() -> None:
    mira = reader()
    before, after = (sent(mira, NOW - days * DAY) for days in (3, 1))
    Subscriber.objects.update(confirmed_at=NOW - 2 * DAY)
    assert counted([bounce(before), bounce(after)]) == ["counted", "counted"]


def test_one_message_counts_once_however_often_it_is_reported() -> None:
    token = sent(reader(), NOW)
    assert counted(bounce(token) for _ in range(3)) == ["counted", "known", "known"]


@pytest.mark.parametrize("state", ["waiting", "claimed", "suppressed", "failed"])
def test_what_never_went_out_cannot_come_back(state: str) -> None:
    token = sent(reader(), NOW, state=state)
    assert counted([bounce(token), complaint(leaving=leaving_of(token))]) == ["of no message"] * 2


def test_forged_reports_change_nothing() -> None:
    sent(reader(), NOW)
    forged = [None, *(f"{number:032x}" for number in range(500))]
    assert set(counted(each for token in forged for each in (bounce(token), complaint(token, token)))) == {
        "of no message"
    }
    assert not Bounce.objects.exists()
    assert Subscriber.objects.get().state == "active"


def test_a_complaint_ends_it_at_once_by_either_token() -> None:
    for number, by_leaving in enumerate((False, True)):
        who = reader(Address(f"mira{number}", "reader.example"))
        token = sent(who, NOW)
        assert counted([complaint(leaving=leaving_of(token)) if by_leaving else complaint(token)]) == ["suppressed"]
        assert Subscriber.objects.get(id=who).state == "suppressed"


def test_a_token_for_leaving_reports_no_failure() -> None:
    token = sent(reader(), NOW)
    assert counted([bounce(leaving_of(token))]) == ["of no message"]


def test_it_is_said_in_words_and_can_be_undone() -> None:
    mira = reader()
    counted(bounce(sent(mira, NOW - day * DAY)) for day in (1, 2))
    known = known_of(MIRA)
    assert "no such mailbox" in known.suppressed
    assert [(kind, status) for _, kind, status in known.bounces] == [("hard", "5.1.1")] * 2
    undo(MIRA)
    assert Subscriber.objects.get(id=mira).state == "active"
    # Counted anew: the two that were undone count no more.
    assert counted([bounce(sent(mira, NOW))]) == ["counted"]
    with pytest.raises(BadRequest, match="not suppressed"):
        undo(MIRA)


@pytest.mark.parametrize("reason", ["left", "erased"])
def test_who_left_is_not_brought_back(reason: str) -> None:
    known_by = fingerprint(MIRA, settings.TOCSIN_FINGERPRINT_KEY)
    Suppression.objects.create(fingerprint=known_by, reason=reason, since=NOW)
    with pytest.raises(BadRequest, match="wished"):
        undo(MIRA)


def test_who_left_stays_so_though_messages_come_back() -> None:
    mira = reader()
    Subscriber.objects.update(state="left")
    counted(bounce(sent(mira, NOW - day * DAY)) for day in (1, 2))
    assert Subscriber.objects.get(id=mira).state == "left"


def test_an_address_of_the_directory_is_reported_and_stays(hire: Hire) -> None:
    editor = hire("ines", "verifier").actor
    post = {"what": "post", "key": "xzv-mayor", "country": "XZV", "code": "mayor", "name_en": "Mayor of Karvel"}
    point = {"what": "contact_point", "of": "xzv-mayor", "code": "email", "address": str(MIRA)}
    authorities.put(editor, [post, point], why="new", now=NOW)
    mira = reader()
    officials = Officials(settings.TOCSIN_FINGERPRINT_KEY, now=NOW)
    returned = [*(bounce(sent(mira, NOW - day * DAY)) for day in range(3)), complaint(sent(mira, NOW))]
    assert {count(each, officials, now=NOW) for each in returned} == {"official"}
    assert Subscriber.objects.get(id=mira).state == "active"
    assert not Suppression.objects.exists()
    assert Entry.objects.filter(kind="authorities.post.returned").count() == 4


def test_mails_of_every_kind_of_file_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda: None)
    mira = reader()
    mails = sorted(MAILBOX.glob("*.eml"))
    first, second = (
        (MAILBOX / "qmail.eml").read_bytes().replace(b"0123456789abcdef" * 2, sent(mira, NOW - day * DAY).encode())
        for day in (1, 2)
    )
    (tmp_path / "one.eml").write_bytes(first)
    (tmp_path / "dir/cur").mkdir(parents=True)
    (tmp_path / "dir/cur/1").write_bytes(first)
    mbox = b"".join(b"From MAILER-DAEMON\n" + mail + b"\n\n" for mail in (first, *(m.read_bytes() for m in mails)))
    (tmp_path / "mbox").write_bytes(mbox)
    arguments = [str(tmp_path / name) for name in ("one.eml", "dir", "mbox")]
    said = CliRunner().invoke(command, [*arguments, "-"], input=second, catch_exceptions=False).output
    letters = len([mail for mail in mails if "letter" in mail.stem])
    assert "counted: 1; suppressed: 1; official: 0; known: 2;" in said
    assert sum(int(each.rpartition(" ")[2]) for each in said.split(";")) == 4 + len(mails)
    assert letters <= int(said.rpartition(" ")[2])
    assert Entry.objects.filter(kind="dispatch.bounces.counted").count() == 1
    ask = CliRunner().invoke(command, ["--ask"], input=f"{MIRA}\n", catch_exceptions=False).stdout
    assert "no such mailbox" in ask
    CliRunner().invoke(command, ["--undo"], input=f"{MIRA}\n", catch_exceptions=False)
    assert Subscriber.objects.get(id=mira).state == "active"
