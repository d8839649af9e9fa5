"""A mail server on this machine for tests: it keeps what it is given, and answers as it is told to."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """What a server was given; `answers` replaces the answer to a word such as `RCPT`, and `.` stands for the end."""

    port: int = 0
    greeted_as: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


class _Server(socketserver.ThreadingTCPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client went away, as one does that does not trust the certificate."""


@contextmanager
def serving(certificate: str | None = None) -> Iterator[Sink]:
    """Let a server run, over TLS if there is a file with a certificate and its key."""
    sink = Sink()

    class Session(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            _talk(self, sink)

        def finish(self) -> None:
            super().finish()
            self.request.close()

    with _Server(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()


def _talk(session: socketserver.StreamRequestHandler, sink: Sink) -> None:
    def say(words: str) -> None:
        session.wfile.write(words.encode() + b"\r\n")

    say("220 here")
    for line in session.rfile:
        word = line.split(b" ")[0].strip().upper().decode()
        if word in ("EHLO", "HELO"):
            sink.greeted_as.append(line.split()[1].decode())
        elif word == "RCPT":
            sink.to.append(line.decode().strip())
        answer = sink.answers.get(word, {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 well"))
        say(answer)
        if word == "QUIT":
            return
        if word == "DATA" and answer.startswith("354"):
            mail = b""
            while not mail.endswith(b"\r\n.\r\n"):
                mail += session.rfile.readline()
            said = sink.answers.get(".", "250 taken")
            if said.startswith("250"):
                sink.mails.append(mail.removesuffix(b".\r\n"))
            say(said)
