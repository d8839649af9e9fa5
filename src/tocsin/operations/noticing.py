"""Telling people by mail that something waits at the desk, as far as they want it and the site has a server."""

from datetime import datetime

from tocsin.casework import notices
from tocsin.casework.notices import Due
from tocsin.config.noticing import Noticing
from tocsin.operations import mailing
from tocsin.vault import emergency


def send_due(noticing: Noticing | None, address: str, *, now: datetime) -> int:
    """Send what is due; tell how many mails a server took. One that it does not take keeps no other from being sent.

    Without a server nothing is taken up: it waits until there is one, and the doctor says so. Nor is it while the site
    is frozen.
    """
    if noticing is None or emergency.is_frozen():
        return 0
    sent = 0
    for due in notices.take_due(noticing.every, now=now):
        try:
            _send(noticing, address, due, now)
        except OSError:
            notices.put_back(due.account, now=now)
        else:
            notices.laid_down(due.account, now=now)
            sent += 1
    return sent


def _send(noticing: Noticing, address: str, due: Due, now: datetime) -> None:
    if not due.mailbox:
        raise OSError("the mailbox of this person cannot be read")
    mail = mailing.compose_notice(
        address, due.word, language=due.language, sender=noticing.sender, mailbox=due.mailbox, now=now
    )
    mailing.send(mail, server=noticing.server, sender=noticing.sender, mailbox=due.mailbox)
