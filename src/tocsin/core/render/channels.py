"""Links to channels, made only from values that cannot be anything else."""

import re
from collections.abc import Callable
from urllib.parse import quote

from tocsin.core.appeal import Channel, Contact
from tocsin.core.render.characters import one_line
from tocsin.core.render.page import Inline, Isolated, Link

# Narrower than RFC 5322 and RFC 3986 on purpose: what does not fit is printed as text, which is never wrong.
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")
_WEB = re.compile(
    r"https?://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/%?=&+@-]*)?"
)
# Kinds of channel whose printed form is words, which follow the direction of the page.
_IN_WORDS = frozenset({"post", "in_person", "note_verbale"})


def is_mail_address(value: str) -> bool:
    """Tell whether a link may be made to an address of e-mail."""
    return _EMAIL.fullmatch(value) is not None


def channel_text(channel: Channel | Contact, *, subject: str | None = None) -> Inline:
    """Give the printed form of a channel, as a link where its value is one beyond doubt.

    Args:
        channel: The channel.
        subject: Subject of the mail that a `mailto:` link opens.
    """
    display = one_line(channel.display) or one_line(channel.value or "")
    target = _target(channel, subject)
    if target is not None and display:
        return Link(display, target)
    return display if channel.kind in _IN_WORDS else Isolated(display)


def _target(channel: Channel | Contact, subject: str | None) -> str | None:
    maker = _TARGETS.get(channel.kind)
    return maker(channel.value, subject) if maker is not None and channel.value else None


def _mail(value: str, subject: str | None) -> str | None:
    """Make a link by RFC 6068, where `%`, `&` and `?` have a meaning of their own."""
    if not is_mail_address(value):
        return None
    query = f"?subject={quote(subject, safe='')}" if subject else ""
    return f"mailto:{quote(value, safe='@')}{query}"


def _telephone(value: str, _subject: str | None) -> str | None:
    return f"tel:{value}" if _E164.fullmatch(value) else None


def _web(value: str, _subject: str | None) -> str | None:
    return value if _WEB.fullmatch(value) else None


_TARGETS: dict[str, Callable[[str, str | None], str | None]] = {
    "email": _mail,
    "phone": _telephone,
    "website": _web,
    "web_form": _web,
    "facebook": _web,
    "instagram": _web,
    "telegram": _web,
    "twitter": _web,
    "mastodon": _web,
}
