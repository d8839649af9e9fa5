"""The mails that a site sends by itself: a line of the journal for somebody outside; that something waits at the desk.

Neither says anything of a case or of a person.
"""

import secrets
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils import translation
from django.utils.translation import gettext

from tocsin.config.tables import ServerAddress

_SECONDS = 20
_TEXT = """\
Please keep this mail. With the line below it can be shown later that nothing
in the journal up to then was changed or removed.

{line}
"""


def compose(line: str, *, sender: str, mailbox: str, now: datetime) -> bytes:
    """Write the mail with an anchor; beside the line it is the same for every site, and names no machine or program."""
    mail = _headed("Journal anchor", secrets.token_hex(16), sender, mailbox, now)
    mail.set_content(_TEXT.format(line=line), cte="7bit", charset="us-ascii")
    return mail.as_bytes()


def compose_notice(address: str, word: str, *, language: str, sender: str, mailbox: str, now: datetime) -> bytes:
    """Write the mail that says that something waits at the desk, and no more; the same for everybody in a language.

    Args:
        address: Of the desk's first page.
        word: By which a mailbox knows the mail again if it comes twice.
        language: Of the words.
        sender: From where.
        mailbox: Where to.
        now: When.
    """
    with translation.override(language):
        mail = _headed(gettext("Reminder"), word, sender, mailbox, now)
        words = gettext(
            "Something waits for you at the desk. This mail says no more on purpose, and you can switch it off there."
        )
    mail.set_content(f"{words}\n\n{address}\n", cte="quoted-printable", charset="utf-8")
    return mail.as_bytes()


def _headed(subject: str, word: str, sender: str, mailbox: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, mailbox, subject
    mail["Date"] = format_datetime(now.replace(microsecond=0))
    mail["Message-ID"] = f"<{word}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def send(mail: bytes, *, server: ServerAddress, sender: str, mailbox: str) -> None:
    """Hand a mail to a server.

    Raises:
        OSError: if it cannot be reached, shows no certificate that this machine trusts, or does not take the mail.
    """
    with _connect(server, _domain(sender)) as connection:
        if server.user:
            connection.login(server.user, server.password)
        connection.sendmail(sender, [mailbox], mail)


def _connect(server: ServerAddress, name: str) -> smtplib.SMTP:
    # Under the name of the sender: that of this machine is nobody's business.
    if server.tls:
        trusting = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=_SECONDS, context=trusting)
    return smtplib.SMTP(server.host, server.port, name, timeout=_SECONDS)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
