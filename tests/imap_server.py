"""A mailbox on this machine for tests (RFC 3501, MOVE, UIDPLUS), whose connection can be cut at any step."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Cut(Exception):
    """The connection ends here."""


@dataclass
class Post:
    """What lies in the folders of the server, under numbers that a new UIDVALIDITY draws anew.

    `cut_at` is the command at which the connection ends, counted from 1; `before` says whether it was not done yet.
    `instead` gives to the first word of a command what is answered instead of the truth.
    """

    inbox: dict[int, bytes] = field(default_factory=dict)
    moved: list[bytes] = field(default_factory=list)
    abilities: str = "IMAP4rev1 MOVE"
    port: int = 0
    cut_at: int = 0
    before: bool = True
    commands: list[str] = field(default_factory=list)
    doomed: set[int] = field(default_factory=set)
    announced: int = 0
    instead: dict[str, bytes] = field(default_factory=dict)

    def put(self, *mails: bytes) -> None:
        """Deliver mails."""
        for mail in mails:
            self.inbox[max(self.inbox, default=0) + 1] = mail

    def renumber(self) -> None:
        """Draw other numbers, as after a new UIDVALIDITY."""
        self.inbox = {1000 + 7 * uid: mail for uid, mail in self.inbox.items()}


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def mailbox_of(post: Post, certificate: ssl.SSLContext | None = None, *, later: bool = False) -> Iterator[Post]:
    """Serve a mailbox; with a certificate, over TLS from the first byte, or later by STARTTLS."""

    class Session(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if certificate and not later:
                self.request = certificate.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            try:
                self.wfile.write(b"* OK here\r\n")
                while line := self.rfile.readline():
                    tag, _, words = line.decode().strip().partition(" ")
                    if words == "STARTTLS" and certificate:
                        self.wfile.write(f"{tag} OK begin\r\n".encode())
                        self.request = certificate.wrap_socket(self.request, server_side=True)
                        super().setup()
                        continue
                    if _answer(self, post, tag, words):
                        return
            except (Cut, OSError):
                return

        def finish(self) -> None:
            super().finish()
            self.request.close()

    class Quiet(_Server):
        def handle_error(self, *_: object) -> None:
            """Whoever hangs up in the middle of a handshake is what some tests are about."""

    with Quiet(("127.0.0.1", 0), Session) as server:
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()


def _answer(session: socketserver.StreamRequestHandler, post: Post, tag: str, words: str) -> bool:
    """Do one command; tell whether it was the last."""
    post.commands.append(words)
    cut = len(post.commands) == post.cut_at
    if cut and post.before:
        raise Cut
    told = b"".join(_done(post, words))
    if cut:
        # Half of what there is to say, and the end.
        session.wfile.write(told[: len(told) // 2])
        raise Cut
    session.wfile.write(told + f"{tag} OK done\r\n".encode())
    return words.upper().startswith("LOGOUT")


def _done(post: Post, words: str) -> Iterator[bytes]:
    verb = words.upper()
    if (first := verb.split()[0]) in post.instead:
        yield post.instead[first]
    elif verb.startswith("CAPABILITY"):
        yield f"* CAPABILITY {post.abilities}\r\n".encode()
    elif verb.startswith("SELECT"):
        yield f"* {len(post.inbox)} EXISTS\r\n".encode()
    elif found := re.match(r"FETCH (\d+):(\d+)", verb):
        listed = sorted(post.inbox.items())
        for number, (uid, mail) in list(enumerate(listed, 1))[int(found[1]) - 1 : int(found[2])]:
            yield f"* {number} FETCH (UID {uid} RFC822.SIZE {post.announced or len(mail)})\r\n".encode()
    elif found := re.match(r"UID FETCH (\d+)", verb):
        mail = post.inbox[int(found[1])]
        yield f"* 1 FETCH (UID {found[1]} BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")\r\n"
    elif found := re.match(r"UID (MOVE|COPY|STORE|EXPUNGE) ([\d,]+)", verb):
        _change(post, found[1], list(map(int, found[2].split(","))))


def _change(post: Post, verb: str, uids: list[int]) -> None:
    if verb in ("MOVE", "COPY"):
        post.moved += [post.inbox[uid] for uid in uids]
    if verb == "STORE":
        post.doomed |= set(uids)
    if verb in ("MOVE", "EXPUNGE"):
        for uid in uids:
            assert verb == "MOVE" or uid in post.doomed
            del post.inbox[uid]
