"""Mail that is fetched: kept before anything is changed on the server, once, and wherever the connection is cut."""

import imaplib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from certificates import certificate
from imap_server import Post, mailbox_of
from killed import Killed
from tocsin.adapters import imap
from tocsin.adapters.imap import Mailbox, fetching
from tocsin.adapters.lmtp import Delivered, Verdict
from tocsin.core.errors import BadSettings, NoMailServer, NotSecure

MAILS = [f"Subject: {number}\r\n\r\nletter {number}\r\n".encode() for number in range(7)]
ABILITIES = ["IMAP4rev1 MOVE", "IMAP4rev1 UIDPLUS"]


class Kept:
    """Keeps mails as the receiver does: the same bytes once."""

    def __init__(self, post: Post) -> None:
        self.post, self.mails = post, dict[bytes, Delivered]()
        self.verdicts: dict[bytes, Verdict] = {}

    def __call__(self, mail: Delivered) -> Verdict:
        assert mail.content not in self.post.moved or mail.content in self.mails, "it was moved before it was kept"
        verdict = self.verdicts.get(mail.content, "kept")
        if verdict == "kept":
            self.mails.setdefault(mail.content, mail)
        return verdict


@pytest.fixture(params=ABILITIES)
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    with mailbox_of(Post(abilities=request.param)) as post:
        post.put(*MAILS)
        yield post


def of(post: Post) -> Mailbox:
    return Mailbox("127.0.0.1", post.port, "none", "appeals", "a password", patience=10)


def nothing_is_lost(post: Post, kept: Kept, mails: list[bytes]) -> None:
    assert set(post.moved) <= set(kept.mails), "what was moved is kept"
    assert set(post.inbox.values()) | set(kept.mails) == set(mails)


def test_all_that_lies_there_is_kept_and_then_moved(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_AT_ONCE", 3)
    kept = Kept(post)
    assert imap.fetch(of(post), kept) == imap.Fetched(kept=7)
    assert (list(kept.mails), post.moved, post.inbox) == (MAILS, MAILS, {})
    assert imap.fetch(of(post), kept) == imap.Fetched()


@pytest.mark.parametrize("before", [True, False], ids=["before", "halfway"])
def test_wherever_the_connection_is_cut_each_mail_is_there_once_in_the_end(
    post: Post, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_AT_ONCE", 2)
    steps, step = 1, 0
    while step < steps:
        step += 1
        post.inbox, post.moved, post.commands, post.doomed = dict(enumerate(MAILS[:4], 1)), [], [], set()
        kept, post.cut_at, post.before = Kept(post), step, before
        try:
            imap.fetch(of(post), kept)
        except NoMailServer:
            assert len(post.commands) == step
        nothing_is_lost(post, kept, MAILS[:4])
        steps = max(steps, len(post.commands) + 1)
        post.cut_at = 0
        imap.fetch(of(post), kept)
        assert (list(kept.mails), post.inbox, set(post.moved)) == (MAILS[:4], {}, set(MAILS[:4]))
    assert steps > 12


def test_a_program_that_dies_while_it_keeps_leaves_the_mail_where_it_lies(post: Post) -> None:
    kept = Kept(post)

    def dies(mail: Delivered) -> Verdict:
        if mail.content == MAILS[3]:
            raise Killed
        return kept(mail)

    with pytest.raises(Killed):
        imap.fetch(of(post), dies)
    assert (post.moved, len(post.inbox)) == ([], 7)
    assert imap.fetch(of(post), kept) == imap.Fetched(kept=7)
    assert list(kept.mails) == MAILS


@pytest.mark.parametrize("verdict", ["closed", "full", "failed"])
def test_what_is_not_kept_stays_on_the_server(post: Post, verdict: Verdict) -> None:
    kept = Kept(post)
    kept.verdicts = {MAILS[2]: verdict}
    assert imap.fetch(of(post), kept) == imap.Fetched(kept=2, stopped=verdict)
    assert (post.moved, list(post.inbox.values())) == (MAILS[:2], MAILS[2:])


def test_other_numbers_on_the_server_mean_nothing(post: Post) -> None:
    kept = Kept(post)
    kept.verdicts = {MAILS[4]: "closed"}
    imap.fetch(of(post), kept)
    post.renumber()
    kept.verdicts = {}
    imap.fetch(of(post), kept)
    assert (list(kept.mails), post.inbox) == (MAILS, {})


def test_what_is_too_large_is_left_and_the_others_are_fetched(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100)
    monkeypatch.setattr(fetching, "_AT_ONCE", 3)
    post.inbox = {}
    post.put(b"x" * 101, *MAILS[:3], b"y" * 101, *MAILS[3:])
    kept = Kept(post)
    assert imap.fetch(of(post), kept) == imap.Fetched(kept=7, left=2)
    assert sorted(post.inbox.values()) == [b"x" * 101, b"y" * 101]


def test_a_server_that_lies_about_a_size_is_not_listened_to(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100)
    post.inbox, post.announced = {1: b"x" * 5_000}, 50
    kept = Kept(post)
    with pytest.raises(NoMailServer):
        imap.fetch(of(post), kept)
    assert (kept.mails, len(post.inbox)) == ({}, 1)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("SELECT", b"* EXISTS many\r\n"),
        ("FETCH", b"* 1 FETCH (FLAGS ())\r\n"),
        ("FETCH", b"* 1 FETCH (UID 1 RFC822.SIZE 3)\r\n" * 3_000),
    ],
)
def test_a_server_that_makes_no_sense_is_not_asked_again_and_again(post: Post, command: str, answer: bytes) -> None:
    post.instead, kept = {command: answer}, Kept(post)
    with pytest.raises(NoMailServer, match="as it should"):
        imap.fetch(of(post), kept)
    assert (kept.mails, len(post.inbox)) == ({}, 7)
    assert len([each for each in post.commands if each.startswith(command)]) == 1


