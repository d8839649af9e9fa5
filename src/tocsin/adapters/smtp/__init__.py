"""Mail out: connections to a mail server, over which messages go, and what became of each.

```text
connect ─▶ Connection.send(messages, settle)
             settle(message, HandedOver | Failed | Uncertain | NotBegun)      once for each message
```
"""

from tocsin.adapters.smtp.connection import Connection, MailServer, Security, connect
from tocsin.adapters.smtp.conversation import Abilities, Conversation, Gate, Settle
from tocsin.adapters.smtp.folder import keeping
from tocsin.adapters.smtp.outcomes import (
    Failed,
    HandedOver,
    NotBegun,
    Outcome,
    Stage,
    Uncertain,
    Why,
    course_of,
)
from tocsin.adapters.smtp.replies import LONGEST, Garbled, Replies, Reply
from tocsin.core.bounces import Course

__all__ = [
    "LONGEST",
    "Abilities",
    "Connection",
    "Conversation",
    "Course",
    "Failed",
    "Garbled",
    "Gate",
    "HandedOver",
    "MailServer",
    "NotBegun",
    "Outcome",
    "Replies",
    "Reply",
    "Security",
    "Settle",
    "Stage",
    "Uncertain",
    "Why",
    "connect",
    "course_of",
    "keeping",
]
