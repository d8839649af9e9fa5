"""Links that readers asked for, mailed by the mailer: it alone can open to whom they go, and what stands in them.

A link is taken for a while before its mail goes out, and its token is forgotten once a server took that. What a crash
leaves in between is sent once more, under the same Message-ID. A server that refuses a mailbox for good ends its link.
"""

from contextlib import suppress
from functools import partial

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from tocsin.core.errors import BadSettings, TocsinError
from tocsin.core.messages import Envelope, Message, letter
from tocsin.core.render import labels_for
from tocsin.dispatch import asking
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.models import Link
from tocsin.dispatch.posting import Posted, settle, take
from tocsin.dispatch.survey import Equipment


def take_due(equipment: Equipment) -> list[Posted]:
    """Take links that are to be mailed, for a while, and make their messages."""
    now = timezone.now()
    posted = []
    for link in take(Link.objects.filter(ends_at__gt=now).select_related("subscriber").order_by("made_at"), now=now):
        with suppress(TocsinError):
            end = partial(settle, Link.objects.filter(id=link.id), sealed=b"")
            posted.append(Posted(message_of(link, equipment), end))
    return posted


def message_of(link: Link, equipment: Equipment) -> Message:
    """Make the message with a link.

    Raises:
        CannotOpen: It was sealed to another key.
    """
    ours, reader = settings.TOCSIN_MAILINGS, link.subscriber
    if ours is None:
        raise BadSettings("nothing says in whose name appeals are mailed", where="mailings", hint="see site.toml")
    to = open_address(bytes(reader.address), reader.id, equipment.opener)
    token = equipment.opener.open(bytes(link.sealed), asking.place_of_link(link.id)).decode()
    address = f"{ours.pages}{link.language}/{link.kind}/{token}"
    neutral = reader.neutral_subject
    name = labels_for(link.language)["neutral_name"] if neutral else ours.name
    with translation.override(link.language):
        subject, *paragraphs = (_neutral_words if neutral else _words)(link.kind, address)
    envelope = Envelope(name, ours.sender, ours.bounces, to)
    text = "\n\n".join(paragraphs) + "\n"
    return letter(envelope, subject, text, word=link.id.hex, at=link.made_at, signers=equipment.signers)


def _words(kind: str, address: str) -> tuple[str, ...]:
    """Give the subject and the paragraphs of a message."""
    if kind == "confirm":
        asked = gettext(
            "Somebody, probably you, asked that urgent appeals be sent to this address. To agree, open this link and"
            " press the button:"
        )
        over = gettext("If it was not you, do nothing: it is forgotten after seven days.")
        return gettext("Please confirm that you subscribe"), asked, address, over
    asked = gettext("Somebody, probably you, asked for a link to change what this address gets from us, or to leave:")
    over = gettext("It holds for a day. If it was not you, do nothing.")
    return gettext("Change what you get, or leave"), asked, address, over


def _neutral_words(kind: str, address: str) -> tuple[str, ...]:
    """Give the same for a phone that shows them while it is locked: what it is about stands behind the link alone."""
    if kind == "confirm":
        asked = gettext(
            "Somebody, probably you, typed this address into a form. If it was not you, do nothing: it is forgotten"
            " after seven days. If it was you, open the link below and press the button that you find there."
        )
    else:
        asked = gettext(
            "Somebody, probably you, typed this address into a form, so that a link be sent to it. If it was not you,"
            " do nothing: the link holds for a day. If it was you, open it: what you asked for stands there."
        )
    return gettext("The link that you asked for"), asked, address
