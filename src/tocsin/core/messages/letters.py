"""A message to one person in plain text, of no list: a link that she asked for, an answer, or an acknowledgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from tocsin.core.messages.addresses import Address
from tocsin.core.messages.signing import Signer, Signing, fields_of
from tocsin.core.messages.stencil import Message
from tocsin.core.messages.threads import Thread
from tocsin.core.messages.wire import Wire
from tocsin.core.render import mail_date, mail_name


@dataclass(frozen=True, slots=True)
class Envelope:
    """Between whom a message goes: who sends it, where failures are told (None: nowhere), and to whom."""

    name: str
    sender: Address
    bounces: Address | None
    to: Address


def letter(
    envelope: Envelope,
    subject: str,
    text: str,
    *,
    word: str,
    at: datetime,
    signers: Sequence[Signer] = (),
    thread: Thread | None = None,
) -> Message:
    """Make a message; of the same words it is the same, byte for byte.

    Args:
        envelope: Between whom.
        subject: Its subject.
        text: Its text.
        word: What its Message-ID has alone.
        at: Its date, and that of its signatures.
        signers: Whose signatures (DKIM) it bears.
        thread: To which conversation it belongs, where it is an answer.

    Raises:
        BadMessage: Bytes may not leave as mail.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail.set_content(text, cte="quoted-printable", charset="utf-8")
    head, _, body = mail.as_string().partition("\r\n\r\n")
    lines = [
        mail_name("From", envelope.name, str(envelope.sender)),
        f"Date: {mail_date(at)}",
        f"To: <{envelope.to}>",
        f"Message-ID: <{word}@{envelope.sender.domain}>",
        *(thread.lines() if thread else ["Auto-Submitted: auto-generated"]),
        head,
    ]
    whole = "\r\n".join(lines) + "\r\n"
    begun_at = at.astimezone(UTC).replace(microsecond=0)
    signings = [Signing(one, fields_of(whole), (), body.encode(), begun_at=begun_at) for one in signers]
    signatures = b"".join(each.signature(b"") for each in signings)
    return Message(
        envelope.bounces, envelope.to, Wire(signatures + whole.encode("ascii")), Wire(b"\r\n" + body.encode("ascii"))
    )
