"""Anchors leave the machine by themselves: to other media and to mailboxes outside, and say nothing of any case."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import settings as django_settings
from django.db import transaction
from pytest_django import Settings

from people import NOW
from smtp_sink import Sink, serving
from tocsin.config import anchoring
from tocsin.config.anchoring import Anchoring
from tocsin.config.tables import ServerAddress
from tocsin.core.errors import BadOutput, BadSettings
from tocsin.journal import actions, anchors, verifying
from tocsin.journal.verifying import KeptAnchor
from tocsin.operations import keeping, mailing
from tocsin.operations.models import Keeper
from tocsin.operations.sweeping import sweep

HOUR = timedelta(hours=1)
OFFICER, LAWYER, SENDER = "officer@outside.example", "lawyer@chambers.example", "tocsin@desk.example"
# Digits, lower-case words of ours, and nothing besides.
LINE = re.compile(r"anchor \d+ entry \d+ at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 digest [0-9a-f]{64} key [0-9a-f]{64}")
HEADERS = "From To Subject Date Message-ID Auto-Submitted Content-Type Content-Transfer-Encoding MIME-Version".split()


def write(count: int) -> None:
    with transaction.atomic():
        for _ in range(count):
            actions.record(None, "casework.case.read", uuid4(), now=NOW)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with serving() as sink:
        yield sink


@pytest.fixture
def anchored() -> str:
    write(3)
    return anchors.line_of(anchors.anchor(now=NOW))


def by_mail(sink: Sink, *mailboxes: str, hours: int = 1) -> Anchoring:
    server = ServerAddress("smtp", "127.0.0.1", sink.port)
    return Anchoring((), mailboxes or (OFFICER,), SENDER, server, hours * HOUR)


def kept(line: str) -> KeptAnchor:
    words = line.split()
    return KeptAnchor(int(words[3]), bytes.fromhex(words[7]), bytes.fromhex(words[9]))


def lines_in(directory: Path) -> list[str]:
    return [line for path in sorted(directory.iterdir()) for line in path.read_text("ascii").splitlines()]


def test_what_left_convicts_a_journal_that_was_rewritten(anchored: str, tmp_path: Path) -> None:
    assert keeping.leave(Anchoring((tmp_path,)), now=NOW) == 1
    (line,) = lines_in(tmp_path)
    assert line == anchored
    assert LINE.fullmatch(line)
    assert verifying.inspect([kept(line)]).entries == 3
    assert next(tmp_path.iterdir()).stat().st_mode & 0o077 == 0


def test_each_anchor_leaves_once_and_the_newest_stands_for_those_before(anchored: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    places = Anchoring((one, two))
    with pytest.raises(BadOutput, match="directory 2"):
        keeping.leave(places, now=NOW)
    for _ in range(2):
        write(1)
        last = anchors.line_of(anchors.anchor(now=NOW))
    with pytest.raises(BadOutput):
        keeping.leave(places, now=NOW)
    assert Keeper.objects.get(failures=2).step == 0
    two.mkdir()
    assert [keeping.leave(places, now=NOW) for _ in range(2)] == [1, 0]
    assert (lines_in(one), lines_in(two)) == ([anchored, last], [last])
    assert not Keeper.objects.exclude(failures=0).exists()


def test_a_line_that_was_torn_spoils_none_of_the_others(anchored: str, tmp_path: Path) -> None:
    keeping.leave(Anchoring((tmp_path,)), now=NOW)
    path = next(tmp_path.iterdir())
    path.write_text(path.read_text("ascii") + anchored[:70], "ascii")
    write(1)
    last = anchors.line_of(anchors.anchor(now=NOW))
    keeping.leave(Anchoring((tmp_path,)), now=NOW)
    assert lines_in(tmp_path) == [anchored, last]


def test_a_mail_says_the_line_and_nothing_of_us_or_of_any_case(anchored: str, sink: Sink) -> None:
    assert keeping.leave(by_mail(sink, OFFICER, LAWYER), now=NOW) == 2
    assert [line.lower() for line in sink.to] == [f"rcpt to:<{OFFICER}>", f"rcpt to:<{LAWYER}>"]
    assert sink.greeted_as == ["desk.example"] * 2, "not under the name of this machine"
    for mail in sink.mails:
        assert b"\n" not in mail.replace(b"\r\n", b"")
        assert max(map(len, mail.split(b"\r\n"))) <= 998
        head, _, body = mail.decode("ascii").partition("\r\n\r\n")
        assert sorted(line.partition(":")[0] for line in head.split("\r\n")) == sorted(HEADERS)
        assert body.replace("\r\n", "\n") == mailing._TEXT.format(line=anchored)
        assert socket.gethostname() not in mail.decode("ascii").split()
        assert "tocsin/" not in mail.decode("ascii").lower()
        assert "Subject: Journal anchor" in head


def test_a_mailbox_rests_between_two_mails_and_a_directory_does_not(anchored: str, sink: Sink, tmp_path: Path) -> None:
    places = replace(by_mail(sink, hours=3), directories=(tmp_path,))
    keeping.leave(places, now=NOW)
    for hours in (1, 2, 3):
        write(1)
        anchors.anchor(now=NOW + hours * HOUR)
        keeping.leave(places, now=NOW + hours * HOUR)
    assert (len(sink.mails), len(lines_in(tmp_path))) == (2, 4)
    assert lines_in(tmp_path)[-1].encode() in sink.mails[-1]


@pytest.mark.parametrize(("word", "answer"), [("RCPT", "550 nobody here"), (".", "452 full"), ("EHLO", "554 go away")])
def test_what_a_server_does_not_take_is_tried_again(anchored: str, sink: Sink, word: str, answer: str) -> None:
    sink.answers[word] = answer
    if word == "EHLO":
        sink.answers["HELO"] = answer
    with pytest.raises(BadOutput, match="mailbox 1"):
        keeping.leave(by_mail(sink), now=NOW)
    assert Keeper.objects.get().failures == 1
    sink.answers.clear()
    assert keeping.leave(by_mail(sink), now=NOW) == 1
    assert len(sink.mails) == 1


def certificate_of_its_own(path: Path) -> Path:
    """Write a certificate for this machine, which nobody but itself stands for, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    words = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(words + made.public_bytes(Encoding.PEM))
    return path


