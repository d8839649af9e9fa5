"""Mail in: a receiver that speaks LMTP (RFC 2033) to the mail server of the same machine, or SMTP to all the world.

What it takes is handed to a function that keeps it for good; only then does it say 250. A line ends with CR LF and
nothing else, so that no two servers can differ about where a mail ends.
"""

from tocsin.adapters.lmtp.conversation import LARGEST, Conversation, Delivered, Door
from tocsin.adapters.lmtp.server import Keep, Verdict, serve

__all__ = ["LARGEST", "Conversation", "Delivered", "Door", "Keep", "Verdict", "serve"]
