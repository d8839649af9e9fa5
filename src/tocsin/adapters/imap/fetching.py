"""Fetching what lies in a folder: each message is kept for good, and only then moved to another folder of the server.

Nothing is remembered about the server between two connections: what still lies in the folder was not moved, and is
fetched again. Whoever keeps it knows the same bytes again, so it is there once wherever a connection or a process ends,
and another UIDVALIDITY (RFC 9051, 2.3.1.1) means nothing to us.
"""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tocsin.adapters.imap.mailbox import Mailbox, quoted, sign_out
from tocsin.adapters.lmtp import LARGEST, Delivered, Keep
from tocsin.core.errors import BadSettings, NoMailServer

_AT_ONCE: Final = 50
# More than lies in any folder: a server that always has some more is asked again at the next fetch.
_MOST_ROUNDS: Final = 2_000
_HEADER: Final = 65_536
_COUNT: Final = re.compile(rb"\d{1,10}")
_UID: Final = re.compile(rb"\bUID (\d+)\b")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)\b")
# What the mail server of the mailbox wrote on top when it delivered: of each the first, since more may be forged below.
_RETURN_PATH: Final = re.compile(rb"(?im)^Return-Path:[ \t]*<([^<>\s]{0,320})>")
_DELIVERED_TO: Final = re.compile(rb"(?im)^(?:Delivered-To|X-Original-To|Envelope-To):[ \t]*<?([^<>\s]{1,320})>?")


@dataclass(slots=True)
class Fetched:
    """What one round did.

    Attributes:
        kept: Messages that were kept, or known, and moved.
        left: Messages that are too large, and stay where they lie.
        stopped: Why it stopped before the end: what the one who keeps said; empty where it did not.
    """

    kept: int = 0
    left: int = 0
    stopped: str = ""


def fetch(mailbox: Mailbox, keep: Keep) -> Fetched:
    """Keep all that lies in a folder, a few messages at a time, and move it.

    Raises:
        NoMailServer: The server cannot be reached, the connection ended, or an answer makes no sense; what was kept is
            known next time.
        BadSettings: The folder is not there, or the server cannot move a message.
    """
    done = Fetched()
    line = mailbox.connect(LARGEST + 1)
    with _ended(line, mailbox):
        # Asked anew: many servers tell what they can only to those who have signed in.
        abilities = set((line.capability()[1][0] or b"").decode("ascii", "replace").upper().split())
        if not {"MOVE", "UIDPLUS"} & abilities:
            raise BadSettings("this server can neither move a message nor take a single one away", where=mailbox.host)
        line.create(quoted(mailbox.kept))
        for _ in range(_MOST_ROUNDS):
            count = _select(line, mailbox)
            if done.stopped or count <= done.left:
                break
            moving = _round(line, keep, done, count)
            if moving:
                _move(line, mailbox, b",".join(moving).decode(), at_once="MOVE" in abilities)
            done.kept += len(moving)
    return done


@contextmanager
def _ended(line: imaplib.IMAP4, mailbox: Mailbox) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as error:
        what = "the server of the mailbox ended the connection, or does not answer as it should"
        raise NoMailServer(what, where=mailbox.host) from error
    finally:
        sign_out(line)


def _select(line: imaplib.IMAP4, mailbox: Mailbox) -> int:
    """Open the folder anew: what was moved is gone, and what is left has the first numbers."""
    answer, count = line.select(quoted(mailbox.folder))
    if answer != "OK":
        raise BadSettings("there is no such folder in the mailbox", where=mailbox.folder)
    if not _COUNT.fullmatch(count[0] or b"0"):
        raise imaplib.IMAP4.error("no number of messages")
    return int(count[0] or b"0")


def _round(line: imaplib.IMAP4, keep: Keep, done: Fetched, count: int) -> list[bytes]:
    """Keep some messages, and give the numbers of those that were."""
    first = done.left + 1
    _, listed = line.fetch(f"{first}:{min(count, first + _AT_ONCE - 1)}", "(UID RFC822.SIZE)")
    here = list(filter(None, map(_listed, listed)))
    if not here:
        # It said that some are there: asked again at once it would say the same.
        raise imaplib.IMAP4.error("no messages listed")
    moving: list[bytes] = []
    for uid, size in here:
        content = _content(line, uid) if size <= LARGEST else None
        if content is None:
            done.left += 1
            continue
        verdict = keep(_delivered(content))
        if verdict != "kept":
            done.stopped = verdict
            break
        moving.append(uid)
    return moving


def _listed(answer: object) -> tuple[bytes, int] | None:
    words = answer if isinstance(answer, bytes) else b""
    uid, size = _UID.search(words), _SIZE.search(words)
    return (uid[1], int(size[1])) if uid and size else None


def _content(line: imaplib.IMAP4, uid: bytes) -> bytes | None:
    """Give a message; nothing where it is gone or the server does not give it."""
    _, answers = line.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
    wanted = re.compile(rb"\bUID " + uid + rb"\b")
    pairs = [each for each in answers if isinstance(each, tuple)]
    # Some servers say the number behind the message.
    behind = b" ".join(each for each in answers if isinstance(each, bytes))
    return next((each[1] for each in pairs if wanted.search(each[0]) or wanted.search(behind)), None)


def _move(line: imaplib.IMAP4, mailbox: Mailbox, these: str, *, at_once: bool) -> None:
    kept = quoted(mailbox.kept)
    if at_once:
        _done(line.uid("MOVE", these, kept))
        return
    _done(line.uid("COPY", these, kept))
    _done(line.uid("STORE", these, "+FLAGS.SILENT", r"(\Deleted)"))
    _done(line.uid("EXPUNGE", these))


def _done(answer: tuple[str, list[object]]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error("not done")


def _delivered(content: bytes) -> Delivered:
    """Say of a message what the server of the mailbox wrote on top of it."""
    head = content[:_HEADER].partition(b"\r\n\r\n")[0]
    path, to = _RETURN_PATH.search(head), _DELIVERED_TO.search(head)
    sender = path[1].decode("utf-8", "replace") if path else None
    return Delivered(sender, (to[1].decode("utf-8", "replace"),) if to else (), content)