def test_a_server_that_says_no_more_what_it_can_do_is_refused(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    signs_in = imaplib.IMAP4.login

    def login(line: imaplib.IMAP4, user: str, password: str) -> Any:
        post.instead = {"CAPABILITY": b""}
        return signs_in(line, user, password)

    monkeypatch.setattr(imaplib.IMAP4, "login", login)
    with pytest.raises(BadSettings, match="neither move"):
        imap.fetch(of(post), Kept(post))


@pytest.mark.parametrize("user", ["the office", 'the "office"', r"office\appeals", "a@b.example"])
def test_whoever_signs_in_is_one_word_of_the_command(post: Post, user: str) -> None:
    imap.fetch(replace(of(post), user=user), Kept(post))
    (login,) = [each for each in post.commands if each.startswith("LOGIN")]
    assert re.findall(r'"((?:[^"\\]|\\.)*)"', login) == [re.sub(r'(["\\])', r"\\\1", user), "a password"]


def test_a_long_mailbox_is_asked_for_a_few_at_a_time(post: Post) -> None:
    post.inbox = {}
    post.put(*(f"Subject: {number}\r\n\r\n".encode() for number in range(320)))
    assert imap.fetch(of(post), Kept(post)).kept == 320
    listings = [each for each in post.commands if each.startswith("FETCH")]
    assert len(listings) == -(-320 // fetching._AT_ONCE)


def test_a_mailbox_that_never_ends_is_left_after_a_while(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_MOST_ROUNDS", 3)
    monkeypatch.setattr(fetching, "_AT_ONCE", 2)
    post.inbox, kept = {}, Kept(post)
    numbers = iter(range(40))

    def one_more(mail: Delivered) -> Verdict:
        for number in itertools.islice(numbers, 2):
            post.put(b"Subject: %d\r\n\r\none more" % number)
        return kept(mail)

    post.put(*MAILS[:2])
    assert imap.fetch(of(post), one_more).kept == 6
    assert post.inbox, "the next fetch goes on with what is left"


ENVELOPES = [
    (
        b"Return-Path: <a@b.example>\r\nDelivered-To: us@c.example\r\nSubject: x\r\n\r\n",
        "a@b.example",
        ("us@c.example",),
    ),
    (b"Return-Path: <>\r\n\r\nReturn-Path: <forged@b.example>\r\n", "", ()),
    (b"Subject: x\r\n\r\nReturn-Path: <forged@b.example>\r\n", None, ()),
]


@pytest.mark.parametrize(("content", "sender", "recipients"), ENVELOPES)
def test_what_the_server_wrote_on_top_is_the_envelope(
    post: Post, content: bytes, sender: str | None, recipients: tuple[str, ...]
) -> None:
    post.inbox = {1: content}
    kept = Kept(post)
    imap.fetch(of(post), kept)
    assert kept.mails[content] == Delivered(sender, recipients, content)


def test_a_server_that_moves_nothing_is_refused_before_anything_is_fetched(post: Post) -> None:
    post.abilities, kept = "IMAP4rev1", Kept(post)
    with pytest.raises(BadSettings, match="neither move"):
        imap.fetch(of(post), kept)
    assert kept.mails == {}


@pytest.mark.parametrize("later", [False, True], ids=["tls", "starttls"])
def test_mail_is_fetched_over_tls_from_a_server_that_somebody_vouches_for(later: bool) -> None:
    ours, trusted = certificate()
    post = Post(abilities="IMAP4rev1 MOVE" + " STARTTLS" * later)
    with mailbox_of(post, ours, later=later):
        post.put(*MAILS)
        box = replace(of(post), host="localhost", security="starttls" if later else "tls", authorities=trusted)
        assert imap.fetch(box, Kept(post)).kept == 7
        for foreign in (certificate("other.example")[1], None):
            with pytest.raises(NotSecure):
                imap.fetch(replace(box, authorities=foreign), Kept(post))
        with pytest.raises(NotSecure):
            imap.fetch(replace(box, host="127.0.0.1"), Kept(post))
        logins = [each for each in post.commands if each.startswith("LOGIN")]
        assert len(logins) == 1, "the password is told to nobody else"


def test_nobody_signs_in_where_the_server_offers_no_encryption() -> None:
    with mailbox_of(Post()) as post, pytest.raises(NoMailServer):
        imap.fetch(replace(of(post), security="starttls"), Kept(post))
    assert not [each for each in post.commands if each.startswith("LOGIN")]


UNSAFE: list[tuple[Callable[[Mailbox], Mailbox], str]] = [
    (lambda box: replace(box, host="mail.example"), "without encryption"),
    (lambda box: replace(box, folder='IN"BOX'), "two folders"),
    (lambda box: replace(box, folder="Tocsin"), "two folders"),
    (lambda box: replace(box, kept="a\r\nb"), "two folders"),
    (lambda box: replace(box, user="a\r\nx DELETE INBOX"), "plain letters, digits"),
    (lambda box: replace(box, user=""), "plain letters, digits"),
    (lambda box: replace(box, password="pässword"), "plain letters, digits"),
]


@pytest.mark.parametrize(("change", "said"), UNSAFE)
def test_what_is_unsafe_is_refused(change: Callable[[Mailbox], Mailbox], said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        change(Mailbox("127.0.0.1", 143, "none", "a", "b"))


def test_the_password_is_shown_nowhere() -> None:
    assert "secret" not in repr(Mailbox("127.0.0.1", 143, "none", "a", "secret"))
