"""Mail of invented people as the mail server hands it over, and the site that takes it."""

from datetime import datetime

from people import NOW
from tocsin.adapters.lmtp import Delivered
from tocsin.replies import receiving

US = "appeals@observers.example"


def mail(subject: str, body: str, *more: str, sender: str = "group@letters.example") -> bytes:
    """Write a mail; `more` are header lines."""
    lines = [f"From: Vesna Ilmar <{sender}>", f"To: {US}", f"Subject: {subject}", *more, "", body, ""]
    return "\r\n".join(lines).encode()


def came(content: bytes, *, sender: str = "group@letters.example", to: str = US, now: datetime = NOW) -> bool:
    return receiving.keep(Delivered(sender, (to,), content), now=now)
