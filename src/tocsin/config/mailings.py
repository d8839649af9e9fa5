"""In whose name published appeals are mailed: the table `[mailings]` of the settings. No secret stands in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tocsin.config.tables import table_of
from tocsin.core.errors import BadAddress, BadSettings
from tocsin.core.messages import Address

_KEYS: Final = {
    "name",
    "sender",
    "reply_to",
    "bounces",
    "list_id",
    "pages",
    "address_key",
    "reply_tokens",
    "acknowledges",
}
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_PAGES: Final = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?/")
# A demonstration has no certificate, and nobody but this machine follows its links.
_PAGES_HERE: Final = re.compile(r"http://localhost(?::[0-9]{1,5})?/")
_LIST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

_LONGEST_BEFORE_TOKEN: Final = 43  # with `+` and a token, a local part may have 64


@dataclass(frozen=True, slots=True)
class Mailings:
    """Who sends, where answers and failures go, and to which key addresses of readers are sealed.

    Attributes:
        name: Of the publisher, before the address; empty for none.
        sender: The address that messages come from; its domain is that of the signatures and of the ids.
        reply_to: Where answers go.
        bounces: Where reports of failed deliveries go.
        list_id: The name of the list (RFC 2919).
        pages: What the addresses of the public site begin with, as they stand in messages.
        address_key: The public half of the key that the mailer alone has.
        reply_tokens: Whether the mailbox for answers takes addresses with a word behind a `+`: then the address in the
            messages of an appeal tells to which one an answer belongs.
        acknowledges: Whether a program tells proven senders, in words that are always the same, that their mail came.
    """

    name: str
    sender: Address
    reply_to: Address
    bounces: Address
    list_id: str
    pages: str
    address_key: bytes
    reply_tokens: bool = False
    acknowledges: bool = False


def read(table: object, name: str, *, pages: str, is_demonstration: bool = False) -> Mailings | None:
    """Read the table; none means that nothing is mailed.

    Args:
        table: As it stands in the settings.
        name: Of their file.
        pages: What links begin with if the table does not say.
        is_demonstration: Whether links may lead to this machine alone.

    Raises:
        BadSettings: with the key, and what to do about it.
    """
    where = f"{name}, mailings"
    table = table_of(table, _KEYS, where)
    if not table:
        return None
    sender = _address(table, "sender", where)
    reply_to = _address(table, "reply_to", where) if "reply_to" in table else sender
    return Mailings(
        name=_fitting(table.get("name", ""), "name", re.compile(r"[^\r\n\0]{0,120}"), where),
        sender=sender,
        reply_to=reply_to,
        bounces=_address(table, "bounces", where),
        list_id=_fitting(table.get("list_id"), "list_id", _LIST, where),
        pages=_fitting(table.get("pages", pages), "pages", _PAGES_HERE if is_demonstration else _PAGES, where),
        address_key=bytes.fromhex(_fitting(table.get("address_key"), "address_key", _KEY, where)),
        reply_tokens=_has_tokens(table, reply_to, where),
        acknowledges=_is_so(table, "acknowledges", where),
    )


def _address(table: Mapping[str, Any], key: str, where: str) -> Address:
    try:
        return Address.parse(str(table.get(key, "")))
    except BadAddress as error:
        raise BadSettings(f"{key} is no plain address", where=where, hint="name@host.example") from error


def _is_so(table: Mapping[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise BadSettings(f"{key} is neither true nor false", where=where)
    return value


def _has_tokens(table: Mapping[str, Any], reply_to: Address, where: str) -> bool:
    value = _is_so(table, "reply_tokens", where)
    if value and (len(reply_to.local) > _LONGEST_BEFORE_TOKEN or "+" in reply_to.local):
        raise BadSettings("no room for a word behind the address for answers", where=where, hint="reply_tokens = false")
    return value


def _fitting(value: object, key: str, form: re.Pattern[str], where: str) -> str:
    if not (isinstance(value, str) and form.fullmatch(value)):
        raise BadSettings(f"{key} is missing or not in its form", where=where, hint="tocsin site mailer-keys")
    return value
