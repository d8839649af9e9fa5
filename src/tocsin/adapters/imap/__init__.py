"""Mail in, where another keeps the mailbox: each message is kept here, and only then moved on the server."""

from tocsin.adapters.imap.fetching import Fetched, fetch
from tocsin.adapters.imap.mailbox import Mailbox, Security

__all__ = ["Fetched", "Mailbox", "Security", "fetch"]