def test_a_server_that_shows_a_certificate_nobody_trusts_gets_nothing(
    anchored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = certificate_of_its_own(tmp_path / "pair.pem")
    with serving(str(pair)) as sink:
        places = replace(by_mail(sink), server=ServerAddress("smtps", "localhost", sink.port))
        with pytest.raises(BadOutput, match="SSLCertVerificationError"):
            keeping.leave(places, now=NOW)
        assert (sink.to, sink.mails) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(pair))
        assert keeping.leave(places, now=NOW) == 1, "the control"


def test_who_must_look_is_told_of_each_place_that_waits_too_long(anchored: str, sink: Sink, tmp_path: Path) -> None:
    places = replace(by_mail(sink, hours=6), directories=(tmp_path / "gone", tmp_path))
    with pytest.raises(BadOutput):
        keeping.leave(replace(places, mailboxes=()), now=NOW)

    def waiting(hours: int, anchoring: Anchoring = places) -> list[str]:
        return [each.called for each in keeping.list_waiting(anchoring, now=NOW + hours * HOUR + HOUR / 60)]

    assert [waiting(hours) for hours in (1, 2, 7, 8)] == [
        [],
        ["directory 1"],
        ["directory 1"],
        ["directory 1", "mailbox 1"],
    ]
    assert [waiting(24 * days, Anchoring()) for days in (6, 7)] == [[], ["paper"]]
    keeping.printed(anchors.last_signed() or pytest.fail("there is one"), now=NOW)
    assert waiting(24 * 30, Anchoring()) == [], "nothing is new since it was printed"


def test_the_worker_lets_anchors_leave(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    settings.SITE = replace(django_settings.SITE, anchors=Anchoring((tmp_path / "stick",)))
    write(3)
    anchors.anchor(now=NOW)
    write(1)
    late = NOW + 2 * HOUR
    swept = sweep(tmp_path, now=late, thorough=False)
    assert (swept.found["anchor"], swept.found["keepers"], swept.failed) == (1, 1, {})
    assert " entry 4 " in lines_in(tmp_path / "stick")[-1]
    (tmp_path / "stick").rename(tmp_path / "pulled")
    write(1)
    swept = sweep(tmp_path, now=late + 2 * HOUR, thorough=False)
    assert swept.failed == {"keepers": "BadOutput"}


def test_nothing_leaves_where_there_is_no_anchor_yet(tmp_path: Path) -> None:
    assert keeping.leave(Anchoring((tmp_path,)), now=NOW) == 0
    assert list(tmp_path.iterdir()) == []


MAIL = {"mailboxes": [OFFICER], "sender": SENDER, "server": "smtps://us:a%40b@mail.example"}


def test_settings_say_where_anchors_go() -> None:
    server = ServerAddress("smtps", "mail.example", 465, "us", "a@b")
    assert anchoring.read({"directories": ["/media/a"], **MAIL, "mail_hours": 6}, "site.toml") == Anchoring(
        (Path("/media/a"),), (OFFICER,), SENDER, server, 6 * HOUR
    )
    assert "a@b" not in repr(server)
    assert anchoring.read({}, "site.toml") == Anchoring()
    here = anchoring.read({**MAIL, "server": "smtp://localhost:2525"}, "site.toml").server
    assert here == ServerAddress("smtp", "localhost", 2525)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "no table"),
        ({"mailbox": []}, "unknown key mailbox"),
        ({"directories": "/media"}, "no list"),
        ({"directories": ["media"]}, "from the root"),
        *(({**MAIL, "mailboxes": [each]}, "no plain addresses") for each in (
            "a@b.example,c@d.example", '"x"@b.example', "-oQ@b.example", "a@[127.0.0.1]", "nobody",
            "a@b.example\nBcc: c@d.example", "a\0@b.example",
        )),
        ({**MAIL, "sender": ""}, "no plain addresses"),
        *(({**MAIL, "server": each}, "no mail server") for each in (
            None, "mail.example", "http://mail.example", "smtps://", "smtps://mail.example:99999",
        )),
        ({**MAIL, "server": "smtp://mail.example"}, "without TLS"),
        *(({**MAIL, "mail_hours": each}, "whole number") for each in (0, 25, True, "1", 1.5)),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_followed_are_refused(table: object, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        anchoring.read(table, "site.toml")
