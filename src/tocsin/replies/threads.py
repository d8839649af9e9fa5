"""Which mail answers which: of a Message-ID a keyed digest is kept, never the id, which names the writer's server."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings

from tocsin.core.bounces import Fields
from tocsin.replies.models import FILED, Answer, RawMessage

# Our answers bear their own id (`dispatch.answers`).
_OURS: Final = re.compile(r"([0-9a-f]{32})@[^@\s]+")
_MESSAGE_ID: Final = re.compile(r"<([^<>\s]{3,320})>")


def thread_digest(fields: Fields) -> bytes | None:
    """Give the digest of the Message-ID of a mail; nothing where it has none."""
    said = _message_id(fields)
    return _digest(said) if said else None


def is_ours(fields: Fields) -> bool:
    """Tell whether a mail is an answer or a mailing of ours that came back to us, or went through our hands before."""
    found = _OURS.fullmatch(_message_id(fields))
    if found is not None and Answer.objects.filter(id=UUID(hex=found[1])).exists():
        return True
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        return False
    marks = {"list-id": {ours.list_id.lower()}, "x-loop": {str(each).lower() for each in (ours.sender, ours.reply_to)}}
    # The name of a list stands last in its field, within angles, behind whatever describes it (RFC 2919).
    return any(value.rpartition("<")[2].strip(" >").lower() in marks.get(name, ()) for name, value in fields)


def _message_id(fields: Fields) -> str:
    said = (_MESSAGE_ID.match(value) for name, value in fields if name == "message-id")
    return next((found[1] for found in said if found), "")


def find_codes(message_ids: Sequence[str]) -> dict[str, str]:
    """Give the printed codes of the appeals to which mails belong: ours that answer a filed one, and filed ones."""
    ours = {UUID(hex=found[1]): each for each in message_ids if (found := _OURS.fullmatch(each))}
    answered = Answer.objects.filter(id__in=ours, message__state=FILED).values_list("id", "message__code")
    digests = {_digest(each): each for each in message_ids}
    filed = RawMessage.objects.filter(state=FILED, thread__in=digests).values_list("thread", "code")
    return {ours[each]: code for each, code in answered} | {
        digests[bytes(thread)]: code for thread, code in filed if thread
    }


def _digest(message_id: str) -> bytes:
    key = settings.TOCSIN_REPLIES_KEY
    return hmac.new(key, b"thread " + message_id.encode("utf-8", "replace"), hashlib.sha256).digest()[:16]
