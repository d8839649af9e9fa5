"""Addresses in their normal form: each kind of channel takes what it can be reached by, and nothing else."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tocsin.core import vocab

LONGEST = 300
# What joins letters in Persian and the scripts of India is no trick; all other invisible characters may be one.
_JOINERS = frozenset("\u200c\u200d")
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_WEB = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{2,5})?(?:/[^\s\"<>\\^`{|}]*)?")
_UNSEEN = frozenset("Cc Cf Cs Co Cn Zl Zp".split())
_HANDLE = re.compile(r"@[A-Za-z0-9_.]{1,50}")
_FEDERATED = re.compile(r"@[A-Za-z0-9_.-]{1,50}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")


def is_plain(text: str) -> bool:
    """Tell whether a text is one line of at most 300 characters that are all seen, and not in direction marks."""
    return len(text) <= LONGEST and not any(
        unicodedata.category(each) in _UNSEEN and each not in _JOINERS for each in text
    )


def _email(written: str) -> str | None:
    local, _, domain = written.removeprefix("mailto:").rpartition("@")
    address = f"{local}@{domain.lower()}"
    return address if _EMAIL.fullmatch(address) and ".." not in address else None


def _web(written: str) -> str | None:
    head, _, path = written[len("https://") :].partition("/")
    address = f"https://{head.lower()}" + (f"/{path}" if path else "")
    return address if written.lower().startswith("https://") and _WEB.fullmatch(address) else None


def _number(written: str) -> str | None:
    import phonenumbers  # noqa: PLC0415 - its tables cost a tenth of a second, and most directories are read once

    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return e164 if phonenumbers.is_possible_number(number) else None


def _handle(written: str) -> str | None:
    name = f"@{written.removeprefix('@')}"
    return name if _HANDLE.fullmatch(name) else None


def _federated(written: str) -> str | None:
    _, _, server = written.rpartition("@")
    name = written.removesuffix(server) + server.lower()
    return name if _FEDERATED.fullmatch(name) else None


def _words(written: str) -> str | None:
    return written or None


class Wanted(NamedTuple):
    """What an address of a channel should be, said to who wrote another one."""

    words: str


_EMAIL_WANTED = Wanted("this is no e-mail address, such as office@ministry.example")
_WEB_WANTED = Wanted("this is no address that begins with https://")
_NUMBER_WANTED = Wanted("this is no number that begins with + and the code of the country")
_FEDERATED_WANTED = Wanted("this is no name such as @office@server.example")
_HANDLE_WANTED = Wanted("this is no name such as @ministry")
_WORDS_WANTED = Wanted("this is no address in one line")
_READERS: Mapping[str, tuple[Callable[[str], str | None], Wanted]] = {
    "email": (_email, _EMAIL_WANTED),
    "web_form": (_web, _WEB_WANTED),
    "phone": (_number, _NUMBER_WANTED),
    "fax": (_number, _NUMBER_WANTED),
    "mastodon": (_federated, _FEDERATED_WANTED),
    **dict.fromkeys(("twitter", "facebook", "instagram", "telegram"), (_handle, _HANDLE_WANTED)),
    **dict.fromkeys(("post", "note_verbale", "in_person"), (_words, _WORDS_WANTED)),
}
_NO_CHANNEL = Wanted("by this channel nobody writes to an authority")


def offered_channels() -> tuple[str, ...]:
    """Give the codes of the channels by which an authority can be written to, in the order of the list."""
    return tuple(
        code for code, term in vocab.load("channel_types").items() if not term.properties.get("intake_only", False)
    )


def normal_address(channel: str, written: str) -> str:
    """Give an address in its normal form.

    Raises:
        ValueError: It is none of this channel; the message says what it should be.
    """
    if channel not in _READERS:
        raise ValueError(_NO_CHANNEL.words)
    read, wanted = _READERS[channel]
    address = read(" ".join(written.split())) if is_plain(written) else None
    if address is None:
        raise ValueError(wanted.words)
    return address
