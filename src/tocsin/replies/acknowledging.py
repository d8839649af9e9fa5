"""To whom a program says that a mail came, told by its head alone and before anything is opened.

Only whom our own mail server proves, by the address to which a failed delivery would be told too, and nothing that
might be a machine. What the mail says, and whether it opens, is known to nobody yet.
"""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from tocsin.acknowledging import actions as acknowledging
from tocsin.adapters.lmtp import Delivered
from tocsin.core.bounces import Fields, may_be_answered, read_head, read_heading
from tocsin.core.classifying import proven_sender
from tocsin.core.errors import BadAddress
from tocsin.core.messages import Address, conversation_of

# What is older lay in a mailbox before it was fetched, and whoever wrote it waits for nothing any more.
_FRESH: Final = timedelta(days=2)
_LOG: Final = logging.getLogger(__name__)


def are_wanted() -> bool:
    """Tell whether this site acknowledges mail at all."""
    ours = settings.TOCSIN_MAILINGS
    return ours is not None and ours.acknowledges


def acknowledge(mail: Delivered, *, now: datetime) -> None:
    """Have the sender of a mail told that it came, if she may be; that this fails keeps no mail from being taken."""
    # Above what the mail server wrote, as the mail is kept: what a stranger wrote on top is not taken for ours.
    whole = mail.trace + mail.content
    heading = read_heading(whole)
    to = _proven(mail.sender, heading)
    if to is None:
        return
    fields = read_head(whole)
    if not may_be_answered(fields, str(to)) or not _is_fresh(fields, now):
        return
    if (to.local.partition("+")[0].lower(), to.domain) in _own_mailboxes():
        return
    try:
        acknowledging.owe(to, conversation_of(heading)[0], now=now)
    except DatabaseError:
        _LOG.exception("an acknowledgement was not written down: a database is locked, full or gone")


def _own_mailboxes() -> set[tuple[str, str]]:
    ours = settings.TOCSIN_MAILINGS
    own = (ours.sender, ours.reply_to, ours.bounces) if ours is not None else ()
    return {(each.local.lower(), each.domain) for each in own}


def _proven(sender: str | None, heading: Fields) -> Address | None:
    """Give the sender that our own mail server proved, if the return path says the same."""
    found = proven_sender(heading, settings.TOCSIN_RECEIVING_HOST)
    if not found or found != (sender or "").lower():
        return None
    try:
        return Address.parse(found)
    except BadAddress:
        return None


def _is_fresh(fields: Fields, now: datetime) -> bool:
    """Tell whether a mail says that it was written lately; one that says nothing was not."""
    try:
        written = parsedate_to_datetime(next(value for name, value in fields if name == "date"))
        return abs(now - (written if written.tzinfo else written.replace(tzinfo=UTC))) < _FRESH
    except (StopIteration, ValueError, TypeError, IndexError, OverflowError):
        return False
