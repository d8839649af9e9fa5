"""Words out of a report, as they may be kept and shown: short, printable, and nothing but what decided."""

import re
from dataclasses import dataclass
from typing import Final

from tocsin.core.bounces.statuses import Kind

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"'@]{1,64}@[^\s<>()\[\]:;,\"'@]{1,253}(?<![.])")
# How RFC 6533 writes a sign beyond ASCII where ASCII alone may stand.
_SIGN: Final = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\u00a1-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufefc]")
_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """On what a verdict rests: where it stands, and which words of ours or of a code were found there."""

    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a report names.

    Attributes:
        address: As the report writes it; another one than ours where mail is passed on. None if it names none.
        kind: What it says of the mailbox.
        status: The enhanced code, as in `5.1.1`.
        reply: The code of the reply that is quoted.
        evidence: The code or the phrase that decided.
    """

    address: str | None
    kind: Kind
    status: str | None
    reply: int | None
    evidence: Evidence


def address_in(words: str) -> str | None:
    """Find the first address."""
    found = _ADDRESS.search(_SIGN.sub(_sign, words))
    return found[0] if found else None


def addresses_in(line: str) -> list[str]:
    """Find all addresses of a line."""
    return _ADDRESS.findall(line)


def shown(words: str) -> str:
    """Make words of a stranger short and harmless."""
    return _UNPRINTABLE.sub(" ", words)[:_SHOWN].strip()


def _sign(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if 0xA0 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else " "
