"""A folder of mail on a server, and the connection to it: secured, or to this machine alone (RFC 9051, RFC 3501)."""

import imaplib
import re
import ssl
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from tocsin.adapters.hosts import is_this_machine
from tocsin.core.errors import BadSettings, NoMailServer, NotSecure

Security = Literal["starttls", "tls", "none"]
_FOLDER: Final = re.compile(r"[ !#-\[\]-~]{1,200}")
# Lines of the answer to one command; we ask for some fifty messages at once.
_MOST_LINES: Final = 2_000
_SIGNS_IN: Final = re.compile(r"[ -~]{1,200}")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A folder that mail is fetched from.

    Attributes:
        host: The server, whose certificate has to bear this name.
        port: 993 with `tls`, 143 with `starttls`.
        security: `none` is for a server on this machine alone.
        user: Who signs in.
        password: The same.
        folder: The folder that mail comes to; whatever lies in it is fetched.
        kept: The folder that mail is moved to once it is kept here.
        patience: Seconds that each answer may take.
        authorities: A file with the certificates to trust instead of those of the system.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    kept: str = "Tocsin"
    patience: float = 60.0
    authorities: str | None = None

    def __post_init__(self) -> None:
        if self.security == "none" and not is_this_machine(self.host):
            raise BadSettings("mail is fetched without encryption from this machine only", where="server")
        if not all(_FOLDER.fullmatch(each) for each in (self.folder, self.kept)) or self.folder == self.kept:
            raise BadSettings(
                "folder and kept are names of two folders in plain letters", where="folder, kept", hint="INBOX, Tocsin"
            )
        # In a LOGIN nothing else can be said (RFC 9051, 9), and an end of line would begin another command.
        if not all(map(_SIGNS_IN.fullmatch, (self.user, self.password))):
            raise BadSettings("user and password are plain letters, digits and signs", where="server")

    def connect(self, most: int) -> imaplib.IMAP4:
        """Sign in.

        Args:
            most: Bytes of a message; a server that announces more is not listened to any longer.

        Raises:
            NotSecure: Nobody trusted vouches for the server.
            NoMailServer: It cannot be reached, or does not let us in.
        """
        context = ssl.create_default_context(cafile=self.authorities)
        try:
            line = _SecureLine(most, self, context) if self.security == "tls" else _Line(most, self)
            with ExitStack() as stack:
                stack.callback(sign_out, line)
                if self.security == "starttls":
                    line.starttls(context)
                line.login(quoted(self.user), self.password)
                stack.pop_all()
        except ssl.SSLError as error:
            raise NotSecure("nobody trusted vouches for the server of the mailbox", where=self.host) from error
        except (imaplib.IMAP4.error, OSError) as error:
            # What the server says may name the user; it is not passed on.
            raise NoMailServer("the mailbox cannot be reached, or does not let us in", where=self.host) from error
        return line


def quoted(name: str) -> str:
    """Write a name as a quoted string (RFC 9051, 9), so that none of it is taken for a word of a command."""
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def sign_out(line: imaplib.IMAP4) -> None:
    """End a connection, whatever became of it."""
    with suppress(imaplib.IMAP4.error, OSError):
        line.logout()
    with suppress(OSError):
        line.shutdown()


class _Bounded(imaplib.IMAP4):
    """Reads no message that is larger, and no answer that is longer, than may be, whatever the server announces."""

    most = 0
    _heard = 0

    def send(self, data: bytes) -> None:  # type: ignore[override]  # the library says Buffer
        self._heard = 0
        super().send(data)

    def readline(self) -> bytes:
        self._heard += 1
        if self._heard > _MOST_LINES:
            raise self.abort("an answer without end")
        return super().readline()

    def read(self, size: int) -> bytes:
        if size > self.most:
            raise self.abort("a message is larger than what is taken")
        return super().read(size)


class _Line(_Bounded):
    def __init__(self, most: int, mailbox: Mailbox) -> None:
        self.most = most
        super().__init__(mailbox.host, mailbox.port, timeout=mailbox.patience)


class _SecureLine(_Bounded, imaplib.IMAP4_SSL):
    def __init__(self, most: int, mailbox: Mailbox, context: ssl.SSLContext) -> None:
        self.most = most
        imaplib.IMAP4_SSL.__init__(self, mailbox.host, mailbox.port, ssl_context=context, timeout=mailbox.patience)
