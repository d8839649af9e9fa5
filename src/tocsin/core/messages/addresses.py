"""Addresses of e-mail of one strict form, which can stand in any header and any command of SMTP as they are."""

import re
from dataclasses import dataclass
from typing import Final

from tocsin.core.errors import BadAddress

# Atoms of RFC 5322 without what programs gave a second meaning: `!`, `%` and `:` (a way over other hosts), `|` and
# grave accents (a command), a hyphen in front (an option). Neither quotes nor commas, so one address stays one.
# Possessive, since no letter is ever given back: that is twice as quick, and domains need not be kept in memory for it.
_ATOM: Final = r"[A-Za-z0-9#$&'*+/=?^_{}~-]++"
# Two labels at least, the last one with a letter: no name of a neighbour, and no number of a host.
_LABEL: Final = r"[A-Za-z0-9][A-Za-z0-9-]{0,62}+(?<!-)"
_STRICT: Final = re.compile(rf"(?!-){_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++(?=[0-9-]*+[A-Za-z]){_LABEL}")
# Of all that may stand between `<` and `>` (RFC 5321, section 4.5.3.1), which leaves a domain fewer than its own 255.
_LONGEST_LOCAL, _LONGEST = 64, 254


@dataclass(frozen=True, slots=True)
class Address:
    """One address; making one that is not of the strict form raises `BadAddress`.

    Domains are written in ASCII (`xn--…` for other scripts). Addresses with other letters before the `@` need an
    extension of SMTP (RFC 6531) that not every server on the way has; they are refused.
    """

    local: str
    domain: str

    def __post_init__(self) -> None:
        if (
            len(self.local) > _LONGEST_LOCAL
            or len(self.local) + len(self.domain) >= _LONGEST
            or not _STRICT.fullmatch(f"{self.local}@{self.domain}")
        ):
            raise BadAddress("not an address of the strict form", hint="name@domain in plain letters, and no quotes")

    def __str__(self) -> str:
        """Give it as it is written."""
        return f"{self.local}@{self.domain}"

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address; white space around it is no part of it, and domains are written small.

        Raises:
            BadAddress: It is not of the strict form.
        """
        local, _, domain = text.strip(" \t\r\n").rpartition("@")
        return cls(local, domain.lower())
